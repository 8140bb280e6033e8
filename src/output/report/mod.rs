//! What there is to tell of a run, in a form that every format can render.
//!
//! `gather` makes it of the results of the stages.

mod gather;
mod view;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::gather::{Results, report};
use crate::link::{NotLinked, OutcomeKind};
use crate::model::Diagnostic;
use crate::plan::twins::SameBy;
use crate::plan::{KeepReason, RemovalReason};

/// A run, told.
#[derive(Debug)]
pub struct Report {
    /// The manifest.
    pub manifest: ManifestFacts,
    /// New exposures.
    pub added: Vec<ExposureFacts>,
    /// Exposures that are different now.
    pub changed: Vec<BeforeAfter>,
    /// Exposures whose workbook has another title.
    pub renamed: Vec<BeforeAfter>,
    /// Exposures that go, with the reason.
    pub removed: Vec<RemovedFacts>,
    /// Exposures of ours that stay although this run does not want them.
    pub kept: Vec<KeptFacts>,
    /// How many exposures are as wanted.
    pub unchanged: usize,
    /// Whether exposures of ours stood in the manifest before.
    pub has_baseline: bool,
    /// How many tables came to each outcome, counted once for each workbook.
    pub tables: BTreeMap<OutcomeKind, usize>,
    /// Counts of workbooks.
    pub workbooks: WorkbookCounts,
    /// Every table of a workbook that is not linked.
    pub unlinked: Vec<Unlinked>,
    /// Hand-written exposures of workbooks that are in the export.
    pub manual: Vec<ManualFacts>,
    /// What each export proves.
    pub export: Vec<ExportFacts>,
    /// What else there is to say.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Whether any exposure is added, changed, renamed or removed, or kept and yet not as it was.
    pub fn has_changes(&self) -> bool {
        !(self.added.is_empty()
            && self.changed.is_empty()
            && self.renamed.is_empty()
            && self.removed.is_empty()
            && self.kept.iter().all(|kept| kept.before.is_none()))
    }
}

/// The manifest of a run.
#[derive(Debug)]
pub struct ManifestFacts {
    /// Its path as given.
    pub path: String,
    /// The version of dbt that wrote it.
    pub dbt_version: Option<String>,
    /// The adapter.
    pub adapter: Option<String>,
    /// The root project.
    pub project: String,
    /// How many of its nodes have a relation.
    pub relations: usize,
}

/// An exposure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposureFacts {
    /// dbt's id.
    pub unique_id: String,
    /// Its name.
    pub name: String,
    /// The workbook's title.
    pub label: Option<String>,
    /// The workbook's id.
    pub luid: String,
    /// The workbook's server, if known.
    pub server: Option<String>,
    /// The content URL of its site, if known.
    pub site: Option<String>,
    /// Where the workbook opens.
    pub url: Option<String>,
    /// The workbook's project, as a path as far as it is known.
    pub project: Option<String>,
    /// The owner.
    pub owner: OwnerFacts,
    /// Whether everything that the workbook reads is known.
    pub complete: bool,
    /// Tags.
    pub tags: Vec<String>,
    /// The maturity, where somebody said it.
    pub maturity: Option<String>,
    /// When the workbook was created, in seconds since 1970.
    pub created_at: Option<i64>,
    /// The description, in which nothing is active.
    pub description: String,
    /// The nodes that it reads, sorted by id, each with the reason.
    pub links: Vec<LinkFacts>,
}

/// An owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerFacts {
    /// A name to show.
    pub name: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
}

/// Why an exposure depends on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkFacts {
    /// The node's id.
    pub node: Arc<str>,
    /// The rule that drew the link.
    pub rule: Cow<'static, str>,
    /// How the workbook gets at the table.
    pub path: Cow<'static, str>,
}

/// An exposure before and after.
#[derive(Debug)]
pub struct BeforeAfter {
    /// The exposure as it is wanted.
    pub after: ExposureFacts,
    /// As it stood.
    pub before: ExposureFacts,
}

/// An exposure that is removed.
#[derive(Debug)]
pub struct RemovedFacts {
    /// The exposure.
    pub exposure: ExposureFacts,
    /// Why.
    pub reason: RemovalReason,
}

/// An exposure that is kept, and the reason.
#[derive(Debug)]
pub struct KeptFacts {
    /// The exposure as it is to stand.
    pub exposure: ExposureFacts,
    /// Why.
    pub reason: KeepReason,
    /// As it stood, if it cannot stay so: a dependency is gone, or its name is taken.
    pub before: Option<ExposureFacts>,
}

/// Counts of workbooks.
#[derive(Debug, Default)]
pub struct WorkbookCounts {
    /// In the export, also those without luid.
    pub read: usize,
    /// Looked at.
    pub selected: usize,
    /// With at least one link.
    pub linked: usize,
    /// Of which not everything that they read is known.
    pub incomplete: usize,
    /// Without luid.
    pub unidentified: usize,
}

/// A table of a workbook that is not linked.
#[derive(Debug)]
pub struct Unlinked {
    /// The workbook's title.
    pub workbook: String,
    /// The workbook's id.
    pub luid: String,
    /// The table as Tableau names it.
    pub table: String,
    /// Its connection type.
    pub connection_type: Option<String>,
    /// The database in its name, for the advice on tables without a schema.
    pub database: Option<String>,
    /// What became of it.
    pub outcome: OutcomeKind,
    /// Why.
    pub reason: NotLinked,
    /// Relations that nearly fit.
    pub nearest: Vec<Nearest>,
    /// How the workbook gets at it.
    pub paths: Vec<String>,
}

/// A relation that nearly fits, or one of several that fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nearest {
    /// The node's id.
    pub unique_id: String,
    /// Its relation.
    pub relation: String,
    /// What keeps it from fitting.
    pub difference: String,
}

/// A hand-written exposure, which is left alone, and how it compares with its workbook.
#[derive(Debug)]
pub struct ManualFacts {
    /// The exposure's id.
    pub unique_id: String,
    /// The workbook's title.
    pub workbook: String,
    /// The workbook's id.
    pub luid: String,
    /// What shows that it is this workbook.
    pub by: SameBy,
    /// Nodes that the workbook reads and the exposure does not name.
    pub missing: Vec<String>,
    /// Nodes that the exposure names and the workbook is not known to read.
    pub extra: Vec<String>,
}

/// What one export proves.
#[derive(Debug)]
pub struct ExportFacts {
    /// The server, if known.
    pub server: Option<String>,
    /// The site's content URL, if known.
    pub site: Option<String>,
    /// Whether it surely lists every workbook.
    pub complete: bool,
    /// Why not.
    pub reasons: Vec<String>,
}
