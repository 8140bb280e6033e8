//! Tables of databases, and lists that have tables of any kind.

use super::super::fields::Table;
use super::super::incoming::LastTable;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{self, CustomSql, Field, Flow, List};
use crate::model::ObjectKind;

impl<'a> Ingest<'_, 'a> {
    pub(super) fn add_upstream_tables(&mut self, links: &mut Links, tables: &List<wire::Table>) {
        self.add_upstream(links, ObjectKind::Table, tables, Self::add_table);
    }

    pub(super) fn add_table(&mut self, table: &wire::Table) -> Ref {
        let queries = table.referenced_by_queries.with_nodes();
        self.add_table_read_by(table, queries, table.upstream_flows.with_nodes())
    }

    /// Adds a table of any kind.
    pub(super) fn add_any_table(&mut self, table: &wire::Table) -> Ref {
        let (id, luid) = (table.id.as_deref(), table.luid.as_deref());
        let name = table.name.as_deref().text();
        match table.typename.as_deref() {
            Some("CustomSQLTable") => self.add_table_of_sql(table),
            Some("VirtualConnectionTable") => {
                let mention = Mention::new(ObjectKind::VirtualTable, id, luid, name);
                self.add_virtual_table_record(
                    mention,
                    table.upstream_tables.with_nodes(),
                    table.contains_unsupported_custom_sql,
                )
            }
            // The table may be of any kind and is described elsewhere.
            None if has_only_id_and_name(table) => {
                self.reference(Mention::new(ObjectKind::Table, id, luid, name))
            }
            _ => self.add_table_read_by(table, None, None),
        }
    }

    /// Adds a table that these queries mention and these flows write.
    fn add_table_read_by(
        &mut self,
        table: &wire::Table,
        queries: Option<&List<CustomSql>>,
        flows: Option<&List<Flow>>,
    ) -> Ref {
        let (id, luid) = (table.id.as_deref(), table.luid.as_deref());
        let mention = Mention::new(ObjectKind::Table, id, luid, None);
        let fields = Table::from(table);
        let is_plain = queries.is_none() && flows.is_none();
        if is_plain && let Some(last) = self.last_table(&mention, &fields) {
            return last.reference;
        }
        let reference = self.reference_to_table(mention, &fields);
        let mut links = Links::default();
        for query in queries.iter().flat_map(|queries| &queries.items) {
            let query = self.add_custom_sql(query);
            self.add_downstream_ref(reference, query);
            links.queries.push(query);
        }
        if let Some(flows) = flows {
            self.add_upstream_flows(&mut links, flows);
        }
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

/// Whether a table has an id and a name, but nothing else to find it by in a warehouse.
fn has_only_id_and_name(table: &wire::Table) -> bool {
    (table.id.is_some() || table.luid.is_some())
        && table.name.as_deref().text().is_some()
        && [table.full_name.as_deref(), table.schema.as_deref()] == [Field::Absent; 2]
        && table.database.is_none()
}
