//! Finds out who may see what: which questions about permissions there are, and which ones follow from
//! an answer.
//!
//! Few questions are enough, since most of the rules of a site are those of its locked projects: an item
//! is asked about only where no project locks it, and the members of a group only where a rule names the
//! group. Where the workbooks that one user may see are all that matters, Tableau answers that itself.
//!
//! Nothing here sends anything. What Tableau refuses is an answer as well: it goes into the export.

mod asked;
mod follow;
mod kept;
mod locks;
#[cfg(test)]
mod tests;
mod topic;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use serde_json::{Value, json};

pub use self::asked::{AccessAsked, Linking, RulesOf};
use self::locks::{Locks, RulesFrom};
use self::topic::Topic;
use super::listing::Pages;
use super::moment::Moment;
use super::rest;
use super::retry::Refused;
use crate::input::tableau::EnvelopeUser;
use crate::model::access::{AssetKind, Subject};
use crate::model::luid;

/// The members of an audience are asked about one by one only if they are not more.
const MOST_MEMBERS: usize = 50;
/// The rules of so many tables are asked for; a warehouse has ten thousand.
const MOST_TABLES: usize = 1000;
/// How Tableau says that a database or table is only in embedded data sources, and so has no rules
/// (<https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_ref_metadata.htm>).
const OF_EMBEDDED: &str = "400120";

/// What is known before the first question.
#[derive(Debug, Default)]
pub(super) struct Known<'k> {
    /// The projects as the REST API lists them.
    pub(super) projects: &'k [Value],
    /// The workbooks that the REST API lists, each with its project; `None` if it did not.
    pub(super) workbooks: Option<&'k HashMap<String, Option<String>>>,
    /// Whose token it is.
    pub(super) user: Option<&'k EnvelopeUser>,
    /// The workbooks that link to a dbt node, if only theirs are asked for.
    pub(super) linked: Option<&'k BTreeSet<String>>,
}

/// A question, and how far the pages of its answer are turned.
#[derive(Debug)]
struct Question {
    topic: Topic,
    pages: Pages,
}

impl Question {
    /// The path of its next page.
    fn path(&self) -> String {
        self.topic.page(self.pages.number)
    }
}

/// What is asked about who may see what, and what was answered.
#[derive(Debug, Default)]
pub(super) struct Access {
    queue: VecDeque<Question>,
    /// What was asked or will be, so that nothing is asked twice.
    known: BTreeSet<Topic>,
    locks: Locks,
    /// Databases that have the rules of their tables.
    locked_databases: HashSet<String>,
    /// How many tables are asked about, and how many are left out.
    tables: usize,
    tables_left_out: usize,
    /// Whether permission rules are asked for as well.
    asks_rules: bool,
    /// The groups that every user is in.
    all_users: BTreeSet<String>,
    /// Whether each user of the site is asked about, and the groups whose members are.
    is_for_everyone: bool,
    audience: BTreeSet<String>,
    /// What goes into the export: each answer with what was asked.
    entries: Vec<Value>,
    /// How often Tableau refused, by what was asked and why.
    refused: BTreeMap<(String, String), usize>,
    /// What is missing besides, and what is good to know.
    missing: Vec<String>,
    notes: Vec<String>,
    answered: usize,
}

/// What came of all questions.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Entries of `rest`.
    pub(super) entries: Vec<Value>,
    /// How many answers there are.
    pub(super) count: usize,
    /// What is missing, and why.
    pub(super) missing: Vec<String>,
    /// What is good to know.
    pub(super) notes: Vec<String>,
}

impl Access {
    pub(super) fn new(asked: &AccessAsked, known: &Known, moment: &Moment) -> Self {
        let mut access = Self {
            locks: Locks::of(known.projects),
            asks_rules: !matches!(asked.rules, RulesOf::Nothing),
            ..Self::default()
        };
        for who in &asked.audiences {
            access.ask_of(who, known.user);
        }
        if access.asks_rules {
            // How they are locked and who owns them was said before.
            access.keep(
                "projects".to_owned(),
                kept::projects(known.projects),
                moment,
            );
            access.ask_rules(known);
        }
        access
    }

    /// The path of the next question below the site; `None` if there is not one.
    pub(super) fn path(&self) -> Option<String> {
        self.queue.front().map(Question::path)
    }

    /// What the next question is for, as in `cannot ask for the users of the site`.
    pub(super) fn purpose(&self) -> String {
        let words = self.queue.front().map(|question| question.topic.words());
        format!("ask for {}", words.unwrap_or_default())
    }

    /// How far it has come.
    pub(super) fn progress(&self) -> String {
        let all = self.answered + self.queue.len();
        format!("permissions: {} of {all} questions", self.answered)
    }

    /// Adds a question, unless it was asked or will be.
    fn ask(&mut self, topic: Topic) {
        if self.known.insert(topic.clone()) {
            let pages = Pages::new();
            self.queue.push_back(Question { topic, pages });
        }
    }

    /// Asks what decides which workbooks an audience may see.
    fn ask_of(&mut self, who: &Subject, me: Option<&EnvelopeUser>) {
        match who {
            Subject::Nobody => {}
            Subject::Everyone => {
                self.is_for_everyone = true;
                self.ask(Topic::Users);
            }
            Subject::User(name) => match own_luid(name, me) {
                Some(luid) => {
                    self.ask(Topic::User(luid.clone()));
                    self.ask(Topic::Visible(luid));
                }
                None => self.ask(Topic::UsersNamed(name.clone())),
            },
            Subject::Group(name) if luid::is_uuid(name) => {
                self.ask(Topic::Group(name.to_lowercase()));
            }
            Subject::Group(name) => self.ask(Topic::GroupsNamed(name.clone())),
        }
    }

