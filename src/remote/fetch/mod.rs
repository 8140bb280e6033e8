//! One run: from the first question to the sign-out.

mod access;
mod answers;

use std::collections::HashMap;

use secrecy::SecretString;
use serde_json::Value;

use super::answer;
use super::asked::Asked;
use super::call::{Call, Method, Outcome, Reply};
use super::chosen::Chosen;
use super::connection::Connection;
use super::detour::Detour;
use super::event::{Action, Ending, Event, Fetched, Machine};
use super::export::Export;
use super::listing::Listing;
use super::moment::Moment;
use super::rest;
use super::retry::{self, Judged, Refused};
use super::section::{self, Section};
use super::session::{self, Cure};
use super::stage::Stage;
use crate::input::tableau::{EnvelopeSection, EnvelopeUser, Project};
use crate::model::Failure;

/// A run, which is told what happened and says what to do.
#[derive(Debug)]
pub struct Fetch {
    asked: Asked,
    connection: Connection,
    stage: Stage,
    user: Option<EnvelopeUser>,
    projects: Vec<Project<'static>>,
    /// The projects as the REST API lists them, if it is asked who may see what.
    project_items: Vec<Value>,
    /// Workbooks that the REST API lists, each with its project; `None` if it did not.
    listed: Option<HashMap<String, Option<String>>>,
    /// Why not all workbooks can be compared with those that the REST API lists.
    not_compared: Option<String>,
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
            connection: Connection::new(asked.server.clone()),
            lists: section::asked(asked.with_columns),
            asked,
            stage: Stage::Greeting,
            user: None,
            projects: Vec::new(),
            project_items: Vec::new(),
            listed: None,
            not_compared: None,
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
            // The lineage is there.
            _ if is_late && matches!(self.stage, Stage::Access(_)) => {
                self.stop_access(&self.too_late().message)
            }
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
        self.connection.sign_out()
    }
}

impl Fetch {
    /// The next call.
    fn ask(&mut self, moment: &Moment) -> Action {
        let purpose = self.stage.purpose();
        let connection = &self.connection;
        let call = match &self.stage {
            Stage::Greeting => connection.greeting(purpose),
            Stage::SigningIn(_) => connection.sign_in(purpose, self.sign_in(moment)),
            Stage::User => connection.get(purpose, &connection.user_path()),
            Stage::Projects(listing) | Stage::Workbooks(listing) => {
                connection.get(purpose, &listing.path())
            }
            Stage::Access(access) => connection.get(purpose, &access.path().unwrap_or_default()),
            Stage::Section(_, paging) => connection.query(purpose, paging.question()),
            Stage::SigningOut(_) | Stage::Over => return self.after_the_end(),
        };
        self.fetched.calls += 1;
        Action::Send(self.connection.send(call))
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

    /// Decides what became of the last call.
    fn judge(&mut self, outcome: Outcome, moment: &Moment) -> Action {
        if let Ok(reply) = &outcome
            && Detour::is_one(reply)
        {
            return self.follow(reply, moment);
        }
        self.connection.arrive();
        let purpose = self.stage.purpose();
        let outcome = match self.stage {
            Stage::Section(..) => answer::whatever_status(outcome),
            _ => rest::whole(outcome),
        };
        let is_slow = retry::may_be_too_much(&outcome);
        let refused = Refused::of(&outcome);
        match self.connection.tries.judge(outcome, &purpose, moment) {
            Judged::Answered(reply) => self.take(&reply, moment),
            Judged::Unauthorized(reply) => self.unauthorized(&reply, moment),
            Judged::Again(wait) => {
                if let Stage::Section(_, paging) = &mut self.stage
                    && is_slow
                    && self.connection.tries.is_repeated()
                {
                    paging.shrink();
                }
                Action::Wait(wait)
            }
            Judged::Failed(failure) => self.refused(refused, failure, moment),
        }
    }

    /// Goes where the server sends its users.
    fn follow(&mut self, reply: &Reply, moment: &Moment) -> Action {
        let method = match self.stage {
            Stage::SigningIn(_) | Stage::Section(..) => Method::Post,
            _ => Method::Get,
        };
        let is_first = matches!(self.stage, Stage::Greeting);
        let purpose = self.stage.purpose();
        match self.connection.follow(reply, &purpose, method, is_first) {
            Err(failure) => self.fail(failure),
            Ok(()) => self.ask(moment),
        }
    }

    /// The token was not accepted.
    fn unauthorized(&mut self, reply: &Reply, moment: &Moment) -> Action {
        let is_metadata = matches!(self.stage, Stage::Section(..));
        if let Stage::SigningIn(_) | Stage::Greeting = self.stage {
            let kind = self.asked.credentials.kind();
            return self.fail(session::refused(&Refused::by(reply), kind));
        }
        match self.connection.cure(is_metadata, moment) {
            Cure::Wait(wait) => Action::Wait(wait),
            Cure::SignIn => {
                let stage = std::mem::replace(&mut self.stage, Stage::Over);
                self.resume(Stage::SigningIn(Box::new(stage)), moment)
            }
            Cure::Stop => self.do_without(session::lost(), moment),
        }
    }

    /// A call failed for good. What its status and code tell more is said.
    fn refused(&mut self, refused: Option<Refused>, failure: Failure, moment: &Moment) -> Action {
        let Some(refused) = refused else {
            return self.do_without(failure, moment);
        };
        match &mut self.stage {
            Stage::SigningIn(_) if session::is_refusal(&refused) => {
                let kind = self.asked.credentials.kind();
                self.fail(session::refused(&refused, kind))
            }
            Stage::Access(_) if is_of_question(&refused) => self.refuse_access(refused, moment),
            Stage::Section(..) if refused.status == 404 => {
                let failure = Failure {
                    help: Some(answer::OFF.to_owned()),
                    ..failure
                };
                self.do_without(failure, moment)
            }
            Stage::Projects(listing) | Stage::Workbooks(listing)
                if listing.is_behind_the_end(&refused.error.code) =>
            {
                self.end_of_list(moment)
            }
            _ => self.do_without(failure, moment),
        }
    }

    /// Goes on without what is not needed, or ends.
    fn do_without(&mut self, failure: Failure, moment: &Moment) -> Action {
        let failure = self.disarmed(failure);
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
                self.note_projects(Some(failure.message));
                self.go_on(Stage::Workbooks(Listing::workbooks(None)), moment)
            }
            Stage::Workbooks(_) => {
                self.not_compared = Some(failure.message);
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
        let mut failure = self.disarmed(failure);
        if failure.place.is_empty() {
            failure.place.clone_from(&self.connection.server);
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
        self.connection.session = None;
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
    fn disarmed(&self, failure: Failure) -> Failure {
        let message = self.without_secrets(failure.message);
        Failure { message, ..failure }
    }

    /// A text in which a server has not repeated what it was sent in secret.
    fn without_secrets(&self, text: String) -> String {
        let credentials = Some(&self.asked.credentials);
        self.connection.without_secrets(text, credentials)
    }
}

/// Whether a refusal says something of what was asked, and not of the moment.
fn is_of_question(refused: &Refused) -> bool {
    (400..500).contains(&refused.status) && !matches!(refused.status, 408 | 429)
}

#[cfg(test)]
mod tests;
