//! One response: its sections, and what all kinds of objects need to be added.

use jiff::Timestamp;

use super::super::fields::Project;
use super::super::incoming::Store;
use super::super::links::Links;
use super::super::mentions::{Mention, Mentions, Ref};
use super::super::record::{self, Fields, Record};
use crate::input::tableau::arena::Interner;
use crate::input::tableau::envelope;
use crate::input::tableau::responses::Sections;
use crate::input::tableau::section::Section;
use crate::input::tableau::wire::{AnyList, List};
use crate::model::ObjectKind;

/// Where a response comes from.
pub(crate) struct Provenance {
    pub(crate) captured_at: Option<Timestamp>,
    /// The section whose objects are added, if it shows parts of other objects.
    pub(crate) section: Option<Section>,
    /// The number of the chunk of text that holds the response.
    pub(crate) chunk: usize,
    /// How many objects of this chunk had no id so far. Made-up ids consist of it and the chunk.
    pub(crate) unnamed: usize,
}

/// The store of one site while the responses of one export are added.
pub(crate) struct Ingest<'t, 'a> {
    pub(crate) store: &'t mut Store<'a>,
    pub(crate) mentions: &'t mut Mentions<'a>,
    pub(crate) interner: &'t mut Interner<'a>,
    pub(crate) provenance: &'t mut Provenance,
    /// Whether the run asks which columns workbooks use.
    pub(crate) asks_columns: bool,
}

