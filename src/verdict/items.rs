//! What selected workbooks read and what is not linked, each thing once. What linked before and is
//! gone from the project is none of them.

use std::collections::HashMap;
use std::sync::Arc;

use super::known::Known;
use crate::link::{MatchedTable, OutcomeKind};
use crate::model::{Relation, Table, TableIx, Upstream, WorkbookIx};

/// One such thing.
pub struct Item<'r, 'a> {
    /// What became of it.
    pub matched: &'r MatchedTable<'a>,
    /// The table, unless it is something without a name.
    pub table: Option<&'r Table<'a>>,
}

impl<'r, 'a> Item<'r, 'a> {
    /// Its name, if it could be read.
    pub fn name(&self) -> Option<&'r Relation<'a>> {
        self.table?.name.as_ref().ok()
    }
}

/// All of them, in the order in which workbooks read them first.
pub struct Items<'r, 'a> {
    all: Vec<Item<'r, 'a>>,
    /// The positions of the tables among them.
    of_tables: HashMap<TableIx, usize>,
    /// What each workbook reads of them, one after the other.
    reads: Vec<(WorkbookIx, usize)>,
    /// How many distinct tables are linked.
    pub linked: usize,
    /// How many distinct tables may be the project's by their connection, linked or not.
    pub in_warehouse: usize,
}

impl<'r, 'a> Items<'r, 'a> {
    /// Collects them.
    pub fn new(known: &Known<'r, 'a>) -> Self {
        let mut items = Self {
            all: Vec::new(),
            of_tables: HashMap::new(),
            reads: Vec::new(),
            linked: 0,
            in_warehouse: 0,
        };
        let mut numbers: HashMap<*const MatchedTable, Option<usize>> = HashMap::new();
        for workbook in known.selected() {
            let reads = &known.site.workbook(workbook).reads;
            let (site, links) = (known.site, known.links);
            for (read, link) in reads.iter().zip(&links.workbooks[workbook.0].tables) {
                if matches!(read.upstream, Upstream::Table(at) if known.lost.is_gone(at)) {
                    continue;
                }
                let number = numbers.entry(Arc::as_ptr(&link.table));
                let number = *number.or_insert_with(|| {
                    let kind = link.table.outcome.kind();
                    items.in_warehouse += usize::from(kind <= OutcomeKind::Unknown);
                    if kind == OutcomeKind::Linked {
                        items.linked += 1;
                        return None;
                    }
                    let number = items.all.len();
                    let table = match read.upstream {
                        Upstream::Table(at) => {
                            items.of_tables.insert(at, number);
                            Some(&site.tables[at.0])
                        }
                        _ => None,
                    };
                    items.all.push(Item {
                        matched: &link.table,
                        table,
                    });
                    Some(number)
                });
                items.reads.extend(number.map(|number| (workbook, number)));
            }
        }
        items
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Item<'r, 'a>> {
        self.all.iter()
    }

    /// The one at this position.
    pub fn get(&self, at: usize) -> &Item<'r, 'a> {
        &self.all[at]
    }

    /// The position of a table of the site, if it is one of them.
    pub fn of_table(&self, table: TableIx) -> Option<usize> {
        self.of_tables.get(&table).copied()
    }

    /// What each workbook reads of them, workbook by workbook.
    pub fn each_read(&self, mut see: impl FnMut(WorkbookIx, usize)) {
        for (workbook, item) in &self.reads {
            see(*workbook, *item);
        }
    }
}
