//! The pages of one list: how large the next one is, what came of the last one, and what is missing.

mod tally;

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::time::Duration;

use serde_json::json;

use self::tally::Tally;
use super::answer::{self, Meaning, Page, Part};
use super::moment::Moment;
use super::query::Selection;
use super::rest;
use super::retry::Tries;
use super::section::{Form, Section, WORKBOOKS};
use crate::input::tableau::EnvelopeSection;
use crate::model::Failure;

/// How many luids a query names: Tableau answers to some ten thousand with nothing at all.
const AT_ONCE: usize = 100;
/// After how many whole pages in a row the next one is twice as large.
const STEADY: u32 = 2;
/// So many pages in a row without anything new are a circle.
const MOST_STALE: u32 = 20;
/// The fields of all versions without which nobody can tell what workbooks read.
const NEEDED: [&str; 5] = [
    "id",
    "luid",
    "upstreamTables",
    "embeddedDatasources",
    "tables",
];

/// The pages of one list.
#[derive(Debug)]
pub(super) struct Paging {
    pub(super) section: &'static Section,
    selection: Selection,
    /// What else the server does not know of a query is not asked for either.
    form: Form,
    /// The luids of the objects that are asked for, a few at once; `None` for all of the site.
    within: Option<VecDeque<Vec<String>>>,
    /// Where the next page begins.
    after: Option<String>,
    /// Where pages began so far.
    begun: HashSet<String>,
    /// How many objects it asks for.
    first: u64,
    /// How many whole pages came in a row.
    steady: u32,
    /// How many pages without anything new came in a row.
    stale: u32,
    /// Whether only the id of the next object is asked for, to come past it.
    is_passing: bool,
    tally: Tally,
    is_absent: bool,
}

/// What follows from an answer.
#[derive(Debug)]
pub(super) struct Turn {
    /// Whether the answer belongs into the export.
    pub(super) is_kept: bool,
    pub(super) then: Then,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Then {
    /// The next page.
    Next,
    /// The same page, asked for otherwise.
    Again,
    /// The same page after a while.
    Wait(Duration),
    /// Nothing: this was the last page.
    Over,
    /// The run cannot go on.
    Failed(Failure),
}

impl Turn {
    fn without_answer(then: Then) -> Self {
        Self {
            is_kept: false,
            then,
        }
    }
}

impl Paging {
    pub(super) fn new(section: &'static Section) -> Self {
        Self {
            section,
            selection: section.selection(),
            form: Form::default(),
            within: None,
            after: None,
            begun: HashSet::new(),
            first: section.first,
            steady: 0,
            stale: 0,
            is_passing: false,
            tally: Tally::default(),
            is_absent: false,
        }
    }

    /// The same for the objects with these luids alone.
    pub(super) fn within(section: &'static Section, luids: &[String]) -> Self {
        let batches = luids.chunks(AT_ONCE).map(<[String]>::to_vec);
        Self {
            within: Some(batches.collect()),
            ..Self::new(section)
        }
    }

    /// Whether there is not anything to ask for.
    pub(super) fn is_empty(&self) -> bool {
        self.within.as_ref().is_some_and(VecDeque::is_empty)
    }

    /// The body of the request for the next page.
    pub(super) fn question(&self) -> String {
        let within = self.within.as_ref().and_then(VecDeque::front);
        let within = within.map(Vec::as_slice);
        let query = if self.is_passing {
            let light = self.selection.only(&["id", "luid"]);
            self.section.query(&light, within, self.form)
        } else {
            self.section.query(&self.selection, within, self.form)
        };
        let variables = json!({ "first": self.first, "after": self.after });
        json!({ "query": query, "variables": variables }).to_string()
    }

    /// What a request is for, for messages.
    pub(super) fn purpose(&self) -> String {
        format!("read the {}", self.section.objects)
    }

    /// How far it has come.
    pub(super) fn progress(&self) -> String {
        let objects = self.section.objects;
        match self.tally.total() {
            Some(total) => format!("{objects}: {} of {total}", self.tally.count()),
            None => objects.to_owned(),
        }
    }

