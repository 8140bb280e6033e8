//! What an answer brings to a run, and which question follows.

use std::collections::HashMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::Fetch;
use crate::input::tableau::{
    Envelope, EnvelopeSection, EnvelopeSections, EnvelopeSite, EnvelopeUser, FORMAT, Luid, Project,
    Text,
};
use crate::model::listing;
use crate::remote::call::Reply;
use crate::remote::chosen::Chosen;
use crate::remote::connection::Connection;
use crate::remote::event::{Action, Ending};
use crate::remote::listing::{Listing, Turned};
use crate::remote::moment::Moment;
use crate::remote::paging::{Paging, Then};
use crate::remote::rest;
use crate::remote::retry::Tries;
use crate::remote::section::WORKBOOKS;
use crate::remote::stage::Stage;

/// How many workbooks are named that one of Tableau's two APIs does not list.
const MOST_NAMED: usize = 5;
const NOT_TOLD: &str =
    "Tableau does not tell this token the role of its user, so that nobody can tell what is hidden";

impl Fetch {
    /// Takes an answer.
    pub(super) fn take(&mut self, reply: &Reply, moment: &Moment) -> Action {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Greeting => match self.connection.greeted(reply, self.asked.allows_http) {
                Ok(()) => self.go_on(Stage::SigningIn(Box::new(Stage::User)), moment),
                Err(failure) => self.fail(failure),
            },
            Stage::SigningIn(then) => match self.connection.signed_in(reply, moment) {
                Ok(()) => self.resume(*then, moment),
                Err(failure) => self.fail(failure),
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
            Stage::Access(access) => self.take_access(access, &reply.body, moment),
            stage @ (Stage::SigningOut(_) | Stage::Over) => {
                self.stage = stage;
                self.after_the_end()
            }
        }
    }

    /// Goes on to a new question.
    pub(super) fn go_on(&mut self, stage: Stage, moment: &Moment) -> Action {
        self.connection.tries = Tries::default();
        self.resume(stage, moment)
    }

