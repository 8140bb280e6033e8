//! Records: the copies of objects that responses hold.

use jiff::Timestamp;

use super::super::arena::Interner;
use super::super::wire::Field;
use super::field_sets::FieldSet;
use super::fields::{Intermediate, Table, Workbook};
use super::links::Links;
use crate::input::tableau::section::Section;

/// How recent a copy is: when it was captured, then its `updatedAt`.
pub(super) type Stamp = (Option<Timestamp>, Option<Timestamp>);

/// One copy of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record<'a> {
    pub(super) stamp: Stamp,
    /// The section that it is a part of, if a later capture of that section replaces it whole.
    pub(super) section: Option<Section>,
    pub(super) fields: Fields<'a>,
    pub(super) links: Links<'a>,
}

impl Record<'_> {
    /// The same record with its texts in the arena.
    pub(super) fn store_in<'b>(self, interner: &mut Interner<'b>) -> Record<'b> {
        Record {
            stamp: self.stamp,
            section: self.section,
            fields: self.fields.store_in(interner),
            links: self.links.store_in(interner),
        }
    }

    /// Whether it says more of its object than its name.
    pub(super) fn describes(&self) -> bool {
        match self.fields {
            Fields::Workbook(_) => true,
            Fields::Table(_) => !self.fields.is_mention(),
            Fields::Intermediate(intermediate) => {
                intermediate.is_described || self.links.has_tables()
            }
        }
    }
}

/// How many of the last copies of an object are looked at to recognize the next one. An object may
/// have thousands of different copies; which of those are equal is found out when they are merged.
const LAST_COPIES: usize = 8;

/// The position of a copy among the last ones of an object.
pub(super) fn position(known: &[Record], record: &Record) -> Option<usize> {
    let from = known.len().saturating_sub(LAST_COPIES);
    let last = known[from..].iter().rposition(|one| one == record)?;
    Some(from + last)
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
}

impl<'a> Fields<'a> {
    /// The fields of a table.
    pub(super) fn table(self) -> Option<&'a Table<'a>> {
        match self {
            Self::Table(table) => Some(table),
            Self::Workbook(_) | Self::Intermediate(_) => None,
        }
    }

    /// The fields of a workbook.
    pub(super) fn workbook(self) -> Option<&'a Workbook<'a>> {
        match self {
            Self::Workbook(workbook) => Some(workbook),
            Self::Table(_) | Self::Intermediate(_) => None,
        }
    }

    /// The fields of an object between workbooks and tables.
    pub(super) fn intermediate(self) -> Option<&'a Intermediate<'a>> {
        match self {
            Self::Intermediate(intermediate) => Some(intermediate),
            Self::Table(_) | Self::Workbook(_) => None,
        }
    }

    /// Whether any two copies of an object give different values for one field.
    pub(super) fn any_differ(all: impl Iterator<Item = Self> + Clone) -> bool {
        Table::any_differ(all.clone().filter_map(Self::table))
            || Workbook::any_differ(all.clone().filter_map(Self::workbook))
            || Intermediate::any_differ(all.filter_map(Self::intermediate))
    }
}
