//! Records: the copies of objects that responses hold.

use jiff::Timestamp;

use super::super::arena::{Arena, Interner};
use super::super::wire::Field;
use super::field_sets::FieldSet;
use super::fields::{Intermediate, Table, Workbook};
use super::links::Links;

/// How recent a copy is: when it was captured, then its `updatedAt`.
pub(super) type Stamp = (Option<Timestamp>, Option<Timestamp>);

/// One copy of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record<'a> {
    pub(super) stamp: Stamp,
    pub(super) fields: Fields<'a>,
    pub(super) links: Links<'a>,
}

impl Record<'_> {
    /// The same record with its texts in the arena.
    pub(super) fn store_in<'b>(self, interner: &mut Interner<'b>) -> Record<'b> {
        Record {
            stamp: self.stamp,
            fields: self.fields.store_in(interner),
            links: self.links.store_in(interner),
        }
    }
}

/// Adds copies of an object to the known ones, each different copy once.
pub(super) fn add_new<'a>(known: &mut Vec<Record<'a>>, more: Vec<Record<'a>>) {
    for record in more {
        if !known.contains(&record) {
            known.push(record);
        }
    }
}

/// The fields of an object, by the kind of object.
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

    /// Whether this only names a table, which is described elsewhere.
    pub(super) fn is_mention(self) -> bool {
        matches!(self, Self::Table(table)
            if table.has_id
                && [table.full_name, table.schema] == [Field::Absent; 2]
                && table.connection_type.is_none()
                && table.database.is_none())
    }

    /// What messages call the object.
    pub(super) fn label(&self) -> Option<&str> {
        match self {
            Self::Workbook(workbook) => workbook.name,
            Self::Table(table) => table.full_name.text().or_else(|| table.name.text()),
            Self::Intermediate(intermediate) => intermediate.name,
        }
    }

    /// Whether two copies of an object give different values for one field.
    pub(super) fn differs_from(self, other: Self) -> bool {
        match (self, other) {
            (Self::Table(one), Self::Table(other)) => one.differs_from(other),
            (Self::Workbook(one), Self::Workbook(other)) => one.differs_from(other),
            (Self::Intermediate(one), Self::Intermediate(other)) => one.differs_from(other),
            (Self::Table(_) | Self::Workbook(_) | Self::Intermediate(_), _) => false,
        }
    }
}

impl<'a> Fields<'a> {
    /// The fields of a table.
    pub(super) fn table(&self) -> Option<&'a Table<'a>> {
        match self {
            Self::Table(table) => Some(table),
            Self::Workbook(_) | Self::Intermediate(_) => None,
        }
    }

    /// The fields of this copy, its gaps filled from another one.
    pub(super) fn filled_from(self, other: Self, arena: &'a Arena) -> Self {
        match (self, other) {
            (Self::Table(one), Self::Table(other)) => {
                Self::Table(arena.alloc(one.filled_from(*other, arena)))
            }
            (Self::Workbook(one), Self::Workbook(other)) => {
                Self::Workbook(arena.alloc(one.filled_from(*other, arena)))
            }
            (Self::Intermediate(one), Self::Intermediate(other)) => {
                Self::Intermediate(arena.alloc(one.filled_from(*other, arena)))
            }
            (Self::Table(_) | Self::Workbook(_) | Self::Intermediate(_), _) => self,
        }
    }
}
