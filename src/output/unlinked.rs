//! Groups tables that are not linked for people: each table once, with all its readers.

use std::collections::BTreeMap;

use super::printable;
use super::report::{Nearest, Unlinked, UnlinkedReads, UnlinkedTable};
use crate::link::OutcomeKind;
use crate::model::listing::{MOST_NAMED, first_few};

impl UnlinkedTable {
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
    pub detail: &'r str,
    /// Relations that nearly fit; for an ambiguous table, those that fit.
    pub nearest: &'r [Nearest],
}

impl<'r> Group<'r> {
    fn of(table: &'r UnlinkedTable) -> Self {
        Self {
            outcome: table.outcome,
            table: &table.table,
            connection: table.connection_type.as_deref(),
            detail: &table.detail,
            nearest: &table.nearest,
        }
    }
}

/// The workbooks that read a table. Of thousands, only the first few are ever named.
#[derive(Default)]
pub struct Readers<'r> {
    first: Vec<&'r str>,
    count: usize,
    last: Option<usize>,
}

impl<'r> Readers<'r> {
    /// Adds a workbook, whose number is not below that of the last one, unless it is the last one.
    fn add(&mut self, number: usize, title: &'r str) {
        if self.last.replace(number) != Some(number) {
            self.count += 1;
            if self.first.len() < MOST_NAMED {
                self.first.push(title);
            }
        }
    }

    /// The titles of the first few readers, and how many more there are.
    pub fn listed(&self) -> String {
        listed(self.count, self.first.iter().copied())
    }
}

/// Groups the tables that are shown, each with the workbooks that read it.
pub fn grouped<'r>(
    unlinked: &'r Unlinked,
    is_shown: impl Fn(&UnlinkedTable) -> bool,
) -> Vec<(Group<'r>, Readers<'r>)> {
    // Tables may differ in nothing that people see.
    let mut alike: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
    for (at, table) in unlinked.tables.iter().enumerate() {
        if is_shown(table) {
            alike.entry(Group::of(table)).or_default().push(at);
        }
    }
    let mut group_of = vec![None; unlinked.tables.len()];
    let mut groups = Vec::with_capacity(alike.len());
    for (group, tables) in alike {
        for table in tables {
            group_of[table] = Some(groups.len());
        }
        groups.push((group, Readers::default()));
    }
    let mut workbooks = unlinked.workbooks.iter().collect::<Vec<_>>();
    workbooks.sort_by_key(|workbook| workbook.title_and_luid());
    let same = workbooks.chunk_by(|a, b| a.title_and_luid() == b.title_and_luid());
    for (number, same) in same.enumerate() {
        let (title, _) = same[0].title_and_luid();
        let reads = same.iter().flat_map(|workbook| &workbook.reads);
        for group in reads.filter_map(|read| group_of[read.table]) {
            groups[group].1.add(number, title);
        }
    }
    groups
}

impl UnlinkedReads {
    /// What a workbook is shown by; its luid as well, since several may have the same title.
    fn title_and_luid(&self) -> (&str, &str) {
        let title = if self.workbook.is_empty() {
            &self.luid
        } else {
            &self.workbook
        };
        (title, &self.luid)
    }
}

/// The first few of so many titles, and how many more there are.
pub fn listed<'t>(count: usize, titles: impl Iterator<Item = &'t str>) -> String {
    first_few(count, titles.map(printable))
}
