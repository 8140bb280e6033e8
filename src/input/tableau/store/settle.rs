//! Deciding between the copies of an object.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::HashSet;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use rayon::prelude::*;

use super::super::arena::Arena;
use super::super::names;
use super::copies::{self, Body, Copy};
use super::entities::{Entities, Entity};
use super::kind::Kind;
use super::links::Links;
use super::mentions::{Mention, Ordered, Ref, Renumbering, is_of_our_own};
use super::versions::{any_two, is_later, keep_latest};
use super::{Database, Differing, Facts, Object, Settled, Store, Table, Told, described};
use crate::model;

/// All that is known of one object.
struct Gathered<'a> {
    entity: Entity<'a>,
    copies: Vec<Copy<'a>>,
    /// Links that other objects tell of this one, if any do.
    told: Option<Box<Links<'a>>>,
}

impl<'a> Store<'a> {
    /// Ends the intake: joins the copies of each object.
    pub(in crate::input::tableau) fn settle<'m>(
        mut self,
        mentions: &'m Ordered<'a>,
        numbers: &Renumbering,
        arena: &'a Arena,
    ) -> Settled<'m, 'a> {
        self.renumber(numbers);
        let Self {
            copies,
            told,
            members,
            views,
            databases,
            projects,
            ..
        } = self;
        let copies = renumbered(copies, numbers);
        let mut entities = Entities::new(mentions, copies.len());
        let copies = enter_copies(copies, &mut entities);
        let told = up_to_date(told, &copies, &entities);
        let readers = told
            .iter()
            .map(|told| entities.enter(told.reader))
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
        let mut gathered = gather(&entities, copies);
        for (reader, told) in readers.into_iter().zip(&told) {
            gathered[entities.one(reader)]
                .told()
                .upstream
                .push(told.read);
        }
        for (workbook, path) in views {
            gathered[entities.one(workbook)].told().views.push(path);
        }
        let mut differing = Differing::new();
        let databases = databases.settle(differing.entry("database").or_default());
        let projects = projects.settle(differing.entry("project").or_default());
        let (mut objects, mut beside) = (Vec::new(), Vec::new());
        let joined = gathered
            .into_par_iter()
            .map(|object| object.join(mentions, &databases, arena));
        joined.unzip_into_vecs(&mut objects, &mut beside);
        let labels = beside
            .iter_mut()
            .flatten()
            .filter_map(|beside| beside.differ.take());
        labels.for_each(|(noun, label)| differing.entry(noun).or_default().push(label));
        differing.retain(|_, labels| !labels.is_empty());
        let tables = number_tables(&mut objects, beside);
        Settled {
            objects,
            tables,
            projects,
            differing,
            owned: owned(&told, &entities),
            connection_of: connection_of(members, &entities),
            databases,
            mentions,
            entities,
        }
    }
}

/// The custom SQL whose readers the export names.
fn owned(told: &[Told], entities: &Entities) -> HashSet<usize> {
    let with_reader = told
        .iter()
        .filter(|told| told.read.kind == Kind::CustomSql && told.reader.kind != Kind::CustomSql);
    with_reader
        .filter_map(|told| entities.find(told.read))
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
    copies: IndexMap<Ref, Vec<Copy<'a>>, RandomState>,
    new: &Renumbering,
) -> Vec<(Ref, Vec<Copy<'a>>)> {
    let mut copies = copies.into_iter().collect::<Vec<_>>();
    copies.par_iter_mut().for_each(|(mention, copies)| {
        *mention = new.of(*mention);
        copies.iter_mut().for_each(|copy| copy.links.renumber(new));
    });
    copies.par_sort_unstable_by_key(|(mention, _)| *mention);
    copies
}

