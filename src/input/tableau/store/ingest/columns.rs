//! What fields are made of, and which sheets use them, for runs that ask which columns are used.

use super::super::columns::{
    FieldFacts, FieldKind, FieldList, FieldRef, Origin, SheetFacts, SheetsOfWorkbook, hash,
};
use super::super::mentions::{Mention, Ref};
use super::Ingest;
use super::formula;
use super::views::mention;
use crate::input::tableau::wire::{
    AnyList, Column, DatasourceField, Field, FieldReference, List, ReferencingField, View,
};
use crate::model::ObjectKind;

/// Fields that Tableau itself adds to data sources and that come from no column.
const OF_NO_COLUMN: [&str; 6] = [
    "Measure Names",
    "Measure Values",
    ":Measure Names",
    "Multiple Values",
    "Latitude (generated)",
    "Longitude (generated)",
];

impl<'a> Ingest<'_, 'a> {
    /// Notes the fields that a data source lists.
    pub(super) fn note_fields_of_datasource(
        &mut self,
        datasource: Ref,
        list: &List<DatasourceField>,
    ) {
        if !self.asks_columns || !list.has_nodes {
            return;
        }
        let fields = list.items.iter().map(|field| self.field_facts(field));
        let fields = fields.collect();
        self.add_field_list(datasource, is_whole(list), fields);
    }

    /// Notes a field that stands outside of its data source.
    pub(super) fn note_field(&mut self, datasource: Ref, field: &DatasourceField) {
        if self.asks_columns {
            let facts = self.field_facts(field);
            self.add_field_list(datasource, false, vec![facts]);
        }
    }

    /// Notes the fields that a column of a table is said to be in.
    pub(super) fn note_readers_of_column<'w>(
        &mut self,
        table: Ref,
        column: Option<&str>,
        fields: &impl AnyList<ReferencingField<'w>>,
    ) {
        let Some(column) = column.filter(|name| self.asks_columns && !name.is_empty()) else {
            return;
        };
        for field in fields.items() {
            let Some(datasource) = self.datasource_ref(field.datasource.as_ref()) else {
                continue;
            };
            let facts = FieldFacts {
                id: field.id.as_deref().map(hash),
                name: self.name(field.name.as_deref()),
                kind: FieldKind::Other,
                datasource: None,
                columns: Box::new([(self.interner.intern(column), table)]),
                inputs: Box::default(),
                origin: Origin::NotTold,
            };
            self.add_field_list(datasource, false, vec![facts]);
        }
    }

    /// Notes which sheets a workbook has.
    pub(super) fn note_sheets_of_workbook(&mut self, workbook: Ref, sheets: &List<View>) {
        if !self.asks_columns || !sheets.has_nodes {
            return;
        }
        let ids = sheets.items.iter().map(ids);
        let ids = ids.collect::<Vec<_>>();
        self.store.columns.sheets_of.push(SheetsOfWorkbook {
            workbook,
            captured_at: self.provenance.captured_at,
            is_whole: is_whole(sheets) && ids.iter().all(|ids| !ids.is_empty()),
            sheets: ids,
        });
    }

    /// Notes the fields and columns that a sheet or dashboard uses.
    pub(super) fn note_fields_of_view(&mut self, view: &View, workbook: Option<Ref>) {
        let lists = || view.field_lists().filter(|list| list.is_requested());
        let columns = &view.upstream_columns;
        if !self.asks_columns || (lists().next().is_none() && !columns.is_requested()) {
            return;
        }
        let fields = lists().flat_map(AnyList::items);
        let fields = fields.map(|field| self.field_facts(field)).collect();
        let (columns, has_columns) = self.columns_with_tables(columns);
        let mut lists = lists().map(|list| list.with_nodes().is_some_and(is_whole));
        // Where it shows fields, these say more than columns: not all columns of a field may be known.
        let is_whole = lists
            .next()
            .map_or(has_columns, |first| first && lists.all(|all| all));
        let facts = SheetFacts {
            ids: ids(view),
            workbook,
            name: self.name(view.name.as_deref()),
            captured_at: self.provenance.captured_at,
            section: self.provenance.section,
            is_whole,
            fields,
            columns,
        };
        self.store.columns.sheets.push(facts);
    }

    fn add_field_list(&mut self, datasource: Ref, is_whole: bool, fields: Vec<FieldFacts<'a>>) {
        let provenance = (self.provenance.captured_at, self.provenance.section);
        let list = FieldList::new(datasource, provenance, is_whole, fields);
        self.store.columns.lists.push(list);
    }

    fn field_facts(&mut self, field: &DatasourceField) -> FieldFacts<'a> {
        let (mut columns, mut has_columns) = self.columns_with_tables(&field.upstream_columns);
        if columns.is_empty() {
            (columns, has_columns) = self.columns_with_tables(&field.columns);
        }
        let mut inputs = Vec::new();
        let mut has_inputs = field.upstream_fields.with_nodes().is_some_and(is_whole);
        for input in field.upstream_fields.items() {
            inputs.push(self.field_ref(input));
        }
        if let Some(remote) = &field.remote_field {
            has_inputs = true;
            inputs.push(FieldRef {
                id: remote.id.as_deref().map(hash),
                name: self.name(remote.name.as_deref()),
                datasource: self.datasource_ref(remote.datasource.as_deref()),
            });
        }
        let mut is_constant = false;
        if let (Some(formula), false) = (&field.formula, has_inputs && !inputs.is_empty()) {
            let read = formula::fields(formula);
            is_constant = read.is_whole && read.names.is_empty();
            has_inputs = read.is_whole;
            let names = read.names.iter().map(|name| self.name(Some(name)));
            inputs.extend(names.map(|name| FieldRef {
                id: None,
                name,
                datasource: None,
            }));
        }
        let origin = if is_constant || is_of_no_column(field) {
            Origin::Nothing
        } else if (has_columns && !columns.is_empty()) || (has_inputs && !inputs.is_empty()) {
            Origin::Shown
        } else {
            Origin::NotTold
        };
        FieldFacts {
            id: field.id.as_deref().map(hash),
            name: self.name(field.name.as_deref()),
            kind: kind(field),
            datasource: self.datasource_ref(field.datasource.as_deref()),
            columns: columns.into(),
            inputs: inputs.into(),
            origin,
        }
    }

    fn field_ref(&mut self, field: &FieldReference) -> FieldRef<'a> {
        FieldRef {
            id: field.id.as_deref().map(hash),
            name: self.name(field.name.as_deref()),
            datasource: self.datasource_ref(field.datasource.as_deref()),
        }
    }

    /// Columns with their tables, and whether these are all.
    fn columns_with_tables<'w>(
        &mut self,
        columns: &impl AnyList<Column<'w>>,
    ) -> (Vec<(&'a str, Ref)>, bool) {
        let Some(list) = columns.with_nodes() else {
            return (Vec::new(), false);
        };
        let mut found = Vec::with_capacity(list.items.len());
        for column in &list.items {
            let name = column.name.as_deref().filter(|name| !name.is_empty());
            if let (Some(name), Field::Given(table)) = (name, &column.table) {
                let name = self.interner.intern(name);
                found.push((name, self.add_any_table(table)));
            }
        }
        let has_all = is_whole(list) && found.len() == list.items.len();
        (found, has_all)
    }

    fn datasource_ref(
        &mut self,
        datasource: Option<&crate::input::tableau::wire::Reference>,
    ) -> Option<Ref> {
        let mention = Mention::from_reference(ObjectKind::Datasource, datasource?);
        mention.has_id().then(|| self.reference(mention))
    }

    fn name(&mut self, name: Option<&str>) -> Option<&'a str> {
        let name = name.filter(|name| !name.is_empty())?;
        Some(self.interner.intern(name))
    }
}

/// The hashes of the ids of a view.
fn ids(view: &View) -> Vec<u64> {
    mention(view).keys().map(|(_, key)| hash(key)).collect()
}

/// Whether a list has all of its elements.
fn is_whole<T>(list: &List<T>) -> bool {
    list.has_nodes && list.nulls == 0 && !list.is_cut() && !list.is_doubtful
}

fn kind(field: &DatasourceField) -> FieldKind {
    match field.typename.as_deref() {
        Some("DatasourceField") => FieldKind::Remote,
        None if field.remote_field.is_some() => FieldKind::Remote,
        Some("ColumnField") => FieldKind::Other,
        Some(
            "CalculatedField" | "GroupField" | "BinField" | "SetField" | "HierarchyField"
            | "CombinedField",
        ) => FieldKind::Derived,
        _ if field.formula.is_some() => FieldKind::Derived,
        _ => FieldKind::Other,
    }
}

/// Whether Tableau makes the field itself. Of type `TABLE` is the one that counts the rows of a table.
fn is_of_no_column(field: &DatasourceField) -> bool {
    let name = field.name.as_deref().unwrap_or_default();
    field.data_type.as_deref() == Some("TABLE") || OF_NO_COLUMN.contains(&name)
}
