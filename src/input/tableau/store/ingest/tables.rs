//! Tables, and what stands between tables and their readers: custom SQL and virtual connections.

use super::super::Last;
use super::super::fields::{Database, InArena, Intermediate, Table, text};
use super::super::kind::Kind;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::{Fields, Record};
use super::Ingest;
use crate::input::tableau::wire::{
    self, AnyTable, CustomSql, Field, Flow, List, VirtualConnection, VirtualConnectionTable,
};

impl<'a> Ingest<'_, 'a> {
    pub(super) fn add_table(&mut self, table: &wire::Table) -> Ref {
        let fields = Table::new(table);
        let (queries, flows) = (&table.referenced_by_queries, &table.upstream_flows);
        self.add_table_of(
            Mention::new(Kind::Table, &table.id, &table.luid, None),
            &fields,
            queries,
            flows,
        )
    }

    pub(super) fn add_table_of(
        &mut self,
        mention: Mention,
        fields: &Table,
        queries: &List<CustomSql>,
        flows: &List<Flow>,
    ) -> Ref {
        let is_plain = !queries.has_nodes && !flows.has_nodes;
        if let Some(last) = self
            .last(&mention)
            .filter(|last| is_plain && last.fields == fields)
        {
            return last.reference;
        }
        let reference = if mention.has_id() {
            self.number(mention)
        } else {
            // Without ids, a table is what it says of itself.
            let id = format!("\0{fields:?}");
            self.number(Mention {
                id: Some(&id),
                ..mention
            })
        };
        let mut links = Links::default();
        for query in &queries.items {
            let query = self.add_custom_sql(query);
            self.add_downstream(query, reference);
            links.queries.push(query);
        }
        self.upstream(&mut links, Kind::Flow, flows, Self::add_flow);
        let is_reference = [fields.name, fields.full_name] == [Field::Absent; 2];
        if !is_reference || links != Links::default() {
            let stamp = self.stamp(None);
            let record = self.add_record(
                reference,
                Record {
                    stamp,
                    fields: Fields::Table(fields),
                    links,
                },
            );
            if let (Fields::Table(fields), true) = (record, is_plain) {
                self.remember(reference, fields);
            }
        }
        reference
    }

    /// The table of this mention as it came last, at the same time.
    fn last(&self, mention: &Mention) -> Option<Last<'a>> {
        let last = self.store.last.get(mention.id.or(mention.luid)?)?;
        (last.mention == *mention && last.captured_at == self.provenance.captured_at)
            .then_some(*last)
    }

    fn remember(&mut self, reference: Ref, fields: &'a Table<'a>) {
        let mention = self.mentions.get(reference);
        if let Some(id) = mention.id.or(mention.luid) {
            let captured_at = self.provenance.captured_at;
            self.store.last.insert(
                id,
                Last {
                    mention,
                    reference,
                    captured_at,
                    fields,
                },
            );
        }
    }

    pub(super) fn add_any_table(&mut self, table: &AnyTable) -> Ref {
        let AnyTable { id, luid, .. } = table;
        let name = table.name.borrowed().text();
        match text(&table.typename) {
            Some("CustomSQLTable") => self.add_custom_sql_of(
                Mention::new(Kind::CustomSql, id, &None, name),
                Intermediate::of_sql(
                    &table.query,
                    table.is_unsupported_custom_sql,
                    &table.connection_type,
                    &table.database,
                ),
                &table.tables,
            ),
            Some("VirtualConnectionTable") => {
                let mention = Mention::new(Kind::VirtualTable, id, luid, name);
                self.add_virtual_table_of(mention, &table.upstream_tables, None, None)
            }
            // Only an id and a name: the table may be of any kind, and is described elsewhere.
            None if (id.is_some() || luid.is_some())
                && name.is_some()
                && [table.full_name.borrowed(), table.schema.borrowed()] == [Field::Absent; 2]
                && table.database.is_none() =>
            {
                self.number(Mention::new(Kind::Table, id, luid, name))
            }
            _ => {
                let fields = Table {
                    has_id: id.is_some() || luid.is_some(),
                    name: table.name.borrowed(),
                    full_name: table.full_name.borrowed(),
                    schema: table.schema.borrowed(),
                    connection_type: text(&table.connection_type),
                    database: table.database.as_ref().map(Database::new),
                };
                let mention = Mention::new(Kind::Table, id, luid, None);
                self.add_table_of(mention, &fields, &List::default(), &List::default())
            }
        }
    }

    pub(super) fn add_custom_sql(&mut self, sql: &CustomSql) -> Ref {
        let name = sql.name.borrowed().text();
        let reference = self.add_custom_sql_of(
            Mention::new(Kind::CustomSql, &sql.id, &None, name),
            Intermediate::of_sql(
                &sql.query,
                sql.is_unsupported_custom_sql,
                &sql.connection_type,
                &sql.database,
            ),
            &sql.tables,
        );
        for workbook in &sql.downstream_workbooks.items {
            self.add_downstream_of(Mention::of(Kind::Workbook, workbook), reference);
        }
        let fields = sql
            .columns
            .items
            .iter()
            .flat_map(|column| &column.referenced_by_fields.items);
        let of_fields = fields.filter_map(|field| field.datasource.as_ref());
        for datasource in sql.downstream_datasources.items.iter().chain(of_fields) {
            self.add_downstream_of(Mention::of(Kind::Datasource, datasource), reference);
        }
        reference
    }

    pub(super) fn add_custom_sql_of(
        &mut self,
        mention: Mention,
        intermediate: Intermediate,
        tables: &List<wire::Table>,
    ) -> Ref {
        let intermediate = Intermediate {
            name: mention.name,
            has_tables: tables.has_nodes,
            ..intermediate
        };
        let reference = self.named(mention);
        let mut links = Links::default();
        self.tables(&mut links, tables);
        let is_described = intermediate.has_tables
            || intermediate.query != Field::Absent
            || intermediate.unsupported_sql.is_some();
        if is_described {
            let stamp = self.stamp(None);
            self.add_record(
                reference,
                Record {
                    stamp,
                    fields: Fields::Intermediate(&intermediate),
                    links,
                },
            );
        }
        reference
    }

    pub(super) fn add_virtual_connection(&mut self, connection: &VirtualConnection) -> Ref {
        let VirtualConnection {
            id,
            luid,
            name,
            tables,
        } = connection;
        let reference = self.named(Mention::new(Kind::VirtualConnection, id, luid, text(name)));
        // The connection's tables are known from here on, but nobody reads all of them.
        for table in &tables.items {
            let table = self.add_virtual_table(table);
            self.store.members.push((table, reference));
        }
        reference
    }

    pub(super) fn add_virtual_table(&mut self, table: &VirtualConnectionTable) -> Ref {
        let name = table.name.borrowed().text();
        let mention = Mention::new(Kind::VirtualTable, &table.id, &table.luid, name);
        let connection = table.virtual_connection.as_ref();
        let connection =
            connection.map(|connection| Mention::of(Kind::VirtualConnection, connection));
        let unsupported_sql = table.contains_unsupported_custom_sql;
        self.add_virtual_table_of(mention, &table.upstream_tables, connection, unsupported_sql)
    }

    pub(super) fn add_virtual_table_of(
        &mut self,
        mention: Mention,
        tables: &List<wire::Table>,
        connection: Option<Mention>,
        unsupported_sql: Option<bool>,
    ) -> Ref {
        let reference = self.named(mention);
        let mut links = Links::default();
        self.tables(&mut links, tables);
        if let Some(connection) = connection {
            let connection = self.named(connection);
            self.store.members.push((reference, connection));
        }
        if tables.has_nodes {
            let (name, has_tables) = (mention.name, true);
            let intermediate = Intermediate {
                name,
                unsupported_sql,
                has_tables,
                ..Intermediate::default()
            };
            let stamp = self.stamp(None);
            self.add_record(
                reference,
                Record {
                    stamp,
                    fields: Fields::Intermediate(&intermediate),
                    links,
                },
            );
        }
        reference
    }

    pub(super) fn add_database(&mut self, database: &wire::Database) {
        let database = Database::new(database).store_in(self.interner);
        if let Some(id) = database.id {
            self.store
                .databases
                .add(id, self.provenance.captured_at, database);
        }
    }
}
