//! One run that asks Tableau to refresh extracts: from the first question to the sign-out.
//!
//! ```text
//! greeting ─▶ sign-in ─▶ times? ─▶ each: lost before? ─▶ post ─▶ lost? ─▶ jobs? ─▶ sign-out
//! ```
//!
//! A refresh is asked for once. Before each, and after its answer, what is to be remembered is handed
//! out ([`Refresh::take_notes`]): were the program to end between the two, the next run knows that the
//! refresh may be on its way, and looks for its job first.

mod answer;
mod asked;
mod ending;
mod item;
mod jobs;
mod posts;
mod stage;
mod times;

use std::time::Duration;

use jiff::Timestamp;

use self::answer::lost_session;
pub use self::asked::{RefreshAsked, Wanted};
pub use self::ending::{RefreshEnding, RefreshResult};
use self::item::Item;
pub use self::item::Note;
use self::stage::Stage;
use super::call::{Call, Method, Outcome, Reply};
use super::connection::Connection;
use super::detour::Detour;
use super::event::{Action, Event, Machine};
use super::moment::Moment;
use super::rest;
use super::retry::{Judged, Refused, Tries};
use super::session::{self, Cure};
use crate::model::Failure;
use crate::model::refresh::Posted;

/// A run, which is told what happened and says what to do.
#[derive(Debug)]
pub struct Refresh {
    asked: RefreshAsked,
    connection: Connection,
    stage: Stage,
    items: Vec<Item>,
    /// When jobs began to be watched.
    watching_since: Option<Duration>,
    /// How often a round of all jobs was waited for.
    rounds: u32,
    notes: Vec<Note>,
    told: Vec<String>,
}

impl Refresh {
    /// A run that has not begun.
    pub fn new(asked: RefreshAsked) -> Self {
        Self {
            connection: Connection::new(asked.server.clone()),
            items: asked.wanted.iter().cloned().map(Item::new).collect(),
            asked,
            stage: Stage::Greeting,
            watching_since: None,
            rounds: 0,
            notes: Vec::new(),
            told: Vec::new(),
        }
    }

    /// What is to be remembered since the last time, before the next call is made.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// Whether all that was due is asked for, so that nothing more is to be remembered.
    pub fn is_watching(&self) -> bool {
        matches!(self.stage, Stage::Watch(_))
    }

    /// Ends the run without any further refresh, for this reason: what is to be remembered could not be.
    pub fn stop(&mut self, failure: &Failure) -> Action<RefreshEnding> {
        self.give_up(&failure.to_string());
        self.end()
    }

    /// The next call.
    fn ask(&mut self, moment: &Moment) -> Action<RefreshEnding> {
        let purpose = self.stage.purpose(&self.items);
        let connection = &self.connection;
        let call = match &self.stage {
            Stage::Greeting => connection.greeting(purpose),
            Stage::SigningIn(_) => {
                let credentials = &self.asked.credentials;
                let body = credentials.sign_in_to_refresh(&self.asked.site, moment);
                connection.sign_in(purpose, body)
            }
            Stage::Times(from) => {
                let ids = self.untimed(*from).map(|item| &item.wanted.id);
                connection.query(purpose, times::question(ids.take(times::AT_ONCE)))
            }
            Stage::Post(at) => return self.post(*at, &purpose, moment),
            Stage::Lost { at, .. } => {
                let path = jobs::list_path(self.items[*at].asked_at.unwrap_or_default());
                connection.get(purpose, &path)
            }
            Stage::Watch(at) => {
                let job = self.items[*at].job.clone().unwrap_or_default();
                connection.get(purpose, &format!("jobs/{job}"))
            }
            Stage::SigningOut(_) | Stage::Over => return self.after_the_end(),
        };
        Action::Send(self.connection.send(call))
    }

