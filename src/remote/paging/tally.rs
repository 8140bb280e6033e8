//! What came of a list, and what is missing.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::model::listing;
use crate::remote::answer::{Node, Page};

/// How many objects are named of those that Tableau could not show whole.
const MOST_NAMED: usize = 5;

/// What came of a list, and what is missing.
#[derive(Debug, Default)]
pub(super) struct Tally {
    ids: HashSet<String>,
    /// Ids under which REST lists the objects as well.
    luids: HashSet<String>,
    /// The most objects that a page says there are: one that goes while pages are read is not in all
    /// of them, and another one may have moved to a page that was read before.
    total: Option<u64>,
    /// How many came as null.
    nulls: usize,
    /// Objects that Tableau could not show whole.
    cut: Vec<String>,
    /// What else is missing, by code.
    gaps: BTreeMap<String, String>,
    /// Fields that the server does not know.
    pub(super) without: BTreeSet<String>,
}

impl Tally {
    /// Notes which objects a page has. Reports whether any of them is new.
    pub(super) fn note(&mut self, page: &Page) -> bool {
        let nulls = page.nodes.iter().filter(|node| node.is_none()).count();
        let before = self.ids.len();
        for Node { id, luid } in page.nodes.iter().flatten() {
            self.ids.extend(id.clone().or_else(|| luid.clone()));
            self.luids.extend(luid.as_deref().map(str::to_lowercase));
        }
        self.nulls += nulls;
        self.total = self.total.max(page.total);
        nulls > 0 || self.ids.len() > before
    }

    /// Notes what was warned of beside a page.
    pub(super) fn warn(&mut self, page: &Page) {
        for (code, message) in &page.warnings {
            self.gap(code, &format!("{code}: {message}"));
        }
    }

    /// Notes that the object of a page came without most of what it has.
    pub(super) fn cut(&mut self, page: &Page) {
        let node = page.nodes.iter().flatten().next();
        let name = node.and_then(|node| node.luid.clone().or_else(|| node.id.clone()));
        self.cut
            .push(name.unwrap_or_else(|| "without an id".to_owned()));
    }

    /// Notes that something is missing.
    pub(super) fn gap(&mut self, code: &str, message: &str) {
        self.gaps.insert(code.to_owned(), message.to_owned());
    }

    /// What is missing, in words; empty if nothing is.
    pub(super) fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        if !self.cut.is_empty() {
            let named = listing::first(MOST_NAMED, self.cut.len(), &self.cut);
            missing.push(format!("Tableau could not show all of {named}"));
        }
        if self.nulls > 0 {
            missing.push(format!("Tableau hides {} of them", self.nulls));
        }
        missing.extend(self.gaps.values().cloned());
        if let Some(total) = self.total.filter(|total| self.ids.len() < *total as usize) {
            missing.push(format!("{} of {total} came", self.ids.len()));
        }
        missing
    }

    pub(super) fn count(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    pub(super) fn has_luid(&self, luid: &str) -> bool {
        self.luids.contains(luid)
    }
}
