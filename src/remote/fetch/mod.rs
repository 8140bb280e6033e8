//! One run: from the first question to the sign-out.

mod access;
mod answers;

use std::collections::HashMap;

use secrecy::SecretString;
use serde_json::Value;

use super::address::{self, Moved};
use super::asked::Asked;
use super::call::{Body, Call, Reply};
use super::chosen::Chosen;
use super::event::{Action, Ending, Event, Fetched, Machine};
use super::export::Export;
use super::listing::Listing;
use super::moment::Moment;
use super::retry::{Judged, Outcome, Tries};
use super::section::{self, Section};
use super::server::ServerInfo;
use super::session::{self, Cure, Session};
use super::stage::Stage;
use crate::input::tableau::{EnvelopeSection, EnvelopeUser, Project};
use crate::model::Failure;

/// How often in a row a server may send its users elsewhere.
const MOST_DETOURS: u32 = 5;

/// A run, which is told what happened and says what to do.
#[derive(Debug)]
pub struct Fetch {
    asked: Asked,
    /// The server's address, which a redirect may have made a safer one.
    server: String,
    info: ServerInfo,
    stage: Stage,
    tries: Tries,
    /// Where the server sent its users with the last answer, and how often in a row.
    detour: Option<String>,
    detours: u32,
    session: Option<Session>,
    user: Option<EnvelopeUser>,
    projects: Vec<Project<'static>>,
    /// The projects as the REST API lists them, if it is asked who may see what.
    project_items: Vec<Value>,
    /// Workbooks that the REST API lists, each with its project; `None` if it did not.
    listed: Option<HashMap<String, Option<String>>>,
    /// The projects whose workbooks are asked for; `None` for all of the site.
    chosen: Option<Chosen>,
    /// The lists of the Metadata API that are asked for.
    lists: Vec<&'static Section>,
    sections: Vec<(&'static str, EnvelopeSection)>,
    export: Export,
    fetched: Fetched,
}

impl Fetch {
    /// A run that has not begun.
    pub fn new(asked: Asked) -> Self {
        let export = match asked.access.linking() {
            Some(_) => Export::with_copy(),
            None => Export::default(),
        };
        Self {
            server: asked.server.clone(),
            lists: section::asked(asked.with_columns),
            asked,
            info: ServerInfo::default(),
            stage: Stage::Greeting,
            tries: Tries::default(),
            detour: None,
            detours: 0,
            session: None,
            user: None,
            projects: Vec::new(),
            project_items: Vec::new(),
            listed: None,
            chosen: None,
            sections: Vec::new(),
            export,
            fetched: Fetched::default(),
        }
    }
}

impl Machine for Fetch {
    type Ending = Ending;

    fn next(&mut self, event: Event, moment: &Moment) -> Action {
        let is_late = moment.since_start > self.asked.time_limit;
        match event {
            _ if matches!(self.stage, Stage::Over | Stage::SigningOut(_)) => self.after_the_end(),
            _ if is_late => self.fail(self.too_late()),
            Event::Ready => self.ask(moment),
            Event::Reply(reply) => self.judge(Ok(reply), moment),
            Event::NoReply(lost) => self.judge(Err(lost), moment),
        }
    }

    fn take_written(&mut self) -> Vec<u8> {
        self.export.take()
    }

    fn progress(&self) -> String {
        self.stage.progress()
    }

    fn sign_out(&self) -> Option<Call> {
        let session = self.session.as_ref()?;
        Some(session.sign_out(self.rest("auth/signout")))
    }
}

impl Fetch {
    /// The next call.
    fn ask(&mut self, moment: &Moment) -> Action {
        let purpose = self.stage.purpose();
        let call = match &self.stage {
            Stage::Greeting => Call::get(purpose, address::greeting(&self.server)),
            Stage::SigningIn(_) => {
                let body = self.sign_in(moment);
                Call::post(purpose, self.rest("auth/signin"), Some(Body::Secret(body)))
            }
            Stage::User => self.get(purpose, |session| format!("users/{}", session.user_luid)),
            Stage::Projects(listing) | Stage::Workbooks(listing) => {
                self.get(purpose, |_| listing.path())
            }
            Stage::Access(access) => {
                let path = access.path().unwrap_or_default();
                self.get(purpose, |_| path)
            }
            Stage::Section(_, paging) => {
                let body = Body::Plain(paging.question());
                let call = Call::post(purpose, address::metadata(&self.server), Some(body));
                self.with_token(call)
            }
            Stage::SigningOut(_) | Stage::Over => return self.after_the_end(),
        };
        self.fetched.calls += 1;
        let url = self.detour.take().unwrap_or_else(|| call.url.clone());
        Action::Send(Call { url, ..call })
    }

    /// The body of a sign-in that allows all that the run asks.
    fn sign_in(&self, moment: &Moment) -> SecretString {
        let Asked {
            credentials,
            site,
            access,
            ..
        } = &self.asked;
        match access.is_nothing() {
            true => credentials.sign_in(site, moment),
            false => credentials.sign_in_to_ask_access(site, moment),
        }
    }

    fn rest(&self, path: &str) -> String {
        address::rest(&self.server, &self.info.api_version, path)
    }

    /// A question about the site.
    fn get(&self, purpose: String, path: impl FnOnce(&Session) -> String) -> Call {
        let path = self.session.as_ref().map_or_else(String::new, |session| {
            format!("sites/{}/{}", session.site_luid, path(session))
        });
        self.with_token(Call::get(purpose, self.rest(path.trim_end_matches('/'))))
    }

    fn with_token(&self, call: Call) -> Call {
        match &self.session {
            Some(session) => call.with_token(&session.token),
            None => call,
        }
    }