    /// Decides what became of the last call.
    fn judge(&mut self, outcome: Outcome, moment: &Moment) -> Action<RefreshEnding> {
        if let Ok(reply) = &outcome
            && Detour::is_one(reply)
            && !matches!(self.stage, Stage::Post(_))
        {
            return self.follow(reply, moment);
        }
        self.connection.arrive();
        if let Stage::Post(at) = self.stage
            && !matches!(&outcome, Ok(reply) if reply.status == 401)
        {
            return self.posted(at, outcome, moment);
        }
        let purpose = self.stage.purpose(&self.items);
        match self
            .connection
            .tries
            .judge(rest::whole(outcome), &purpose, moment)
        {
            Judged::Answered(reply) => self.take(&reply, moment),
            Judged::Unauthorized(reply) => self.unauthorized(&reply, moment),
            Judged::Again(wait) => Action::Wait(wait),
            Judged::Failed(failure) => self.do_without(failure, moment),
        }
    }

    /// Goes where the server sends its users, but never with a refresh.
    fn follow(&mut self, reply: &Reply, moment: &Moment) -> Action<RefreshEnding> {
        let method = match self.stage {
            Stage::SigningIn(_) | Stage::Times(_) => Method::Post,
            _ => Method::Get,
        };
        let is_first = matches!(self.stage, Stage::Greeting);
        let purpose = self.stage.purpose(&self.items);
        match self.connection.follow(reply, &purpose, method, is_first) {
            Err(failure) => self.fail(failure),
            Ok(()) => self.ask(moment),
        }
    }