    /// Takes an answer.
    pub(super) fn take(&mut self, body: &[u8], tries: &mut Tries, moment: &Moment) -> Turn {
        match answer::read(body, &self.section.edge()) {
            Meaning::Page(page) if self.is_passing => self.pass(&page),
            Meaning::Page(page) => self.keep(&page),
            Meaning::TooMuch(page, why) => self.ask_for_less(&page, &why, tries, moment),
            Meaning::NotAnAnswer if rest::is_html(body) => {
                Turn::without_answer(Then::Failed(rest::not_understood(&self.purpose(), body)))
            }
            Meaning::NotAnAnswer => self.ask_again(body, tries, moment),
            Meaning::TooOften => Turn::without_answer(match tries.after_rate(moment) {
                Some(wait) => Then::Wait(wait),
                None => Then::Failed(self.too_often()),
            }),
            Meaning::Unknown(parts) => self.drop_parts(parts),
            Meaning::UnknownSection => self.is_unknown(),
            Meaning::Refused { message, help } => {
                let message = format!("cannot {}: {message}", self.purpose());
                Turn::without_answer(Then::Failed(Failure::new("", message).help(help)))
            }
        }
    }

    /// A whole page.
    fn keep(&mut self, page: &Page) -> Turn {
        self.tally.warn(page);
        self.steady += 1;
        if self.steady >= STEADY {
            self.first = (self.first * 2).min(self.section.first);
            self.steady = 0;
        }
        Turn {
            is_kept: true,
            then: self.advance(page),
        }
    }

    /// A page with the id alone of an object that Tableau could not show whole.
    fn pass(&mut self, page: &Page) -> Turn {
        self.tally.cut(page);
        self.is_passing = false;
        Turn::without_answer(self.advance(page))
    }

    fn advance(&mut self, page: &Page) -> Then {
        let is_new = self.tally.note(page);
        self.stale = if is_new { 0 } else { self.stale + 1 };
        let next = match (page.has_next, &page.cursor) {
            (None, _) => {
                self.gap("cut-off", "a page does not say whether another one follows");
                return self.next_batch();
            }
            (Some(false), _) => return self.next_batch(),
            (Some(true), None) => {
                self.gap("cut-off", "a page says that another one follows, not where");
                return self.next_batch();
            }
            (Some(true), Some(next)) => next,
        };
        if !self.begun.insert(next.clone()) || self.stale > MOST_STALE {
            self.gap("circle", "Tableau sends the same pages again and again");
            return self.next_batch();
        }
        self.after = Some(next.clone());
        Then::Next
    }

    /// Goes on with the next few luids, if only some objects are asked for.
    fn next_batch(&mut self) -> Then {
        self.after = None;
        self.begun.clear();
        let Some(batches) = &mut self.within else {
            return Then::Over;
        };
        batches.pop_front();
        if batches.is_empty() {
            Then::Over
        } else {
            Then::Next
        }
    }

    /// Asks for half of what was asked for, or for the next object alone, or comes past that.
    fn ask_for_less(&mut self, page: &Page, why: &str, tries: &mut Tries, moment: &Moment) -> Turn {
        self.steady = 0;
        if self.is_passing {
            return Turn::without_answer(match tries.after_trouble(moment) {
                Some(wait) => Then::Wait(wait),
                None => self.is_stuck(why),
            });
        }
        if self.first > 1 {
            self.first /= 2;
            return Turn::without_answer(Then::Again);
        }
        self.is_passing = true;
        Turn {
            is_kept: page.nodes.iter().any(Option::is_some),
            then: Then::Again,
        }
    }

    /// The answer is lost: the server may be in trouble, or it was asked for too much.
    fn ask_again(&mut self, body: &[u8], tries: &mut Tries, moment: &Moment) -> Turn {
        let why = format!("{} is not an answer of it", rest::beginning(body));
        let wait = (!self.is_passing).then(|| tries.after_trouble(moment));
        let turn = self.ask_for_less(&Page::default(), &why, tries, moment);
        match (turn.then, wait.flatten()) {
            (Then::Again, Some(wait)) => Turn::without_answer(Then::Wait(wait)),
            (then, _) => Turn { then, ..turn },
        }
    }

