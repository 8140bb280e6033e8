//! Virtual connections and their tables.

use super::super::fields::Intermediate;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{List, Table, VirtualConnection, VirtualConnectionTable};
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    pub(super) fn add_upstream_virtual_connections(
        &mut self,
        links: &mut Links,
        connections: &List<VirtualConnection>,
        tables: &List<VirtualConnectionTable>,
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
            table.upstream_tables.with_nodes(),
            table.contains_unsupported_custom_sql,
        );
        if let Some(connection) = &table.virtual_connection {
            let connection = Mention::from_reference(ObjectKind::VirtualConnection, connection);
            let connection = self.reference_with_id(connection);
            self.store.members.push((reference, connection));
        }
        reference
    }

    /// Adds a table of a virtual connection. Without a list of tables it is only a reference.
    pub(super) fn add_virtual_table_record(
        &mut self,
        mention: Mention,
        tables: Option<&List<Table>>,
        unsupported_sql: Option<bool>,
    ) -> Ref {
        let reference = self.reference_with_id(mention);
        if let Some(tables) = tables {
            let mut links = Links::default();
            self.add_upstream_tables(&mut links, tables);
            let fields = Intermediate {
                name: mention.name,
                unsupported_sql,
                has_tables: true,
                ..Intermediate::default()
            };
            self.add_record(reference, None, Fields::Intermediate(&fields), links);
        }
        reference
    }
}