    /// Takes an answer.
    fn take(&mut self, reply: &Reply, moment: &Moment) -> Action<RefreshEnding> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Greeting => match self.connection.greeted(reply, self.asked.allows_http) {
                Ok(()) => self.go_on(Stage::SigningIn(Box::new(Stage::Times(0))), moment),
                Err(failure) => self.fail(failure),
            },
            Stage::SigningIn(then) => match self.connection.signed_in(reply, moment) {
                Ok(()) => self.resume(*then, moment),
                Err(failure) => self.fail(failure),
            },
            Stage::Times(from) => self.take_times(from, &reply.body, moment),
            Stage::Lost { at, looks } => self.take_list(at, looks, &reply.body, moment),
            Stage::Watch(at) => self.take_job(at, &reply.body, moment),
            // The answers to these are taken elsewhere.
            Stage::Post(_) | Stage::SigningOut(_) | Stage::Over => self.end(),
        }
    }

    /// Goes on to a new question.
    fn go_on(&mut self, stage: Stage, moment: &Moment) -> Action<RefreshEnding> {
        self.connection.tries = Tries::default();
        self.resume(stage, moment)
    }

    /// Asks a question again, of which it is remembered how often that failed. What need not be asked
    /// is passed over.
    fn resume(&mut self, stage: Stage, moment: &Moment) -> Action<RefreshEnding> {
        self.stage = stage;
        match self.stage {
            Stage::Times(from) if self.untimed(from).next().is_none() => self.next_item(0, moment),
            _ => self.ask(moment),
        }
    }

    /// The token was not accepted.
    fn unauthorized(&mut self, reply: &Reply, moment: &Moment) -> Action<RefreshEnding> {
        if let Stage::SigningIn(_) | Stage::Greeting = self.stage {
            let kind = self.asked.credentials.kind();
            return self.fail(session::refused(&Refused::by(reply), kind));
        }
        let is_metadata = matches!(self.stage, Stage::Times(_));
        match self.connection.cure(is_metadata, moment) {
            Cure::Wait(wait) => Action::Wait(wait),
            Cure::SignIn => {
                let stage = std::mem::replace(&mut self.stage, Stage::Over);
                self.resume(Stage::SigningIn(Box::new(stage)), moment)
            }
            Cure::Stop if self.is_watching() => self.watch_none(&lost_session()),
            Cure::Stop => self.do_without(lost_session(), moment),
        }
    }

    /// Goes on without what is not needed, or ends.
    fn do_without(&mut self, failure: Failure, moment: &Moment) -> Action<RefreshEnding> {
        let message = self.without_secrets(failure.message.clone());
        match self.stage {
            Stage::Times(_) => {
                self.told.push(format!(
                    "only the times of the export and of earlier runs count: {message}"
                ));
                self.next_item(0, moment)
            }
            Stage::Lost { at, .. } => {
                let why = self.items[at].why_lost.clone();
                self.settle(at, Posted::NotKnown(format!("{why}; {message}")), None);
                self.next_item(at + 1, moment)
            }
            Stage::Watch(at) => {
                self.items[at].posted = Some(Posted::CannotWatch(message));
                self.next_watch(at + 1, moment)
            }
            Stage::Post(at) => {
                self.settle(at, Posted::Failed(message.clone()), None);
                self.give_up(&message);
                self.end()
            }
            _ => self.fail(failure),
        }
    }

    fn fail(&mut self, failure: Failure) -> Action<RefreshEnding> {
        let mut failure = failure;
        failure.message = self.without_secrets(failure.message);
        if self.items.iter().any(|item| item.posted.is_some()) {
            self.give_up(&failure.message);
            return self.end();
        }
        if failure.place.is_empty() {
            failure.place.clone_from(&self.connection.server);
        }
        self.end_with(RefreshEnding::Failed(failure))
    }

    /// Nothing more is asked for.
    fn give_up(&mut self, why: &str) {
        for item in &mut self.items {
            if item.posted.is_none() {
                item.posted = Some(Posted::NotAsked(why.to_owned()));
            }
        }
    }

    fn end(&mut self) -> Action<RefreshEnding> {
        let posted = self.items.iter().map(|item| {
            let not_asked = || Posted::NotAsked("the run ended before".to_owned());
            (
                item.posted.clone().unwrap_or_else(not_asked),
                item.job.clone(),
            )
        });
        let result = RefreshResult {
            posted: posted.collect(),
            notes: std::mem::take(&mut self.told),
        };
        self.end_with(RefreshEnding::Asked(result))
    }

    /// Signs out, if there is a session.
    fn end_with(&mut self, ending: RefreshEnding) -> Action<RefreshEnding> {
        match self.sign_out() {
            Some(call) => {
                self.stage = Stage::SigningOut(Box::new(ending));
                Action::Send(call)
            }
            None => {
                self.stage = Stage::Over;
                Action::Over(ending)
            }
        }
    }

    /// Whatever became of the sign-out, the run is over.
    fn after_the_end(&mut self) -> Action<RefreshEnding> {
        self.connection.session = None;
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::SigningOut(ending) => Action::Over(*ending),
            _ => Action::Over(RefreshEnding::Asked(RefreshResult::default())),
        }
    }

    /// A text in which a server has not repeated what it was sent in secret.
    fn without_secrets(&self, text: String) -> String {
        let credentials = Some(&self.asked.credentials);
        self.connection.without_secrets(text, credentials)
    }
}

impl Machine for Refresh {
    type Ending = RefreshEnding;

    fn next(&mut self, event: Event, moment: &Moment) -> Action<RefreshEnding> {
        let is_late = moment.since_start > self.asked.time_limit && !self.is_watching();
        match event {
            _ if matches!(self.stage, Stage::Over | Stage::SigningOut(_)) => self.after_the_end(),
            Event::Reply(reply) => self.judge(Ok(reply), moment),
            Event::NoReply(lost) => self.judge(Err(lost), moment),
            Event::Ready if is_late => {
                let minutes = self.asked.time_limit.as_secs() / 60;
                let message = format!("the run was not over after {minutes} minutes");
                let help = "give it more time with `--timeout MINUTES`";
                self.fail(Failure::new("", message).help(help))
            }
            Event::Ready => self.ask(moment),
        }
    }

    fn progress(&self) -> String {
        self.stage.progress(&self.items)
    }

    fn sign_out(&self) -> Option<Call> {
        self.connection.sign_out()
    }
}

/// This moment, to the second.
fn time(moment: &Moment) -> Timestamp {
    let seconds = i64::try_from(moment.unix_seconds).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
