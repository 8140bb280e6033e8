//! What selected workbooks read and what is not linked, each thing once. What linked before and is
//! gone from the project is none of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::cause::Counted;
use super::known::Known;
use crate::link::configured::{as_configured, rewritten};
use crate::link::{MatchedTable, Outcome, OutcomeKind, Rule, UnknownReason};
use crate::model::{
    NodeIx, ObjectKey, ObjectKind, Read, Relation, Table, TableIx, Upstream, WorkbookIx,
};

/// One such thing.
pub struct Item<'r, 'a> {
    /// What became of it.
    pub matched: &'r MatchedTable<'a>,
    /// The table, unless it is something without a name.
    pub table: Option<&'r Table<'a>>,
    /// What kind of object it is.
    kind: ObjectKind,
    /// The name that the configuration makes of its own, where that fits nothing either.
    rewritten: Option<Relation<'a>>,
}

impl<'r, 'a> Item<'r, 'a> {
    fn new(
        known: &Known<'r, 'a>,
        matched: &'r MatchedTable<'a>,
        table: Option<&'r Table<'a>>,
        kind: ObjectKind,
    ) -> Self {
        let is_rewritten = matches!(
            &matched.outcome,
            Outcome::Unknown {
                reason: UnknownReason::NoRelationRewritten(_),
                ..
            }
        );
        let table_if_rewritten = table.filter(|_| is_rewritten);
        let rewritten = table_if_rewritten.and_then(|table| {
            let configured = as_configured(table, known.matching);
            rewritten(table, &configured, known.matching)
        });
        Self {
            matched,
            table,
            kind,
            rewritten: rewritten.map(|rewritten| rewritten.relation),
        }
    }

    /// Its name, if it could be read: the one that more lines of `match.rewrite` would be asked for.
    pub fn name(&self) -> Option<&Relation<'a>> {
        let own = self.table?.name.as_ref().ok();
        self.rewritten.as_ref().or(own)
    }

    /// Its database and schema, as far as they are known.
    pub fn place(&self) -> String {
        let Some(name) = self.name() else {
            return String::new();
        };
        let default_schema = self.matched.default_schema.as_deref();
        let schema = name.schema.as_deref().or(default_schema);
        let parts = [name.database.as_deref(), schema];
        parts.into_iter().flatten().collect::<Vec<_>>().join(".")
    }
}

/// All of them, in the order in which workbooks read them first.
pub struct Items<'r, 'a> {
    all: Vec<Item<'r, 'a>>,
    /// The positions of the tables among them.
    of_tables: HashMap<TableIx, usize>,
    /// What each workbook reads of them, one after the other.
    reads: Vec<(WorkbookIx, usize)>,
    /// Their positions; of what is linked, none.
    numbers: HashMap<Identity<'a>, Option<usize>>,
    /// The distinct tables that are linked, each with the node and the rule.
    pub linked: Vec<(TableIx, NodeIx, Rule)>,
    /// How many distinct tables may be the project's by their connection, linked or not.
    pub in_warehouse: usize,
}

/// What tells things apart: a table and what nothing else identifies by their outcome, which is one
/// for all workbooks that read them.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Object(ObjectKey),
    Outcome(*const MatchedTable<'a>),
}

impl<'a> Identity<'a> {
    fn of(read: &Read, matched: &Arc<MatchedTable<'a>>) -> Self {
        match read.object {
            Some(object) => Self::Object(object),
            None => Self::Outcome(Arc::as_ptr(matched)),
        }
    }
}

impl<'r, 'a> Items<'r, 'a> {
    /// Collects them.
    pub fn new(known: &Known<'r, 'a>) -> Self {
        let mut items = Self {
            all: Vec::new(),
            of_tables: HashMap::new(),
            reads: Vec::new(),
            numbers: HashMap::new(),
            linked: Vec::new(),
            in_warehouse: 0,
        };
        for workbook in known.selected() {
            let reads = &known.site.workbook(workbook).reads;
            let links = &known.links.workbooks[workbook.0].tables;
            for (read, link) in reads.iter().zip(links) {
                if matches!(read.upstream, Upstream::Table(at) if known.lost.is_gone(at)) {
                    continue;
                }
                let identity = Identity::of(read, &link.table);
                let number = match items.numbers.get(&identity) {
                    Some(number) => *number,
                    None => {
                        let number = items.add(known, read, &link.table);
                        items.numbers.insert(identity, number);
                        number
                    }
                };
                items.reads.extend(number.map(|number| (workbook, number)));
            }
        }
        items
    }

    /// Adds a thing; `None` if it is linked, or told with the projects of another adapter.
    fn add(
        &mut self,
        known: &Known<'r, 'a>,
        read: &Read,
        matched: &'r MatchedTable<'a>,
    ) -> Option<usize> {
        let at = match read.upstream {
            Upstream::Table(at) => Some(at),
            _ => None,
        };
        let kind = matched.outcome.kind();
        self.in_warehouse += usize::from(kind <= OutcomeKind::Unknown);
        if let Outcome::Linked { node, rule } = matched.outcome {
            self.linked.extend(at.map(|at| (at, node, rule)));
            return None;
        }
        if kind == OutcomeKind::OtherProject {
            return None;
        }
        let number = self.all.len();
        let table = at.map(|at| {
            self.of_tables.insert(at, number);
            &known.site.tables[at.0]
        });
        let item = Item::new(known, matched, table, read.kind);
        self.all.push(item);
        Some(number)
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

    /// The position of what a workbook reads, if it is one of them.
    pub fn of_read(&self, read: &Read, matched: &Arc<MatchedTable<'a>>) -> Option<usize> {
        *self.numbers.get(&Identity::of(read, matched))?
    }

    /// The workbooks that read each of these, in the order of the site.
    pub fn readers(&self) -> impl Iterator<Item = (WorkbookIx, usize)> {
        self.reads.iter().copied()
    }

    /// The position of a table of the site, if it is one of them.
    pub fn of_table(&self, table: TableIx) -> Option<usize> {
        self.of_tables.get(&table).copied()
    }

    /// How many there are in each of several groups, and how many workbooks read one of them. An item
    /// is in the group with this number, or in none.
    pub fn counted(
        &self,
        groups: usize,
        group_of: impl Fn(usize) -> Option<usize>,
    ) -> Vec<Counted> {
        let mut counted = vec![Counted::default(); groups];
        for (item, group) in (0..self.all.len()).filter_map(|item| Some((item, group_of(item)?))) {
            let kinds: &mut BTreeMap<_, _> = &mut counted[group].kinds;
            *kinds.entry(self.all[item].kind).or_default() += 1;
        }
        let mut last_reader = vec![None; groups];
        for (workbook, item) in &self.reads {
            if let Some(group) = group_of(*item)
                && last_reader[group].replace(*workbook) != Some(*workbook)
            {
                counted[group].workbooks += 1;
            }
        }
        counted
    }

    /// How many tables there are among these items, and how many workbooks read one of them.
    pub fn counted_of(&self, items: &BTreeSet<usize>) -> Counted {
        let group_of = |item: usize| items.contains(&item).then_some(0);
        self.counted(1, group_of).remove(0)
    }
}
