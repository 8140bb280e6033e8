//! Tables that are not linked, for people: each once, with all its readers.

use std::collections::{BTreeMap, BTreeSet};

use super::printable;
use super::report::{Nearest, Unlinked};

/// How many workbooks are named for one table.
const MOST_READERS: usize = 3;
/// Outcomes that are normal and are only listed on request.
const NORMAL: [&str; 2] = ["not-warehouse", "other-platform"];

impl Unlinked {
    /// Whether nobody needs to look at it: a file, or a table of another warehouse.
    pub fn is_normal(&self) -> bool {
        NORMAL.contains(&self.outcome)
    }
}

/// The same table is often read by many workbooks, for the same reason unlinked in all.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Group<'r> {
    /// What became of it.
    pub outcome: &'r str,
    /// The table.
    pub table: &'r str,
    /// Its connection type.
    pub connection: Option<&'r str>,
    /// Why.
    pub detail: &'r str,
    /// Relations that nearly fit.
    pub nearest: &'r [Nearest],
}

/// Workbooks by title and luid, since titles may be the same.
pub type Readers<'r> = BTreeSet<(&'r str, &'r str)>;

/// Tables that are not linked, each once, with the workbooks that read it.
pub fn grouped<'r>(unlinked: impl Iterator<Item = &'r Unlinked>) -> Vec<(Group<'r>, Readers<'r>)> {
    let mut groups: BTreeMap<(usize, Group<'r>), Readers<'r>> = BTreeMap::new();
    for one in unlinked {
        let rank = crate::link::Outcome::NAMES
            .iter()
            .position(|name| *name == one.outcome)
            .unwrap_or_default();
        let group = Group {
            outcome: one.outcome,
            table: &one.table,
            connection: one.connection_type.as_deref(),
            detail: &one.detail,
            nearest: &one.nearest,
        };
        let title = if one.workbook.is_empty() {
            &one.luid
        } else {
            &one.workbook
        };
        groups
            .entry((rank, group))
            .or_default()
            .insert((title, &one.luid));
    }
    groups
        .into_iter()
        .map(|((_, group), readers)| (group, readers))
        .collect()
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
