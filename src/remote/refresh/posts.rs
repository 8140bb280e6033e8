//! Asks for refreshes, finds out what became of those whose answer was lost, and watches jobs.

use std::time::Duration;

use super::answer::{Meaning, meaning};
use super::item::{Item, Note};
use super::stage::Stage;
use super::{Refresh, RefreshEnding, jobs, time, times};
use crate::model::Failure;
use crate::model::refresh::{Posted, TargetKind};
use crate::remote::call::{Body, Call, Outcome};
use crate::remote::event::Action;
use crate::remote::moment::Moment;
use crate::remote::retry::Judged;

/// How long a refresh may take to be taken.
const POST: Duration = Duration::from_secs(60);
/// The time between two refreshes: a server has other users as well.
const BETWEEN: Duration = Duration::from_millis(500);
/// The times after which a job is looked for whose answer was lost.
const LOOKS: [Duration; 3] = [
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
];
/// The time after the first look at jobs, how it grows, and the longest one, as in Tableau's own
/// client (`JobWaiter` of tableauserverclient).
const FIRST_ROUND: f64 = 0.5;
const GROWTH: f64 = 1.4;
const LONGEST_ROUND: f64 = 30.0;
/// The first API in which a body may ask for an incremental refresh.
const INCREMENTAL: (u32, u32) = (3, 25);

impl Refresh {
    /// Those of which it is not known when they were refreshed, from this one on.
    pub(super) fn untimed(&self, from: usize) -> impl Iterator<Item = &Item> + Clone {
        let rest = self.items.get(from..).unwrap_or_default().iter();
        let is_wanted = self.asked.build_after > 0;
        rest.filter(move |item| is_wanted && !item.wanted.is_time_known)
    }

    /// Takes the times of some.
    pub(super) fn take_times(
        &mut self,
        from: usize,
        body: &[u8],
        moment: &Moment,
    ) -> Action<RefreshEnding> {
        let Some(told) = times::read(body) else {
            self.told.push(
                "only the times of the export and of earlier runs count: Tableau does not tell when extracts were last refreshed"
                    .to_owned(),
            );
            return self.next_item(0, moment);
        };
        let asked = self.untimed(from).take(times::AT_ONCE);
        let asked = asked.map(|item| item.wanted.id.clone()).collect::<Vec<_>>();
        let least = i64::from(self.asked.build_after);
        for item in &mut self.items {
            let Some(told) = told.get(&item.wanted.id) else {
                continue;
            };
            let seconds = told.refreshed_at.map(jiff::Timestamp::as_second);
            let minutes = seconds.map(|at| ((time(moment).as_second() - at) / 60).max(0));
            item.posted = match minutes {
                _ if !told.has_extracts => Some(Posted::Live),
                Some(minutes) if minutes < least => Some(Posted::TooEarly(minutes)),
                _ => item.posted.take(),
            };
        }
        let mut ids = self.items.iter().map(|item| &item.wanted.id);
        let last = asked.last().and_then(|last| ids.position(|id| id == last));
        let next = last.map_or(self.items.len(), |last| last + 1);
        self.go_on(Stage::Times(next), moment)
    }

    /// Goes on to the next one that is to be asked for, from this one on; after the last one, to the
    /// jobs.
    pub(super) fn next_item(&mut self, from: usize, moment: &Moment) -> Action<RefreshEnding> {
        let rest = self.items.iter().enumerate().skip(from);
        let mut open = rest.filter(|(_, item)| item.posted.is_none());
        let Some((at, item)) = open.next() else {
            return self.next_watch(0, moment);
        };
        if item.asked_at.is_some() && !item.is_of_this_run {
            self.items[at].why_lost = "an earlier run did not get the answer".to_owned();
            return self.go_on(
                Stage::Lost {
                    at,
                    looks: LOOKS.len() as u32,
                },
                moment,
            );
        }
        self.connection.tries = super::Tries::default();
        let has_asked = self.items.iter().any(|item| item.is_of_this_run);
        self.stage = Stage::Post(at);
        if has_asked {
            Action::Wait(moment.about(BETWEEN))
        } else {
            self.ask(moment)
        }
    }

