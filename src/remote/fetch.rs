//! One run: from the first question to the sign-out.

use std::collections::HashSet;
use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::Value;
use serde_json::value::RawValue;

use super::address;
use super::asked::Asked;
use super::call::{Body, Call, NoReply, Reply};
use super::export::Export;
use super::listing::{Listing, Turned};
use super::moment::Moment;
use super::paging::{Paging, Then};
use super::rest;
use super::retry::{Judged, Outcome, Tries};
use super::section::SECTIONS;
use super::server::ServerInfo;
use super::session::{self, Cure, Session};
use super::stage::Stage;
use crate::input::tableau::{
    Envelope, EnvelopeSection, EnvelopeSite, EnvelopeUser, FORMAT, Luid, Project, Text,
};
use crate::model::Failure;

/// What is shorter is not a secret of Tableau, and occurs in words.
const SHORTEST_SECRET: usize = 8;
/// How many workbooks are named that one of Tableau's two APIs does not list.
const MOST_NAMED: usize = 5;

/// What happened outside.
#[derive(Debug)]
pub enum Event {
    /// The run begins, or the time is over that it waited for.
    Ready,
    /// The last call was answered.
    Reply(Reply),
    /// The last call was not answered.
    NoReply(NoReply),
}

/// What to do next.
#[derive(Debug)]
pub enum Action {
    /// Make a call.
    Send(Call),
    /// Wait.
    Wait(Duration),
    /// Nothing: the run has ended.
    Over(Ending),
}

/// How a run ended.
#[derive(Debug)]
pub enum Ending {
    /// The export is written to its end.
    Fetched(Fetched),
    /// There is not an export.
    Failed(Failure),
}

/// What a run brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// How many objects each list has, in the order of the lists.
    pub counts: Vec<(&'static str, usize)>,
    /// What is missing, and why; empty if the export is complete.
    pub missing: Vec<String>,
    /// What is good to know.
    pub notes: Vec<String>,
    /// How many calls were made.
    pub calls: usize,
}

/// A run, which is told what happened and says what to do.
#[derive(Debug)]
pub struct Fetch {
    asked: Asked,
    /// The server's address, which a redirect may have made a safer one.
    server: String,
    info: ServerInfo,
    stage: Stage,
    tries: Tries,
    session: Option<Session>,
    user: Option<EnvelopeUser>,
    projects: Vec<Project<'static>>,
    /// Workbooks that the REST API lists; `None` if it did not.
    listed: Option<HashSet<String>>,
    sections: Vec<(&'static str, EnvelopeSection)>,
    export: Export,
    fetched: Fetched,
}

impl Fetch {
    /// A run that has not begun.
    pub fn new(asked: Asked) -> Self {
        Self {
            server: asked.server.clone(),
            asked,
            info: ServerInfo::default(),
            stage: Stage::Greeting,
            tries: Tries::default(),
            session: None,
            user: None,
            projects: Vec::new(),
            listed: None,
            sections: Vec::new(),
            export: Export::default(),
            fetched: Fetched::default(),
        }
    }

    /// What to do after something happened.
    pub fn next(&mut self, event: Event, moment: &Moment) -> Action {
        let is_late = moment.since_start > self.asked.time_limit;
        match event {
            _ if matches!(self.stage, Stage::Over | Stage::SigningOut(_)) => {
                self.after_the_end(event)
            }
            _ if is_late => self.fail(self.too_late()),
            Event::Ready => self.ask(moment),
            Event::Reply(reply) => self.judge(Ok(reply), moment),
            Event::NoReply(lost) => self.judge(Err(lost), moment),
        }
    }

    /// What belongs into the file since the last time.
    pub fn take_written(&mut self) -> Vec<u8> {
        self.export.take()
    }

    /// How far the run has come, for people who wait.
    pub fn progress(&self) -> String {
        self.stage.progress()
    }

    /// The call that ends the session, if there is one: also for a run that ends before its time.
    pub fn sign_out(&self) -> Option<Call> {
        let session = self.session.as_ref()?;
        let url = self.rest("auth/signout");
        let call = Call::post("sign out", url, None);
        Some(call.with_token(&session.token).at_the_end())
    }

