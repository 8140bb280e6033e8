//! Objects that show who reads them.

use super::super::incoming::DownstreamRef;
use super::super::mentions::{Mention, Ref};
use super::Ingest;
use crate::input::tableau::section::Section;
use crate::input::tableau::wire::{AnyList, List, OwnColumn, Readers, Reference, ReferencingField};
use crate::model::ObjectKind;

impl Ingest<'_, '_> {
    /// Adds references from an object to those that read it.
    pub(super) fn add_readers(&mut self, object: Ref, readers: &Readers) {
        let Some(lists) = readers.lists() else {
            return;
        };
        for (kind, list) in [
            (ObjectKind::Workbook, &lists.workbooks),
            (ObjectKind::Datasource, &lists.datasources),
            (ObjectKind::Flow, &lists.flows),
            (ObjectKind::VirtualTable, &lists.virtual_tables),
        ] {
            self.add_list_of_readers(object, kind, list);
        }
        self.note_open(object.kind, &lists.views);
        for view in lists.views.items() {
            let view = self.add_view(view);
            self.add_downstream_ref(object, view);
        }
    }

    /// Adds references from an object to readers of one kind.
    pub(super) fn add_list_of_readers(
        &mut self,
        object: Ref,
        kind: ObjectKind,
        list: &List<Reference>,
    ) {
        self.note_open(object.kind, list);
        for reader in list.items() {
            self.add_downstream(object, Mention::from_reference(kind, reader));
        }
    }

    /// Adds the data sources whose fields use the columns of an object, and other readers of these
    /// columns.
    pub(super) fn add_readers_of_columns<'w>(
        &mut self,
        object: Ref,
        columns: &impl AnyList<OwnColumn<'w>>,
    ) {
        let tells = |column: &OwnColumn| {
            column.referenced_by_fields.is_requested() || column.readers.lists().is_some()
        };
        if columns.is_null() || columns.items().any(tells) {
            self.note_open(object.kind, columns);
        }
        for column in columns.items() {
            let name = column.name.as_deref();
            self.note_readers_of_column(object, name, &column.referenced_by_fields);
            self.add_readers_of_column(object, &column.referenced_by_fields, &column.readers);
        }
    }

    /// Adds the data sources whose fields use a column of an object, and other readers of it.
    pub(super) fn add_readers_of_column<'w>(
        &mut self,
        object: Ref,
        fields: &impl AnyList<ReferencingField<'w>>,
        readers: &Readers,
    ) {
        self.add_readers(object, readers);
        self.note_open(object.kind, fields);
        for field in fields.items() {
            self.add_readers(object, &field.readers);
            if let Some(datasource) = &field.datasource {
                let reader = Mention::from_reference(ObjectKind::Datasource, datasource);
                self.add_downstream(object, reader);
            }
        }
    }

    /// Adds a reference from an object to one that reads it.
    pub(super) fn add_downstream(&mut self, object: Ref, reader: Mention) {
        let reader = self.reference(reader);
        self.add_downstream_ref(object, reader);
    }

    /// As [`Self::add_downstream`], for a reader that has a number already.
    pub(super) fn add_downstream_ref(&mut self, object: Ref, reader: Ref) {
        self.store.downstream.push(DownstreamRef {
            object,
            reader,
            captured_at: self.provenance.captured_at,
            section: self.provenance.section.filter(|section| {
                let section = section.widest();
                matches!(
                    section,
                    Section::Fields | Section::Columns | Section::Databases
                )
            }),
        });
    }

    /// Notes a list of readers of such an object that is not complete: anyone may be missing.
    pub(super) fn note_open<T>(&mut self, kind: ObjectKind, readers: &impl AnyList<T>) {
        let is_open = |list: &List<T>| list.nulls > 0 || list.is_cut() || list.is_null;
        if readers.list().is_some_and(is_open) {
            self.store.open_readers.insert(kind);
        }
    }
}
