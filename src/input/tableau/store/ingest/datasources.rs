//! Embedded and published data sources.

use jiff::Timestamp;

use super::super::fields::Intermediate;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{AnyList, Datasource, DatasourceField};
use crate::model::ObjectKind;

/// When the extract of a data source last got new data: by a full refresh, an incremental one or
/// another update (<https://help.tableau.com/current/api/metadata_api/en-us/reference/>).
fn refreshed_at(datasource: &Datasource) -> Option<Timestamp> {
    let times = [
        &datasource.extract_last_refresh_time,
        &datasource.extract_last_incremental_update_time,
        &datasource.extract_last_update_time,
    ];
    let times = times.into_iter().flatten();
    times.filter_map(|text| text.parse().ok()).max()
}

impl Ingest<'_, '_> {
    pub(super) fn add_datasource(&mut self, kind: ObjectKind, datasource: &Datasource) -> Ref {
        let name = datasource.name.as_deref();
        let (id, luid) = (datasource.id.as_deref(), datasource.luid.as_deref());
        let kind = match datasource.typename.as_deref() {
            Some("EmbeddedDatasource") => ObjectKind::Embedded,
            Some("PublishedDatasource") => ObjectKind::Published,
            Some(_) | None => kind,
        };
        let reference = self.reference_with_id(Mention::new(kind, id, luid, name));
        if let Some(workbook) = &datasource.workbook {
            let workbook = Mention::from_reference(ObjectKind::Workbook, workbook);
            self.add_downstream(reference, workbook);
        }
        self.add_readers(reference, &datasource.readers);
        self.add_databases(&datasource.upstream_databases);
        self.note_fields_of_datasource(reference, &datasource.fields);
        let links = self.datasource_links(datasource);
        // Without any list this is a reference to a data source that is described elsewhere.
        let is_described =
            !links.lists.is_empty() || datasource.fields.items().any(DatasourceField::shows_tables);
        let unsupported_sql = datasource.contains_unsupported_custom_sql;
        let has_extracts = datasource.has_extracts;
        let says_something = unsupported_sql == Some(true) || has_extracts.is_some();
        if is_described || links.has_gaps() || says_something {
            let fields = Intermediate {
                luid,
                name,
                has_extracts,
                unsupported_sql,
                is_described,
                refreshed_at: refreshed_at(datasource),
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
        self.add_columns_of_fields(&mut links, &datasource.fields);
        links
    }

    pub(super) fn add_upstream_published<'w>(
        &mut self,
        links: &mut Links,
        list: &impl AnyList<Datasource<'w>>,
    ) {
        self.add_upstream(links, ObjectKind::Published, list, |ingest, datasource| {
            ingest.add_datasource(ObjectKind::Published, datasource)
        });
    }

    pub(super) fn add_upstream_embedded<'w>(
        &mut self,
        links: &mut Links,
        list: &impl AnyList<Datasource<'w>>,
    ) {
        self.add_upstream(links, ObjectKind::Embedded, list, |ingest, datasource| {
            ingest.add_datasource(ObjectKind::Embedded, datasource)
        });
    }
}
