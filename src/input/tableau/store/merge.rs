//! Merging the copies of an object.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::HashSet;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use rayon::prelude::*;

use super::super::arena::Arena;
use super::super::names;
use super::entities::{Entities, Entity};
use super::kind::Kind;
use super::links::Links;
use super::mentions::{Mention, Ref, Renumbering, SortedMentions, is_made_up};
use super::record::{self, Fields, Record};
use super::versions::{any_two, is_later, keep_latest};
use super::{Content, Database, Differing, DownstreamRef, Merged, Object, Store, Table, described};
use crate::model;

/// All that is known of one object.
struct Candidates<'a> {
    entity: Entity<'a>,
    records: Vec<Record<'a>>,
    /// Links of this object that other objects state, if any do.
    from_others: Option<Box<Links<'a>>>,
}

impl<'a> Store<'a> {
    /// Merges the copies of each object, once all of them came in.
    pub(crate) fn merge<'m>(
        mut self,
        mentions: &'m SortedMentions<'a>,
        numbers: &Renumbering,
        arena: &'a Arena,
    ) -> Merged<'m, 'a> {
        self.renumber(numbers);
        let Self {
            records,
            downstream,
            members,
            views,
            databases,
            projects,
            ..
        } = self;
        let records = renumbered(records, numbers);
        let mut entities = Entities::new(mentions, records.len());
        let records = enter_records(records, &mut entities);
        let downstream = up_to_date(downstream, &records, &entities);
        let readers = downstream
            .iter()
            .map(|reference| entities.enter(reference.reader))
            .collect::<Vec<_>>();
        for (table, connection) in &members {
            entities.enter(*table);
            entities.enter(*connection);
        }
        let views = views
            .into_iter()
            .map(|(workbook, path)| (entities.enter(workbook), path));
        let views = views.collect::<Vec<_>>();
        // From here on no two objects turn out to be one.
        let mut candidates = group(&entities, records);
        for (reader, downstream) in readers.into_iter().zip(&downstream) {
            candidates[entities.one(reader)]
                .stated_links()
                .upstream
                .push(downstream.object);
        }
        for (workbook, path) in views {
            candidates[entities.one(workbook)]
                .stated_links()
                .views
                .push(path);
        }
        let mut differing = Differing::new();
        let databases = databases.merge(differing.entry("database").or_default());
        let projects = projects.merge(differing.entry("project").or_default());
        let (mut objects, mut side_results) = (Vec::new(), Vec::new());
        let joined = candidates
            .into_par_iter()
            .map(|object| object.join(mentions, &databases, arena));
        joined.unzip_into_vecs(&mut objects, &mut side_results);
        let labels = side_results
            .iter_mut()
            .flatten()
            .filter_map(|side_results| side_results.differ.take());
        labels.for_each(|(noun, label)| differing.entry(noun).or_default().push(label));
        differing.retain(|_, labels| !labels.is_empty());
        let tables = number_tables(&mut objects, side_results);
        Merged {
            objects,
            tables,
            projects,
            differing,
            owned: owned(&downstream, &entities),
            connection_of: connection_of(members, &entities),
            databases,
            mentions,
            entities,
        }
    }
}

/// The custom SQL whose readers the export names.
fn owned(downstream: &[DownstreamRef], entities: &Entities) -> HashSet<usize> {
    let with_reader = downstream.iter().filter(|reference| {
        reference.object.kind == Kind::CustomSql && reference.reader.kind != Kind::CustomSql
    });
    with_reader
        .filter_map(|reference| entities.find(reference.object))
        .collect()
}

/// The connection of each virtual connection table; the last in order, if it should have several.
fn connection_of(mut members: Vec<(Ref, Ref)>, entities: &Entities) -> HashMap<usize, usize> {
    members.sort_unstable();
    let found = members.into_iter().filter_map(|(table, connection)| {
        Some((entities.find(table)?, entities.find(connection)?))
    });
    found.collect()
}

/// The copies by the new numbers of their mentions, in order.
fn renumbered<'a>(
    records: IndexMap<Ref, Vec<Record<'a>>, RandomState>,
    new: &Renumbering,
) -> Vec<(Ref, Vec<Record<'a>>)> {
    let mut records = records.into_iter().collect::<Vec<_>>();
    records.par_iter_mut().for_each(|(mention, records)| {
        *mention = new.of(*mention);
        records
            .iter_mut()
            .for_each(|record| record.links.renumber(new));
    });
    records.par_sort_unstable_by_key(|(mention, _)| *mention);
    records
}