/// The copies of each entity, under all mentions that turn out to mean it.
fn enter_copies<'a>(
    copies: Vec<(Ref, Vec<Copy<'a>>)>,
    entities: &mut Entities,
) -> Vec<(usize, Vec<Copy<'a>>)> {
    let mut entered = Vec::with_capacity(copies.len());
    for (mention, copies) in copies {
        if entities.has_id(mention) {
            entered.push((entities.enter(mention), copies));
        } else {
            entered.extend(
                copies
                    .into_iter()
                    .map(|copy| (entities.enter(mention), vec![copy])),
            );
        }
    }
    entered
}

/// What was told by objects of which there is no later capture.
fn up_to_date(told: Vec<Told>, copies: &[(usize, Vec<Copy>)], entities: &Entities) -> Vec<Told> {
    let mut captured = vec![None; entities.all().len()];
    for (at, copies) in copies {
        let latest = copies.iter().map(|copy| copy.stamp.0).max().flatten();
        let known = &mut captured[entities.one(*at)];
        *known = latest.max(*known);
    }
    let is_outdated = |told: &Told| {
        entities
            .find(told.read)
            .is_some_and(|at| is_later(captured[at], told.captured_at))
    };
    told.into_iter().filter(|told| !is_outdated(told)).collect()
}

/// One object for each entity, with its copies.
fn gather<'a>(
    entities: &Entities<'_, 'a>,
    copies: Vec<(usize, Vec<Copy<'a>>)>,
) -> Vec<Gathered<'a>> {
    let empty = |entity: &Entity<'a>| Gathered {
        entity: *entity,
        copies: Vec::new(),
        told: None,
    };
    let mut gathered = entities.all().iter().map(empty).collect::<Vec<_>>();
    for (at, copies) in copies {
        let known = &mut gathered[entities.one(at)].copies;
        if known.is_empty() {
            *known = copies;
        } else {
            copies::unite(known, copies);
        }
    }
    gathered
}

/// What turns out beside an object.
struct Beside<'a> {
    /// If its copies differ, the name of its kind and what it is called.
    differ: Option<(&'static str, String)>,
    /// The tables that it may be; `None` for one whose name may not be seen.
    tables: Vec<Option<model::Table<'a>>>,
}

impl<'a> Gathered<'a> {
    fn told(&mut self) -> &mut Links<'a> {
        self.told.get_or_insert_default()
    }

    /// Joins the copies: the latest win whole, equally late ones are united.
    fn join(
        self,
        mentions: &Ordered,
        databases: &BTreeMap<&'a str, Database<'a>>,
        arena: &'a Arena,
    ) -> (Object<'a>, Option<Box<Beside<'a>>>) {
        let Self {
            entity,
            copies,
            told,
        } = self;
        let mut links = told.map(|told| *told).unwrap_or_default();
        links.sort();
        let list_tables = |copies: &[Copy]| copies.iter().any(|copy| copy.links.has_tables());
        let (listed, disagree) = (list_tables(&copies), any_disagree(&copies, mentions));
        let (kept, more) = choose(copies);
        // Where only copies that do not count list tables, these are lost.
        let differ = disagree || (listed && !list_tables(&kept));
        let differ = differ.then(|| (entity.kind.text(), label(&kept, entity.label)));
        more.into_iter().for_each(|copy| links.absorb(copy.links));
        let mut bodies = Vec::new();
        for copy in kept {
            links.absorb(copy.links);
            unite(&mut bodies, copy.body, arena);
        }
        let tables = bodies.iter().filter_map(|body| match body {
            Body::Table(table) => {
                let database = described(databases, table.database);
                Some(names::table(&Table {
                    database,
                    ..**table
                }))
            }
            Body::Workbook(_) | Body::Intermediate(_) => None,
        });
        let tables = tables.collect::<Vec<_>>();
        let facts = match bodies.first() {
            None => Facts::Unknown,
            Some(Body::Workbook(workbook)) => Facts::Workbook(workbook),
            Some(Body::Intermediate(intermediate)) => Facts::Intermediate(intermediate),
            Some(Body::Table(_)) => Facts::Tables(vec![None; tables.len()]),
        };
        let is_something = differ.is_some() || !tables.is_empty();
        let beside = is_something.then(|| Box::new(Beside { differ, tables }));
        (
            Object {
                entity,
                facts,
                links,
            },
            beside,
        )
    }
}

