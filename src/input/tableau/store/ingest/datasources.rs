//! Embedded and published data sources.

use super::super::fields::Intermediate;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{Datasource, DatasourceField, Field, List};
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    pub(super) fn add_datasource(&mut self, kind: ObjectKind, datasource: &Datasource) -> Ref {
        let name = datasource.name.as_deref();
        let (id, luid) = (datasource.id.as_deref(), datasource.luid.as_deref());
        let reference = self.reference_with_id(Mention::new(kind, id, luid, name));
        let readers = &datasource.downstream_workbooks.items;
        for workbook in datasource.workbook.iter().chain(readers) {
            self.add_downstream(
                reference,
                Mention::from_reference(ObjectKind::Workbook, workbook),
            );
        }
        let links = self.datasource_links(datasource);
        let fields = &datasource.fields.items;
        let has_columns = fields.iter().any(|field| field.upstream_columns.has_nodes);
        // Without any list this is a reference to a data source that is described elsewhere.
        if has_columns || !links.lists.is_empty() {
            let fields = Intermediate {
                name,
                unsupported_sql: datasource.contains_unsupported_custom_sql,
                ..Intermediate::default()
            };
            let updated_at = datasource.updated_at.as_deref();
            self.add_record(reference, updated_at, Fields::Intermediate(&fields), links);
        }
        reference
    }

    fn datasource_links<'w>(&mut self, datasource: &'w Datasource) -> Links<'w> {
        let mut links = Links::default();
        self.add_upstream_tables(&mut links, &datasource.upstream_tables);
        self.add_upstream_published(&mut links, &datasource.upstream_datasources);
        self.add_upstream_published(&mut links, &datasource.parent_published_datasources);
        self.add_upstream_virtual_connections(
            &mut links,
            &datasource.upstream_virtual_connections,
            &datasource.upstream_virtual_connection_tables,
        );
        self.add_upstream_flows(&mut links, &datasource.upstream_flows);
        self.add_columns(&mut links, &datasource.fields);
        links
    }

    pub(super) fn add_upstream_published(&mut self, links: &mut Links, list: &List<Datasource>) {
        self.add_upstream(links, ObjectKind::Published, list, |ingest, datasource| {
            ingest.add_datasource(ObjectKind::Published, datasource)
        });
    }

    /// Adds the tables behind the columns of a data source's fields. A hidden field, column or table
    /// may be that of any table; thousands of them say no more than one.
    fn add_columns(&mut self, links: &mut Links, fields: &List<DatasourceField>) {
        let has_columns = |field: &DatasourceField| field.upstream_columns.has_nodes;
        let mut is_hidden = fields.nulls > 0 && fields.items.iter().any(has_columns);
        let mut is_cut = fields.is_cut() && fields.items.iter().any(has_columns);
        for field in &fields.items {
            is_hidden |= field.upstream_columns.nulls > 0;
            is_cut |= field.upstream_columns.is_cut();
            for column in &field.upstream_columns.items {
                match &column.table {
                    Field::Given(table) => {
                        let table = self.add_any_table(table);
                        links.columns.push(table);
                    }
                    Field::Null => is_hidden = true,
                    Field::Absent => {}
                }
            }
        }
        if is_hidden {
            let count = links.nulls.entry(ObjectKind::Table).or_default();
            *count = (*count).max(1);
        }
        if is_cut {
            links.cut.insert(ObjectKind::Table);
        }
    }
}
