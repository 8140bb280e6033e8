//! Copies of objects, as answers hold them.

use jiff::Timestamp;

use super::super::arena::{Arena, Interner};
use super::super::wire::Field;
use super::fields::{Database, InArena, Intermediate, Table, Workbook};
use super::links::Links;

/// When a copy was true: the time of capture, then `updatedAt`. Later ones win.
pub(super) type Stamp = (Option<Timestamp>, Option<Timestamp>);

/// The fields of an object, apart from its links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fields<'a> {
    Workbook(&'a Workbook<'a>),
    Table(&'a Table<'a>),
    Intermediate(&'a Intermediate<'a>),
}

impl Fields<'_> {
    fn store_in<'b>(self, interner: &mut Interner<'b>) -> Fields<'b> {
        match self {
            Self::Workbook(workbook) => {
                let stored = workbook.store_in(interner);
                Fields::Workbook(interner.arena.alloc(stored))
            }
            Self::Table(table) => {
                let stored = table.store_in(interner);
                Fields::Table(interner.arena.alloc(stored))
            }
            Self::Intermediate(intermediate) => {
                let stored = intermediate.store_in(interner);
                Fields::Intermediate(interner.arena.alloc(stored))
            }
        }
    }

    /// Whether it does no more than to name a table that is described elsewhere.
    pub(super) fn is_mention(self) -> bool {
        matches!(self, Self::Table(table)
            if table.has_id
                && [table.full_name, table.schema] == [Field::Absent; 2]
                && table.connection_type.is_none()
                && table.database.is_none())
    }

    /// How messages call the object.
    pub(super) fn label(&self) -> Option<&str> {
        match self {
            Self::Workbook(workbook) => workbook.name,
            Self::Table(table) => table.full_name.text().or_else(|| table.name.text()),
            Self::Intermediate(intermediate) => intermediate.name,
        }
    }

    /// Whether two copies have different values in one field.
    pub(super) fn contradicts(self, other: Self) -> bool {
        match (self, other) {
            (Self::Table(a), Self::Table(b)) => {
                let [of_a, of_b] =
                    [a, b].map(|table| table.database.and_then(|database| database.name.text()));
                differ(a.full_name.text(), b.full_name.text())
                    || differ(a.name.text(), b.name.text())
                    || differ(a.schema.text(), b.schema.text())
                    || differ(a.connection_type, b.connection_type)
                    || differ(of_a, of_b)
            }
            (Self::Workbook(a), Self::Workbook(b)) => {
                differ(a.name, b.name)
                    || differ(a.description, b.description)
                    || differ(a.project_name, b.project_name)
                    || differ(a.updated_at, b.updated_at)
            }
            (Self::Intermediate(a), Self::Intermediate(b)) => differ(a.name, b.name),
            _ => false,
        }
    }
}

impl<'a> Fields<'a> {
    /// This copy, its gaps filled from another.
    pub(super) fn completed(self, other: Self, arena: &'a Arena) -> Self {
        match (self, other) {
            (Self::Table(one), Self::Table(other)) => Self::Table(arena.alloc(Table {
                has_id: one.has_id,
                name: filled(one.name, other.name),
                full_name: filled(one.full_name, other.full_name),
                schema: filled(one.schema, other.schema),
                connection_type: one.connection_type.or(other.connection_type),
                database: completed_database(one.database, other.database),
            })),
            (Self::Workbook(one), Self::Workbook(other)) => Self::Workbook(arena.alloc(Workbook {
                luid: one.luid.or(other.luid),
                name: one.name.or(other.name),
                description: one.description.or(other.description),
                uri: one.uri.or(other.uri),
                vizportal_url_id: one.vizportal_url_id.or(other.vizportal_url_id),
                project_name: one.project_name.or(other.project_name),
                project_luid: one.project_luid.or(other.project_luid),
                container_type: one.container_type.or(other.container_type),
                unsupported_sql: one.unsupported_sql.or(other.unsupported_sql),
                created_at: one.created_at.or(other.created_at),
                updated_at: one.updated_at,
                owner: one.owner.or(other.owner),
                tags: arena.copy_slice(&[one.tags, other.tags].concat()),
            })),
            (Self::Intermediate(one), Self::Intermediate(other)) => {
                Self::Intermediate(arena.alloc(Intermediate {
                    name: one.name.or(other.name),
                    unsupported_sql: one.unsupported_sql.or(other.unsupported_sql),
                    query: filled(one.query, other.query),
                    has_tables: one.has_tables || other.has_tables,
                    connection_type: one.connection_type.or(other.connection_type),
                    database: completed_database(one.database, other.database),
                }))
            }
            (one, _) => one,
        }
    }
}

/// One copy of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record<'a> {
    pub stamp: Stamp,
    pub fields: Fields<'a>,
    pub links: Links<'a>,
}

impl Record<'_> {
    /// The same copy with its strings in the arena.
    pub(super) fn store_in<'b>(self, interner: &mut Interner<'b>) -> Record<'b> {
        let Self {
            stamp,
            fields,
            links,
        } = self;
        Record {
            stamp,
            fields: fields.store_in(interner),
            links: links.store_in(interner),
        }
    }
}

/// Adds copies of an object to those that are known, each only once.
pub(super) fn unite<'a>(known: &mut Vec<Record<'a>>, more: Vec<Record<'a>>) {
    for record in more {
        if !known.contains(&record) {
            known.push(record);
        }
    }
}

/// Whether two values of one field are known and not the same.
pub(super) fn differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}

/// A field, or what another copy has in its place.
pub(super) fn filled<'a>(field: Field<&'a str>, other: Field<&'a str>) -> Field<&'a str> {
    if field.text().is_none() && other != Field::Absent {
        other
    } else {
        field
    }
}

fn completed_database<'a>(
    one: Option<Database<'a>>,
    other: Option<Database<'a>>,
) -> Option<Database<'a>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.completed(other)),
        (one, other) => one.or(other),
    }
}
