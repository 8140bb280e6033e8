//! Merges the copies of each object.

use std::collections::HashMap;

use foldhash::HashSet;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use jiff::Timestamp;
use rayon::prelude::*;

use super::candidates::{Candidates, Context, LinkFromOthers, SideResults};
use super::covered::Covered;
use super::entities::{Entities, ObjectIx};
use super::incoming::{DownstreamRef, Store};
use super::mentions::{Ref, Renumbering, SortedMentions};
use super::merged::{Content, Databases, Differing, Merged, Object, TablesInSql};
use super::record::Record;
use super::sql_tables::{self, CompletedTables};
use super::supersede::leave_out;
use super::views;
use crate::input::tableau::arena::Arena;
use crate::model::{self, ObjectKind, TableIx};

impl<'a> Store<'a> {
    /// Merges the copies of each object, after all responses of all exports were added. `covered` is
    /// given if the site was captured at several times.
    pub(crate) fn merge<'m>(
        mut self,
        mentions: &'m SortedMentions<'a>,
        numbers: &Renumbering,
        covered: Option<&Covered>,
        arena: &'a Arena,
    ) -> Merged<'m, 'a> {
        self.renumber(numbers);
        let mut by_mention = renumbered(std::mem::take(&mut self.records), numbers);
        let views = views::that_read(&by_mention, &self.downstream);
        let of_workbooks = views::in_workbooks(&views, &self.views_of_workbooks, mentions);
        self.downstream.extend(of_workbooks);
        let left_out =
            covered.map(|covered| leave_out(&mut by_mention, &mut self, covered, mentions));
        let mut entities = Entities::with_capacity(mentions, by_mention.len());
        let by_entity = enter_records(by_mention, &mut entities);
        let mut downstream = self.downstream;
        // Chunks come in any order.
        downstream.sort_unstable_by_key(|one| (one.object, one.reader));
        // Anything entered below may show that two objects are one, so records are grouped last.
        for (table, connection) in &self.members {
            entities.enter(*table);
            entities.enter(*connection);
        }
        let from_others = enter_links(&downstream, self.views, &mut entities);
        enter_mentioned(&by_entity, &downstream, &mut entities);
        entities.settle();
        let views_of_nobody = views::of_nobody(views, &by_entity, &downstream, &entities, mentions);
        let mut candidates = group(&entities, by_entity);
        for (object, link) in from_others {
            candidates[entities.resolve(object).index()].add_link(link);
        }

        let (databases, differing_databases) = self.databases.merge(arena);
        let (projects, differing_projects) = self.projects.merge(arena);
        let databases = Databases(databases);
        let context = Context {
            mentions,
            databases: &databases,
            arena,
        };
        let (mut objects, mut side_results) = (Vec::new(), Vec::new());
        candidates
            .into_par_iter()
            .map(|object| object.merge(&context))
            .unzip_into_vecs(&mut objects, &mut side_results);
        let mut differing = differing_objects(&mut side_results);
        differing.insert("database", differing_databases);
        differing.insert("project", differing_projects);
        differing.retain(|_, labels| !labels.is_empty());
        let in_sql = sql_tables::complete(&objects, &mut side_results, &entities, &databases);
        let (tables, tables_in_sql) = number_tables(&mut objects, side_results, in_sql);
        Merged {
            objects,
            tables,
            projects,
            places: self.places,
            differing,
            left_out,
            tables_in_sql,
            views_of_nobody,
            open_readers: self.open_readers,
            columns: self.columns,
            without_lists: found(self.without_lists, &entities),
            connection_of: connection_of(self.members, &entities),
            databases,
            mentions,
            entities,
        }
    }
}

/// The objects that these mentions refer to.
fn found(mentions: Vec<Ref>, entities: &Entities) -> HashSet<ObjectIx> {
    let found = mentions.into_iter().filter_map(|one| entities.find(one));
    found.collect()
}

/// Enters what the export only mentions, so that all mentions of an object are one. A table comes
/// last: without `__typename`, it may be an object of another kind.
fn enter_mentioned(
    records: &[(ObjectIx, Vec<Record>)],
    downstream: &[DownstreamRef],
    entities: &mut Entities,
) {
    let links = records
        .iter()
        .flat_map(|(_, records)| records)
        .flat_map(|record| record.links.all())
        .copied();
    let mut mentioned = links
        .chain(downstream.iter().map(|one| one.object))
        .filter(|link| !entities.is_entered(*link) && entities.has_id(*link))
        .collect::<Vec<_>>();
    mentioned.sort_unstable_by_key(|link| (link.kind == ObjectKind::Table, *link));
    mentioned.dedup();
    for link in mentioned {
        if link.kind != ObjectKind::Table || entities.find(link).is_none() {
            entities.enter(link);
        }
    }
}

