//! Custom SQL.

use super::super::fields::Intermediate;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{AnyList, CustomSql, Field, Table};
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    pub(super) fn add_custom_sql(&mut self, sql: &CustomSql) -> Ref {
        let name = sql.name.as_deref().text();
        let reference = self.add_sql(
            Mention::new(ObjectKind::CustomSql, sql.id.as_deref(), None, name),
            Intermediate::from_sql(
                &sql.query,
                sql.is_unsupported_custom_sql,
                &sql.connection_type,
                &sql.database,
            ),
            &sql.tables,
        );
        self.add_readers(reference, &sql.readers);
        self.add_readers_of_columns(reference, &sql.columns);
        reference
    }

    /// Adds custom SQL from a list of tables of any kind.
    pub(super) fn add_table_of_sql(&mut self, table: &Table) -> Ref {
        let name = table.name.as_deref().text();
        let reference = self.add_sql(
            Mention::new(ObjectKind::CustomSql, table.id.as_deref(), None, name),
            Intermediate::from_sql(
                &table.query,
                table.is_unsupported_custom_sql,
                &table.connection_type,
                &table.database,
            ),
            &table.tables,
        );
        self.add_readers(reference, &table.readers);
        self.add_readers_of_columns(reference, &table.columns);
        reference
    }

    fn add_sql<'w>(
        &mut self,
        mention: Mention,
        fields: Intermediate,
        tables: &impl AnyList<Table<'w>>,
    ) -> Ref {
        let fields = Intermediate {
            name: mention.name,
            has_tables: tables.with_nodes().is_some(),
            is_described: true,
            ..fields
        };
        let reference = self.reference_with_id(mention);
        let mut links = Links::default();
        self.add_upstream_tables(&mut links, tables);
        // Otherwise this is a reference to custom SQL that is described elsewhere.
        let is_described = tables.is_requested()
            || fields.query != Field::Absent
            || fields.unsupported_sql.is_some();
        if is_described {
            self.add_record(reference, None, Fields::Intermediate(&fields), links);
        }
        reference
    }
}