/// The copies of each entity, under all mentions that turn out to mean it.
fn enter_records<'a>(
    records: Vec<(Ref, Vec<Record<'a>>)>,
    entities: &mut Entities,
) -> Vec<(usize, Vec<Record<'a>>)> {
    let mut entered = Vec::with_capacity(records.len());
    for (mention, records) in records {
        if entities.has_id(mention) {
            entered.push((entities.enter(mention), records));
        } else {
            entered.extend(
                records
                    .into_iter()
                    .map(|record| (entities.enter(mention), vec![record])),
            );
        }
    }
    entered
}

/// Drops downstream references of objects that have a newer capture.
fn up_to_date(
    downstream: Vec<DownstreamRef>,
    records: &[(usize, Vec<Record>)],
    entities: &Entities,
) -> Vec<DownstreamRef> {
    let mut captured = vec![None; entities.all().len()];
    for (at, records) in records {
        let latest = records.iter().map(|record| record.stamp.0).max().flatten();
        let known = &mut captured[entities.one(*at)];
        *known = latest.max(*known);
    }
    let is_outdated = |reference: &DownstreamRef| {
        entities
            .find(reference.object)
            .is_some_and(|at| is_later(captured[at], reference.captured_at))
    };
    downstream
        .into_iter()
        .filter(|reference| !is_outdated(reference))
        .collect()
}

/// One object for each entity, with its copies.
fn group<'a>(
    entities: &Entities<'_, 'a>,
    records: Vec<(usize, Vec<Record<'a>>)>,
) -> Vec<Candidates<'a>> {
    let empty = |entity: &Entity<'a>| Candidates {
        entity: *entity,
        records: Vec::new(),
        from_others: None,
    };
    let mut candidates = entities.all().iter().map(empty).collect::<Vec<_>>();
    for (at, records) in records {
        let known = &mut candidates[entities.one(at)].records;
        if known.is_empty() {
            *known = records;
        } else {
            record::unite(known, records);
        }
    }
    candidates
}

/// What merging an object finds out beside the object itself.
struct SideResults<'a> {
    /// If its copies differ, the name of its kind and what it is called.
    differ: Option<(&'static str, String)>,
    /// The tables that it may be; `None` for one whose name may not be seen.
    tables: Vec<Option<model::Table<'a>>>,
}

impl<'a> Candidates<'a> {
    fn stated_links(&mut self) -> &mut Links<'a> {
        self.from_others.get_or_insert_default()
    }

    /// Joins the copies: the latest win whole, equally late ones are united.
    fn join(
        self,
        mentions: &SortedMentions,
        databases: &BTreeMap<&'a str, Database<'a>>,
        arena: &'a Arena,
    ) -> (Object<'a>, Option<Box<SideResults<'a>>>) {
        let Self {
            entity,
            records,
            from_others,
        } = self;
        let mut links = from_others.map(|links| *links).unwrap_or_default();
        links.sort();
        let list_tables =
            |records: &[Record]| records.iter().any(|record| record.links.has_tables());
        let (listed, disagree) = (list_tables(&records), any_disagree(&records, mentions));
        let (kept, more) = choose(records);
        // Where only copies that do not count list tables, these are lost.
        let differ = disagree || (listed && !list_tables(&kept));
        let differ = differ.then(|| (entity.kind.text(), label(&kept, entity.label)));
        more.into_iter()
            .for_each(|record| links.absorb(record.links));
        let mut merged = Vec::new();
        for record in kept {
            links.absorb(record.links);
            unite(&mut merged, record.fields, arena);
        }
        let tables = merged.iter().filter_map(|fields| match fields {
            Fields::Table(table) => {
                let database = described(databases, table.database);
                Some(names::table(&Table {
                    database,
                    ..**table
                }))
            }
            Fields::Workbook(_) | Fields::Intermediate(_) => None,
        });
        let tables = tables.collect::<Vec<_>>();
        let content = match merged.first() {
            None => Content::Unknown,
            Some(Fields::Workbook(workbook)) => Content::Workbook(workbook),
            Some(Fields::Intermediate(intermediate)) => Content::Intermediate(intermediate),
            Some(Fields::Table(_)) => Content::Tables(vec![None; tables.len()]),
        };
        let is_something = differ.is_some() || !tables.is_empty();
        let side_results = is_something.then(|| Box::new(SideResults { differ, tables }));
        (
            Object {
                entity,
                content,
                links,
            },
            side_results,
        )
    }
}

