//! The answer: which workbooks are reached, by what, and how sure that is.

use std::sync::Arc;

use super::change::{Change, ChangeIx, ColumnChange, ColumnEvidence, Cosmetic, NotCompared};
use crate::model::display::display_enum;
use crate::model::{Place, WorkbookIx};

/// What a change of the project does to workbooks.
#[derive(Debug, Clone)]
pub struct Impact {
    /// The workbooks that are reached: the worst first, by what happens, then by title and luid.
    pub workbooks: Vec<ReachedWorkbook>,
    /// How many selected workbooks are not reached.
    pub unreached: usize,
    /// The nodes that changed, in the order of their ids; also those that no workbook reads.
    pub changes: Vec<Change>,
    /// The nodes in which only that changed which no reader sees, in the order of their ids.
    pub cosmetic: Vec<Cosmetic>,
    /// What could not be compared, in the order of the ids.
    pub not_compared: Vec<NotCompared>,
    /// The nodes of base whose text asks for vars or variables of the environment: their values are
    /// in no manifest. In the order of the ids.
    pub with_unseen_values: Vec<Arc<str>>,
    /// Whether both manifests are of one target.
    pub target: Target,
    /// What was compared.
    pub basis: Basis,
}

/// A workbook that is reached.
#[derive(Debug, Clone)]
pub struct ReachedWorkbook {
    /// The workbook.
    pub workbook: WorkbookIx,
    /// The worst of what happens to it.
    pub severity: Severity,
    /// What happens to it, the worst first; several tables by one change are several effects.
    pub effects: Vec<Effect>,
}

display_enum! {
    /// What happens to a workbook, the worst first. The texts are for scripts.
    pub enum Severity {
        /// It loses a table or a column that it shows.
        Breaks => "breaks";
        /// It keeps working, and may show other numbers.
        Touches => "touches";
        /// Whether anything happens to it could not be compared.
        Uncompared => "uncompared";
    }
}

/// One thing that happens to a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What happens.
    pub what: What,
    /// Why.
    pub cause: Cause,
    /// The table that the workbook reads, as Tableau names it.
    pub table: String,
    /// The id in base of the node that it is linked to.
    pub node: Arc<str>,
    /// The ids of the nodes from the one that changed to the one that is read, both included; empty if
    /// they are one.
    pub chain: Vec<Arc<str>>,
    /// How the workbook reaches the table, as paths are shown; `workbook` if it names it itself.
    pub path: String,
    /// Where its custom SQL names the table, if it does.
    pub place: Option<Place>,
    /// The columns that go or change: those that it uses, and those of which it is not told.
    pub columns: Vec<ColumnEffect>,
}

/// Why something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// By this change.
    Change(ChangeIx),
    /// By what could not be compared: the position in [`Impact::not_compared`].
    NotCompared(usize),
}

display_enum! {
    /// What happens to a workbook by one change, the worst first. The names are for scripts.
    pub enum What {
        /// The table that it reads is built no more: it stays as it is, and is no longer updated.
        NotUpdated = "not-updated" => "its table is no longer updated";
        /// A column that it uses goes.
        ColumnGone = "column-gone" => "a column that it uses goes";
        /// The run that updates the table fails, since an incremental model lost a column.
        RunFails = "fails" => "its table is no longer updated, since the run fails";
        /// A column that it uses holds null in new rows.
        ColumnNull = "column-null" => "a column that it uses is empty in new rows";
        /// A column that it uses has another type.
        TypeChanged = "type-changed" => "a column that it uses has another type";
        /// A column goes that its data source has, and that no sheet is known to show.
        UnusedColumnGone = "unused-column-gone" => "a column of its data source goes";
        /// A column goes, and the export does not tell whether it uses that.
        PerhapsColumnGone = "perhaps-column-gone" => "a column goes that it may use";
        /// What the table is made of changed: itself, or something above it.
        Changed = "changed" => "its table changes";
        /// It reads a version of a model that is no longer the latest one.
        OldVersion = "old-version" => "it reads an old version";
        /// Whether its table is still built cannot be told.
        PerhapsNotUpdated = "perhaps-not-updated" => "its table may be no longer updated";
        /// Whether the rows changed cannot be told.
        NotCompared = "not-compared" => "what it is made of could not be compared";
    }
}

impl What {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NotUpdated | Self::ColumnGone | Self::RunFails => Severity::Breaks,
            Self::ColumnNull
            | Self::TypeChanged
            | Self::UnusedColumnGone
            | Self::PerhapsColumnGone
            | Self::Changed
            | Self::OldVersion => Severity::Touches,
            Self::PerhapsNotUpdated | Self::NotCompared => Severity::Uncompared,
        }
    }
}

/// A column that goes or changes, and how the workbook uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnEffect {
    /// Its name in base.
    pub name: String,
    /// What happens to it.
    pub change: ColumnChange,
    /// How that is known.
    pub evidence: ColumnEvidence,
    /// How the workbook uses it.
    pub usage: ColumnUse,
    /// The sheets that show it; a few of them.
    pub sheets: Vec<String>,
    /// The fields and calculations by which the workbook uses it; a few of them.
    pub fields: Vec<String>,
    /// Where custom SQL names it.
    pub places: Vec<Place>,
}

display_enum! {
    /// How a workbook uses a column. The texts are for scripts.
    pub enum ColumnUse {
        /// A sheet shows it, itself or through calculations.
        OnSheet => "on-sheet";
        /// Its custom SQL names it.
        InQuery => "in-query";
        /// Its data source has it, and no sheet is known to show it.
        InDatasource => "in-datasource";
        /// The export does not tell.
        NotTold => "not-told";
    }
}

/// Whether base and head are of one target of dbt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// They are: relations are compared as they are.
    Same(TargetEvidence),
    /// They are not: relations are compared by their configuration.
    Other(TargetEvidence),
    /// It cannot be told: relations differ, and so do the macros that name them.
    Unknown(TargetEvidence),
}

/// How it is known whether both are of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetEvidence {
    /// The user says so.
    Told,
    /// The targets of the runs, base's and head's.
    Runs(String, String),
    /// Head defers to the relations of base.
    Deferred,
    /// How many relations differ of nodes that both have and that are configured alike, and of how many.
    Relations {
        /// How many differ.
        differ: usize,
        /// Of how many.
        of: usize,
    },
}

/// What was compared, so that a reader can judge the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Basis {
    /// How many models, seeds and snapshots base builds.
    pub nodes: usize,
    /// Of how many of them both catalogs tell the columns.
    pub with_catalogs: usize,
    /// What is told of base.
    pub base: SideFacts,
    /// What is told of head.
    pub head: SideFacts,
    /// Whether dbt itself differs, so that its own macros were left out.
    pub is_other_dbt: bool,
    /// How many selected workbooks read tables that are linked to nothing, or may read more than the
    /// export shows: nothing is known of these.
    pub partly_unknown: usize,
    /// How many selected workbooks have not one linked table.
    pub without_links: usize,
}

/// What is told of base or head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SideFacts {
    /// The manifest's file.
    pub file: String,
    /// When the manifest was written, as it says itself.
    pub generated_at: Option<String>,
    /// The version of dbt.
    pub dbt_version: Option<String>,
    /// Whether there is a catalog, and when it was written.
    pub catalog: Option<Option<String>>,
    /// The target of the run, if its results are given and name one.
    pub target: Option<String>,
}