/// Adds another copy to those before, as far as they do not say the same already.
fn unite<'a>(bodies: &mut Vec<Body<'a>>, other: Body<'a>, arena: &'a Arena) {
    // Workbooks have one title and one owner; a table may come as two tables.
    let fits = |body: &&mut Body<'a>| !matches!(body, Body::Table(_)) || !body.contradicts(other);
    match bodies.iter_mut().find(fits) {
        Some(body) => *body = body.completed(other, arena),
        None => bodies.push(other),
    }
}

/// Tells the objects the numbers of their tables, and gives all tables in order.
fn number_tables<'a>(
    objects: &mut [Object<'a>],
    beside: Vec<Option<Box<Beside<'a>>>>,
) -> Vec<model::Table<'a>> {
    let named = beside.iter().flatten().flat_map(|beside| &beside.tables);
    let mut tables = named.flatten().cloned().collect::<Vec<_>>();
    tables.par_sort_unstable();
    tables.dedup();
    let number = |table: Option<model::Table>| tables.binary_search(&table?).ok();
    for (object, beside) in objects.iter_mut().zip(beside) {
        if let (Facts::Tables(numbers), Some(beside)) = (&mut object.facts, beside) {
            *numbers = beside.tables.into_iter().map(number).collect();
        }
    }
    tables
}

/// The copies that count, the first to speak first, and mentions that may lead somewhere beside.
fn choose(copies: Vec<Copy>) -> (Vec<Copy>, Vec<Copy>) {
    let (mut kept, mut mentions) = copies
        .into_iter()
        .partition::<Vec<_>, _>(|copy| !copy.body.is_mention());
    keep_latest_copies(&mut kept);
    keep_latest_copies(&mut mentions);
    if kept.is_empty() {
        kept = std::mem::take(&mut mentions);
    }
    mentions.retain(|copy| !kept.iter().any(|one| is_later(one.stamp.0, copy.stamp.0)));
    // A copy whose time is known speaks first.
    kept.sort_by(|a, b| b.stamp.cmp(&a.stamp).then_with(|| a.cmp(b)));
    (kept, mentions)
}

/// Leaves the latest copies: by the time of capture, then by `updatedAt`. The answer to a query
/// that does not ask for `updatedAt` is no older than one that does, and stays beside it.
fn keep_latest_copies(copies: &mut Vec<Copy>) {
    keep_latest(copies, |copy| copy.stamp.0);
    keep_latest(copies, |copy| copy.stamp.1);
}

/// Whether any two copies of one object tell different things. Most are the same but for their time.
fn any_disagree(copies: &[Copy], mentions: &Ordered) -> bool {
    let mut told = copies
        .iter()
        .map(|copy| (&copy.body, &copy.links))
        .collect::<Vec<_>>();
    told.sort_unstable();
    told.dedup();
    any_two(&told, |a, b| {
        a.0.contradicts(*b.0) || cover_differently(a.1, b.1, mentions)
    })
}

/// How messages call an object.
fn label(copies: &[Copy], mention: Option<&str>) -> String {
    let of_body = copies.iter().find_map(|copy| copy.body.label());
    of_body.or(mention).unwrap_or_default().to_owned()
}

/// Whether two copies both list tables, and not the same ones. Lists that name tables by different
/// ids, as answers to different queries may, cannot be compared.
fn cover_differently(a: &Links, b: &Links, mentions: &Ordered) -> bool {
    type Name = for<'r> fn(&Mention<'r>) -> Option<&'r str>;
    const NAMES: [Name; 3] = [
        |table| table.id.filter(|id| !is_of_our_own(id)),
        |table| table.luid,
        |table| table.id.filter(|id| is_of_our_own(id)),
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
