//! Workbooks.

use super::super::fields::Workbook;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::section::Section;
use crate::input::tableau::wire;
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    pub(super) fn add_workbook(&mut self, workbook: &wire::Workbook) -> Ref {
        let mut links = Links::default();
        self.add_upstream_tables(&mut links, &workbook.upstream_tables);
        self.add_upstream_embedded(&mut links, &workbook.embedded_datasources);
        self.add_upstream_published(&mut links, &workbook.upstream_datasources);
        self.add_upstream_virtual_connections(
            &mut links,
            &workbook.upstream_virtual_connections,
            &workbook.upstream_virtual_connection_tables,
        );
        self.add_upstream_flows(&mut links, &workbook.upstream_flows);
        self.add_databases(&workbook.upstream_databases);
        let views = [
            (Section::Views, &workbook.views),
            (Section::Sheets, &workbook.sheets),
            (Section::Dashboards, &workbook.dashboards),
        ];
        if views.iter().any(|(_, list)| list.is_null) {
            links.null_lists.insert(ObjectKind::View);
        }
        let all_views = views.iter().flat_map(|(_, list)| &list.items);
        links.views = all_views.filter_map(|view| view.path.as_deref()).collect();
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
        self.note_sheets_of_workbook(reference, &workbook.sheets);
        for (section, list) in views {
            self.provenance.section = Some(section);
            for view in &list.items {
                self.add_view_inside(view, reference);
            }
        }
        self.provenance.section = None;
        self.add_record(
            reference,
            fields.updated_at,
            Fields::Workbook(&fields),
            links,
        );
        reference
    }
}
