//! Merges the copies of each object.

use std::collections::HashMap;

use foldhash::HashSet;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use jiff::Timestamp;
use rayon::prelude::*;

use super::candidates::{Candidates, Context, LinkFromOthers, SideResults};
use super::entities::{Entities, ObjectIx};
use super::incoming::{DownstreamRef, Store};
use super::mentions::{Ref, Renumbering, SortedMentions};
use super::merged::{Content, Databases, Differing, Merged, Object};
use super::record::Record;
use super::supersede::{Covered, leave_out};
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
        let left_out =
            covered.map(|covered| leave_out(&mut by_mention, &mut self, covered, mentions));
        let mut entities = Entities::with_capacity(mentions, by_mention.len());
        let by_entity = enter_records(by_mention, &mut entities);
        let downstream = self.downstream;
        // Anything entered below may show that two objects are one, so records are grouped last.
        for (table, connection) in &self.members {
            entities.enter(*table);
            entities.enter(*connection);
        }
        let from_others = enter_links(&downstream, self.views, &mut entities);
        entities.settle();
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
        let tables = number_tables(&mut objects, side_results);
        Merged {
            objects,
            tables,
            projects,
            differing,
            left_out,
            sql_with_reader: sql_with_reader(&downstream, &entities),
            connection_of: connection_of(self.members, &entities),
            databases,
            mentions,
            entities,
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

/// Gives the objects the numbers of their tables, and returns all tables in order.
fn number_tables<'a>(
    objects: &mut [Object<'a>],
    side_results: Vec<Option<Box<SideResults<'a>>>>,
) -> Vec<model::Table<'a>> {
    let mut tables = side_results
        .iter()
        .flatten()
        .flat_map(|results| &results.tables)
        .flatten()
        .cloned()
        .collect::<Vec<_>>();
    tables.par_sort_unstable();
    tables.dedup();
    for (object, results) in objects.iter_mut().zip(side_results) {
        if let (Content::Tables(numbers), Some(results)) = (&mut object.content, results) {
            *numbers = results
                .tables
                .into_iter()
                .map(|table| tables.binary_search(&table?).ok().map(TableIx))
                .collect();
        }
    }
    tables
}

/// Custom SQL whose readers the export names.
fn sql_with_reader(downstream: &[DownstreamRef], entities: &Entities) -> HashSet<ObjectIx> {
    downstream
        .iter()
        .filter(|one| {
            one.object.kind == ObjectKind::CustomSql && one.reader.kind != ObjectKind::CustomSql
        })
        .filter_map(|one| entities.find(one.object))
        .collect()
}

/// The connection of each virtual connection table; the last in order if there are several.
fn connection_of(mut members: Vec<(Ref, Ref)>, entities: &Entities) -> HashMap<ObjectIx, ObjectIx> {
    members.sort_unstable();
    members
        .into_iter()
        .filter_map(|(table, connection)| Some((entities.find(table)?, entities.find(connection)?)))
        .collect()
}
