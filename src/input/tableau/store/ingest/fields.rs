//! Fields of data sources, and the columns that they come from.

use std::collections::BTreeMap;

use super::super::fields::Intermediate;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{AnyList, Column, DatasourceField, Field, List};
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    /// Adds fields that a response lists outside of their data sources.
    pub(super) fn add_fields<'w>(&mut self, fields: impl Iterator<Item = &'w DatasourceField<'w>>) {
        let mut by_datasource: BTreeMap<Ref, Links> = BTreeMap::new();
        for field in fields {
            let Some(datasource) = &field.datasource else {
                continue;
            };
            let mention = Mention::from_reference(ObjectKind::Datasource, datasource);
            if !mention.has_id() {
                continue;
            }
            let datasource = self.reference(mention);
            self.note_field(datasource, field);
            self.add_readers(datasource, &field.readers);
            if field.shows_tables() {
                let links = by_datasource.entry(datasource).or_default();
                self.add_columns_of(links, field);
            }
        }
        let fields = Intermediate {
            is_described: true,
            ..Intermediate::default()
        };
        for (datasource, links) in by_datasource {
            self.add_record(datasource, None, Fields::Intermediate(&fields), links);
        }
    }

    /// Adds a column that a response lists outside of its table.
    pub(super) fn add_column(&mut self, column: &Column) {
        let Field::Given(table) = &column.table else {
            return;
        };
        let table = self.add_any_table(table);
        self.note_readers_of_column(table, column.name.as_deref(), &column.referenced_by_fields);
        self.add_readers_of_column(table, &column.referenced_by_fields, &column.readers);
    }

    /// Adds the tables behind the fields of a data source or view. A hidden field, column or table
    /// may be that of any table; thousands of them show no more than one.
    pub(super) fn add_columns_of_fields<'w>(
        &mut self,
        links: &mut Links,
        fields: &impl AnyList<DatasourceField<'w>>,
    ) {
        note_null(links, fields);
        let Some(list) = fields
            .with_nodes()
            .filter(|list| list.items.iter().any(DatasourceField::shows_tables))
        else {
            return;
        };
        note_gaps(links, list);
        for field in &list.items {
            self.add_columns_of(links, field);
        }
    }

    /// Adds the tables behind one field.
    fn add_columns_of(&mut self, links: &mut Links, field: &DatasourceField) {
        self.add_columns(links, &field.upstream_columns);
        note_null(links, &field.upstream_tables);
        if let Some(tables) = field.upstream_tables.with_nodes() {
            note_gaps(links, tables);
            for table in &tables.items {
                let table = self.add_table(table);
                links.columns.push(table);
            }
        }
    }

    /// Adds the tables of columns.
    pub(super) fn add_columns<'w>(
        &mut self,
        links: &mut Links,
        columns: &impl AnyList<Column<'w>>,
    ) {
        note_null(links, columns);
        let Some(list) = columns.with_nodes() else {
            return;
        };
        note_gaps(links, list);
        for column in &list.items {
            match &column.table {
                Field::Given(table) => {
                    let table = self.add_any_table(table);
                    links.columns.push(table);
                }
                Field::Null => note_hidden(links),
                Field::Absent => {}
            }
        }
    }

    /// Adds the data source of a field that a view uses, where the field itself does not show what
    /// it comes from.
    pub(super) fn add_datasource_of_field(&mut self, links: &mut Links, field: &DatasourceField) {
        let Some(datasource) = field.datasource.as_ref().filter(|_| !field.shows_tables()) else {
            return;
        };
        let mention = Mention::from_reference(ObjectKind::Datasource, datasource);
        if mention.has_id() {
            let datasource = self.reference(mention);
            links.upstream.push(datasource);
        }
    }
}

/// Notes what is missing in a list of fields, columns or tables.
fn note_gaps<T>(links: &mut Links, list: &List<T>) {
    if list.nulls > 0 {
        note_hidden(links);
    }
    if list.is_cut() {
        links.cut.insert(ObjectKind::Table);
    }
}

/// Notes that a list of fields, columns or tables is null.
fn note_null<T>(links: &mut Links, list: &impl AnyList<T>) {
    if list.is_null() {
        links.null_lists.insert(ObjectKind::Table);
    }
}

fn note_hidden(links: &mut Links) {
    let count = links.nulls.entry(ObjectKind::Table).or_default();
    *count = (*count).max(1);
}
