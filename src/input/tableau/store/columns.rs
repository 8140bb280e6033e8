//! What responses show of fields, and of the sheets that use them, for the columns behind them.
//!
//! An export may have millions of fields, and most runs do not ask for them: so they are no objects
//! with records, and are kept only where a run asks. Fields and views are known by hashes of their
//! ids. What copies of a field show is put together when all are known (`super::super::columns`).

use std::hash::BuildHasher;

use foldhash::quality::FixedState;
use jiff::Timestamp;

use super::covered::Covered;
use super::mentions::{Ref, Renumbering};
use crate::input::tableau::section::Section;

/// The hash of an id.
pub(crate) type IdHash = u64;

/// The hash of an id of a field or view.
pub(super) fn hash(id: &str) -> IdHash {
    FixedState::default().hash_one(id)
}

/// All that responses show of fields and the sheets that use them.
#[derive(Debug, Default)]
pub(crate) struct ColumnFacts<'a> {
    /// The fields of data sources.
    pub(crate) lists: Vec<FieldList<'a>>,
    /// The fields that sheets, and other views, use.
    pub(crate) sheets: Vec<SheetFacts<'a>>,
    /// The sheets of workbooks.
    pub(crate) sheets_of: Vec<SheetsOfWorkbook>,
}

/// A list of fields of a data source, or a part of it.
#[derive(Debug)]
pub(crate) struct FieldList<'a> {
    pub(crate) datasource: Ref,
    pub(crate) captured_at: Option<Timestamp>,
    /// The section of fields or columns that it comes from, if it does.
    section: Option<Section>,
    /// Whether it has all fields.
    pub(crate) is_whole: bool,
    pub(crate) fields: Vec<FieldFacts<'a>>,
}

/// What a response shows of a field.
#[derive(Debug)]
pub(crate) struct FieldFacts<'a> {
    pub(crate) id: Option<IdHash>,
    pub(crate) name: Option<&'a str>,
    pub(crate) kind: FieldKind,
    /// The data source that it is of, as far as it says so itself.
    pub(crate) datasource: Option<Ref>,
    /// The columns that it comes from, each with its table.
    pub(crate) columns: Box<[(&'a str, Ref)]>,
    /// The fields that it is made of.
    pub(crate) inputs: Box<[FieldRef<'a>]>,
    pub(crate) origin: Origin,
}

/// A mention of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldRef<'a> {
    pub(crate) id: Option<IdHash>,
    pub(crate) name: Option<&'a str>,
    /// Its data source; that of the field that mentions it if it names none.
    pub(crate) datasource: Option<Ref>,
}

/// What a field is, as far as it matters to columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// It is made of other fields of its data source, and adds no column to it.
    Derived,
    /// It is the one of a published data source.
    Remote,
    /// It is made of a column, or nothing says what it is.
    Other,
}

/// What is shown of where a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// All columns, or all fields that it is made of.
    Shown,
    /// It is made of neither.
    Nothing,
    /// Not all.
    NotTold,
}

/// What a response shows of a sheet or dashboard.
#[derive(Debug)]
pub(crate) struct SheetFacts<'a> {
    /// Its ids.
    pub(crate) ids: Vec<IdHash>,
    pub(crate) workbook: Option<Ref>,
    pub(crate) name: Option<&'a str>,
    pub(crate) captured_at: Option<Timestamp>,
    /// The section of views that it comes from, if it does.
    pub(crate) section: Option<Section>,
    /// Whether the lists of its fields, or of its columns, have everything.
    pub(crate) is_whole: bool,
    pub(crate) fields: Vec<FieldFacts<'a>>,
    pub(crate) columns: Vec<(&'a str, Ref)>,
}

impl<'a> FieldList<'a> {
    pub(super) fn new(
        datasource: Ref,
        provenance: (Option<Timestamp>, Option<Section>),
        is_whole: bool,
        fields: Vec<FieldFacts<'a>>,
    ) -> Self {
        let (captured_at, section) = provenance;
        Self {
            datasource,
            captured_at,
            section: section
                .filter(|section| matches!(section.widest(), Section::Fields | Section::Columns)),
            is_whole,
            fields,
        }
    }
}

/// The sheets that a workbook lists.
#[derive(Debug)]
pub(crate) struct SheetsOfWorkbook {
    pub(crate) workbook: Ref,
    pub(crate) captured_at: Option<Timestamp>,
    /// Whether these are all.
    pub(crate) is_whole: bool,
    /// The ids of each.
    pub(crate) sheets: Vec<Vec<IdHash>>,
}

impl ColumnFacts<'_> {
    /// Adds those of another store of the same site.
    pub(super) fn absorb(&mut self, other: Self) {
        self.lists.extend(other.lists);
        self.sheets.extend(other.sheets);
        self.sheets_of.extend(other.sheets_of);
    }

    /// Replaces the numbers of all mentions by their final ones.
    pub(super) fn renumber(&mut self, new: &Renumbering) {
        for list in &mut self.lists {
            list.datasource = new.get(list.datasource);
            list.fields.iter_mut().for_each(|field| field.renumber(new));
        }
        for sheet in &mut self.sheets {
            sheet.workbook = sheet.workbook.map(|workbook| new.get(workbook));
            sheet
                .fields
                .iter_mut()
                .for_each(|field| field.renumber(new));
            for (_, table) in &mut sheet.columns {
                *table = new.get(*table);
            }
        }
        for sheets in &mut self.sheets_of {
            sheets.workbook = new.get(sheets.workbook);
        }
    }

    /// Leaves out what later captures supersede.
    pub(super) fn leave_out(&mut self, covered: &Covered) {
        self.lists.retain(|list| match list.section {
            Some(section) => !covered.supersedes_section(section, list.captured_at),
            None => !covered.supersedes(list.datasource.kind, list.captured_at),
        });
        self.sheets.retain(|sheet| {
            let is_replaced = |section| covered.supersedes_section(section, sheet.captured_at);
            !sheet.section.is_some_and(is_replaced)
        });
    }
}

impl FieldFacts<'_> {
    fn renumber(&mut self, new: &Renumbering) {
        self.datasource = self.datasource.map(|datasource| new.get(datasource));
        for (_, table) in &mut self.columns {
            *table = new.get(*table);
        }
        for input in &mut self.inputs {
            input.datasource = input.datasource.map(|datasource| new.get(datasource));
        }
    }
}
