//! Tables of databases, and lists that have tables of any kind.

use super::super::fields::{Database, Table};
use super::super::incoming::LastTable;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{self, AnyList, Field};
use crate::model::ObjectKind;

impl<'a> Ingest<'_, 'a> {
    pub(super) fn add_upstream_tables<'w>(
        &mut self,
        links: &mut Links,
        tables: &impl AnyList<wire::Table<'w>>,
    ) {
        self.add_upstream(links, ObjectKind::Table, tables, Self::add_table);
    }

    pub(super) fn add_table(&mut self, table: &wire::Table) -> Ref {
        self.add_database_table(table, Table::from(table))
    }

    /// Adds a table of any kind.
    pub(super) fn add_any_table(&mut self, table: &wire::Table) -> Ref {
        self.add_table_in(table, None)
    }

    /// Adds a table of any kind, which is in this database unless it names one itself.
    pub(super) fn add_table_in(&mut self, table: &wire::Table, holder: Option<Database>) -> Ref {
        match kind_of(table) {
            ObjectKind::CustomSql => return self.add_table_of_sql(table),
            ObjectKind::VirtualTable => return self.add_table_of_connection(table),
            _ => {}
        }
        let mut fields = Table::from(table);
        if let Some(holder) = holder {
            fields.database = Some(fields.database.unwrap_or_default().inside(holder));
        } else if table.typename.is_none() && has_only_id_and_name(table) {
            // The table may be of any kind and is described elsewhere.
            let (id, luid) = (table.id.as_deref(), table.luid.as_deref());
            let name = table.name.as_deref().text();
            let reference = self.reference(Mention::new(ObjectKind::Table, id, luid, name));
            self.add_readers(reference, &table.readers);
            return reference;
        }
        self.add_database_table(table, fields)
    }

    /// Adds a table of a database, with the queries that mention it, the flows that write it and
    /// those who read it.
    fn add_database_table(&mut self, table: &wire::Table, fields: Table) -> Ref {
        let (id, luid) = (table.id.as_deref(), table.luid.as_deref());
        let mention = Mention::new(ObjectKind::Table, id, luid, None);
        let queries = table.referenced_by_queries.with_nodes();
        let is_plain = queries.is_none() && !table.upstream_flows.is_requested();
        if is_plain && let Some(last) = self.last_table(&mention, &fields) {
            self.add_readers_of_table(last.reference, table);
            return last.reference;
        }
        let reference = self.reference_to_table(mention, &fields);
        self.add_readers_of_table(reference, table);
        let mut links = Links::default();
        for query in queries.iter().flat_map(|queries| &queries.items) {
            let query = self.add_custom_sql(query);
            self.add_downstream_ref(reference, query);
            links.queries.push(query);
        }
        self.add_upstream_flows(&mut links, &table.upstream_flows);
        let is_nameless = [fields.name, fields.full_name] == [Field::Absent; 2];
        if is_nameless && links == Links::default() {
            return reference;
        }
        let stored = self.add_record(reference, None, Fields::Table(&fields), links);
        if let (Fields::Table(fields), true) = (stored, is_plain) {
            self.remember_table(reference, fields);
        }
        reference
    }

    fn add_readers_of_table(&mut self, reference: Ref, table: &wire::Table) {
        self.add_readers(reference, &table.readers);
        self.add_readers_of_columns(reference, &table.columns);
    }

    /// The number of a table's mention. A table without an id is identified by its fields.
    fn reference_to_table(&mut self, mention: Mention, fields: &Table) -> Ref {
        if mention.has_id() {
            return self.reference(mention);
        }
        let id = format!("\0{fields:?}");
        self.reference(Mention {
            id: Some(&id),
            ..mention
        })
    }

    /// The table of this mention, if its last copy has the same fields and time of capture.
    fn last_table(&self, mention: &Mention, fields: &Table) -> Option<LastTable<'a>> {
        let last = self.store.last_tables.get(mention.id.or(mention.luid)?)?;
        let is_same = last.mention == *mention
            && last.captured_at == self.provenance.captured_at
            && last.fields == fields;
        is_same.then_some(*last)
    }

    fn remember_table(&mut self, reference: Ref, fields: &'a Table<'a>) {
        let mention = self.mentions.get(reference);
        if let Some(id) = mention.id.or(mention.luid) {
            let last = LastTable {
                mention,
                reference,
                captured_at: self.provenance.captured_at,
                fields,
            };
            self.store.last_tables.insert(id, last);
        }
    }
}

/// The kind of a table in a list that has tables of any kind. Without `__typename`, the fields of
/// custom SQL and of virtual connection tables show it as well.
fn kind_of(table: &wire::Table) -> ObjectKind {
    match table.typename.as_deref() {
        Some("CustomSQLTable") => ObjectKind::CustomSql,
        Some("VirtualConnectionTable") => ObjectKind::VirtualTable,
        Some(_) => ObjectKind::Table,
        None if table.query != Field::Absent
            || table.is_unsupported_custom_sql.is_some()
            || table.tables.is_requested() =>
        {
            ObjectKind::CustomSql
        }
        None if table.contains_unsupported_custom_sql.is_some()
            || table.virtual_connection.is_some() =>
        {
            ObjectKind::VirtualTable
        }
        None => ObjectKind::Table,
    }
}

/// Whether a table has an id and a name, but nothing else to find it by in a warehouse.
fn has_only_id_and_name(table: &wire::Table) -> bool {
    (table.id.is_some() || table.luid.is_some())
        && table.name.as_deref().text().is_some()
        && [table.full_name.as_deref(), table.schema.as_deref()] == [Field::Absent; 2]
        && table.database.is_none()
}
