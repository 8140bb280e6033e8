//! Asks a site how it is set and what a token sees: a few calls, each for itself.
//!
//! A question that is asked in vain hides no other one: what hangs on it is not asked, and all else is.

mod answers;
mod built;
pub(super) mod heard;
mod question;
mod unknown;

use std::collections::BTreeSet;
use std::time::Duration;

use self::heard::Heard;
use self::heard::{Reason, Refusal, Told, Warned};
use self::question::{QUESTIONS, Question};
use self::unknown::Unknown;
use super::address;
use super::answer;
use super::call::{Call, Method, Outcome, Reply};
use super::connection::Connection;
use super::credentials::Credentials;
use super::detour::Detour;
use super::event::{Action, Event, Machine};
use super::moment::Moment;
use super::paging::Paging;
use super::rest;
use super::retry::{Judged, Refused, Tries};
use super::section;
use super::session::{self, Cure};
use crate::model::Failure;

/// What a run asks, and how it signs in.
#[derive(Debug, Clone)]
pub struct Consultation {
    /// The server's address as scheme, host and port.
    pub server: String,
    /// The site's content URL; empty for the default site.
    pub site: String,
    /// With what the run signs in; `None` if it asks only what everybody may ask.
    pub credentials: Option<Credentials>,
    /// How long the run may take.
    pub time_limit: Duration,
    /// Whether secrets may go to another machine without encryption.
    pub allows_http: bool,
}

/// A run, which is told what happened and says what to do.
#[derive(Debug)]
pub struct Examine {
    asked: Consultation,
    heard: Heard,
    connection: Connection,
    stage: Stage,
    rates: u32,
    unknown: Unknown,
    /// The page of workbooks, of which older servers do not know some fields.
    page: Paging,
    warnings: BTreeSet<Warned>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// This question, by its position.
    Asking(usize),
    /// For another session, and then this question.
    Renewing(usize),
    SigningOut,
    Over,
}

impl Machine for Examine {
    type Ending = Heard;

    fn next(&mut self, event: Event, moment: &Moment) -> Action<Heard> {
        let is_late = moment.since_start > self.asked.time_limit;
        match event {
            _ if matches!(self.stage, Stage::Over | Stage::SigningOut) => self.after_the_end(),
            _ if is_late => {
                let message = "the run was not over in time";
                let failure =
                    Failure::new("", message).help("give it more with `--timeout MINUTES`");
                self.refuse(Reason::Late, failure);
                self.end()
            }
            Event::Ready => self.ask(moment),
            Event::Reply(reply) => self.judge(Ok(reply), moment),
            Event::NoReply(lost) => self.judge(Err(lost), moment),
        }
    }

    fn progress(&self) -> String {
        match self.question() {
            Some(question) => question.purpose(),
            None => "signing out".to_owned(),
        }
    }

    fn sign_out(&self) -> Option<Call> {
        self.connection.sign_out()
    }
}

impl Examine {
    /// A run that has not begun.
    pub fn new(asked: Consultation) -> Self {
        Self {
            heard: Heard::default(),
            connection: Connection::new(asked.server.clone()),
            asked,
            stage: Stage::Asking(0),
            rates: 0,
            unknown: Unknown::default(),
            page: Paging::new(section::asked(false)[0]),
            warnings: BTreeSet::new(),
        }
    }

    /// What is asked now.
    fn question(&self) -> Option<Question> {
        match self.stage {
            Stage::Asking(at) => Some(QUESTIONS[at]),
            Stage::Renewing(_) => Some(Question::SignIn),
            Stage::SigningOut | Stage::Over => None,
        }
    }

    /// The next call.
    fn ask(&mut self, moment: &Moment) -> Action<Heard> {
        let Some(question) = self.question() else {
            return self.after_the_end();
        };
        let purpose = question.purpose();
        let connection = &self.connection;
        let call = match question {
            Question::Greeting => connection.greeting(purpose),
            Question::SignIn => {
                let Some(credentials) = &self.asked.credentials else {
                    return self.end();
                };
                connection.sign_in(purpose, credentials.sign_in(&self.asked.site, moment))
            }
            Question::User => connection.get(purpose, &connection.user_path()),
            Question::Site => connection.get(purpose, ""),
            Question::Listed(list, _) => {
                connection.get(purpose, &format!("{list}?pageSize=1&pageNumber=1"))
            }
            Question::Backfill => {
                let url = address::backfill(&connection.server);
                connection.with_token(Call::get(purpose, url))
            }
            Question::Totals | Question::Page | Question::Names | Question::Upstream => {
                let body = question
                    .query(&self.unknown)
                    .unwrap_or_else(|| self.page.question());
                connection.query(purpose, body)
            }
        };
        Action::Send(self.connection.send(call))
    }

