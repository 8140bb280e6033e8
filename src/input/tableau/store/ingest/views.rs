//! Sheets and dashboards.

use super::super::fields::Intermediate;
use super::super::incoming::ViewOfWorkbook;
use super::super::links::Links;
use super::super::mentions::{Mention, Ref};
use super::super::record::Fields;
use super::Ingest;
use crate::input::tableau::wire::{AnyList, View};
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    /// Adds a view that a response lists outside of its workbook.
    pub(super) fn add_view(&mut self, view: &View) -> Ref {
        let workbook = view.workbook.as_ref().map(|workbook| {
            self.reference(Mention::from_reference(ObjectKind::Workbook, workbook))
        });
        if let (Some(workbook), Some(path)) = (workbook, view.path.as_deref()) {
            let path = self.interner.copy(path);
            let captured_at = self.provenance.captured_at;
            self.store.views.push((workbook, path, captured_at));
        }
        self.add_view_of(view, workbook)
    }

    /// Adds the view of a workbook, if it is known. Most exports show nothing else of it, and then
    /// it need not become an object: it is enough to know whose it is.
    pub(super) fn add_view_inside(&mut self, view: &View, workbook: Ref) {
        if view.shows_lineage() {
            self.add_view_of(view, Some(workbook));
        } else {
            self.note_fields_of_view(view, Some(workbook));
            let mention = mention(view);
            self.add_to_workbook(&mention, workbook);
        }
    }

    fn add_view_of(&mut self, view: &View, workbook: Option<Ref>) -> Ref {
        self.note_fields_of_view(view, workbook);
        let reference = self.reference_with_id(mention(view));
        if let Some(workbook) = workbook {
            let mention = self.mentions.get(reference);
            self.add_to_workbook(&mention, workbook);
        }
        if view.shows_lineage() {
            let links = self.view_links(view, workbook);
            let fields = Intermediate {
                name: view.name.as_deref(),
                is_described: true,
                ..Intermediate::default()
            };
            self.add_record(reference, None, Fields::Intermediate(&fields), links);
        }
        // A sheet is in the workbook of the dashboards that contain it.
        for workbook in view
            .dashboards
            .items()
            .filter_map(|one| one.workbook.as_ref())
        {
            let workbook = Mention::from_reference(ObjectKind::Workbook, workbook);
            let workbook = self.reference(workbook);
            let mention = self.mentions.get(reference);
            self.add_to_workbook(&mention, workbook);
        }
        reference
    }

    fn view_links<'w>(&mut self, view: &'w View, workbook: Option<Ref>) -> Links<'w> {
        let mut links = Links::default();
        self.add_upstream_tables(&mut links, &view.upstream_tables);
        self.add_upstream_published(&mut links, &view.upstream_datasources);
        self.add_upstream_embedded(&mut links, &view.parent_embedded_datasources);
        self.add_upstream_virtual_connections(
            &mut links,
            &view.upstream_virtual_connections,
            &view.upstream_virtual_connection_tables,
        );
        self.add_upstream_flows(&mut links, &view.upstream_flows);
        self.add_columns(&mut links, &view.upstream_columns);
        for fields in view.field_lists() {
            self.add_columns_of_fields(&mut links, fields);
            for field in fields.items() {
                self.add_datasource_of_field(&mut links, field);
            }
        }
        if view.sheets.is_null() {
            links.null_lists.insert(ObjectKind::View);
        }
        for sheet in view.sheets.items() {
            let sheet = match workbook {
                Some(_) => self.add_view_of(sheet, workbook),
                None => self.add_view(sheet),
            };
            links.upstream.push(sheet);
        }
        links
    }

    /// Notes whose view this is.
    fn add_to_workbook(&mut self, view: &Mention, workbook: Ref) {
        for (_, key) in view.keys() {
            self.store.views_of_workbooks.push(ViewOfWorkbook {
                view: ViewOfWorkbook::hash(key),
                workbook,
                captured_at: self.provenance.captured_at,
            });
        }
    }
}

pub(super) fn mention<'a>(view: &'a View) -> Mention<'a> {
    Mention::new(
        ObjectKind::View,
        view.id.as_deref(),
        view.luid.as_deref(),
        view.name.as_deref(),
    )
}
