//! The store while responses come in: records by mention, and what objects say of each other.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use jiff::Timestamp;

use super::fields::{Database, Project, Table};
use super::mentions::{Mention, Mentions, Ref, Renumbering};
use super::record::{self, Record};
use super::versions::Descriptions;

/// The objects of one site while they come in.
#[derive(Default)]
pub(crate) struct Store<'a> {
    /// The copies of objects, by the mention under which each copy came.
    pub(super) records: IndexMap<Ref, Vec<Record<'a>>, RandomState>,
    pub(super) downstream: Vec<DownstreamRef>,
    /// Virtual connection tables, each with its connection.
    pub(super) members: Vec<(Ref, Ref)>,
    /// Workbooks, each with the path of one of its views.
    pub(super) views: Vec<(Ref, &'a str)>,
    pub(super) databases: Descriptions<'a, Database<'a>>,
    pub(super) projects: Descriptions<'a, Project<'a>>,
    /// Tables by id or luid, as they came last.
    pub(super) last_tables: HashMap<&'a str, LastTable<'a>, RandomState>,
}

/// What an object says of a reader of it. A reader's own list says the same in the other direction
/// and is a link of the reader.
#[derive(Debug, Clone, Copy)]
pub(super) struct DownstreamRef {
    /// The object that says it.
    pub(super) object: Ref,
    pub(super) reader: Ref,
    /// When it said so.
    pub(super) captured_at: Option<Timestamp>,
}

/// A table as it came last, to recognize it when it comes again: most tables are read by many
/// workbooks and described in the same way each time.
#[derive(Debug, Clone, Copy)]
pub(super) struct LastTable<'a> {
    pub(super) mention: Mention<'a>,
    pub(super) reference: Ref,
    pub(super) captured_at: Option<Timestamp>,
    pub(super) fields: &'a Table<'a>,
}

impl Store<'_> {
    /// Adds all that another store of the same site has.
    pub(crate) fn absorb(&mut self, other: Self, mentions: &Mentions) {
        for (mention, more) in other.records {
            let known = self.records.entry(mention).or_default();
            if mentions.has_id(mention) {
                record::add_new(known, more);
            } else {
                known.extend(more);
            }
        }
        self.downstream.extend(other.downstream);
        self.members.extend(other.members);
        self.views.extend(other.views);
        self.databases.absorb(other.databases);
        self.projects.absorb(other.projects);
    }

    /// Replaces the numbers of all mentions by their final ones, except in records.
    pub(super) fn renumber(&mut self, new: &Renumbering) {
        for DownstreamRef { object, reader, .. } in &mut self.downstream {
            (*object, *reader) = (new.get(*object), new.get(*reader));
        }
        for (table, connection) in &mut self.members {
            (*table, *connection) = (new.get(*table), new.get(*connection));
        }
        for (workbook, _) in &mut self.views {
            *workbook = new.get(*workbook);
        }
    }
}
