//! How well queries are read, in figures.

use std::collections::BTreeSet;

use super::cases::Case;
use super::found;

/// How well the queries of one dialect are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Figures {
    pub(super) queries: usize,
    /// Queries that are not read exactly as expected.
    pub(super) unlike: usize,
    /// Tables that are expected, and those of them that are found.
    pub(super) expected: usize,
    pub(super) found: usize,
    /// Tables that are found and not expected.
    pub(super) wrong: usize,
}

impl Figures {
    pub(super) fn add(&mut self, case: &Case, found: &BTreeSet<String>) {
        let tables = |lines: &BTreeSet<String>| -> BTreeSet<String> {
            let is_table = |line: &&String| found::is_table(line);
            lines.iter().filter(is_table).cloned().collect()
        };
        let (expected, read) = (tables(&case.expected), tables(found));
        self.queries += 1;
        self.unlike += usize::from(*found != case.expected);
        self.expected += expected.len();
        self.found += expected.intersection(&read).count();
        self.wrong += read.difference(&expected).count();
    }

    pub(super) fn precision(&self) -> f64 {
        share(self.found, self.found + self.wrong)
    }

    pub(super) fn recall(&self) -> f64 {
        share(self.found, self.expected)
    }
}

/// A share; all of nothing is all.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}