/// Adds another copy to those before, as far as they do not say the same already.
fn unite<'a>(merged: &mut Vec<Fields<'a>>, other: Fields<'a>, arena: &'a Arena) {
    // Workbooks have one title and one owner; a table may come as two tables.
    let fits = |fields: &&mut Fields<'a>| {
        !matches!(fields, Fields::Table(_)) || !fields.contradicts(other)
    };
    match merged.iter_mut().find(fits) {
        Some(fields) => *fields = fields.completed(other, arena),
        None => merged.push(other),
    }
}

/// Tells the objects the numbers of their tables, and gives all tables in order.
fn number_tables<'a>(
    objects: &mut [Object<'a>],
    side_results: Vec<Option<Box<SideResults<'a>>>>,
) -> Vec<model::Table<'a>> {
    let named = side_results
        .iter()
        .flatten()
        .flat_map(|side_results| &side_results.tables);
    let mut tables = named.flatten().cloned().collect::<Vec<_>>();
    tables.par_sort_unstable();
    tables.dedup();
    let number = |table: Option<model::Table>| tables.binary_search(&table?).ok();
    for (object, side_results) in objects.iter_mut().zip(side_results) {
        if let (Content::Tables(numbers), Some(side_results)) = (&mut object.content, side_results)
        {
            *numbers = side_results.tables.into_iter().map(number).collect();
        }
    }
    tables
}

/// The copies that count, the first to speak first, and mentions that may lead somewhere beside.
fn choose(records: Vec<Record>) -> (Vec<Record>, Vec<Record>) {
    let (mut kept, mut mentions) = records
        .into_iter()
        .partition::<Vec<_>, _>(|record| !record.fields.is_mention());
    keep_latest_records(&mut kept);
    keep_latest_records(&mut mentions);
    if kept.is_empty() {
        kept = std::mem::take(&mut mentions);
    }
    mentions.retain(|record| !kept.iter().any(|one| is_later(one.stamp.0, record.stamp.0)));
    // A copy whose time is known speaks first.
    kept.sort_by(|a, b| b.stamp.cmp(&a.stamp).then_with(|| a.cmp(b)));
    (kept, mentions)
}

/// Leaves the latest copies: by the time of capture, then by `updatedAt`. The answer to a query
/// that does not ask for `updatedAt` is no older than one that does, and stays beside it.
fn keep_latest_records(records: &mut Vec<Record>) {
    keep_latest(records, |record| record.stamp.0);
    keep_latest(records, |record| record.stamp.1);
}

/// Whether any two copies of one object say different things. Most are the same but for their time.
fn any_disagree(records: &[Record], mentions: &SortedMentions) -> bool {
    let mut contents = records
        .iter()
        .map(|record| (&record.fields, &record.links))
        .collect::<Vec<_>>();
    contents.sort_unstable();
    contents.dedup();
    any_two(&contents, |a, b| {
        a.0.contradicts(*b.0) || cover_differently(a.1, b.1, mentions)
    })
}

/// How messages call an object.
fn label(records: &[Record], mention: Option<&str>) -> String {
    let of_fields = records.iter().find_map(|record| record.fields.label());
    of_fields.or(mention).unwrap_or_default().to_owned()
}

/// Whether two copies both list tables, and not the same ones. Lists that name tables by different
/// ids, as answers to different queries may, cannot be compared.
fn cover_differently(a: &Links, b: &Links, mentions: &SortedMentions) -> bool {
    type Name = for<'r> fn(&Mention<'r>) -> Option<&'r str>;
    const NAMES: [Name; 3] = [
        |table| table.id.filter(|id| !is_made_up(id)),
        |table| table.luid,
        |table| table.id.filter(|id| is_made_up(id)),
    ];
    let named = |links: &Links, name: Name| {
        links
            .tables()
            .map(|table| name(&mentions.get(table)))
            .collect::<Option<BTreeSet<_>>>()
    };
    if !(a.lists.contains(Kind::Table) && b.lists.contains(Kind::Table)) {
        return false;
    }
    if !(a.has_tables() && b.has_tables()) {
        return a.has_tables() != b.has_tables();
    }
    NAMES
        .iter()
        .find_map(|name| Some(named(a, *name)? != named(b, *name)?))
        .unwrap_or_default()
}
