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
use super::address;
use super::call::{Body, Call, Method, Outcome, Reply};
use super::detour::{Detour, Turn};
use super::event::{Action, Event, Machine};
use super::fetch::open_to_others;
use super::moment::Moment;
use super::rest;
use super::retry::{Judged, Refused, Tries};
use super::server::ServerInfo;
use super::session::{self, Cure, Session};
use crate::model::Failure;
use crate::model::refresh::Posted;

/// A run, which is told what happened and says what to do.
#[derive(Debug)]
pub struct Refresh {
    asked: RefreshAsked,
    /// The server's address, which a redirect may have made a safer one.
    server: String,
    info: ServerInfo,
    stage: Stage,
    tries: Tries,
    detour: Detour,
    session: Option<Session>,
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
            server: asked.server.clone(),
            items: asked.wanted.iter().cloned().map(Item::new).collect(),
            asked,
            info: ServerInfo::default(),
            stage: Stage::Greeting,
            tries: Tries::default(),
            detour: Detour::default(),
            session: None,
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
        let call = match &self.stage {
            Stage::Greeting => Call::get(purpose, address::greeting(&self.server)),
            Stage::SigningIn(_) => {
                let credentials = &self.asked.credentials;
                let body = credentials.sign_in_to_refresh(&self.asked.site, moment);
                Call::post(purpose, self.rest("auth/signin"), Some(Body::Secret(body)))
            }
            Stage::Times(from) => {
                let ids = self.untimed(*from).map(|item| &item.wanted.id);
                let body = Body::Plain(times::question(ids.take(times::AT_ONCE)));
                let call = Call::post(purpose, address::metadata(&self.server), Some(body));
                self.with_token(call)
            }
            Stage::Post(at) => return self.post(*at, &purpose, moment),
            Stage::Lost { at, .. } => {
                let path = jobs::list_path(self.items[*at].asked_at.unwrap_or_default());
                self.get(purpose, &path)
            }
            Stage::Watch(at) => {
                let job = self.items[*at].job.clone().unwrap_or_default();
                self.get(purpose, &format!("jobs/{job}"))
            }
            Stage::SigningOut(_) | Stage::Over => return self.after_the_end(),
        };
        Action::Send(self.detour.take(call))
    }

    fn rest(&self, path: &str) -> String {
        address::rest(&self.server, &self.info.api_version, path)
    }

    /// A path below the site.
    fn below_site(&self, path: &str) -> String {
        let session = self.session.as_ref();
        let site = session.map_or("", |session| &session.site_luid);
        self.rest(&format!("sites/{site}/{path}"))
    }

    fn get(&self, purpose: String, path: &str) -> Call {
        self.with_token(Call::get(purpose, self.below_site(path)))
    }

    fn with_token(&self, call: Call) -> Call {
        match &self.session {
            Some(session) => call.with_token(&session.token),
            None => call,
        }
    }

    /// Decides what became of the last call.
    fn judge(&mut self, outcome: Outcome, moment: &Moment) -> Action<RefreshEnding> {
        if let Ok(reply) = &outcome
            && Detour::is_one(reply)
            && !matches!(self.stage, Stage::Post(_))
        {
            return self.follow(reply, moment);
        }
        self.detour.arrive();
        if let Stage::Post(at) = self.stage
            && !matches!(&outcome, Ok(reply) if reply.status == 401)
        {
            return self.posted(at, outcome, moment);
        }
        let purpose = self.stage.purpose(&self.items);
        match self.tries.judge(rest::whole(outcome), &purpose, moment) {
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
        let turn = Turn {
            server: &self.server,
            purpose: &self.stage.purpose(&self.items),
            method,
            is_first: matches!(self.stage, Stage::Greeting),
        };
        match self.detour.follow(reply, turn) {
            Err(failure) => self.fail(failure),
            Ok(server) => {
                self.server = server.unwrap_or_else(|| self.server.clone());
                self.ask(moment)
            }
        }
    }

    /// Takes an answer.
    fn take(&mut self, reply: &Reply, moment: &Moment) -> Action<RefreshEnding> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Greeting => match ServerInfo::of(&reply.body) {
                Ok(_) if !self.asked.allows_http && !address::is_private(&self.server) => {
                    self.fail(open_to_others())
                }
                Ok(info) => {
                    self.info = info;
                    self.go_on(Stage::SigningIn(Box::new(Stage::Times(0))), moment)
                }
                Err(failure) => self.fail(failure),
            },
            Stage::SigningIn(then) => match Session::of(&reply.body, moment.since_start) {
                Some(session) => {
                    self.session = Some(session);
                    self.resume(*then, moment)
                }
                None => self.fail(rest::secretly_not_understood("sign in", &reply.body)),
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
        self.tries = Tries::default();
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
        let age = self.session.as_ref().map(|session| session.age(moment));
        self.tries.unauthorized += 1;
        match session::cure(
            self.tries.unauthorized,
            is_metadata,
            age.unwrap_or(moment.since_start),
        ) {
            Cure::Wait(wait) => Action::Wait(wait),
            Cure::SignIn => {
                let stage = std::mem::replace(&mut self.stage, Stage::Over);
                self.session = None;
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
            failure.place = self.server.clone();
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
        self.session = None;
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::SigningOut(ending) => Action::Over(*ending),
            _ => Action::Over(RefreshEnding::Asked(RefreshResult::default())),
        }
    }

    /// A text in which a server has not repeated what it was sent in secret.
    fn without_secrets(&self, text: String) -> String {
        let credentials = Some(&self.asked.credentials);
        session::without_secrets(text, self.session.as_ref(), credentials)
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
        let session = self.session.as_ref()?;
        Some(session.sign_out(self.rest("auth/signout")))
    }
}

/// This moment, to the second.
fn time(moment: &Moment) -> Timestamp {
    let seconds = i64::try_from(moment.unix_seconds).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
