//! Tables that are not linked, for people: each once, with all its readers.

use std::collections::{BTreeMap, BTreeSet};

use super::printable;
use super::report::{Nearest, Unlinked};
use crate::link::{NotLinked, OutcomeKind, UnknownReason};

/// How many workbooks are named for one table.
const MOST_READERS: usize = 3;

impl Unlinked {
    /// Whether nobody needs to look at it: a file, or a table of another warehouse.
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

    /// Whether it would help to say which schema it is in.
    pub fn lacks_schema(&self) -> bool {
        self.reason == NotLinked::Unknown(UnknownReason::OnlyNameKnown)
    }
}

/// The same table is often read by many workbooks, for the same reason unlinked in all.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Group<'r> {
    /// What became of it.
    pub outcome: OutcomeKind,
    /// The table.
    pub table: &'r str,
    /// Its connection type.
    pub connection: Option<&'r str>,
    /// Why.
    pub detail: String,
    /// Relations that nearly fit.
    pub nearest: &'r [Nearest],
}

/// Workbooks by title and luid, since titles may be the same.
pub type Readers<'r> = BTreeSet<(&'r str, &'r str)>;

/// Tables that are not linked, each once, with the workbooks that read it.
pub fn grouped<'r>(unlinked: impl Iterator<Item = &'r Unlinked>) -> Vec<(Group<'r>, Readers<'r>)> {
    let mut groups: BTreeMap<Group<'r>, Readers<'r>> = BTreeMap::new();
    for one in unlinked {
        let group = Group {
            outcome: one.outcome,
            table: &one.table,
            connection: one.connection_type.as_deref(),
            detail: one.reason.to_string(),
            nearest: &one.nearest,
        };
        let title = if one.workbook.is_empty() {
            &one.luid
        } else {
            &one.workbook
        };
        groups.entry(group).or_default().insert((title, &one.luid));
    }
    groups.into_iter().collect()
}

/// The first few readers, and how many more there are.
pub fn listed(readers: &Readers) -> String {
    let named = readers
        .iter()
        .take(MOST_READERS)
        .map(|(title, _)| printable(title))
        .collect::<Vec<_>>()
        .join(", ");
    match readers.len().saturating_sub(MOST_READERS) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
