//! Virtual connections and their tables.

use super::super::fields::Intermediate;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{
    AnyList, Reference, Table, VirtualConnection, VirtualConnectionTable,
};
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    pub(super) fn add_upstream_virtual_connections<'w>(
        &mut self,
        links: &mut Links,
        connections: &impl AnyList<VirtualConnection<'w>>,
        tables: &impl AnyList<VirtualConnectionTable<'w>>,
    ) {
        self.add_upstream(
            links,
            ObjectKind::VirtualConnection,
            connections,
            Self::add_virtual_connection,
        );
        self.add_upstream(
            links,
            ObjectKind::VirtualTable,
            tables,
            Self::add_virtual_table,
        );
    }

    /// Adds a connection and its tables. Reading the connection is not reading all of its tables,
    /// so these are no links of it.
    pub(super) fn add_virtual_connection(&mut self, connection: &VirtualConnection) -> Ref {
        let mention = Mention::new(
            ObjectKind::VirtualConnection,
            connection.id.as_deref(),
            connection.luid.as_deref(),
            connection.name.as_deref(),
        );
        let reference = self.reference_with_id(mention);
        self.add_readers(reference, &connection.readers);
        for table in &connection.tables.items {
            let table = self.add_virtual_table(table);
            self.store.members.push((table, reference));
        }
        reference
    }

    pub(super) fn add_virtual_table(&mut self, table: &VirtualConnectionTable) -> Ref {
        let name = table.name.as_deref().text();
        let (id, luid) = (table.id.as_deref(), table.luid.as_deref());
        let reference = self.add_virtual_table_record(
            Mention::new(ObjectKind::VirtualTable, id, luid, name),
            &table.upstream_tables,
            table.contains_unsupported_custom_sql,
        );
        self.add_connection_of(reference, table.virtual_connection.as_ref());
        self.add_readers(reference, &table.readers);
        self.add_readers_of_columns(reference, &table.columns);
        reference
    }

    /// Adds a table of a virtual connection from a list of tables of any kind.
    pub(super) fn add_table_of_connection(&mut self, table: &Table) -> Ref {
        let (id, luid) = (table.id.as_deref(), table.luid.as_deref());
        let name = table.name.as_deref().text();
        let reference = self.add_virtual_table_record(
            Mention::new(ObjectKind::VirtualTable, id, luid, name),
            &table.upstream_tables,
            table.contains_unsupported_custom_sql,
        );
        self.add_connection_of(reference, table.virtual_connection.as_deref());
        self.add_readers(reference, &table.readers);
        self.add_readers_of_columns(reference, &table.columns);
        reference
    }

    fn add_connection_of(&mut self, table: Ref, connection: Option<&Reference>) {
        if let Some(connection) = connection {
            let connection = Mention::from_reference(ObjectKind::VirtualConnection, connection);
            let connection = self.reference_with_id(connection);
            self.store.members.push((table, connection));
        }
    }

    /// Adds a table of a virtual connection. Without a list of tables it is only a reference.
    fn add_virtual_table_record<'w>(
        &mut self,
        mention: Mention,
        tables: &impl AnyList<Table<'w>>,
        unsupported_sql: Option<bool>,
    ) -> Ref {
        let reference = self.reference_with_id(mention);
        if tables.is_requested() || unsupported_sql == Some(true) {
            let mut links = Links::default();
            self.add_upstream_tables(&mut links, tables);
            let fields = Intermediate {
                name: mention.name,
                unsupported_sql,
                is_described: tables.with_nodes().is_some(),
                ..Intermediate::default()
            };
            self.add_record(reference, None, Fields::Intermediate(&fields), links);
        }
        reference
    }
}
