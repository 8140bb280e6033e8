//! Merges one object: selects the copies to use, and combines them.

use std::collections::BTreeSet;

use super::entities::Entity;
use super::fields::Table;
use super::links::Links;
use super::mentions::{Mention, Ref, SortedMentions, is_made_up};
use super::merged::{Content, Databases, Object};
use super::record::{Fields, Record};
use super::versions::{any_two, is_later, keep_latest};
use crate::input::tableau::arena::Arena;
use crate::input::tableau::names;
use crate::model::{self, ObjectKind};

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
        self,
        context: &Context<'_, 'a>,
    ) -> (Object<'a>, Option<Box<SideResults<'a>>>) {
        let entity = self.entity;
        let mut links = self.from_others.map(|links| *links).unwrap_or_default();
        links.sort();
        let has_tables = any_has_tables(&self.records);
        let disagree = any_disagree(&self.records, context.mentions);
        let (current, mentions) = current(self.records);
        // If only outdated copies list tables, these tables are lost.
        let differ = disagree || (has_tables && !any_has_tables(&current));
        let differing = differ.then(|| (entity.kind.text(), label(&current, entity.label)));
        for record in mentions {
            links.absorb(record.links);
        }
        let mut merged = Vec::new();
        for record in current {
            links.absorb(record.links);
            merge_fields(&mut merged, record.fields, context.arena);
        }
        let tables = merged
            .iter()
            .filter_map(|fields| fields.table())
            .map(|table| table_of(table, context.databases))
            .collect::<Vec<_>>();
        let content = match merged.first() {
            None => Content::Unknown,
            Some(Fields::Workbook(workbook)) => Content::Workbook(workbook),
            Some(Fields::Intermediate(intermediate)) => Content::Intermediate(intermediate),
            Some(Fields::Table(_)) => Content::Tables(vec![None; tables.len()]),
        };
        let object = Object {
            entity,
            content,
            links,
        };
        let has_results = differing.is_some() || !tables.is_empty();
        (
            object,
            has_results.then(|| Box::new(SideResults { differing, tables })),
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
    mentions.retain(|record| {
        !current
            .iter()
            .any(|one| is_later(one.stamp.0, record.stamp.0))
    });
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

/// Fills the gaps of the merged fields from another copy. A copy of a table that contradicts all
/// earlier ones becomes a table of its own; a workbook has one title and one owner.
fn merge_fields<'a>(merged: &mut Vec<Fields<'a>>, other: Fields<'a>, arena: &'a Arena) {
    let same = merged
        .iter_mut()
        .find(|fields| fields.table().is_none() || !fields.differs_from(other));
    match same {
        Some(fields) => *fields = fields.filled_from(other, arena),
        None => merged.push(other),
    }
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

/// Whether any two copies of one object differ. Most differ only in their times, so these are
/// removed first.
fn any_disagree(records: &[Record], mentions: &SortedMentions) -> bool {
    let mut distinct = records
        .iter()
        .map(|record| (&record.fields, &record.links))
        .collect::<Vec<_>>();
    distinct.sort_unstable();
    distinct.dedup();
    any_two(&distinct, |one, other| {
        one.0.differs_from(*other.0) || list_different_tables(one.1, other.1, mentions)
    })
}

/// An id of one kind.
type TableKey = for<'r> fn(&Mention<'r>) -> Option<&'r str>;

/// Whether two copies both list tables, and different ones. Lists that identify tables by different
/// kinds of ids, as responses to different queries may, cannot be compared.
fn list_different_tables(one: &Links, other: &Links, mentions: &SortedMentions) -> bool {
    const KEYS: [TableKey; 3] = [
        |table| table.id.filter(|id| !is_made_up(id)),
        |table| table.luid,
        |table| table.id.filter(|id| is_made_up(id)),
    ];
    if !(one.lists.contains(ObjectKind::Table) && other.lists.contains(ObjectKind::Table)) {
        return false;
    }
    if !(one.has_tables() && other.has_tables()) {
        return one.has_tables() != other.has_tables();
    }
    KEYS.iter()
        .find_map(|key| Some(tables(one, *key, mentions)? != tables(other, *key, mentions)?))
        .unwrap_or_default()
}

/// The keys of the tables directly upstream, if all of them have one.
fn tables<'a>(
    links: &Links,
    key: TableKey,
    mentions: &SortedMentions<'a>,
) -> Option<BTreeSet<&'a str>> {
    links
        .tables()
        .map(|table| key(&mentions.get(table)))
        .collect()
}