    /// The next call.
    fn ask(&mut self, moment: &Moment) -> Action {
        let purpose = self.stage.purpose();
        let call = match &self.stage {
            Stage::Greeting => Call::get(purpose, address::greeting(&self.server)),
            Stage::SigningIn(_) => {
                let body = self.asked.credentials.sign_in(&self.asked.site, moment);
                Call::post(purpose, self.rest("auth/signin"), Some(Body::Secret(body)))
            }
            Stage::User => self.get(purpose, |session| format!("users/{}", session.user_luid)),
            Stage::Projects(listing) | Stage::Workbooks(listing) => {
                self.get(purpose, |_| listing.path())
            }
            Stage::Section(_, paging) => {
                let body = Body::Plain(paging.question());
                let call = Call::post(purpose, address::metadata(&self.server), Some(body));
                self.with_token(call)
            }
            Stage::SigningOut(_) | Stage::Over => return self.after_the_end(Event::Ready),
        };
        self.fetched.calls += 1;
        Action::Send(call)
    }

    fn rest(&self, path: &str) -> String {
        address::rest(&self.server, &self.info.api_version, path)
    }

    /// A question about the site.
    fn get(&self, purpose: String, path: impl FnOnce(&Session) -> String) -> Call {
        let path = self.session.as_ref().map_or_else(String::new, |session| {
            format!("sites/{}/{}", session.site_luid, path(session))
        });
        self.with_token(Call::get(purpose, self.rest(&path)))
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
            return match address::moved(&self.server, reply) {
                Ok(server) => {
                    self.server = server;
                    self.ask(moment)
                }
                Err(failure) => self.fail(failure),
            };
        }
        let purpose = self.stage.purpose();
        match self.tries.judge(outcome, &purpose, moment) {
            Judged::Answered(reply) => self.take(&reply, moment),
            Judged::Unauthorized(reply) => self.unauthorized(&reply, moment),
            Judged::Again(wait) => Action::Wait(wait),
            Judged::Failed(failure) => self.do_without(failure, moment),
        }
    }