    /// Asks for less by itself, since the server took too long.
    pub(super) fn shrink(&mut self) {
        self.steady = 0;
        self.first = (self.first / 2).max(1);
    }

    /// One object cannot be passed, so that nobody knows where the next one is.
    fn is_stuck(&mut self, why: &str) -> Then {
        if self.section.name == WORKBOOKS && self.tally.count() == 0 {
            let message = format!("cannot {}: not one came: {why}", self.purpose());
            let help = "repeat the run later; if it persists, ask the server's administrator for the state of the metadata services";
            return Then::Failed(Failure::new("", message).help(help));
        }
        self.gap("stuck", &format!("one of them cannot be passed: {why}"));
        self.is_passing = false;
        self.next_batch()
    }

    fn drop_parts(&mut self, parts: Vec<Part>) -> Turn {
        let mut is_less = false;
        for part in parts {
            is_less |= match part {
                Part::Order => std::mem::take(&mut self.form.is_ordered),
                Part::Total => std::mem::take(&mut self.form.is_counted),
                Part::Field(path) => self.drop_field(&path),
            };
        }
        Turn::without_answer(if is_less && !self.selection.is_empty() {
            Then::Again
        } else {
            let message = format!(
                "cannot {}: this server does not know its fields",
                self.purpose()
            );
            Then::Failed(
                Failure::new("", message).help("please report this with the server's version"),
            )
        })
    }

    fn drop_field(&mut self, path: &[String]) -> bool {
        let is_dropped = self.selection.remove(path);
        if is_dropped {
            let field = path.join(".");
            if NEEDED.contains(&&*field) {
                let gap = format!("this server does not tell {field} of them");
                self.gap(&field, &gap);
            }
            self.tally.without.insert(field);
        }
        is_dropped
    }

    /// Older servers have fewer lists; without the one of workbooks, nothing can be said.
    fn is_unknown(&mut self) -> Turn {
        self.is_absent = true;
        Turn::without_answer(if self.section.name == WORKBOOKS {
            let message = "this server's Metadata API does not list workbooks";
            Then::Failed(Failure::new("", message).help("it needs Tableau 2019.3 or newer"))
        } else {
            Then::Over
        })
    }

    fn too_often(&self) -> Failure {
        let message = format!(
            "cannot {}: Tableau says again and again that there are too many queries",
            self.purpose()
        );
        Failure::new("", message)
            .help("repeat the run later, and not beside others of the same user")
    }

    /// Notes that something is missing.
    pub(super) fn gap(&mut self, code: &str, message: &str) {
        self.tally.gap(code, message);
    }

    /// What is missing of the list, in words; empty if it is complete.
    pub(super) fn missing(&self) -> Vec<String> {
        self.tally.missing()
    }

    /// How many came.
    pub(super) fn count(&self) -> usize {
        self.tally.count()
    }

    /// Whether the object with a luid came, which is written without case.
    pub(super) fn has_luid(&self, luid: &str) -> bool {
        self.tally.has_luid(luid)
    }

    /// The fields that the server does not know.
    pub(super) fn without(&self) -> &BTreeSet<String> {
        &self.tally.without
    }

    /// Whether the server does not know the list.
    pub(super) fn is_absent(&self) -> bool {
        self.is_absent
    }

    /// What the envelope says of the list.
    pub(super) fn state(&self) -> EnvelopeSection {
        let missing = self.missing();
        EnvelopeSection {
            said: vec![missing.is_empty()],
            count: Some(self.count() as u64),
            total: self.tally.total(),
            without: self.without().iter().cloned().collect(),
            reason: (!missing.is_empty()).then(|| missing.join("; ")),
            ..EnvelopeSection::default()
        }
    }
}
