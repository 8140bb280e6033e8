//! Groups tables that are not linked for people: each table once, with all its readers.

use std::collections::BTreeMap;

use super::counted;
use crate::link::OutcomeKind;
use crate::model::listing::{MOST_NAMED, first_few};
use crate::report::{Nearest, Unlinked, UnlinkedRead, UnlinkedTable};

impl UnlinkedTable {
    /// Whether it needs no attention: a file, or a table of another warehouse or project.
    pub fn is_normal(&self) -> bool {
        match self.outcome {
            OutcomeKind::NotWarehouse | OutcomeKind::OtherPlatform | OutcomeKind::OtherProject => {
                true
            }
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
    pub fn listed(&self, shown: impl Fn(&str) -> String) -> String {
        first_few(self.count, self.first.iter().map(|title| shown(title)))
    }
}

/// The tables that are shown, and how many are not since nothing about them is new.
pub struct Shown<'r> {
    /// These tables, each with the workbooks that read it.
    pub groups: Vec<(Group<'r>, Readers<'r>)>,
    /// How many others stand among the lost links.
    lost: usize,
    /// How many others were not linked in the state either.
    were_not: usize,
    /// Of how many others the state does not tell whether they were.
    not_known: usize,
}

impl<'r> Shown<'r> {
    /// The tables whose links are not lost: with a state only those that were linked in it, and none
    /// that needs no attention, unless all are asked for.
    pub fn new(unlinked: &'r Unlinked, is_whole: bool) -> Self {
        let grouped = |is_shown: &dyn Fn(&UnlinkedRead) -> bool| {
            let is_table_shown = |table: &UnlinkedTable| is_whole || !table.is_normal();
            grouped(unlinked, is_table_shown, is_shown)
        };
        let mut workbooks = unlinked.workbooks.iter();
        let has_lost = workbooks.any(|workbook| workbook.reads.iter().any(|read| read.is_lost));
        let is_whole = is_whole || !unlinked.has_state;
        let of = |is_new| {
            move |read: &UnlinkedRead| !read.is_lost && (is_whole || read.is_new == is_new)
        };
        let count = |is_new| {
            if is_whole {
                0
            } else {
                grouped(&of(is_new)).len()
            }
        };
        Self {
            groups: grouped(&of(Some(true))),
            lost: if has_lost {
                grouped(&|read| read.is_lost).len()
            } else {
                0
            },
            were_not: count(Some(false)),
            not_known: count(None),
        }
    }

    /// How many tables stand among the lost links, in one sentence; `None` if none does.
    pub fn told(&self) -> Option<String> {
        match self.lost {
            0 => None,
            1 => Some("1 table, whose link is lost, stands above".to_owned()),
            count => Some(format!("{count} tables, whose links are lost, stand above")),
        }
    }

    /// How many tables are not shown, in one sentence; `None` if all are.
    pub fn rest(&self) -> Option<String> {
        let were_not = match self.were_not {
            0 => None,
            count => Some(format!(
                "{} did not link in the state either",
                counted(count, "table")
            )),
        };
        let not_known = match self.not_known {
            0 => None,
            count => Some(format!(
                "of {} it is not known since when",
                counted(count, "table")
            )),
        };
        let both = were_not.into_iter().chain(not_known).collect::<Vec<_>>();
        (!both.is_empty()).then(|| both.join("; "))
    }
}

/// Groups the tables that are shown, each with the workbooks that read it.
fn grouped<'r>(
    unlinked: &'r Unlinked,
    is_table_shown: impl Fn(&UnlinkedTable) -> bool,
    is_shown: impl Fn(&UnlinkedRead) -> bool,
) -> Vec<(Group<'r>, Readers<'r>)> {
    // Tables may differ in nothing that people see.
    let mut alike: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
    for (at, table) in unlinked.tables.iter().enumerate() {
        if is_table_shown(table) {
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
    workbooks.sort_by_key(|reads| reads.workbook.title_and_luid());
    let same =
        workbooks.chunk_by(|a, b| a.workbook.title_and_luid() == b.workbook.title_and_luid());
    for (number, same) in same.enumerate() {
        let (title, _) = same[0].workbook.title_and_luid();
        let reads = same.iter().flat_map(|workbook| &workbook.reads);
        let reads = reads.filter(|read| is_shown(read));
        for group in reads.filter_map(|read| group_of[read.table]) {
            groups[group].1.add(number, title);
        }
    }
    groups.retain(|(_, readers)| readers.count > 0);
    groups
}

/// The first few of so many titles, and how many more there are; all of them if they are asked for.
/// `shown` is how a text shows a title.
pub fn listed<'t>(
    titles: impl ExactSizeIterator<Item = &'t str>,
    is_whole: bool,
    shown: impl Fn(&str) -> String,
) -> String {
    let count = titles.len();
    let titles = titles.map(shown);
    if is_whole {
        titles.collect::<Vec<_>>().join(", ")
    } else {
        first_few(count, titles)
    }
}
