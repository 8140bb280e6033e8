//! Groups tables that are not linked for people: each table once, with all its readers.

use std::collections::{BTreeMap, BTreeSet};

use super::printable;
use super::report::{Nearest, Unlinked};
use crate::link::OutcomeKind;
use crate::model::listing::first_few;

impl Unlinked {
    /// Whether it needs no attention: a file, or a table of another warehouse.
    pub fn is_normal(&self) -> bool {
        match self.outcome {
            OutcomeKind::NotWarehouse | OutcomeKind::OtherPlatform => true,
            OutcomeKind::Linked
            | OutcomeKind::Ambiguous
            | OutcomeKind::Unknown
            | OutcomeKind::Hidden
            | OutcomeKind::Unresolved
            | OutcomeKind::Unreadable => false,
        }
    }
}

/// A table that is not linked, for the same reason in all workbooks that read it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Group<'r> {
    /// Why it is not linked, in one word.
    pub outcome: OutcomeKind,
    /// The table as Tableau names it.
    pub table: &'r str,
    /// Its connection type, if it is known.
    pub connection: Option<&'r str>,
    /// Why it is not linked, in one sentence.
    pub detail: String,
    /// Relations that nearly fit; for an ambiguous table, those that fit.
    pub nearest: &'r [Nearest],
}

/// Workbooks by title and luid, since several may have the same title.
pub type Readers<'r> = BTreeSet<(&'r str, &'r str)>;

/// Groups tables that are not linked, each with the workbooks that read it.
pub fn grouped<'r>(unlinked: impl Iterator<Item = &'r Unlinked>) -> Vec<(Group<'r>, Readers<'r>)> {
    let mut groups: BTreeMap<Group<'r>, Readers<'r>> = BTreeMap::new();
    for table in unlinked {
        let group = Group {
            outcome: table.outcome,
            table: &table.table,
            connection: table.connection_type.as_deref(),
            detail: table.reason.to_string(),
            nearest: &table.nearest,
        };
        let title = if table.workbook.is_empty() {
            &table.luid
        } else {
            &table.workbook
        };
        groups
            .entry(group)
            .or_default()
            .insert((title, &table.luid));
    }
    groups.into_iter().collect()
}

/// The titles of the first few readers, and how many more there are.
pub fn listed(readers: &Readers) -> String {
    let titles = readers.iter().map(|(title, _)| printable(title));
    first_few(readers.len(), titles)
}
