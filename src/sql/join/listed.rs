//! Tableau's list of the tables of custom SQL, and which of the names in the query are these tables.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use crate::model::relation::{Relation, folded};
use crate::model::{CustomSql, Table, TableIx};

/// The tables with a readable name that Tableau lists.
pub(super) struct Listed<'t, 'a>(BTreeMap<TableIx, &'t Relation<'a>>);

impl<'t, 'a> Listed<'t, 'a> {
    pub(super) fn new(sql: &CustomSql, tables: &'t [Table<'a>]) -> Self {
        let listed = sql.tables.iter().filter_map(|at| {
            let name = tables[at.0].name.as_ref().ok()?;
            Some((*at, name))
        });
        Self(listed.collect())
    }

    /// The name of a table, to compare it by; empty if it is not readable.
    pub(super) fn folded_name(&self, at: TableIx) -> String {
        self.0
            .get(&at)
            .map(|name| folded(&name.name))
            .unwrap_or_default()
    }

    /// Whether Tableau gives no schema for a table.
    pub(super) fn lacks_schema(&self, at: TableIx) -> bool {
        self.0.get(&at).is_some_and(|name| name.schema.is_none())
    }

    /// The named tables that Tableau lists, each with its place in the list. A name in a query may
    /// leave out schema and database, and one in the list may have another case; a listed table that
    /// has its very name in the query is not another one in another case.
    pub(super) fn covered<'n>(
        &self,
        named: &'n BTreeMap<Table<'a>, usize>,
    ) -> BTreeMap<&'n Table<'a>, TableIx> {
        let by_name = ByName::new(named.keys());
        let mut covered = BTreeMap::new();
        let mut exact = BTreeSet::new();
        for (at, listed) in &self.0 {
            for table in by_name.candidates(listed, |one, other| one == other) {
                exact.insert(*at);
                covered.entry(table).or_insert(*at);
            }
        }
        let others = self.0.iter().filter(|(at, _)| !exact.contains(at));
        for (at, listed) in others {
            let is_same = |one: &str, other: &str| folded(one) == folded(other);
            for table in by_name.candidates(listed, is_same) {
                covered.entry(table).or_insert(*at);
            }
        }
        covered
    }
}

/// A table that a query names, and its readable name.
type Named<'n, 'a> = (&'n Table<'a>, &'n Relation<'a>);

/// A part that may be left out, without case.
type Folded = Option<String>;

/// Named tables by what a listed one may say of its name.
#[derive(Default)]
struct ByName<'n, 'a> {
    whole: HashMap<(String, Folded, Folded), Vec<Named<'n, 'a>>>,
    by_schema: HashMap<(String, Folded), Vec<Named<'n, 'a>>>,
    by_name: HashMap<String, Vec<Named<'n, 'a>>>,
}

impl<'n, 'a> ByName<'n, 'a> {
    fn new(named: impl Iterator<Item = &'n Table<'a>>) -> Self {
        let mut all = Self::default();
        for table in named {
            let Ok(relation) = &table.name else { continue };
            let [name, schema, database] = folded_parts(relation);
            let name = name.unwrap_or_default();
            let named = (table, relation);
            let by_schema = (name.clone(), schema.clone());
            all.by_name.entry(name.clone()).or_default().push(named);
            all.by_schema.entry(by_schema).or_default().push(named);
            let whole = all.whole.entry((name, schema, database));
            whole.or_default().push(named);
        }
        all
    }

    /// The tables whose name is that of a listed one, as far as both say.
    fn candidates(
        &self,
        listed: &Relation,
        is_same: impl Fn(&str, &str) -> bool,
    ) -> Vec<&'n Table<'a>> {
        let fits = |one: Option<&str>, other: Option<&str>| match (one, other) {
            (Some(one), Some(other)) => is_same(one, other),
            _ => true,
        };
        let is_listed = |named: &Relation| {
            fits(Some(&named.name), Some(&listed.name))
                && fits(named.schema.as_deref(), listed.schema.as_deref())
                && fits(named.database.as_deref(), listed.database.as_deref())
        };
        let near = self.near(listed);
        let found = near.into_iter().filter(|(_, named)| is_listed(named));
        found.map(|(table, _)| *table).collect()
    }

    /// The tables of the same name but for case, as far as both say.
    fn near(&self, listed: &Relation) -> Vec<&Named<'n, 'a>> {
        let [name, schema, database] = folded_parts(listed);
        let name = name.unwrap_or_default();
        let schemas = [schema.clone(), None];
        match (schema, database) {
            (None, _) => self.by_name.get(&name).into_iter().flatten().collect(),
            (Some(_), None) => {
                let keys = schemas.map(|schema| (name.clone(), schema));
                let found = keys.iter().filter_map(|key| self.by_schema.get(key));
                found.flatten().collect()
            }
            (Some(_), Some(database)) => {
                let databases = [Some(database), None];
                let keys = schemas.iter().flat_map(|schema| {
                    let databases = databases.iter().cloned();
                    databases.map(|database| (name.clone(), schema.clone(), database))
                });
                let found = keys.filter_map(|key| self.whole.get(&key));
                found.flatten().collect()
            }
        }
    }
}

/// Name, schema and database without case.
fn folded_parts(relation: &Relation) -> [Folded; 3] {
    [
        Some(folded(&relation.name)),
        relation.schema.as_deref().map(folded),
        relation.database.as_deref().map(folded),
    ]
}