    /// Takes an answer.
    fn take(&mut self, reply: &Reply, moment: &Moment) -> Action {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Greeting => match ServerInfo::of(&reply.body) {
                Ok(_) if !self.asked.allows_http && !address::is_private(&self.server) => {
                    self.fail(open_to_others())
                }
                Ok(info) => {
                    self.info = info;
                    self.go_on(Stage::SigningIn(Box::new(Stage::User)), moment)
                }
                Err(failure) => self.fail(failure),
            },
            Stage::SigningIn(then) => match Session::of(&reply.body, moment.since_start) {
                Some(session) => {
                    self.session = Some(session);
                    self.resume(*then, moment)
                }
                None => self.fail(self.not_understood("sign in", &reply.body)),
            },
            Stage::User => {
                self.user = serde_json::from_slice::<Value>(&reply.body)
                    .ok()
                    .and_then(|body| Some(EnvelopeUser::of(body.get("user")?)));
                self.note_role();
                self.go_on(Stage::Projects(Listing::projects()), moment)
            }
            Stage::Projects(listing) => self.turn(listing, Stage::Projects, &reply.body, moment),
            Stage::Workbooks(listing) => self.turn(listing, Stage::Workbooks, &reply.body, moment),
            Stage::Section(at, paging) => self.take_page(at, paging, &reply.body, moment),
            stage @ (Stage::SigningOut(_) | Stage::Over) => {
                self.stage = stage;
                self.after_the_end(Event::Ready)
            }
        }
    }

    /// Goes on to a new question.
    fn go_on(&mut self, stage: Stage, moment: &Moment) -> Action {
        self.tries = Tries::default();
        self.resume(stage, moment)
    }

    /// Asks a question again, of which it is remembered how often that failed.
    fn resume(&mut self, stage: Stage, moment: &Moment) -> Action {
        self.stage = stage;
        self.ask(moment)
    }

    /// Takes a page of a list of the REST API.
    fn turn(
        &mut self,
        mut listing: Listing,
        stage: fn(Listing) -> Stage,
        body: &[u8],
        moment: &Moment,
    ) -> Action {
        match listing.take(body) {
            Turned::Next => self.go_on(stage(listing), moment),
            Turned::NotAPage => self.fail(self.not_understood(&listing.purpose(), body)),
            Turned::Over => {
                let next = self.finish_listing(stage(listing));
                self.go_on(next, moment)
            }
        }
    }

    /// Keeps what a list of the REST API brought, and says what comes next.
    fn finish_listing(&mut self, stage: Stage) -> Stage {
        match stage {
            Stage::Projects(listing) => {
                self.projects = listing.items.iter().filter_map(project).collect();
                let said = EnvelopeSection {
                    said: vec![true],
                    count: Some(self.projects.len() as u64),
                    ..EnvelopeSection::default()
                };
                self.sections.push(("projects", said));
                Stage::Workbooks(Listing::workbooks())
            }
            Stage::Workbooks(listing) => {
                self.listed = Some(listing.ids().clone());
                Self::section(0)
            }
            other => other,
        }
    }

    fn section(at: usize) -> Stage {
        Stage::Section(at, Box::new(Paging::new(&SECTIONS[at])))
    }

    /// Takes a page of the Metadata API.
    fn take_page(
        &mut self,
        at: usize,
        mut paging: Box<Paging>,
        body: &[u8],
        moment: &Moment,
    ) -> Action {
        let turn = paging.take(body, &mut self.tries, moment);
        if turn.is_kept {
            let mut export = std::mem::take(&mut self.export);
            export.answer(|| self.head(), body);
            self.export = export;
        }
        match turn.then {
            Then::Next => self.go_on(Stage::Section(at, paging), moment),
            Then::Again => self.resume(Stage::Section(at, paging), moment),
            Then::Wait(wait) => {
                self.stage = Stage::Section(at, paging);
                Action::Wait(wait)
            }
            Then::Failed(failure) => self.fail(failure),
            Then::Over => {
                self.finish_section(*paging);
                match SECTIONS.get(at + 1) {
                    Some(_) => self.go_on(Self::section(at + 1), moment),
                    None => self.finish(),
                }
            }
        }
    }

    /// Keeps what is known of a list.
    fn finish_section(&mut self, mut paging: Paging) {
        let section = paging.section;
        if section.name == SECTIONS[0].name {
            self.compare(&mut paging);
        }
        self.fetched.counts.push((section.objects, paging.count()));
        let missing = paging.missing();
        let missing = missing
            .iter()
            .map(|what| format!("{}: {what}", section.objects));
        self.fetched.missing.extend(missing);
        if paging.is_absent() {
            let note = format!("this server is too old to list {}", section.objects);
            self.fetched.notes.push(note);
        } else if !paging.without().is_empty() {
            let fields = paging.without().iter().cloned().collect::<Vec<_>>();
            let fields = fields.join(", ");
            let note = format!("this server does not know of {}: {fields}", section.objects);
            self.fetched.notes.push(note);
        }
        self.sections.push((section.name, paging.state()));
    }

    /// Compares the workbooks of both APIs: the Metadata API gets new ones later.
    fn compare(&mut self, paging: &mut Paging) {
        let Some(listed) = &self.listed else {
            return;
        };
        let mut missing = listed.difference(&paging.luids).collect::<Vec<_>>();
        missing.sort_unstable();
        if missing.is_empty() {
            return;
        }
        let named = missing.iter().take(MOST_NAMED).map(|luid| luid.as_str());
        let named = named.collect::<Vec<_>>().join(", ");
        let more = missing.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let gap = format!(
            "the REST API lists {} that the Metadata API does not know yet: {named}{more}",
            missing.len()
        );
        paging.gap("not-indexed", &gap);
    }

    /// All lists are there.
    fn finish(&mut self) -> Action {
        let sections = std::mem::take(&mut self.sections).into_iter();
        let sections = sections.map(|(name, state)| (name.to_owned(), state));
        let sections = sections.collect();
        let mut export = std::mem::take(&mut self.export);
        export.end(|| self.head(), sections);
        self.export = export;
        let fetched = std::mem::take(&mut self.fetched);
        self.end(Ending::Fetched(fetched))
    }

    /// What is known before the first answer.
    fn head(&self) -> Envelope<'static, &'static RawValue> {
        let session = self.session.as_ref();
        Envelope {
            autoexpose_export: Some(FORMAT),
            server: Some(Text(self.server.clone().into())),
            server_version: self
                .info
                .product_version
                .clone()
                .map(|text| Text(text.into())),
            api_version: Some(Text(self.info.api_version.clone().into())),
            site: Some(EnvelopeSite {
                content_url: Some(Text(self.asked.site.clone().into())),
                luid: session.map(|session| session.site_luid.clone()),
            }),
            user: self.user.clone(),
            captured_at: Some(Text(self.asked.captured_at.clone().into())),
            projects: self.projects.iter().map(Project::to_owned).collect(),
            ..Envelope::bare(Vec::new())
        }
    }

    /// Says what the role of the user hides.
    fn note_role(&mut self) {
        let Some(user) = &self.user else {
            self.fetched.notes.push(NOT_TOLD.to_owned());
            return;
        };
        if let (Some(role), Some(false)) = (&user.site_role, user.is_administrator()) {
            let note = format!(
                "this user is {role}, not an administrator: what the user may not see is missing or has no name"
            );
            self.fetched.notes.push(note);
        }
    }

    /// The token was not accepted.
    fn unauthorized(&mut self, reply: &Reply, moment: &Moment) -> Action {
        let is_metadata = matches!(self.stage, Stage::Section(..));
        if let Stage::SigningIn(_) | Stage::Greeting = self.stage {
            return self.fail(session::refused(reply, self.asked.credentials.kind()));
        }
        let began = self.session.as_ref().map(|session| session.began);
        let age = moment.since_start.saturating_sub(began.unwrap_or_default());
        self.tries.unauthorized += 1;
        match session::cure(self.tries.unauthorized, is_metadata, age) {
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
            Stage::Projects(_) => {
                let reason = failure.message;
                self.fetched.missing.push(format!("projects: {reason}"));
                let said = EnvelopeSection {
                    said: vec![false],
                    reason: Some(reason),
                    ..EnvelopeSection::default()
                };
                self.sections.push(("projects", said));
                self.go_on(Stage::Workbooks(Listing::workbooks()), moment)
            }
            Stage::Workbooks(_) => {
                let note = format!(
                    "workbooks were not compared with the REST API: {}",
                    failure.message
                );
                self.fetched.notes.push(note);
                self.go_on(Self::section(0), moment)
            }
            _ => self.fail(failure),
        }
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
    fn after_the_end(&mut self, event: Event) -> Action {
        drop(event);
        self.session = None;
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::SigningOut(ending) => Action::Over(*ending),
            _ => Action::Over(Ending::Fetched(Fetched::default())),
        }
    }

    fn not_understood(&self, purpose: &str, body: &[u8]) -> Failure {
        let answer = if rest::is_html(body) {
            "the server answers with a page for browsers".to_owned()
        } else {
            format!("the server answers {}", rest::beginning(body))
        };
        let failure = Failure::new("", format!("cannot {purpose}: {answer}"));
        failure.help("is the address that of Tableau, and is there a proxy before it?")
    }

    fn too_late(&self) -> Failure {
        let minutes = self.asked.time_limit.as_secs() / 60;
        let message = format!("the run was not over after {minutes} minutes");
        Failure::new("", message).help("give it more time with `--timeout MINUTES`")
    }

    /// A failure in whose text a server has not repeated what it was sent in secret.
    fn without_secrets(&self, mut failure: Failure) -> Failure {
        let token = self.session.as_ref().map(|session| &session.token);
        for secret in token.into_iter().chain([self.asked.credentials.secret()]) {
            let secret = secret.expose_secret();
            if secret.len() >= SHORTEST_SECRET && failure.message.contains(secret) {
                failure.message = failure.message.replace(secret, "[hidden]");
            }
        }
        failure
    }
}

/// The failure of a run whose secrets others could read.
fn open_to_others() -> Failure {
    let message = "the connection is not encrypted: whoever is on the way could read the secret";
    Failure::new("", message).help("give the address with https, or pass `--allow-http`")
}

const NOT_TOLD: &str =
    "Tableau does not tell this token the role of its user, so that nobody can tell what is hidden";

/// A project of the REST API.
fn project(item: &Value) -> Option<Project<'static>> {
    Some(Project {
        luid: Luid::of(&rest::text(item, "id")?),
        name: rest::text(item, "name").map(|name| Text(name.into())),
        parent_luid: rest::text(item, "parentProjectId").map(|luid| Luid::of(&luid)),
    })
}
