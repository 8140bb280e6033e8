//! Custom SQL whose reader the export does not name. A table names all custom SQL that mentions it,
//! but not whose it is, so such custom SQL is read by nobody.

use std::collections::BTreeSet;

use foldhash::{HashSet, HashSetExt};
use rayon::prelude::*;

use super::sql;
use crate::input::tableau::store::{Content, Merged, ObjectIx};
use crate::model::{ObjectKind, TableIx};

/// The custom SQL of a site whose reader is unknown.
#[derive(Default)]
pub(crate) struct Unclaimed {
    /// What messages call it, one label for each.
    pub(crate) labels: Vec<String>,
    /// The tables that it reads.
    pub(crate) tables: BTreeSet<TableIx>,
    /// Whether it may read more tables than the export shows.
    pub(crate) is_open: bool,
    /// The tables that name it.
    mentioned: HashSet<ObjectIx>,
}

impl Unclaimed {
    pub(super) fn find(store: &Merged) -> Self {
        let is_sql = |at: &ObjectIx| store.object(*at).entity.kind == ObjectKind::CustomSql;
        let all = store.positions().filter(is_sql).collect::<Vec<_>>();
        if all.is_empty() {
            return Self::default();
        }
        let claimed = claimed(store);
        let unclaimed = all
            .into_iter()
            .filter(|at| !claimed.contains(at))
            .collect::<BTreeSet<_>>();
        let mut found = Self::default();
        for at in &unclaimed {
            found.add(store, *at);
        }
        found.labels.sort_unstable();
        let mentions = |at: &ObjectIx| {
            let queries = &store.object(*at).links.queries;
            let mut queries = queries.iter().filter_map(|query| store.find(*query));
            queries.any(|query| unclaimed.contains(&query))
        };
        found.mentioned = store.positions().filter(mentions).collect();
        found
    }

    fn add(&mut self, store: &Merged, at: ObjectIx) {
        let object = store.object(at);
        self.labels.push(sql::label(store, at));
        self.is_open |= match object.content {
            Content::Intermediate(fields) => sql::unreadable(object, fields).is_some(),
            Content::Unknown
            | Content::Workbook(_)
            | Content::Tables(_)
            | Content::TooManyTables => true,
        };
        for table in object
            .links
            .upstream
            .iter()
            .filter_map(|link| store.find(*link))
        {
            if let Content::Tables(tables) = &store.object(table).content {
                let tables = store.tables_read_by(at, table).unwrap_or(tables);
                self.tables.extend(tables.iter().flatten());
                self.is_open |= tables.contains(&None);
            }
        }
    }

    /// Whether such custom SQL mentions this table.
    pub(super) fn mentions(&self, table: ObjectIx) -> bool {
        self.mentioned.contains(&table)
    }
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
