//! All objects of one site, joined from every page and every nesting in which they come.
//!
//! Objects arrive whole, in pieces and as mere references, in any order. [`ingest`] takes them
//! apart into copies of objects, each under its mention; [`entities`] tells which mentions mean one
//! object, by id or luid; [`merge`] then decides between copies in a way that does not depend on
//! their order.

mod entities;
mod fields;
mod ingest;
mod kind;
mod links;
mod mentions;
mod merge;
mod record;
mod versions;

use std::collections::{BTreeMap, HashMap};

use foldhash::HashSet;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use jiff::Timestamp;

use self::entities::{Entities, Entity};
use self::fields::Project;
pub(super) use self::fields::{Database, Intermediate, Table, Workbook};
pub(super) use self::ingest::{Ingest, Provenance};
pub(super) use self::kind::Kind;
pub(super) use self::links::Links;
use self::mentions::Renumbering;
pub(super) use self::mentions::{Mention, Mentions, Ref, SortedMentions, is_made_up};
use self::record::Record;
use self::versions::Descriptions;
use crate::model;

/// An object says that another one reads it.
#[derive(Debug, Clone, Copy)]
struct DownstreamRef {
    object: Ref,
    reader: Ref,
    captured_at: Option<Timestamp>,
}

/// The objects of one site while they come in.
#[derive(Default)]
pub(super) struct Store<'a> {
    records: IndexMap<Ref, Vec<Record<'a>>, RandomState>,
    /// What objects say of their readers.
    downstream: Vec<DownstreamRef>,
    /// Virtual connection tables, each with its connection.
    members: Vec<(Ref, Ref)>,
    /// Paths of views by workbook.
    views: Vec<(Ref, &'a str)>,
    databases: Descriptions<'a, Database<'a>>,
    projects: Descriptions<'a, Project<'a>>,
    last: HashMap<&'a str, Last<'a>, RandomState>,
}

/// A table as it came last, to know it at a glance when it comes again: most tables are read by
/// many, and described the same each time.
#[derive(Debug, Clone, Copy)]
struct Last<'a> {
    mention: Mention<'a>,
    reference: Ref,
    captured_at: Option<Timestamp>,
    fields: &'a Table<'a>,
}

impl Store<'_> {
    /// Takes in all that another store of the same site has.
    pub(super) fn absorb(&mut self, other: Self, mentions: &Mentions) {
        for (mention, more) in other.records {
            let known = self.records.entry(mention).or_default();
            if mentions.has_id(mention) {
                record::unite(known, more);
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

    /// Calls all mentions by their new numbers, but for those of copies.
    fn renumber(&mut self, new: &Renumbering) {
        for reference in &mut self.downstream {
            reference.object = new.of(reference.object);
            reference.reader = new.of(reference.reader);
        }
        for (table, connection) in &mut self.members {
            (*table, *connection) = (new.of(*table), new.of(*connection));
        }
        for (workbook, _) in &mut self.views {
            *workbook = new.of(*workbook);
        }
    }
}

/// What an object is. Only a table has several: where copies disagree, it may be any of them.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// It is only mentioned.
    Unknown,
    Workbook(&'a Workbook<'a>),
    /// The numbers of the tables that it may be; `None` for one whose name may not be seen.
    Tables(Vec<Option<usize>>),
    Intermediate(&'a Intermediate<'a>),
}

/// One object after its copies were merged.
#[derive(Debug)]
pub(super) struct Object<'a> {
    /// What its mentions say of it.
    pub entity: Entity<'a>,
    pub content: Content<'a>,
    pub links: Links<'a>,
}

/// Objects that came in copies that differ: by the name of their kind, what each is called.
pub(super) type Differing = BTreeMap<&'static str, Vec<String>>;

/// The objects of one site, each merged from its copies.
pub(super) struct Merged<'m, 'a> {
    pub objects: Vec<Object<'a>>,
    /// The distinct tables of these objects, in order.
    pub tables: Vec<model::Table<'a>>,
    pub projects: BTreeMap<&'a str, Project<'a>>,
    /// What came in copies that differ.
    pub differing: Differing,
    /// Positions of the custom SQL whose readers the export names.
    pub owned: HashSet<usize>,
    /// The virtual connection of each virtual connection table, by position.
    pub connection_of: HashMap<usize, usize>,
    databases: BTreeMap<&'a str, Database<'a>>,
    mentions: &'m SortedMentions<'a>,
    entities: Entities<'m, 'a>,
}

impl<'a> Merged<'_, 'a> {
    /// The position of the object that is meant, if the export mentions it at all.
    pub(super) fn find(&self, reference: Ref) -> Option<usize> {
        self.entities.find(reference)
    }

    /// The workbooks, by position.
    pub(super) fn workbooks(&self) -> impl Iterator<Item = usize> {
        let is_one = |(at, object): (usize, &Object)| {
            (object.entity.kind == Kind::Workbook && self.entities.one(at) == at).then_some(at)
        };
        self.objects.iter().enumerate().filter_map(is_one)
    }

    /// What a mention says.
    pub(super) fn mention(&self, reference: Ref) -> Mention<'a> {
        self.mentions.get(reference)
    }

    /// A database that is mentioned by its id and described elsewhere, completed.
    pub(super) fn described(&self, database: Option<Database<'a>>) -> Option<Database<'a>> {
        described(&self.databases, database)
    }
}

/// A database with what is known of it elsewhere.
fn described<'a>(
    databases: &BTreeMap<&'a str, Database<'a>>,
    database: Option<Database<'a>>,
) -> Option<Database<'a>> {
    let mut database = database?;
    if let Some(known) = database.id.and_then(|id| databases.get(id)) {
        if database.name == super::wire::Field::Absent {
            database.name = known.name;
        }
        database.connection_type = database.connection_type.or(known.connection_type);
    }
    Some(database)
}