impl<'a> Ingest<'_, 'a> {
    /// Adds the objects in the sections of a response.
    pub(crate) fn add_sections(&mut self, sections: &Sections) {
        for workbook in items(&sections.workbooks) {
            self.add_workbook(workbook);
        }
        for either in items(&sections.workbooks_or_published) {
            let either = self.add_workbook(either);
            self.store.workbooks_or_published.push(either);
        }
        for (kind, datasources) in [
            (ObjectKind::Datasource, &sections.datasources),
            (ObjectKind::Embedded, &sections.embedded),
            (ObjectKind::Published, &sections.published),
        ] {
            for datasource in items(datasources) {
                let datasource = self.add_datasource(kind, datasource);
                self.note_without_lists(datasource);
            }
        }
        for table in items(&sections.tables) {
            self.add_table(table);
        }
        for table in items(&sections.any_tables) {
            self.add_any_table(table);
        }
        for sql in items(&sections.custom_sql) {
            self.add_custom_sql(sql);
        }
        for connection in items(&sections.virtual_connections) {
            self.add_virtual_connection(connection);
        }
        for table in items(&sections.virtual_connection_tables) {
            let table = self.add_virtual_table(table);
            self.note_without_lists(table);
        }
        for flow in items(&sections.flows) {
            let flow = self.add_flow(flow);
            self.note_without_lists(flow);
        }
        self.add_other_sections(sections);
    }

    /// Adds the objects in sections that show parts of other objects.
    fn add_other_sections(&mut self, sections: &Sections) {
        for (section, views) in [
            (Section::Views, &sections.views),
            (Section::Sheets, &sections.sheets),
            (Section::Dashboards, &sections.dashboards),
        ] {
            self.provenance.section = Some(section);
            for view in items(views) {
                self.add_view(view);
            }
        }
        self.provenance.section = None;
        for database in items(&sections.databases) {
            self.add_database(database);
        }
        for (section, list) in &sections.databases_of_a_kind {
            self.provenance.section = Some(*section);
            for database in &list.items {
                self.add_database(database);
            }
        }
        self.provenance.section = Some(Section::Fields);
        self.add_fields(items(&sections.fields));
        for (section, list) in &sections.fields_of_a_kind {
            self.provenance.section = Some(*section);
            self.add_fields(list.items.iter());
        }
        self.provenance.section = Some(Section::Columns);
        for column in items(&sections.columns) {
            self.add_column(column);
        }
        self.provenance.section = None;
    }

    /// Notes an object of a section that shows nothing but that it exists, so that nobody has to look
    /// for it.
    fn note_without_lists(&mut self, object: Ref) {
        if !self.store.records.contains_key(&object) {
            self.store.without_lists.push(object);
        }
    }

    /// Adds a project of an envelope.
    pub(crate) fn add_project(&mut self, project: &envelope::Project) {
        let luid = self.interner.intern(&project.luid);
        let fields = Project::from(project).store_in(self.interner);
        let captured_at = self.provenance.captured_at;
        self.store.projects.add(luid, captured_at, fields);
        for workbook in &project.workbooks {
            let workbook = self.interner.intern(workbook);
            self.store.add_place(workbook, (captured_at, luid));
        }
    }

    /// The number of a mention.
    pub(super) fn reference(&mut self, mention: Mention) -> Ref {
        self.mentions.number(mention, self.interner)
    }

    /// The number of a mention, with a made-up id if Tableau gave none, so that the object is a
    /// new one.
    pub(super) fn reference_with_id(&mut self, mention: Mention) -> Ref {
        if mention.has_id() {
            return self.reference(mention);
        }
        let Provenance { chunk, unnamed, .. } = self.provenance;
        let id = format!("\0{chunk:06}.{unnamed:06}");
        *unnamed += 1;
        self.reference(Mention {
            id: Some(&id),
            ..mention
        })
    }

    /// Adds a copy of an object, unless there is an equal one. Returns its fields in the arena.
    pub(super) fn add_record(
        &mut self,
        reference: Ref,
        updated_at: Option<&str>,
        fields: Fields,
        mut links: Links,
    ) -> Fields<'a> {
        links.sort();
        let updated_at = updated_at.and_then(|text| text.parse().ok());
        let record = Record {
            stamp: (self.provenance.captured_at, updated_at),
            section: self.section_of_record(reference.kind),
            fields,
            links,
        };
        let is_identified = self.mentions.has_id(reference);
        let records = self
            .store
            .records
            .entry(reference)
            .or_insert_with(|| Vec::with_capacity(1));
        // Shortens the arena's lifetime, so that the copies can be compared with a borrowed one.
        let known: &[Record] = records;
        if is_identified && let Some(at) = record::position(known, &record) {
            return records[at].fields;
        }
        let stored = record.store_in(self.interner);
        let fields = stored.fields;
        records.push(stored);
        fields
    }

    /// The section that a record of this kind of object is a part of. What such a section has of other
    /// objects counts as anywhere else.
    fn section_of_record(&self, kind: ObjectKind) -> Option<Section> {
        self.provenance
            .section
            .filter(|section| match section.widest() {
                Section::Views | Section::Sheets | Section::Dashboards => kind == ObjectKind::View,
                Section::Fields => kind == ObjectKind::Datasource,
                Section::Databases => kind == ObjectKind::Table,
                _ => false,
            })
    }

    /// Adds a list of objects upstream of another one, each by `add`, and links to them.
    pub(super) fn add_upstream<T>(
        &mut self,
        links: &mut Links,
        kind: ObjectKind,
        list: &impl AnyList<T>,
        mut add: impl FnMut(&mut Self, &T) -> Ref,
    ) {
        if list.is_null() {
            links.null_lists.insert(kind);
        }
        let Some(list) = list.with_nodes() else {
            return;
        };
        links.lists.insert(kind);
        if list.is_cut() {
            links.cut.insert(kind);
        }
        if list.nulls > 0 {
            *links.nulls.entry(kind).or_default() += list.nulls;
        }
        links.upstream.reserve_exact(list.items.len());
        for item in &list.items {
            let reference = add(self, item);
            links.upstream.push(reference);
        }
    }
}

/// The objects in the lists of a section.
pub(super) fn items<T>(lists: &[List<T>]) -> impl Iterator<Item = &T> {
    lists.iter().flat_map(|list| &list.items)
}
