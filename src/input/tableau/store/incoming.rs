//! The store while responses are added: records by mention, and references between objects.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use foldhash::quality::FixedState;
use indexmap::IndexMap;
use jiff::Timestamp;

use super::columns::ColumnFacts;
use super::fields::{Database, Project, Table};
use super::kinds::Kinds;
use super::mentions::{Mention, Mentions, Ref, Renumbering};
use super::record::Record;
use super::versions::Descriptions;
use crate::input::tableau::section::Section;

/// The objects of one site while responses are added.
#[derive(Default)]
pub(crate) struct Store<'a> {
    /// The copies of objects, by the mention of each copy.
    pub(super) records: IndexMap<Ref, Vec<Record<'a>>, RandomState>,
    pub(super) downstream: Vec<DownstreamRef>,
    /// Virtual connection tables, each with its connection.
    pub(super) members: Vec<(Ref, Ref)>,
    /// Workbooks, each with the path of one of its views and the time of its capture.
    pub(super) views: Vec<(Ref, &'a str, Option<Timestamp>)>,
    /// The objects that sections list, also those of which they say no more, with the time of their
    /// capture if that is known.
    pub(super) listed: Vec<(Ref, Timestamp)>,
    /// Whose view each view is.
    pub(super) views_of_workbooks: Vec<ViewOfWorkbook>,
    /// Workbooks that may be published data sources.
    pub(super) workbooks_or_published: Vec<Ref>,
    /// Objects of sections of which nothing upstream is listed.
    pub(super) without_lists: Vec<Ref>,
    /// Kinds with a list of readers that is not complete.
    pub(super) open_readers: Kinds,
    pub(super) databases: Descriptions<'a, Database<'a>>,
    pub(super) projects: Descriptions<'a, Project<'a>>,
    /// The luids of workbooks, each with the luid of its project and the time of its capture, where
    /// workbooks do not name it themselves.
    pub(super) places: BTreeMap<&'a str, (Option<Timestamp>, &'a str)>,
    /// What is shown of fields and columns, if the run asks for it.
    pub(super) columns: ColumnFacts<'a>,
    /// The last copy of each table, by id or luid.
    pub(super) last_tables: HashMap<&'a str, LastTable<'a>, RandomState>,
}

/// A reference from an object to one that reads it. The reader's own list contains the same in the
/// other direction, as a link of the reader.
#[derive(Debug, Clone, Copy)]
pub(super) struct DownstreamRef {
    /// The object that contains the reference.
    pub(super) object: Ref,
    pub(super) reader: Ref,
    /// How recent the reference is.
    pub(super) captured_at: Option<Timestamp>,
    /// The section of fields or columns that it comes from, if it does.
    pub(super) section: Option<Section>,
}

/// A view by the hash of one of its ids, and the workbook that it is in. An export may have millions
/// of views of which it shows nothing else.
#[derive(Debug, Clone, Copy)]
pub(super) struct ViewOfWorkbook {
    pub(super) view: u64,
    pub(super) workbook: Ref,
    pub(super) captured_at: Option<Timestamp>,
}

impl ViewOfWorkbook {
    /// The hash of an id.
    pub(super) fn hash(id: &str) -> u64 {
        FixedState::default().hash_one(id)
    }
}

/// The last copy of a table, to recognize the next one: most tables are read by many workbooks and
/// described in the same way each time.
#[derive(Debug, Clone, Copy)]
pub(super) struct LastTable<'a> {
    pub(super) mention: Mention<'a>,
    pub(super) reference: Ref,
    pub(super) captured_at: Option<Timestamp>,
    pub(super) fields: &'a Table<'a>,
}

impl<'a> Store<'a> {
    /// Adds the content of another store of the same site.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (mention, more) in other.records {
            self.records.entry(mention).or_default().extend(more);
        }
        self.downstream.extend(other.downstream);
        self.members.extend(other.members);
        self.views.extend(other.views);
        self.listed.extend(other.listed);
        self.views_of_workbooks.extend(other.views_of_workbooks);
        self.workbooks_or_published
            .extend(other.workbooks_or_published);
        self.without_lists.extend(other.without_lists);
        self.open_readers.extend(other.open_readers);
        self.databases.absorb(other.databases);
        self.projects.absorb(other.projects);
        for (workbook, place) in other.places {
            self.add_place(workbook, place);
        }
        self.columns.absorb(other.columns);
    }

    /// Adds in which project a workbook is. The last capture counts, in whichever order they come.
    pub(super) fn add_place(&mut self, workbook: &'a str, place: (Option<Timestamp>, &'a str)) {
        let known = self.places.entry(workbook).or_insert(place);
        *known = place.max(*known);
    }

    /// The luids that the store names.
    pub(crate) fn luids(&self, mentions: &Mentions<'a>) -> impl Iterator<Item = &'a str> {
        let readers = self.downstream.iter().map(|one| one.reader);
        let luids = self.records.keys().copied().chain(readers);
        luids.filter_map(|mention| mentions.get(mention).luid)
    }

    /// The ids and luids of objects that the store describes, and does not only mention.
    pub(crate) fn described<'s>(
        &'s self,
        mentions: &'s Mentions<'a>,
    ) -> impl Iterator<Item = &'a str> + Clone + use<'s, 'a> {
        let described = self.records.iter();
        let described = described.filter(|(_, records)| records.iter().any(Record::describes));
        described.flat_map(|(mention, _)| {
            let Mention { id, luid, .. } = mentions.get(*mention);
            [id, luid].into_iter().flatten()
        })
    }

    /// Replaces the numbers of all mentions by their final ones, except in records.
    pub(super) fn renumber(&mut self, new: &Renumbering) {
        for DownstreamRef { object, reader, .. } in &mut self.downstream {
            (*object, *reader) = (new.get(*object), new.get(*reader));
        }
        for (table, connection) in &mut self.members {
            (*table, *connection) = (new.get(*table), new.get(*connection));
        }
        for (workbook, _, _) in &mut self.views {
            *workbook = new.get(*workbook);
        }
        for (listed, _) in &mut self.listed {
            *listed = new.get(*listed);
        }
        for object in &mut self.without_lists {
            *object = new.get(*object);
        }
        for ViewOfWorkbook { workbook, .. } in &mut self.views_of_workbooks {
            *workbook = new.get(*workbook);
        }
        self.columns.renumber(new);
    }
}
