//! What workbooks read: tables and what stands for them, each once, with its readers.

use std::collections::HashMap;
use std::sync::Arc;

use super::known::Known;
use crate::link::lost::Lost;
use crate::link::{MatchedTable, Outcome, WorkbookTable};
use crate::model::{NodeIx, ObjectKey, Read, TableIx, Upstream, WorkbookIx};

/// One thing that one workbook reads.
#[derive(Clone, Copy)]
pub struct OneRead<'r, 'a> {
    /// The workbook.
    pub workbook: WorkbookIx,
    /// The place of the thing among those that the workbook reads.
    pub place: usize,
    /// The position of the project whose outcome counts.
    pub project: usize,
    /// The thing, with its paths.
    pub read: &'r Read<'a>,
    /// What became of it.
    pub table: &'r WorkbookTable<'a>,
}

impl OneRead<'_, '_> {
    /// The table of the site, if it is one with a name.
    pub fn site_table(&self) -> Option<TableIx> {
        site_table(self.read)
    }
}

fn site_table(read: &Read) -> Option<TableIx> {
    match read.upstream {
        Upstream::Table(at) => Some(at),
        Upstream::Hidden(_) | Upstream::Unresolved(_) | Upstream::Unreadable { .. } => None,
    }
}

/// Goes through everything that all workbooks read.
pub fn each_read<'r, 'a>(known: &Known<'r, 'a>, mut visit: impl FnMut(OneRead<'r, 'a>)) {
    for workbook in known.site.workbook_positions() {
        reads_of(known, workbook).for_each(&mut visit);
    }
}

/// Everything that a workbook reads.
pub fn reads_of<'r, 'a>(
    known: &Known<'r, 'a>,
    workbook: WorkbookIx,
) -> impl Iterator<Item = OneRead<'r, 'a>> {
    let reads = known.site.workbook(workbook).reads.iter().enumerate();
    reads.map(move |(place, read)| {
        let (project, table) = known.outcome(workbook, place);
        OneRead {
            workbook,
            place,
            project,
            read,
            table,
        }
    })
}

/// The nodes that an outcome names: the one that is linked, those that fit, or those that come near.
pub fn nodes_of(outcome: &Outcome) -> impl Iterator<Item = NodeIx> {
    let (linked, fitting, near) = match outcome {
        Outcome::Linked { node, .. } => (Some(*node), &[][..], &[][..]),
        Outcome::Ambiguous { candidates, .. } => (None, candidates.as_slice(), &[][..]),
        Outcome::Unknown { nearest, .. } => (None, &[][..], nearest.as_slice()),
        _ => (None, &[][..], &[][..]),
    };
    let near = near.iter().map(|miss| miss.node);
    linked
        .into_iter()
        .chain(fitting.iter().copied())
        .chain(near)
}

/// A thing that workbooks read.
#[derive(Clone)]
pub struct Thing<'r, 'a> {
    /// The position of the project whose outcome counts.
    pub project: usize,
    /// The thing, as the first of its readers has it.
    pub read: &'r Read<'a>,
    /// What became of it.
    pub matched: &'r Arc<MatchedTable<'a>>,
    /// The link that it lost since the state.
    pub lost: Option<&'r Lost>,
    /// The workbooks that read it, each with the place of the thing among those that it reads.
    pub readers: Vec<(WorkbookIx, usize)>,
}

impl Thing<'_, '_> {
    /// The table of the site, if it is one with a name.
    pub fn site_table(&self) -> Option<TableIx> {
        site_table(self.read)
    }

    /// The node that it is linked to.
    pub fn node(&self) -> Option<NodeIx> {
        self.matched.outcome.node()
    }
}

/// Things, in the order in which workbooks read them first.
#[derive(Default)]
pub struct Things<'r, 'a> {
    all: Vec<Thing<'r, 'a>>,
    numbers: HashMap<Identity<'a>, usize>,
}

/// What tells things apart.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Object(ObjectKey),
    Outcome(*const MatchedTable<'a>),
}

impl<'r, 'a> Things<'r, 'a> {
    /// The things that a workbook reads.
    pub fn of_workbook(known: &Known<'r, 'a>, workbook: WorkbookIx) -> Vec<Thing<'r, 'a>> {
        let mut things = Self::default();
        for read in reads_of(known, workbook) {
            things.add(known, read);
        }
        things.all
    }

    /// The things that are wanted, with all their readers.
    pub fn of_all(
        known: &Known<'r, 'a>,
        is_wanted: impl Fn(&OneRead<'r, 'a>) -> bool,
    ) -> Vec<Thing<'r, 'a>> {
        let mut things = Self::default();
        each_read(known, |read| {
            if is_wanted(&read) {
                things.add(known, read);
            }
        });
        things.all
    }

    /// What no project links, and one of them wants for what became of it there.
    pub fn unlinked_in(
        known: &Known<'r, 'a>,
        project: usize,
        is_wanted: impl Fn(&OneRead<'r, 'a>) -> bool,
    ) -> Vec<Thing<'r, 'a>> {
        let mut things = Self::default();
        each_read(known, |read| {
            let in_project = OneRead {
                project,
                table: known.table(project, read.workbook, read.place),
                ..read
            };
            if read.table.table.outcome.node().is_none() && is_wanted(&in_project) {
                things.add(known, in_project);
            }
        });
        things.all
    }

    fn add(&mut self, known: &Known<'r, 'a>, read: OneRead<'r, 'a>) {
        let identity = match read.read.object {
            Some(object) => Identity::Object(object),
            None => Identity::Outcome(Arc::as_ptr(&read.table.table)),
        };
        let number = *self.numbers.entry(identity).or_insert_with(|| {
            let lost = known.projects[read.project].lost;
            self.all.push(Thing {
                project: read.project,
                read: read.read,
                matched: &read.table.table,
                lost: read.site_table().and_then(|at| lost.of_table(at)),
                readers: Vec::new(),
            });
            self.all.len() - 1
        });
        let readers = &mut self.all[number].readers;
        readers.push((read.workbook, read.place));
    }
}