    /// Asks for the refresh of one. That it is asked for is remembered first.
    pub(super) fn post(
        &mut self,
        at: usize,
        purpose: &str,
        moment: &Moment,
    ) -> Action<RefreshEnding> {
        let now = time(moment);
        let item = &mut self.items[at];
        item.asked_at = Some(now.as_second());
        item.is_of_this_run = true;
        let id = item.wanted.id.clone();
        let list = match id.kind {
            TargetKind::Workbook => "workbooks",
            TargetKind::Datasource => "datasources",
        };
        let url = self
            .connection
            .below_site(&format!("{list}/{}/refresh", id.luid));
        self.notes.push(Note::Asked(id, now));
        let body = if self.asked.is_incremental && self.connection.info.has(INCREMENTAL) {
            r#"{"extractRefresh":{"incremental":true}}"#
        } else {
            "{}"
        };
        if self.asked.is_incremental && !self.connection.info.has(INCREMENTAL) {
            self.tell(
                "the refreshes are full ones, since incremental ones can be asked for from REST API 3.25 on",
            );
        }
        let call = Call::post(purpose, url, Some(Body::Plain(body.to_owned())));
        Action::Send(self.connection.with_token(Call {
            timeout: POST,
            ..call
        }))
    }

    /// Takes what came of the call for a refresh.
    pub(super) fn posted(
        &mut self,
        at: usize,
        outcome: Outcome,
        moment: &Moment,
    ) -> Action<RefreshEnding> {
        match meaning(&outcome) {
            Meaning::Ended(posted) => {
                let job = outcome.ok().and_then(|reply| jobs::begun(&reply.body));
                self.settle(at, posted, job);
                self.next_item(at + 1, moment)
            }
            Meaning::Stops(posted) => {
                let why = posted.to_string();
                self.settle(at, posted, None);
                self.give_up(&why);
                self.next_watch(0, moment)
            }
            Meaning::Lost(why) => {
                self.items[at].why_lost = self.without_secrets(why);
                self.connection.tries = super::Tries::default();
                self.stage = Stage::Lost { at, looks: 0 };
                Action::Wait(LOOKS[0])
            }
            Meaning::Again => {
                let purpose = self.stage.purpose(&self.items);
                match self.connection.tries.judge(outcome, &purpose, moment) {
                    Judged::Again(wait) => Action::Wait(wait),
                    Judged::Failed(failure) => {
                        let message = self.without_secrets(failure.message);
                        self.settle(at, Posted::Failed(message), None);
                        self.next_item(at + 1, moment)
                    }
                    // These are not calls to be made again.
                    Judged::Answered(_) | Judged::Unauthorized(_) => self.end(),
                }
            }
        }
    }

    /// Takes the list of jobs in which that of one is looked for.
    pub(super) fn take_list(
        &mut self,
        at: usize,
        looks: u32,
        body: &[u8],
        moment: &Moment,
    ) -> Action<RefreshEnding> {
        let name = self.items[at].wanted.name.clone();
        let namesakes = self.items.iter().filter(|item| item.wanted.name == name);
        let is_only = namesakes.count() == 1;
        let found = jobs::find(body, &name);
        let why = self.items[at].why_lost.clone();
        match found {
            Some(Some(job)) if is_only => {
                self.settle(at, Posted::FoundQueued, Some(job));
                self.next_item(at + 1, moment)
            }
            Some(None) if (looks as usize) + 1 < LOOKS.len() => {
                self.connection.tries = super::Tries::default();
                self.stage = Stage::Lost {
                    at,
                    looks: looks + 1,
                };
                Action::Wait(LOOKS[looks as usize + 1])
            }
            // There is not a job of an earlier run after all this time: Tableau did not take it.
            Some(None) if !self.items[at].is_of_this_run => {
                self.items[at].asked_at = None;
                self.next_item(at, moment)
            }
            Some(None) => {
                let why = format!("{why}; there is not a job of it");
                self.settle(at, Posted::NotKnown(why), None);
                self.next_item(at + 1, moment)
            }
            Some(Some(_)) => {
                let why = format!("{why}; several have its name");
                self.settle(at, Posted::NotKnown(why), None);
                self.next_item(at + 1, moment)
            }
            None => {
                let why = format!("{why}; the list of jobs cannot be read");
                self.settle(at, Posted::NotKnown(why), None);
                self.next_item(at + 1, moment)
            }
        }
    }