    /// Asks a question again, of which it is remembered how often that failed.
    pub(super) fn resume(&mut self, stage: Stage, moment: &Moment) -> Action {
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
            Turned::NotAPage => self.fail(rest::not_understood(&listing.purpose(), body)),
            Turned::Over => {
                self.stage = stage(listing);
                self.end_of_list(moment)
            }
        }
    }

    /// A list of the REST API is at its end.
    pub(super) fn end_of_list(&mut self, moment: &Moment) -> Action {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Projects(listing) => self.finish_projects(&listing, moment),
            Stage::Workbooks(listing) => {
                self.finish_workbooks(listing);
                self.first_section(moment)
            }
            other => self.go_on(other, moment),
        }
    }

    /// Keeps the projects, and finds those whose workbooks are asked for.
    fn finish_projects(&mut self, listing: &Listing, moment: &Moment) -> Action {
        self.projects = listing.items.iter().filter_map(project).collect();
        if !self.asked.access.is_nothing() {
            self.project_items.clone_from(&listing.items);
        }
        self.note_projects(listing.missing());
        if !self.asked.projects.is_empty() {
            match Chosen::new(&self.asked.projects, &self.projects) {
                Ok(chosen) => self.chosen = Some(chosen),
                Err(failure) => return self.fail(failure),
            }
        }
        let chosen = self.chosen.as_ref();
        for pattern in chosen.iter().flat_map(|chosen| &chosen.unused) {
            let note = format!("not a project of the site fits {pattern}");
            self.fetched.notes.push(note);
        }
        if let Some(chosen) = chosen {
            let note = format!("asks for the workbooks of {} alone", chosen.count());
            self.fetched.notes.push(note);
        }
        let filter = chosen.and_then(Chosen::filter);
        self.go_on(Stage::Workbooks(Listing::workbooks(filter)), moment)
    }

    /// Says whether all projects came, and else why not.
    pub(super) fn note_projects(&mut self, missing: Option<String>) {
        let missing_of = missing.as_ref();
        let missing_of = missing_of.map(|reason| format!("projects: {reason}"));
        self.fetched.missing.extend(missing_of);
        let said = EnvelopeSection {
            said: vec![missing.is_none()],
            count: Some(self.projects.len() as u64),
            reason: missing,
            ..EnvelopeSection::default()
        };
        self.sections.push(("projects", said));
    }

    /// Keeps which workbooks there are, as far as they are asked for.
    fn finish_workbooks(&mut self, listing: Listing) {
        self.not_compared = listing.missing();
        let mut listed = listing.into_projects();
        if let Some(chosen) = &self.chosen {
            listed.retain(|_, project| project.as_ref().is_some_and(|luid| chosen.has(luid)));
        }
        if !self.connection.info.names_projects() {
            self.place_workbooks(&listed);
        }
        self.listed = Some(listed);
    }

    /// Keeps which workbooks are in each project, which the Metadata API of this server does not tell.
    fn place_workbooks(&mut self, listed: &HashMap<String, Option<String>>) {
        let mut placed = listed
            .iter()
            .filter_map(|(luid, project)| Some((project.as_deref()?, luid)))
            .collect::<Vec<_>>();
        placed.sort_unstable();
        for project in &mut self.projects {
            let inside = placed.iter().filter(|(place, _)| *place == &*project.luid);
            project.workbooks = inside.map(|(_, luid)| Luid::of(luid)).collect();
        }
    }

    /// Goes on to the first list of the Metadata API, whose answers stand behind all that is known
    /// before.
    pub(super) fn first_section(&mut self, moment: &Moment) -> Action {
        let head = self.head();
        self.export.begin(&head);
        self.begin_section(0, moment)
    }

    /// Begins with a list of the Metadata API, or ends the run behind the last one.
    fn begin_section(&mut self, at: usize, moment: &Moment) -> Action {
        let Some(&section) = self.lists.get(at) else {
            return self.begin_access(moment);
        };
        let luids = self.listed.as_ref().filter(|_| self.chosen.is_some());
        let paging = match luids {
            Some(listed) if section.name == WORKBOOKS => {
                let mut luids = listed.keys().cloned().collect::<Vec<_>>();
                luids.sort_unstable();
                Paging::within(section, &luids)
            }
            _ => Paging::new(section),
        };
        if paging.is_empty() {
            self.finish_section(paging);
            return self.begin_section(at + 1, moment);
        }
        self.go_on(Stage::Section(at, Box::new(paging)), moment)
    }

    /// Takes a page of the Metadata API.
    fn take_page(
        &mut self,
        at: usize,
        mut paging: Box<Paging>,
        body: &[u8],
        moment: &Moment,
    ) -> Action {
        let turn = paging.take(body, &mut self.connection.tries, moment);
        if turn.is_kept {
            self.export.answer(body);
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
                self.begin_section(at + 1, moment)
            }
        }
    }

    /// Keeps what is known of a list.
    fn finish_section(&mut self, mut paging: Paging) {
        let section = paging.section;
        if section.name == WORKBOOKS {
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
        let mut state = paging.state();
        if section.name == WORKBOOKS && self.chosen.is_some() {
            self.narrow(&mut state);
        }
        self.sections.push((section.name, state));
    }

    /// Says that the list of workbooks is of the chosen projects alone.
    fn narrow(&self, state: &mut EnvelopeSection) {
        let patterns = self.asked.projects.iter();
        let patterns = patterns.map(|pattern| pattern.as_str().to_owned());
        state.narrowed_to = patterns.collect();
        state.complete_within = std::mem::replace(&mut state.said, vec![false]);
    }

    /// Compares the workbooks of both APIs: the Metadata API gets new ones later. Without that, nobody
    /// knows whether it has all of them.
    fn compare(&mut self, paging: &mut Paging) {
        if let Some(why) = &self.not_compared {
            let gap = format!("not all could be compared with the REST API: {why}");
            paging.gap("not-compared", &gap);
        }
        let Some(listed) = &self.listed else {
            return;
        };
        let missing = listed.keys().filter(|luid| !paging.has_luid(luid));
        let mut missing = missing.collect::<Vec<_>>();
        missing.sort_unstable();
        if missing.is_empty() {
            return;
        }
        let count = missing.len();
        let named = listing::first(MOST_NAMED, count, missing);
        let gap =
            format!("the REST API lists {count} that the Metadata API does not know yet: {named}");
        paging.gap("not-indexed", &gap);
    }

    /// What is known of the lists.
    pub(super) fn sections(&self) -> EnvelopeSections {
        let sections = self.sections.iter();
        let sections = sections.map(|(name, state)| ((*name).to_owned(), state.clone()));
        sections.collect()
    }

    /// All is there.
    pub(super) fn finish(&mut self, rest: Vec<Value>) -> Action {
        self.export.end(self.sections(), rest);
        let fetched = std::mem::take(&mut self.fetched);
        self.end(Ending::Fetched(fetched))
    }

    /// What is known before the first answer.
    fn head(&self) -> Envelope<'static, &'static RawValue> {
        let Connection {
            server,
            info,
            session,
            ..
        } = &self.connection;
        let session = session.as_ref();
        Envelope {
            autoexpose_export: Some(FORMAT),
            server: Some(Text(server.clone().into())),
            server_version: info.product_version.clone().map(|text| Text(text.into())),
            api_version: Some(Text(info.api_version.clone().into())),
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
    pub(super) fn note_role(&mut self) {
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
}

/// A project of the REST API.
fn project(item: &Value) -> Option<Project<'static>> {
    Some(Project {
        luid: Luid::of(&rest::text(item, "id")?),
        name: rest::text(item, "name").map(|name| Text(name.into())),
        parent_luid: rest::text(item, "parentProjectId").map(|luid| Luid::of(&luid)),
        workbooks: Vec::new(),
    })
}