    /// Decides what became of the last call.
    fn judge(&mut self, outcome: Outcome, moment: &Moment) -> Action {
        if let Ok(reply) = &outcome
            && (300..400).contains(&reply.status)
        {
            return self.follow(reply, moment);
        }
        self.detours = 0;
        if let Some(refused) = self.refused_access(&outcome) {
            return self.refuse_access(&refused, moment);
        }
        let purpose = self.stage.purpose();
        match self.tries.judge(outcome, &purpose, moment) {
            Judged::Answered(reply) => self.take(&reply, moment),
            Judged::Unauthorized(reply) => self.unauthorized(&reply, moment),
            Judged::Again(wait) => Action::Wait(wait),
            Judged::Failed(failure) => self.do_without(failure, moment),
        }
    }

    /// Goes where the server sends its users. To another scheme only before anything secret was sent,
    /// and with a body only where it stays one.
    ///
    /// Statuses: <https://www.rfc-editor.org/rfc/rfc9110.html#name-redirection-3xx>.
    fn follow(&mut self, reply: &Reply, moment: &Moment) -> Action {
        let is_question = matches!(
            self.stage,
            Stage::Greeting
                | Stage::User
                | Stage::Projects(_)
                | Stage::Workbooks(_)
                | Stage::Access(_)
        );
        let keeps_body = matches!(reply.status, 307 | 308);
        self.detours += 1;
        match address::moved(&self.server, reply) {
            Err(failure) => self.fail(failure),
            Ok(_) if self.detours > MOST_DETOURS => {
                let message = "the server sends its users from one address to the next";
                self.fail(Failure::new("", message).help("give the right address with `--server`"))
            }
            Ok(Moved::ToHttps(server)) if matches!(self.stage, Stage::Greeting) => {
                self.server = server;
                self.ask(moment)
            }
            Ok(Moved::Within(url)) if is_question || keeps_body => {
                self.detour = Some(url);
                self.ask(moment)
            }
            Ok(Moved::ToHttps(to) | Moved::Within(to)) => {
                let message = format!(
                    "cannot {}: the server sends its users to {to}",
                    self.stage.purpose()
                );
                self.fail(Failure::new("", message).help("give the right address with `--server`"))
            }
        }
    }

    /// The token was not accepted.
    fn unauthorized(&mut self, reply: &Reply, moment: &Moment) -> Action {
        let is_metadata = matches!(self.stage, Stage::Section(..));
        if let Stage::SigningIn(_) | Stage::Greeting = self.stage {
            return self.fail(session::refused(reply, self.asked.credentials.kind()));
        }
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
            Cure::Stop => self.do_without(session::lost(), moment),
        }
    }

    /// Goes on without what is not needed, or ends.
    fn do_without(&mut self, failure: Failure, moment: &Moment) -> Action {
        let failure = self.without_secrets(failure);
        match &self.stage {
            Stage::User => {
                self.note_role();
                self.go_on(Stage::Projects(Listing::projects()), moment)
            }
            // What is not known to be of the chosen projects cannot be asked for.
            Stage::Projects(_) | Stage::Workbooks(_)
                if !self.asked.projects.is_empty() && !self.has_filter() =>
            {
                self.fail(failure)
            }
            Stage::Workbooks(listing) if listing.is_filtered() => {
                self.go_on(Stage::Workbooks(Listing::workbooks(None)), moment)
            }
            Stage::Projects(_) => {
                let reason = failure.message;
                self.fetched.missing.push(format!("projects: {reason}"));
                let said = EnvelopeSection {
                    said: vec![false],
                    reason: Some(reason),
                    ..EnvelopeSection::default()
                };
                self.sections.push(("projects", said));
                self.go_on(Stage::Workbooks(Listing::workbooks(None)), moment)
            }
            Stage::Workbooks(_) => {
                let note = format!(
                    "workbooks were not compared with the REST API: {}",
                    failure.message
                );
                self.fetched.notes.push(note);
                self.first_section(moment)
            }
            Stage::Access(_) => self.stop_access(&failure.message),
            _ => self.fail(failure),
        }
    }

    /// Whether the server is asked for some workbooks alone, which not every one can do.
    fn has_filter(&self) -> bool {
        matches!(&self.stage, Stage::Workbooks(listing) if listing.is_filtered())
    }

    fn fail(&mut self, failure: Failure) -> Action {
        let mut failure = self.without_secrets(failure);
        if failure.place.is_empty() {
            failure.place = self.server.clone();
        }
        self.end(Ending::Failed(failure))
    }

    /// Signs out, if there is a session.
    fn end(&mut self, ending: Ending) -> Action {
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
    fn after_the_end(&mut self) -> Action {
        self.session = None;
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::SigningOut(ending) => Action::Over(*ending),
            _ => Action::Over(Ending::Fetched(Fetched::default())),
        }
    }

    fn too_late(&self) -> Failure {
        let minutes = self.asked.time_limit.as_secs() / 60;
        let message = format!("the run was not over after {minutes} minutes");
        Failure::new("", message).help("give it more time with `--timeout MINUTES`")
    }

    /// A failure in whose text a server has not repeated what it was sent in secret.
    fn without_secrets(&self, failure: Failure) -> Failure {
        let credentials = Some(&self.asked.credentials);
        let message = session::without_secrets(failure.message, self.session.as_ref(), credentials);
        Failure { message, ..failure }
    }
}

/// The failure of a run whose secrets others could read.
pub(super) fn open_to_others() -> Failure {
    let message = "the connection is not encrypted: whoever is on the way could read the secret";
    Failure::new("", message).help("give the address with https, or pass `--allow-http`")
}