    /// Decides what became of the last call.
    fn judge(&mut self, outcome: Outcome, moment: &Moment) -> Action<Heard> {
        let Some(question) = self.question() else {
            return self.after_the_end();
        };
        if let Ok(reply) = &outcome
            && Detour::is_one(reply)
        {
            return self.follow(question, reply, moment);
        }
        self.connection.arrive();
        let outcome = if question.is_of_metadata() {
            answer::whatever_status(outcome)
        } else {
            outcome
        };
        let outcome = rest::whole(outcome);
        let reason = match &outcome {
            Ok(reply) => Reason::Status(reply.status),
            Err(lost) => Reason::NoReply(lost.kind),
        };
        if let (Question::SignIn, Some(credentials), Some(refused)) =
            (question, &self.asked.credentials, Refused::of(&outcome))
            && session::is_refusal(&refused)
        {
            self.refuse(reason, session::refused(&refused, credentials.kind()));
            return self.end();
        }
        match self
            .connection
            .tries
            .judge(outcome, &question.purpose(), moment)
        {
            Judged::Answered(reply) => self.take(question, &reply, moment),
            Judged::Unauthorized(reply) => self.unauthorized(question, &reply, moment),
            Judged::Again(wait) => Action::Wait(wait),
            Judged::Failed(failure) => {
                self.refuse(reason, failure);
                self.go_on(moment)
            }
        }
    }

    /// Goes where the server sends its users.
    fn follow(&mut self, question: Question, reply: &Reply, moment: &Moment) -> Action<Heard> {
        let method = match question {
            Question::SignIn => Method::Post,
            question if question.is_of_metadata() => Method::Post,
            _ => Method::Get,
        };
        let is_first = question == Question::Greeting;
        let purpose = question.purpose();
        match self.connection.follow(reply, &purpose, method, is_first) {
            Err(failure) => {
                self.refuse(Reason::Moved, failure);
                self.end()
            }
            Ok(()) => self.ask(moment),
        }
    }

    /// The token was not accepted. A connected app whose scopes leave something out is refused so as
    /// well, so that other questions are asked all the same.
    fn unauthorized(
        &mut self,
        question: Question,
        reply: &Reply,
        moment: &Moment,
    ) -> Action<Heard> {
        if question == Question::Greeting {
            let failure = rest::failure(reply, &question.purpose());
            self.refuse(Reason::Status(reply.status), failure);
            return self.end();
        }
        if let (Question::SignIn, Some(credentials)) = (question, &self.asked.credentials) {
            let failure = session::refused(&Refused::by(reply), credentials.kind());
            self.refuse(Reason::Status(reply.status), failure);
            return self.end();
        }
        let cure = self.connection.cure(question.is_of_metadata(), moment);
        match (cure, self.stage) {
            (Cure::Wait(wait), _) => Action::Wait(wait),
            (Cure::SignIn, Stage::Asking(at)) => {
                self.stage = Stage::Renewing(at);
                self.ask(moment)
            }
            _ => {
                self.refuse(Reason::Lost, session::lost());
                self.go_on(moment)
            }
        }
    }

    /// Notes that the question was asked in vain.
    fn refuse(&mut self, reason: Reason, failure: Failure) {
        let failure = self.without_secrets(failure);
        let refusal = Refusal { reason, failure };
        match self.question() {
            Some(Question::Greeting) => self.heard.greeting = Told::Refused(refusal),
            Some(Question::SignIn) => self.heard.session = Told::Refused(refusal),
            Some(Question::User) => self.heard.user = Told::Refused(refusal),
            Some(Question::Site) => self.heard.site = Told::Refused(refusal),
            Some(Question::Listed(list, _)) => *self.listed(list) = Told::Refused(refusal),
            Some(Question::Backfill) => self.heard.backfill = Told::Refused(refusal),
            Some(Question::Totals) => self.heard.totals = Told::Refused(refusal),
            Some(Question::Page) => self.heard.page = Told::Refused(refusal),
            Some(Question::Names) => self.heard.names = Told::Refused(refusal),
            Some(Question::Upstream) => self.heard.upstream = Told::Refused(refusal),
            None => {}
        }
    }

    /// The next question, as far as the last answer lets it be asked.
    fn go_on(&mut self, moment: &Moment) -> Action<Heard> {
        let (Stage::Asking(at) | Stage::Renewing(at)) = self.stage else {
            return self.after_the_end();
        };
        let is_signed_in = self.connection.session.is_some();
        let is_let_in = is_signed_in || at == 0 && self.heard.greeting.told().is_some();
        let is_of_no_use = QUESTIONS[at] == Question::Totals && self.heard.totals.told().is_none();
        if !is_let_in || is_of_no_use || at + 1 == QUESTIONS.len() {
            return self.end();
        }
        self.connection.tries = Tries::default();
        self.rates = 0;
        self.stage = Stage::Asking(at + 1);
        self.ask(moment)
    }

    /// Signs out, if there is a session.
    fn end(&mut self) -> Action<Heard> {
        match self.sign_out() {
            Some(call) => {
                self.stage = Stage::SigningOut;
                Action::Send(call)
            }
            None => self.after_the_end(),
        }
    }

    /// Whatever became of the sign-out, the run is over.
    fn after_the_end(&mut self) -> Action<Heard> {
        self.connection.session = None;
        self.stage = Stage::Over;
        let mut heard = std::mem::take(&mut self.heard);
        heard.server.clone_from(&self.connection.server);
        heard.warnings = std::mem::take(&mut self.warnings).into_iter().collect();
        Action::Over(heard)
    }

    /// A failure in whose text a server has not repeated what it was sent in secret.
    fn without_secrets(&self, failure: Failure) -> Failure {
        let credentials = self.asked.credentials.as_ref();
        let message = self
            .connection
            .without_secrets(failure.message, credentials);
        Failure { message, ..failure }
    }
}

#[cfg(test)]
mod tests;
