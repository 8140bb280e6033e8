//! Tableau's list of the tables of custom SQL, and which of the names in the query are these tables.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt};

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

/// Named tables by name and schema without case; the schema is `None` for those that leave it out.
struct ByName<'n, 'a>(HashMap<(String, Option<String>), Vec<Named<'n, 'a>>>);

/// A table that a query names, and its readable name.
type Named<'n, 'a> = (&'n Table<'a>, &'n Relation<'a>);

impl<'n, 'a> ByName<'n, 'a> {
    fn new(named: impl Iterator<Item = &'n Table<'a>>) -> Self {
        let mut by_name = HashMap::new();
        for table in named {
            let Ok(name) = &table.name else { continue };
            let key = (folded(&name.name), name.schema.as_deref().map(folded));
            let of_name = by_name.entry(key).or_insert_with(Vec::new);
            of_name.push((table, name));
        }
        Self(by_name)
    }

    /// The tables whose name is that of a listed one, as far as both say.
    fn candidates(
        &self,
        listed: &Relation,
        is_same: impl Fn(&str, &str) -> bool,
    ) -> impl Iterator<Item = &'n Table<'a>> {
        let name = folded(&listed.name);
        let schema = listed.schema.as_deref().map(folded);
        let without_schema = schema.is_some().then(|| (name.clone(), None));
        let keys = [Some((name, schema)), without_schema];
        let of_name = keys.into_iter().flatten();
        let of_name = of_name.filter_map(|key| self.0.get(&key)).flatten();
        let fits = |one: Option<&str>, other: Option<&str>| match (one, other) {
            (Some(one), Some(other)) => is_same(one, other),
            _ => true,
        };
        let is_listed = |named: &Relation| {
            fits(Some(&named.name), Some(&listed.name))
                && fits(named.schema.as_deref(), listed.schema.as_deref())
                && fits(named.database.as_deref(), listed.database.as_deref())
        };
        let found = of_name.filter(|(_, named)| is_listed(named));
        found
            .map(|(table, _)| *table)
            .collect::<Vec<_>>()
            .into_iter()
    }
}
