//! Custom SQL whose reader the export does not name. A table names all custom SQL that mentions it,
//! but not whose it is, so such custom SQL is read by nobody.

use std::collections::BTreeSet;

use foldhash::{HashSet, HashSetExt};
use rayon::prelude::*;

use super::sql;
use crate::input::tableau::store::{Content, Merged, ObjectIx};
use crate::model::{CustomSql, ObjectKind, TableIx};

/// The custom SQL of a site whose reader is unknown.
#[derive(Default)]
pub(crate) struct Unclaimed<'a> {
    /// What messages call it, one label for each.
    pub(crate) labels: Vec<String>,
    /// The tables that Tableau found in it.
    pub(crate) tables: BTreeSet<TableIx>,
    /// Whether some of it is not shown, and may read more tables.
    pub(crate) is_open: bool,
    /// What is shown of it, without its tables.
    pub(crate) shown: Vec<CustomSql<'a>>,
    /// The custom SQL.
    positions: BTreeSet<ObjectIx>,
    /// The tables that name it.
    mentioned: HashSet<ObjectIx>,
}

impl<'a> Unclaimed<'a> {
    pub(super) fn find(store: &Merged<'_, 'a>) -> Self {
        let is_sql = |at: &ObjectIx| store.object(*at).entity.kind == ObjectKind::CustomSql;
        let all = store.positions().filter(is_sql).collect::<Vec<_>>();
        if all.is_empty() {
            return Self::default();
        }
        let claimed = claimed(store);
        let unclaimed = all.into_iter().filter(|at| !claimed.contains(at));
        let mut found = Self {
            positions: unclaimed.collect(),
            ..Self::default()
        };
        for at in found.positions.clone() {
            found.add(store, at);
        }
        found.labels.sort_unstable();
        let mentions = |at: &ObjectIx| {
            let queries = &store.object(*at).links.queries;
            let mut queries = queries.iter().filter_map(|query| store.find(*query));
            queries.any(|query| found.contains(query))
        };
        found.mentioned = store.positions().filter(mentions).collect();
        found
    }

    /// Whether custom SQL is among this.
    pub(super) fn contains(&self, sql: ObjectIx) -> bool {
        self.positions.contains(&sql)
    }

    fn add(&mut self, store: &Merged<'_, 'a>, at: ObjectIx) {
        self.labels.push(sql::label(store, at).into_owned());
        self.tables.extend(sql::tables(store, at));
        match sql::describe(store, at) {
            // What Tableau found in it is among the tables.
            Some(shown) => self.shown.push(CustomSql {
                tables: Vec::new(),
                ..shown
            }),
            None => self.is_open |= is_open(store, at),
        }
    }

    /// Whether such custom SQL mentions this table.
    pub(super) fn mentions(&self, table: ObjectIx) -> bool {
        self.mentioned.contains(&table)
    }
}

/// Whether custom SQL may read more tables than Tableau names for it.
fn is_open(store: &Merged, at: ObjectIx) -> bool {
    let object = store.object(at);
    let Content::Intermediate(fields) = object.content else {
        return true;
    };
    let links = object.links.upstream.iter();
    let mut tables = links.filter_map(|link| store.find(*link));
    let is_hidden = |table| match &store.object(table).content {
        Content::Tables(tables) => tables.contains(&None),
        _ => false,
    };
    sql::unreadable(object, fields).is_some() || tables.any(is_hidden)
}

/// Custom SQL with a reader that the export names.
fn claimed(store: &Merged) -> HashSet<ObjectIx> {
    let by_objects = store
        .objects
        .par_iter()
        .filter(|object| object.entity.kind != ObjectKind::Table)
        .flat_map_iter(|object| object.links.upstream.iter().chain(&object.links.columns))
        .filter_map(|link| store.find(*link))
        .filter(|at| store.object(*at).entity.kind == ObjectKind::CustomSql);
    let mut claimed = HashSet::new();
    claimed.extend(by_objects.collect::<Vec<_>>());
    claimed
}
