//! Adding objects to the store, whole and in pieces, inside each other and on their own.

mod readers;
mod tables;

use jiff::Timestamp;

use super::fields::{InArena, Project, text};
use super::kind::Kind;
use super::links::Links;
use super::mentions::{Mention, Mentions, Ref};
use super::record::{Fields, Record, Stamp};
use super::{DownstreamRef, Store};
use crate::input::tableau::arena::Interner;
use crate::input::tableau::document::{self, Sections};
use crate::input::tableau::wire::{self, List};

/// Where a response comes from.
pub(crate) struct Provenance {
    pub captured_at: Option<Timestamp>,
    /// The number of the chunk of text that holds it.
    pub chunk: usize,
    /// How many objects of that chunk have no id.
    pub unnamed: usize,
}

/// The store of one site while the responses of one export are added.
pub(crate) struct Ingest<'t, 'a> {
    pub store: &'t mut Store<'a>,
    pub mentions: &'t mut Mentions<'a>,
    pub interner: &'t mut Interner<'a>,
    pub provenance: &'t mut Provenance,
}

impl<'a> Ingest<'_, 'a> {
    /// Takes in the sections of one answer.
    pub(crate) fn add_sections(&mut self, sections: &Sections) {
        each(&sections.workbooks, |workbook| self.add_workbook(workbook));
        each(&sections.datasources, |datasource| {
            self.add_datasource(Kind::Datasource, datasource)
        });
        each(&sections.embedded, |datasource| {
            self.add_datasource(Kind::Embedded, datasource)
        });
        each(&sections.published, |datasource| {
            self.add_datasource(Kind::Published, datasource)
        });
        each(&sections.tables, |table| self.add_table(table));
        each(&sections.any_tables, |table| self.add_any_table(table));
        each(&sections.custom_sql, |sql| self.add_custom_sql(sql));
        each(&sections.virtual_connections, |connection| {
            self.add_virtual_connection(connection)
        });
        each(&sections.virtual_connection_tables, |table| {
            self.add_virtual_table(table)
        });
        each(&sections.flows, |flow| self.add_flow(flow));
        each(&sections.views, |view| {
            if let (Some(workbook), Some(path)) = (&view.workbook, text(&view.path)) {
                let workbook = self.number(Mention::of(Kind::Workbook, workbook));
                self.store.views.push((workbook, self.interner.copy(path)));
            }
        });
        each(&sections.databases, |database| self.add_database(database));
    }

    /// Takes in a project as an envelope lists it.
    pub(crate) fn add_project(&mut self, project: &document::Project) {
        let project = Project::new(project).store_in(self.interner);
        self.store
            .projects
            .add(project.luid, self.provenance.captured_at, project);
    }

    fn add_downstream_of(&mut self, reader: Mention, object: Ref) {
        let reader = self.number(reader);
        self.add_downstream(reader, object);
    }

    fn add_downstream(&mut self, reader: Ref, object: Ref) {
        self.store.downstream.push(DownstreamRef {
            object,
            reader,
            captured_at: self.provenance.captured_at,
        });
    }

    fn tables(&mut self, links: &mut Links, tables: &List<wire::Table>) {
        self.upstream(links, Kind::Table, tables, Self::add_table);
    }

    fn virtuals(
        &mut self,
        links: &mut Links,
        connections: &List<wire::VirtualConnection>,
        tables: &List<wire::VirtualConnectionTable>,
    ) {
        self.upstream(
            links,
            Kind::VirtualConnection,
            connections,
            Self::add_virtual_connection,
        );
        self.upstream(links, Kind::VirtualTable, tables, Self::add_virtual_table);
    }

    /// Takes in a list of objects upstream of something.
    fn upstream<T>(
        &mut self,
        links: &mut Links,
        kind: Kind,
        list: &List<T>,
        mut add: impl FnMut(&mut Self, &T) -> Ref,
    ) {
        if list.has_nodes {
            links.lists.insert(kind);
        }
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

    fn number(&mut self, mention: Mention) -> Ref {
        self.mentions.number(mention, self.interner)
    }

    /// The number of the mention itself, or of one with an id of our own where Tableau gave none.
    fn named(&mut self, mention: Mention) -> Ref {
        if mention.has_id() {
            return self.number(mention);
        }
        let Provenance { chunk, unnamed, .. } = self.provenance;
        let id = format!("\0{chunk:06}.{unnamed:06}");
        *unnamed += 1;
        self.number(Mention {
            id: Some(&id),
            ..mention
        })
    }

    fn stamp(&self, updated_at: Option<&str>) -> Stamp {
        (
            self.provenance.captured_at,
            updated_at.and_then(|text| text.parse().ok()),
        )
    }

    /// Takes in a copy of an object, unless it is there already. Returns its fields in the arena.
    fn add_record(&mut self, reference: Ref, mut record: Record) -> Fields<'a> {
        record.links.sort();
        let is_known = self.mentions.has_id(reference);
        let records = self
            .store
            .records
            .entry(reference)
            .or_insert_with(|| Vec::with_capacity(1));
        let known: &[Record] = records;
        if let Some(at) = known.iter().position(|known| is_known && *known == record) {
            return records[at].fields;
        }
        let record = record.store_in(self.interner);
        let fields = record.fields;
        records.push(record);
        fields
    }
}

fn each<T, R>(lists: &[List<T>], mut add: impl FnMut(&T) -> R) {
    for item in lists.iter().flat_map(|list| &list.items) {
        add(item);
    }
}