/// The records by the final numbers of their mentions, in order.
fn renumbered<'a>(
    records: IndexMap<Ref, Vec<Record<'a>>, RandomState>,
    new: &Renumbering,
) -> Vec<(Ref, Vec<Record<'a>>)> {
    let mut records = records.into_iter().collect::<Vec<_>>();
    records.par_iter_mut().for_each(|(mention, records)| {
        *mention = new.get(*mention);
        for record in records {
            record.links.renumber(new);
        }
    });
    records.par_sort_unstable_by_key(|(mention, _)| *mention);
    records
}

/// The records by entity; one entity may be there several times, for several of its mentions.
fn enter_records<'a>(
    records: Vec<(Ref, Vec<Record<'a>>)>,
    entities: &mut Entities,
) -> Vec<(ObjectIx, Vec<Record<'a>>)> {
    let mut entered = Vec::with_capacity(records.len());
    for (mention, records) in records {
        if entities.has_id(mention) {
            entered.push((entities.enter(mention), records));
        } else {
            let each_alone = records.into_iter().map(|record| vec![record]);
            entered.extend(each_alone.map(|record| (entities.enter(mention), record)));
        }
    }
    entered
}

/// The links of an object that responses state in other objects.
fn enter_links<'a>(
    downstream: &[DownstreamRef],
    views: Vec<(Ref, &'a str, Option<Timestamp>)>,
    entities: &mut Entities,
) -> Vec<(ObjectIx, LinkFromOthers<'a>)> {
    let upstream = downstream
        .iter()
        .map(|one| (one.reader, LinkFromOthers::Upstream(one.object)));
    let views = views
        .into_iter()
        .map(|(workbook, path, _)| (workbook, LinkFromOthers::View(path)));
    upstream
        .chain(views)
        .map(|(object, link)| (entities.enter(object), link))
        .collect()
}

/// One object for each entity, with its records.
fn group<'a>(
    entities: &Entities<'_, 'a>,
    records: Vec<(ObjectIx, Vec<Record<'a>>)>,
) -> Vec<Candidates<'a>> {
    let mut grouped = entities
        .all()
        .iter()
        .map(|entity| Candidates::new(*entity))
        .collect::<Vec<_>>();
    for (at, records) in records {
        let known = &mut grouped[entities.resolve(at).index()].records;
        if known.is_empty() {
            *known = records;
        } else {
            known.extend(records);
        }
    }
    grouped
}

/// The labels of objects whose copies differ.
fn differing_objects(side_results: &mut [Option<Box<SideResults>>]) -> Differing {
    let mut differing = Differing::new();
    for (kind, label) in side_results
        .iter_mut()
        .flatten()
        .filter_map(|results| results.differing.take())
    {
        differing.entry(kind).or_default().push(label);
    }
    differing
}

/// Gives the objects the numbers of their tables, and returns all tables in order, with the numbers
/// of those that custom SQL completes.
fn number_tables<'a>(
    objects: &mut [Object<'a>],
    side_results: Vec<Option<Box<SideResults<'a>>>>,
    in_sql: CompletedTables<'a>,
) -> (Vec<model::Table<'a>>, TablesInSql) {
    let mut tables = side_results
        .iter()
        .flatten()
        .flat_map(|results| &results.tables)
        .chain(in_sql.values().flatten())
        .flatten()
        .cloned()
        .collect::<Vec<_>>();
    tables.par_sort_unstable();
    tables.dedup();
    let number = |table: Option<model::Table>| tables.binary_search(&table?).ok().map(TableIx);
    for (object, results) in objects.iter_mut().zip(side_results) {
        if let (Content::Tables(numbers), Some(results)) = (&mut object.content, results) {
            *numbers = results.tables.into_iter().map(number).collect();
        }
    }
    let in_sql = in_sql
        .into_iter()
        .map(|(place, tables)| (place, tables.into_iter().map(number).collect()))
        .collect();
    (tables, in_sql)
}

/// The connection of each virtual connection table; the last in order if there are several.
fn connection_of(mut members: Vec<(Ref, Ref)>, entities: &Entities) -> HashMap<ObjectIx, ObjectIx> {
    members.sort_unstable();
    members
        .into_iter()
        .filter_map(|(table, connection)| Some((entities.find(table)?, entities.find(connection)?)))
        .collect()
}
