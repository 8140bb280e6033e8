//! Tables of custom SQL that have no database or connection of their own: they take those of the
//! custom SQL.

use std::collections::BTreeMap;

use super::candidates::SideResults;
use super::entities::{Entities, ObjectIx};
use super::fields::{Database, Intermediate, Table};
use super::merged::{Content, Databases, Object};
use crate::input::tableau::names;
use crate::input::tableau::wire::Field;
use crate::model::{self, ObjectKind};

/// The tables behind a table object as custom SQL reads them, by both objects.
pub(super) type CompletedTables<'a> = BTreeMap<(ObjectIx, ObjectIx), Vec<Option<model::Table<'a>>>>;

/// Completes the tables of custom SQL. Where all custom SQL that reads a table agrees, the table is
/// completed for all who read it; else it is returned, by what reads it.
pub(super) fn complete<'a>(
    objects: &[Object<'a>],
    side_results: &mut [Option<Box<SideResults<'a>>>],
    entities: &Entities,
    databases: &Databases<'a>,
) -> CompletedTables<'a> {
    let mut completed: BTreeMap<ObjectIx, Vec<(ObjectIx, Vec<_>)>> = BTreeMap::new();
    for (at, object) in objects.iter().enumerate() {
        let Content::Intermediate(sql) = object.content else {
            continue;
        };
        let own = Own::of(sql, databases);
        if object.entity.kind != ObjectKind::CustomSql || own.is_nothing() {
            continue;
        }
        for table in object.links.tables().filter_map(|link| entities.find(link)) {
            let results = side_results[table.index()].as_ref();
            let Some(results) = results.filter(|results| !results.fields.is_empty()) else {
                continue;
            };
            let tables = own.complete_all(results, databases);
            if tables != results.tables {
                let by_sql = completed.entry(table).or_default();
                by_sql.push((ObjectIx::new(at), tables));
            }
        }
    }
    let mut in_sql = CompletedTables::new();
    for (table, by_sql) in completed {
        let agree = by_sql.windows(2).all(|two| two[0].1 == two[1].1);
        match &mut side_results[table.index()] {
            Some(results) if agree && results.fields.iter().all(|fields| fields.has_id) => {
                results.tables.clone_from(&by_sql[0].1);
            }
            _ => in_sql.extend(
                by_sql
                    .into_iter()
                    .map(|(sql, tables)| ((sql, table), tables)),
            ),
        }
    }
    in_sql
}

/// The database and the connection type of custom SQL.
struct Own<'a> {
    database: Option<Database<'a>>,
    connection_type: Option<&'a str>,
}

impl<'a> Own<'a> {
    fn of(sql: &Intermediate<'a>, databases: &Databases<'a>) -> Self {
        let database = sql.database.map(|database| databases.complete(database));
        let inherited = database.and_then(|database| database.connection_type);
        Self {
            database,
            connection_type: not_blank(sql.connection_type).or(not_blank(inherited)),
        }
    }

    fn is_nothing(&self) -> bool {
        self.connection_type.is_none()
            && self
                .database
                .is_none_or(|database| database.name.text().is_none())
    }

    fn complete_all(
        &self,
        results: &SideResults<'a>,
        databases: &Databases<'a>,
    ) -> Vec<Option<model::Table<'a>>> {
        let fields = results.fields.iter();
        let completed = fields.map(|fields| self.complete(fields, databases));
        completed.map(|fields| names::table(&fields)).collect()
    }

    /// The table with what it lacks. A database of its own, also a hidden one, is another one.
    fn complete(&self, table: &Table<'a>, databases: &Databases<'a>) -> Table<'a> {
        let own = table.database.map(|database| databases.complete(database));
        let is_without = own.is_none_or(|own| own.name.text().is_none() && own.name != Field::Null);
        let ids = own
            .and_then(|own| own.id)
            .zip(self.database.and_then(|sql| sql.id));
        let is_other = ids.is_some_and(|(own, sql)| own != sql);
        let mut table = Table {
            database: own,
            ..*table
        };
        if is_without && !is_other {
            let of_sql = self.database.unwrap_or_default();
            table.database = Some(own.unwrap_or_default().inside(of_sql));
        }
        let inherited = table.database.and_then(|database| database.connection_type);
        if not_blank(table.connection_type)
            .or(not_blank(inherited))
            .is_none()
        {
            table.connection_type = self.connection_type;
        }
        table
    }
}

fn not_blank(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}
