//! The store after merging: each object once, with its links.

use std::collections::{BTreeMap, HashMap};

use foldhash::HashSet;
use jiff::Timestamp;

use super::columns::ColumnFacts;
use super::entities::{Entities, Entity, ObjectIx};
use super::fields::{Database, Intermediate, Project, Workbook};
use super::kinds::Kinds;
use super::links::Links;
use super::mentions::{Mention, Ref, SortedMentions};
use super::supersede::LeftOut;
use crate::input::tableau::wire::Field;
use crate::model::{self, ObjectKind, TableIx};

/// One object, merged from its copies.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    /// The content of its mentions.
    pub(crate) entity: Entity<'a>,
    /// The content of its copies.
    pub(crate) content: Content<'a>,
    pub(crate) links: Links<'a>,
}

/// The content of the copies of an object.
#[derive(Debug)]
pub(crate) enum Content<'a> {
    /// Nothing: the object is only mentioned.
    Unknown,
    Workbook(&'a Workbook<'a>),
    /// Positions in [`Merged::tables`], `None` for a table whose name is hidden. Usually it is one;
    /// where copies disagree, the object may be any of these.
    Tables(Vec<Option<TableIx>>),
    /// A table that its copies describe in more ways than one object can be.
    TooManyTables,
    Intermediate(&'a Intermediate<'a>),
}

/// What messages call the objects whose copies differ, by the name of their kind.
pub(crate) type Differing = BTreeMap<&'static str, Vec<String>>;

/// Positions in [`Merged::tables`], by custom SQL and a table object that it reads.
pub(super) type TablesInSql = HashMap<(ObjectIx, ObjectIx), Vec<Option<TableIx>>>;

/// The objects of one site.
pub(crate) struct Merged<'m, 'a> {
    /// By [`ObjectIx`]. Objects that turned out to be another one are here as well, and empty.
    pub(crate) objects: Vec<Object<'a>>,
    /// The distinct tables of these objects, in order.
    pub(crate) tables: Vec<model::Table<'a>>,
    pub(crate) projects: BTreeMap<&'a str, Project<'a>>,
    /// The luids of workbooks, each with that of its project, where they do not name it themselves.
    pub(super) places: BTreeMap<&'a str, (Option<Timestamp>, &'a str)>,
    pub(crate) differing: Differing,
    /// What only older captures contain, if the site was captured at several times.
    pub(crate) left_out: Option<LeftOut>,
    /// Tables of custom SQL that take its database or connection, since they have none of their own.
    pub(super) tables_in_sql: TablesInSql,
    /// What messages call the views that read something and whose workbook is unknown.
    pub(crate) views_of_nobody: Vec<String>,
    /// Objects that have a place of their own in the export, at which it lists nothing upstream.
    pub(crate) without_lists: HashSet<ObjectIx>,
    /// Kinds of objects of which some reader may be missing.
    pub(crate) open_readers: Kinds,
    /// What is shown of fields and columns, if the run asks for it.
    pub(crate) columns: ColumnFacts<'a>,
    /// The virtual connection of each virtual connection table.
    pub(crate) connection_of: HashMap<ObjectIx, ObjectIx>,
    pub(super) databases: Databases<'a>,
    pub(super) mentions: &'m SortedMentions<'a>,
    pub(super) entities: Entities<'m, 'a>,
}

impl<'a> Merged<'_, 'a> {
    /// The luid of the project of a workbook that does not name it itself.
    pub(crate) fn project_of(&self, workbook: &str) -> Option<&'a str> {
        self.places.get(workbook).map(|(_, project)| *project)
    }

    /// The object at this position.
    pub(crate) fn object(&self, at: ObjectIx) -> &Object<'a> {
        &self.objects[at.index()]
    }

    /// The object that a mention refers to; `None` if the export has nothing but references to it.
    pub(crate) fn find(&self, reference: Ref) -> Option<ObjectIx> {
        self.entities.find(reference)
    }

    /// The positions of all objects, without those that turned out to be another one.
    pub(crate) fn positions(&self) -> impl Iterator<Item = ObjectIx> {
        let all = (0..self.objects.len()).map(ObjectIx::new);
        all.filter(|at| self.entities.resolve(*at) == *at)
    }

    /// The workbooks, including those that are only mentioned.
    pub(crate) fn workbooks(&self) -> impl Iterator<Item = ObjectIx> {
        self.positions()
            .filter(|at| self.object(*at).entity.kind == ObjectKind::Workbook)
    }

    /// The tables behind a table object, as custom SQL reads them, where that makes a difference.
    pub(crate) fn tables_read_by(
        &self,
        sql: ObjectIx,
        table: ObjectIx,
    ) -> Option<&Vec<Option<TableIx>>> {
        self.tables_in_sql.get(&(sql, table))
    }

    /// The mention with this number.
    pub(crate) fn mention(&self, reference: Ref) -> Mention<'a> {
        self.mentions.get(reference)
    }

    /// A database, completed from its description.
    pub(crate) fn complete_database(&self, database: Database<'a>) -> Database<'a> {
        self.databases.complete(database)
    }
}

/// The databases that a site describes, by id.
pub(super) struct Databases<'a>(pub(super) BTreeMap<&'a str, Database<'a>>);

impl<'a> Databases<'a> {
    /// A database, completed from its description: a table may name its database by id only.
    pub(super) fn complete(&self, database: Database<'a>) -> Database<'a> {
        let Some(known) = database.id.and_then(|id| self.0.get(id)) else {
            return database;
        };
        let name = match database.name {
            Field::Absent => known.name,
            Field::Null | Field::Given(_) => database.name,
        };
        Database {
            id: database.id,
            name,
            connection_type: database.connection_type.or(known.connection_type),
            host_name: database.host_name.or(known.host_name),
        }
    }
}
