//! Merges one object: selects the copies to use, and combines them.

use super::entities::Entity;
use super::field_sets::FieldSet;
use super::fields::Table;
use super::links::Links;
use super::mentions::{Ref, SortedMentions};
use super::merged::{Content, Databases, Object};
use super::record::{Fields, Record};
use super::table_lists;
use super::versions::{is_later, keep_latest};
use crate::input::tableau::arena::Arena;
use crate::input::tableau::names;
use crate::model;

/// How many tables one object may be. Each workbook that reads the object may read any of them, and
/// an export in which one object is this many things is wrong about all of them.
const MOST_TABLES: usize = 32;

/// All copies of one object.
pub(super) struct Candidates<'a> {
    entity: Entity<'a>,
    pub(super) records: Vec<Record<'a>>,
    /// Links that other objects state. Few objects have any.
    from_others: Option<Box<Links<'a>>>,
}

/// A link of an object that another object states.
pub(super) enum LinkFromOthers<'a> {
    /// The object is a reader of this one.
    Upstream(Ref),
    /// The object is a workbook with a view of this path.
    View(&'a str),
}

/// The facts about a site that merging each of its objects needs.
pub(super) struct Context<'c, 'a> {
    pub(super) mentions: &'c SortedMentions<'a>,
    pub(super) databases: &'c Databases<'a>,
    pub(super) arena: &'a Arena,
}

/// What merging an object finds out about others.
pub(super) struct SideResults<'a> {
    /// If its copies differ, the name of its kind and what messages call it.
    pub(super) differing: Option<(&'static str, String)>,
    /// The tables that it may be; `None` for one whose name is hidden.
    pub(super) tables: Vec<Option<model::Table<'a>>>,
    /// The fields of each of them, if any of them lacks something that custom SQL may add.
    pub(super) fields: Vec<Table<'a>>,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(entity: Entity<'a>) -> Self {
        Self {
            entity,
            records: Vec::new(),
            from_others: None,
        }
    }

    /// Adds a link that another object states.
    pub(super) fn add_link(&mut self, link: LinkFromOthers<'a>) {
        let links = self.from_others.get_or_insert_default();
        match link {
            LinkFromOthers::Upstream(object) => links.upstream.push(object),
            LinkFromOthers::View(path) => links.views.push(path),
        }
    }

    /// Merges the latest copies; older ones are ignored.
    pub(super) fn merge(
        mut self,
        context: &Context<'_, 'a>,
    ) -> (Object<'a>, Option<Box<SideResults<'a>>>) {
        let entity = self.entity;
        let mut links = self.from_others.map(|links| *links).unwrap_or_default();
        links.sort();
        self.records.sort_unstable();
        self.records.dedup();
        let has_tables = any_has_tables(&self.records);
        let disagree = any_disagree(&self.records, context.mentions);
        let (current, mentions) = current(self.records);
        // If only outdated copies list tables, these tables are lost.
        let differ = disagree || (has_tables && !any_has_tables(&current));
        let differing = differ.then(|| (entity.kind.text(), label(&current, entity.label())));
        let fields = current.iter().map(|record| record.fields);
        let (content, tables, fields) = match fields.clone().next() {
            None => (Content::Unknown, Vec::new(), Vec::new()),
            Some(Fields::Workbook(first)) => {
                let others = fields.skip(1).filter_map(Fields::workbook);
                (
                    Content::Workbook(filled(first, others, context.arena)),
                    Vec::new(),
                    Vec::new(),
                )
            }
            Some(Fields::Intermediate(first)) => {
                let others = fields.skip(1).filter_map(Fields::intermediate);
                (
                    Content::Intermediate(filled(first, others, context.arena)),
                    Vec::new(),
                    Vec::new(),
                )
            }
            Some(Fields::Table(_)) => tables_of(fields.filter_map(Fields::table), context),
        };
        let records = mentions.into_iter().chain(current);
        links.absorb(records.map(|record| record.links));
        let object = Object {
            entity,
            content,
            links,
        };
        let has_results = differing.is_some() || !tables.is_empty();
        (
            object,
            has_results.then(|| {
                Box::new(SideResults {
                    differing,
                    tables,
                    fields,
                })
            }),
        )
    }
}

/// The current copies, the most authoritative first, and bare mentions that may add links.
fn current(records: Vec<Record>) -> (Vec<Record>, Vec<Record>) {
    let (mut current, mut mentions) = records
        .into_iter()
        .partition::<Vec<_>, _>(|record| !record.fields.is_mention());
    keep_latest_records(&mut current);
    keep_latest_records(&mut mentions);
    if current.is_empty() {
        current = std::mem::take(&mut mentions);
    }
    let latest = current.iter().map(|record| record.stamp.0).max().flatten();
    mentions.retain(|record| !is_later(latest, record.stamp.0));
    // A copy with a time takes precedence over one without.
    current.sort_by(|a, b| b.stamp.cmp(&a.stamp).then_with(|| a.cmp(b)));
    (current, mentions)
}

/// Keeps the latest copies: by the time of capture, then by `updatedAt`. A response to a query
/// without `updatedAt` need not be older than one with it, so both are kept.
fn keep_latest_records(records: &mut Vec<Record>) {
    keep_latest(records, |record| record.stamp.0);
    keep_latest(records, |record| record.stamp.1);
}

/// The fields of one copy, their gaps filled from the others: a workbook has one title and one owner.
fn filled<'a, T: FieldSet<'a>>(
    first: &'a T,
    others: impl Iterator<Item = &'a T> + Clone,
    arena: &'a Arena,
) -> &'a T {
    if others.clone().next().is_none() {
        return first;
    }
    arena.alloc(first.filled_from_all(others.copied(), arena))
}

/// What the copies of a table describe: one table, or several where copies contradict each other.
fn tables_of<'a>(
    copies: impl Iterator<Item = &'a Table<'a>>,
    context: &Context<'_, 'a>,
) -> (Content<'a>, Vec<Option<model::Table<'a>>>, Vec<Table<'a>>) {
    let mut merged = Vec::<Table<'a>>::with_capacity(1);
    for copy in copies {
        match merged.iter().position(|table| !table.differs_from(copy)) {
            Some(at) => merged[at] = merged[at].filled_from(*copy, context.arena),
            None if merged.len() == MOST_TABLES => {
                return (Content::TooManyTables, Vec::new(), Vec::new());
            }
            None => merged.push(*copy),
        }
    }
    let tables = merged
        .iter()
        .map(|table| table_of(table, context.databases))
        .collect::<Vec<_>>();
    if !merged.iter().any(Table::lacks_something) {
        merged.clear();
    }
    // Their numbers are known when those of all objects are.
    (Content::Tables(vec![None; tables.len()]), tables, merged)
}

/// The table behind merged fields; `None` if its name is hidden.
fn table_of<'a>(table: &Table<'a>, databases: &Databases<'a>) -> Option<model::Table<'a>> {
    let database = table.database.map(|database| databases.complete(database));
    names::table(&Table { database, ..*table })
}

/// What messages call an object.
fn label(records: &[Record], mention: Option<&str>) -> String {
    records
        .iter()
        .find_map(|record| record.fields.label())
        .or(mention)
        .unwrap_or_default()
        .to_owned()
}

fn any_has_tables(records: &[Record]) -> bool {
    records.iter().any(|record| record.links.has_tables())
}

/// Whether any two copies of one object differ.
fn any_disagree(records: &[Record], mentions: &SortedMentions) -> bool {
    records.len() > 1
        && (Fields::any_differ(records.iter().map(|record| record.fields))
            || table_lists::differ(records.iter().map(|record| &record.links), mentions))
}
