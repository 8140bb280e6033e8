//! Databases, with the tables in them.

use super::super::fields::Database;
use super::Ingest;
use crate::input::tableau::wire::{self, AnyList};
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    /// Adds a database and its tables.
    pub(super) fn add_database(&mut self, database: &wire::Database) {
        let fields = Database::from(database).store_in(self.interner);
        if let Some(id) = fields.id {
            let captured_at = self.provenance.captured_at;
            self.store.databases.add(id, captured_at, fields);
        }
        let tells_readers = |table: &wire::Table| table.readers.lists().is_some();
        if database.tables.is_null() || database.tables.items().any(tells_readers) {
            self.note_open(ObjectKind::Table, &database.tables);
        }
        for table in database.tables.items() {
            self.add_table_in(table, Some(fields));
        }
    }

    /// Adds the databases upstream of an object. Reading a database is not reading all of its
    /// tables, so they are no links of the object.
    pub(super) fn add_databases<'w>(&mut self, databases: &impl AnyList<wire::Database<'w>>) {
        let has_tables = |one: &&wire::Database| one.tables.with_nodes().is_some();
        for database in databases.items().filter(has_tables) {
            self.add_database(database);
        }
    }
}
