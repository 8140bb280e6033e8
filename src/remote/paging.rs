//! The pages of one list: how large the next one is, what came of the last one, and what is missing.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::time::Duration;

use serde_json::json;

use super::answer::{self, Meaning, Node, Page};
use super::moment::Moment;
use super::query::Selection;
use super::rest;
use super::retry::Tries;
use super::section::{Section, WORKBOOKS};
use crate::input::tableau::EnvelopeSection;
use crate::model::{Failure, listing};

/// How many luids a query names: Tableau answers to some ten thousand with nothing at all.
const AT_ONCE: usize = 100;
/// How many objects are named of those that Tableau could not show whole.
const MOST_NAMED: usize = 5;

/// The pages of one list.
#[derive(Debug)]
pub(super) struct Paging {
    pub(super) section: &'static Section,
    selection: Selection,
    /// The luids of the objects that are asked for, a few at once; `None` for all of the site.
    within: Option<VecDeque<Vec<String>>>,
    /// Where the next page begins.
    after: Option<String>,
    /// How many objects it asks for.
    first: u64,
    /// Whether only the id of the next object is asked for, to come past it.
    is_passing: bool,
    ids: HashSet<String>,
    /// Ids under which REST lists the objects as well.
    pub(super) luids: HashSet<String>,
    total: Option<u64>,
    without: BTreeSet<String>,
    /// Objects that Tableau could not show whole.
    cut: Vec<String>,
    /// What else is missing, by code.
    gaps: BTreeMap<String, String>,
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
            within: None,
            after: None,
            first: section.first,
            is_passing: false,
            ids: HashSet::new(),
            luids: HashSet::new(),
            total: None,
            without: BTreeSet::new(),
            cut: Vec::new(),
            gaps: BTreeMap::new(),
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
            self.section.query(&Selection::parse("id luid"), within)
        } else {
            self.section.query(&self.selection, within)
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
        match self.total {
            Some(total) => format!("{objects}: {} of {total}", self.ids.len()),
            None => objects.to_owned(),
        }
    }

    /// Takes an answer.
    pub(super) fn take(&mut self, body: &[u8], tries: &mut Tries, moment: &Moment) -> Turn {
        match answer::read(body, &self.section.edge()) {
            Meaning::Page(page) if self.is_passing => self.pass(page),
            Meaning::Page(page) => self.keep(page),
            Meaning::TooMuch(page, why) => self.ask_for_less(&page, &why),
            Meaning::NotAnAnswer if rest::is_html(body) => {
                Turn::without_answer(Then::Failed(rest::not_understood(&self.purpose(), body)))
            }
            Meaning::NotAnAnswer => {
                let why = format!("{} is not JSON", rest::beginning(body));
                self.ask_for_less(&Page::default(), &why)
            }
            Meaning::TooOften => Turn::without_answer(match tries.after_rate(moment) {
                Some(wait) => Then::Wait(wait),
                None => Then::Failed(self.too_often()),
            }),
            Meaning::Unknown(paths) => self.drop_fields(&paths),
            Meaning::UnknownSection => self.is_unknown(),
            Meaning::Refused { message, help } => {
                let message = format!("cannot {}: {message}", self.purpose());
                Turn::without_answer(Then::Failed(Failure::new("", message).help(help)))
            }
        }
    }

    /// A whole page.
    fn keep(&mut self, page: Page) -> Turn {
        let nulls = page.nodes.iter().filter(|node| node.is_none()).count();
        if nulls > 0 {
            let gap = format!("Tableau hides {nulls} of the {}", self.section.objects);
            self.gaps.insert("hidden".to_owned(), gap);
        }
        for (code, message) in &page.warnings {
            self.gaps.insert(code.clone(), format!("{code}: {message}"));
        }
        self.note(&page);
        self.first = (self.first * 2).min(self.section.first);
        Turn {
            is_kept: true,
            then: self.advance(&page),
        }
    }

    /// A page with the id alone of an object that Tableau could not show whole.
    fn pass(&mut self, page: Page) -> Turn {
        let node = page.nodes.iter().flatten().next();
        let name = node.and_then(|node| node.luid.clone().or_else(|| node.id.clone()));
        self.cut
            .push(name.unwrap_or_else(|| "without an id".to_owned()));
        self.note(&page);
        self.is_passing = false;
        Turn::without_answer(self.advance(&page))
    }

    /// Notes which objects a page has.
    fn note(&mut self, page: &Page) {
        for Node { id, luid } in page.nodes.iter().flatten() {
            self.ids.extend(id.clone().or_else(|| luid.clone()));
            self.luids.extend(luid.as_deref().map(str::to_lowercase));
        }
        self.total = page.total.or(self.total);
    }

    fn advance(&mut self, page: &Page) -> Then {
        if !page.is_told {
            self.gap("cut-off", "a page does not say whether another one follows");
            return self.next_batch();
        }
        let Some(next) = &page.next else {
            return self.next_batch();
        };
        if self.after.as_ref() == Some(next) {
            self.gap("circle", "Tableau names one page as the one after itself");
            return self.next_batch();
        }
        self.after = Some(next.clone());
        Then::Next
    }

    /// Goes on with the next few luids, if only some objects are asked for.
    fn next_batch(&mut self) -> Then {
        self.after = None;
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
    fn ask_for_less(&mut self, page: &Page, why: &str) -> Turn {
        if self.is_passing {
            self.gap("stuck", &format!("one of them cannot be passed: {why}"));
            self.is_passing = false;
            let then = self.next_batch();
            return Turn::without_answer(then);
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

    fn drop_fields(&mut self, paths: &[Vec<String>]) -> Turn {
        let mut dropped = 0;
        for path in paths {
            if self.selection.remove(path) {
                dropped += 1;
                self.without.insert(path.join("."));
            }
        }
        Turn::without_answer(if dropped == 0 || self.selection.is_empty() {
            let message = format!(
                "cannot {}: this server does not know its fields",
                self.purpose()
            );
            Then::Failed(
                Failure::new("", message).help("please report this with the server's version"),
            )
        } else {
            Then::Again
        })
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
        self.gaps.insert(code.to_owned(), message.to_owned());
    }

    /// What is missing of the list, in words; empty if it is complete.
    pub(super) fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        if !self.cut.is_empty() {
            let named = listing::first(MOST_NAMED, self.cut.len(), &self.cut);
            missing.push(format!("Tableau could not show all of {named}"));
        }
        missing.extend(self.gaps.values().cloned());
        if let Some(total) = self.total.filter(|total| self.ids.len() < *total as usize) {
            missing.push(format!("{} of {total} came", self.ids.len()));
        }
        missing
    }

    /// How many came.
    pub(super) fn count(&self) -> usize {
        self.ids.len()
    }

    /// The fields that the server does not know.
    pub(super) fn without(&self) -> &BTreeSet<String> {
        &self.without
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
            count: Some(self.ids.len() as u64),
            total: self.total,
            without: self.without.iter().cloned().collect(),
            reason: (!missing.is_empty()).then(|| missing.join("; ")),
            ..EnvelopeSection::default()
        }
    }
}
