//! What responses show of views and fields, apart from the values themselves.

use super::list::{AnyList, RareList};
use super::objects::{DatasourceField, View};

impl<'a> View<'a> {
    /// The lists of fields that it uses, each by another key.
    pub(crate) fn field_lists(&self) -> impl Iterator<Item = &RareList<DatasourceField<'a>>> {
        [
            &self.upstream_fields,
            &self.datasource_fields,
            &self.sheet_fields,
            &self.worksheet_fields,
            &self.dashboard_fields,
        ]
        .into_iter()
    }

    /// Whether a response shows anything that the view reads, or should.
    pub(crate) fn shows_lineage(&self) -> bool {
        let lists = [
            self.upstream_tables.is_requested(),
            self.upstream_columns.is_requested(),
            self.upstream_datasources.is_requested(),
            self.parent_embedded_datasources.is_requested(),
            self.upstream_virtual_connections.is_requested(),
            self.upstream_virtual_connection_tables.is_requested(),
            self.upstream_flows.is_requested(),
            self.field_lists().any(AnyList::is_null),
            self.sheets.is_null(),
        ];
        let is_of_lineage =
            |field: &DatasourceField| field.datasource.is_some() || field.shows_tables();
        lists.contains(&true)
            || self
                .field_lists()
                .flat_map(AnyList::items)
                .any(is_of_lineage)
            || self.sheets.items().any(View::shows_lineage)
    }
}

impl DatasourceField<'_> {
    /// Whether a response shows the columns or tables behind the field, or should.
    pub(crate) fn shows_tables(&self) -> bool {
        self.upstream_columns.is_requested() || self.upstream_tables.is_requested()
    }
}
