//! Workbooks and their views.

use super::super::fields::Workbook;
use super::super::links::Links;
use super::super::mentions::Mention;
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire;
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    pub(super) fn add_workbook(&mut self, workbook: &wire::Workbook) {
        let mut links = Links::default();
        self.add_upstream_tables(&mut links, &workbook.upstream_tables);
        self.add_upstream(
            &mut links,
            ObjectKind::Embedded,
            &workbook.embedded_datasources,
            |ingest, datasource| ingest.add_datasource(ObjectKind::Embedded, datasource),
        );
        self.add_upstream_published(&mut links, &workbook.upstream_datasources);
        self.add_upstream_virtual_connections(
            &mut links,
            &workbook.upstream_virtual_connections,
            &workbook.upstream_virtual_connection_tables,
        );
        self.add_upstream_flows(&mut links, &workbook.upstream_flows);
        links.views = [&workbook.views, &workbook.sheets, &workbook.dashboards]
            .into_iter()
            .flat_map(|list| &list.items)
            .filter_map(|view| view.path.as_deref())
            .collect();
        let tags = workbook
            .tags
            .items
            .iter()
            .filter_map(|tag| tag.name.as_deref())
            .collect::<Vec<_>>();
        let fields = Workbook {
            tags: &tags,
            ..Workbook::from(workbook)
        };
        let reference = self.reference(Mention::new(
            ObjectKind::Workbook,
            workbook.id.as_deref(),
            fields.luid,
            fields.name,
        ));
        self.add_record(
            reference,
            fields.updated_at,
            Fields::Workbook(&fields),
            links,
        );
    }

    /// Adds the path of a view that a response lists outside of its workbook.
    pub(super) fn add_view(&mut self, view: &wire::View) {
        if let (Some(workbook), Some(path)) = (&view.workbook, view.path.as_deref()) {
            let workbook = self.reference(Mention::from_reference(ObjectKind::Workbook, workbook));
            let path = self.interner.copy(path);
            let captured_at = self.provenance.captured_at;
            self.store.views.push((workbook, path, captured_at));
        }
    }
}