    /// Tells something once.
    fn tell(&mut self, sentence: &str) {
        if !self.told.iter().any(|told| told == sentence) {
            self.told.push(sentence.to_owned());
        }
    }

    /// Keeps what came of one, also for the next run.
    pub(super) fn settle(&mut self, at: usize, posted: Posted, job: Option<String>) {
        let item = &mut self.items[at];
        let id = item.wanted.id.clone();
        let asked_at = item
            .asked_at
            .and_then(|at| jiff::Timestamp::from_second(at).ok());
        match &posted {
            Posted::Queued | Posted::FoundQueued => {
                let at = asked_at.unwrap_or_default();
                self.notes.push(Note::Taken(id, at, job.clone()));
            }
            // The next run looks for its job.
            Posted::NotKnown(_) => {}
            // What runs already may have begun before the last build, so that it does not count.
            _ => self.notes.push(Note::Refused(id)),
        }
        let item = &mut self.items[at];
        item.job = job;
        item.posted = Some(posted);
    }

    /// Goes on to the next job to watch, from this one on; after the last one, to the next round.
    pub(super) fn next_watch(&mut self, from: usize, moment: &Moment) -> Action<RefreshEnding> {
        let Some(limit) = self.asked.wait else {
            return self.end();
        };
        let since = *self.watching_since.get_or_insert(moment.since_start);
        let is_over = moment.since_start.saturating_sub(since) > limit;
        if is_over {
            let minutes = limit.as_secs() / 60;
            for item in self.items.iter_mut().filter(|item| is_open(item)) {
                item.posted = Some(Posted::StillRunning(minutes));
            }
            return self.end();
        }
        let next = |from: usize| {
            let mut rest = self.items.iter().enumerate().skip(from);
            rest.find(|(_, item)| is_open(item)).map(|(at, _)| at)
        };
        self.connection.tries = super::Tries::default();
        match (next(from), next(0)) {
            (Some(at), _) if from > 0 => {
                self.stage = Stage::Watch(at);
                self.ask(moment)
            }
            (_, Some(first)) => {
                self.stage = Stage::Watch(first);
                let wait = FIRST_ROUND * GROWTH.powi(self.rounds.min(30) as i32);
                self.rounds += 1;
                Action::Wait(Duration::from_secs_f64(wait.min(LONGEST_ROUND)))
            }
            (_, None) => self.end(),
        }
    }

    /// Nobody may watch a job with this token.
    pub(super) fn watch_none(&mut self, failure: &Failure) -> Action<RefreshEnding> {
        let message = self.without_secrets(failure.message.clone());
        for item in self.items.iter_mut().filter(|item| is_open(item)) {
            item.posted = Some(Posted::CannotWatch(message.clone()));
        }
        self.end()
    }

    /// Takes what Tableau tells of a job.
    pub(super) fn take_job(
        &mut self,
        at: usize,
        body: &[u8],
        moment: &Moment,
    ) -> Action<RefreshEnding> {
        match jobs::ended(body) {
            Some(None) => {}
            Some(Some(posted)) => {
                let posted = match posted {
                    Posted::JobFailed(notes) => Posted::JobFailed(self.without_secrets(notes)),
                    posted => posted,
                };
                self.items[at].posted = Some(posted);
            }
            None => {
                let why = "the server's answer is not a job".to_owned();
                self.items[at].posted = Some(Posted::CannotWatch(why));
            }
        }
        self.next_watch(at + 1, moment)
    }
}

/// Whether a job of it may still wait or run.
fn is_open(item: &Item) -> bool {
    let is_queued = matches!(item.posted, Some(Posted::Queued | Posted::FoundQueued));
    is_queued && item.job.is_some()
}
