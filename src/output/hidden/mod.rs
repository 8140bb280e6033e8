//! The answer to what would show the tables whose names Tableau hides (`explain --hidden`).

mod gather;
pub mod json;
pub mod text;
mod words;

use std::collections::BTreeSet;

pub use self::gather::gather;
use crate::audience::{Decision, Grant, Need, Rule, Standing};
use crate::model::access::AssetKind;
use crate::model::{Diagnostic, SiteId, User};

/// What would show hidden tables, for each site of the exports.
#[derive(Debug)]
pub struct HiddenAnswer {
    /// Each site.
    pub sites: Vec<OfSite>,
    /// What else the user should know.
    pub diagnostics: Vec<Diagnostic>,
}

/// What would show the hidden tables of one site.
#[derive(Debug)]
pub struct OfSite {
    /// The site.
    pub site: SiteId,
    /// Who made its exports, as far as they say so.
    pub users: Vec<User>,
    /// What is known of the user and of the site.
    pub standing: Standing,
    /// Why the export may lack more than names; `None` if it is complete.
    pub gaps: Option<String>,
    /// How many tables with a name workbooks read.
    pub named: usize,
    /// How many things other than tables that workbooks read have no name.
    pub others: usize,
    /// How much of the content that uses hidden tables is in a project that the export does not tell.
    pub without_place: usize,
    /// The hidden tables, in the order of their ids.
    pub tables: Vec<TableAnswer>,
    /// What would show them: first what shows most, then what is smallest.
    pub grants: Vec<GrantAnswer>,
}

/// A hidden table.
#[derive(Debug)]
pub struct TableAnswer {
    /// Its luid, or its id of the Metadata API; `None` if the export tells neither.
    pub id: Option<String>,
    /// What it is called.
    pub label: String,
    /// The name of its database.
    pub database: Option<String>,
    /// Its kind of connection.
    pub connection: Option<String>,
    /// The names of custom SQL that reads it.
    pub custom_sql: Vec<String>,
    /// Who reads it.
    pub readers: Vec<ReaderAnswer>,
    /// Whether the rules let the user view it as things are.
    pub decision: Decision,
    /// The rule behind that.
    pub rule: Rule,
    /// What that rule saw.
    pub why: String,
    /// What would show it, the smallest first: positions in [`OfSite::grants`].
    pub grants: Vec<usize>,
}

impl TableAnswer {
    /// Whether a workbook is known to read it.
    pub fn is_read(&self) -> bool {
        self.readers
            .iter()
            .any(|reader| reader.kind == AssetKind::Workbook)
    }
}

/// Content that reads a hidden table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReaderAnswer {
    /// What it is.
    pub kind: AssetKind,
    /// Its name; `None` if it is hidden or not told.
    pub name: Option<String>,
    /// Its luid.
    pub luid: String,
    /// Its owner.
    pub owner: Option<String>,
    /// The projects from the top to its own.
    pub project: Option<String>,
    /// Through what it reads the table, if not itself.
    pub through: Option<String>,
}

/// Something that would show hidden tables.
#[derive(Debug)]
pub struct GrantAnswer {
    /// What the user would be given.
    pub grant: Grant,
    /// The name of what it is about.
    pub name: Option<String>,
    /// What it needs beside.
    pub needs: BTreeSet<Need>,
    /// The tables that it would show: positions in [`OfSite::tables`].
    pub tables: Vec<usize>,
}

impl OfSite {
    /// How many hidden tables workbooks are known to read.
    pub fn read(&self) -> usize {
        self.tables.iter().filter(|table| table.is_read()).count()
    }

    /// How many hidden tables the rules show to the user all the same.
    pub fn shown_by_rules(&self) -> usize {
        let shown = |table: &&TableAnswer| table.decision == Decision::Allowed;
        self.tables.iter().filter(shown).count()
    }
}
