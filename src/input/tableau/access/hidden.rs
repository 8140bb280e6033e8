//! Tables whose names the Metadata API hides, and the custom SQL that reads them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::wire::{AnyList, CustomSql, Database, Field, Table};
use super::mentioned::Mentioned;
use super::newest::Newest;
use crate::model::access::{AssetId, AssetKind, HiddenTable, Told};

/// What exports of a site tell of tables, with a name or without.
#[derive(Debug, Default)]
pub(super) struct TableNames {
    tables: BTreeMap<Mentioned, TableFacts>,
    /// The custom SQL that reads tables: the name of each, by table.
    custom_sql: BTreeMap<Mentioned, BTreeSet<String>>,
}

#[derive(Debug, Default)]
struct TableFacts {
    is_named: Newest<bool>,
    connection: Newest<String>,
    database: Newest<String>,
    /// Both of its ids, where a copy has two.
    ids: BTreeSet<String>,
}

impl TableNames {
    /// Adds a copy of a table, at this time in milliseconds since 1970. A mere mention says nothing of
    /// the name.
    pub(super) fn add(&mut self, at: Option<i64>, table: &Table, within: Option<&Database>) {
        let fields = [table.name.as_deref(), table.full_name.as_deref()];
        let is_of_database = matches!(table.typename.as_deref(), None | Some("DatabaseTable"));
        if fields == [Field::Absent; 2] || !is_of_database {
            return;
        }
        let Some(key) = Mentioned::of(table.luid.as_deref(), table.id.as_deref()) else {
            return;
        };
        let facts = self.tables.entry(key).or_default();
        let ids = [table.luid.as_deref(), table.id.as_deref()];
        facts.ids.extend(ids.into_iter().flatten().map(identity));
        let is_named = fields.iter().any(|field| field.text().is_some());
        facts.is_named.add(at, is_named);
        let database = table.database.as_ref().or(within);
        let of_database = database.and_then(|database| database.connection_type.as_deref());
        let own = table.connection_type.as_deref();
        if let Some(connection) = own.or(of_database) {
            facts.connection.add(at, connection.to_owned());
        }
        if let Some(name) = database.and_then(|database| database.name.as_deref().text()) {
            facts.database.add(at, name.to_owned());
        }
    }

    /// Adds custom SQL with the tables that Tableau found in it.
    pub(super) fn add_sql(&mut self, at: Option<i64>, sql: &CustomSql) {
        let name = sql.name.as_deref().text().unwrap_or_default();
        for table in sql.tables.items() {
            self.add(at, table, None);
            if let Some(key) = Mentioned::of(table.luid.as_deref(), table.id.as_deref()) {
                let names = self.custom_sql.entry(key).or_default();
                names.insert(name.to_owned());
            }
        }
    }

    /// Adds what other exports of the site tell.
    pub(super) fn absorb(&mut self, other: Self) {
        for (key, facts) in other.tables {
            self.tables.entry(key).or_default().absorb(facts);
        }
        for (key, names) in other.custom_sql {
            self.custom_sql.entry(key).or_default().extend(names);
        }
    }

    /// The tables without a name. `luids` has the luids of tables by their ids.
    pub(super) fn hidden(self, luids: &BTreeMap<String, String>) -> BTreeMap<AssetId, HiddenTable> {
        let mut tables = BTreeMap::<AssetId, TableFacts>::new();
        for (key, facts) in self.tables {
            tables.entry(key.table(luids)).or_default().absorb(facts);
        }
        // Copies of one time that tell both are one table whose name is shown somewhere.
        tables.retain(|_, facts| matches!(facts.is_named.told(), Told::Given { value: false, .. }));
        let mut custom_sql = BTreeMap::<AssetId, BTreeSet<String>>::new();
        for (key, names) in self.custom_sql {
            custom_sql
                .entry(key.table(luids))
                .or_default()
                .extend(names);
        }
        let finish = |(id, facts): (AssetId, TableFacts)| {
            let table = HiddenTable {
                ids: facts.ids,
                connection: facts.connection.any().cloned(),
                database: facts.database.any().cloned(),
                custom_sql: custom_sql.remove(&id).unwrap_or_default(),
            };
            (id, table)
        };
        tables.into_iter().map(finish).collect()
    }
}

impl TableFacts {
    fn absorb(&mut self, other: Self) {
        self.is_named.absorb(other.is_named);
        self.connection.absorb(other.connection);
        self.database.absorb(other.database);
        self.ids.extend(other.ids);
    }
}

fn identity(id: &str) -> String {
    AssetId::new(AssetKind::Table, id).luid
}