    /// Asks for the rules of what is known before the first answer. What lists bring comes later.
    fn ask_rules(&mut self, known: &Known) {
        self.ask(Topic::Settings);
        self.ask(Topic::Users);
        self.ask(Topic::Groups);
        let workbooks = known.workbooks.into_iter().flatten();
        let is_asked = |luid: &String| known.linked.is_none_or(|linked| linked.contains(luid));
        let mut workbooks = workbooks
            .filter(|(luid, _)| is_asked(luid))
            .map(|(luid, project)| (luid.clone(), project.clone()))
            .collect::<Vec<_>>();
        workbooks.sort_unstable();
        if known.workbooks.is_none() {
            let missing = "permissions of workbooks: the REST API did not list them";
            self.missing.push(missing.to_owned());
        }
        let projects = match known.linked {
            None => self.locks.all().map(str::to_owned).collect(),
            Some(_) => self.projects_above(&workbooks),
        };
        for project in projects {
            self.ask(Topic::Rules(AssetKind::Project, project));
        }
        for (workbook, project) in workbooks {
            self.ask_rules_of(AssetKind::Workbook, workbook, project.as_deref());
        }
        if known.linked.is_none() {
            for kind in [
                AssetKind::Datasource,
                AssetKind::Flow,
                AssetKind::VirtualConnection,
                AssetKind::Database,
                AssetKind::Table,
            ] {
                self.ask(Topic::Assets(kind));
            }
        }
    }

    fn projects_above(&self, workbooks: &[(String, Option<String>)]) -> BTreeSet<String> {
        let projects = workbooks.iter().filter_map(|(_, project)| project.as_ref());
        projects
            .flat_map(|project| self.locks.chain(project))
            .collect()
    }

    /// Asks for the rules of something: those of the project that locks it, else its own.
    fn ask_rules_of(&mut self, kind: AssetKind, luid: String, project: Option<&str>) {
        match project.map(|project| self.locks.rules_of(project)) {
            Some(RulesFrom::Project(luid)) => self.ask(Topic::Defaults {
                holder: AssetKind::Project,
                luid,
                of: kind,
            }),
            Some(RulesFrom::Itself) | None => self.ask(Topic::Rules(kind, luid)),
        }
    }

    fn keep(&mut self, get: String, body: Value, moment: &Moment) {
        let entry = json!({"get": get, "captured_at": moment.timestamp(), "body": body});
        self.entries.push(entry);
    }

    /// Takes the answer to the question.
    pub(super) fn take(&mut self, body: &[u8], moment: &Moment) {
        let Some(question) = self.queue.pop_front() else {
            return;
        };
        self.answered += 1;
        let Ok(answer) = serde_json::from_slice::<Value>(body) else {
            let reason = format!("the server answers {}", rest::beginning(body));
            return self.note_refusal(&question.topic, reason);
        };
        let kept = kept::body(&question.topic, answer.clone());
        self.keep(get_of(&question), kept, moment);
        self.follow(question, body, answer);
    }

    /// Takes that the question was refused, which is a fact as well.
    pub(super) fn refuse(&mut self, refused: &Refused, moment: &Moment) {
        let Some(question) = self.queue.pop_front() else {
            return;
        };
        self.answered += 1;
        let Refused { status, error } = refused;
        if question.pages.is_behind_the_end(&error.code) {
            return;
        }
        let code = match error.code.as_str() {
            "" => status.to_string(),
            code => code.to_owned(),
        };
        let body = json!({"error": {"code": code, "summary": error.words}});
        self.keep(get_of(&question), body, moment);
        let is_nothing = *status == 404 && question.topic.may_be_nothing();
        if is_nothing || error.code == OF_EMBEDDED {
            return;
        }
        let reason = match error.words.as_str() {
            "" => format!("error {code}"),
            words => format!("error {code}: {words}"),
        };
        self.note_refusal(&question.topic, reason);
    }

    fn note_refusal(&mut self, topic: &Topic, reason: String) {
        let count = self.refused.entry((topic.words(), reason)).or_default();
        *count += 1;
    }

    /// What came of all questions. `stopped` says why the rest was not asked, if that is so.
    pub(super) fn finish(mut self, stopped: Option<&str>) -> Found {
        let refused = std::mem::take(&mut self.refused).into_iter();
        let refused = refused.map(|((what, why), count)| match count {
            1 => format!("permissions: Tableau does not tell {what}: {why}"),
            _ => format!("permissions: Tableau does not tell {what}, {count} times: {why}"),
        });
        self.missing.extend(refused);
        if let Some(why) = stopped {
            let left = self.queue.len();
            let missing = format!("permissions: {left} questions or more were not asked: {why}");
            self.missing.push(missing);
        }
        if self.tables_left_out > 0 {
            let note = format!(
                "the permission rules of {} tables were not asked for, only those of the first {MOST_TABLES}",
                self.tables_left_out
            );
            self.notes.push(note);
        }
        Found {
            count: self.entries.len(),
            entries: self.entries,
            missing: self.missing,
            notes: self.notes,
        }
    }
}

/// What was asked, as it stands in the export, where an empty path would say little.
fn get_of(question: &Question) -> String {
    match &question.topic {
        Topic::Settings => "sites/this".to_owned(),
        _ => question.path(),
    }
}

/// The luid that a name of a user means without asking: a luid itself, or whose token it is.
fn own_luid(name: &str, me: Option<&EnvelopeUser>) -> Option<String> {
    if luid::is_uuid(name) {
        return Some(name.to_lowercase());
    }
    let me = me?;
    let own = me.name.as_deref()?;
    let is_own = own.to_lowercase() == name.to_lowercase();
    is_own.then(|| me.luid.as_deref().map(str::to_lowercase))?
}
