//! What changes in a project, and how much of what workbooks read is its own.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::exposures::{Changed, Exposure, Kept, Removed};
use super::lost::{self, LostLink};
use crate::report::{self, Report};

/// What belongs to one project.
#[derive(Serialize, JsonSchema)]
pub(super) struct OfProject<'r> {
    /// The manifest.
    manifest: Manifest<'r>,
    /// Every table of a selected workbook that linked to a node of the state and whose relation no longer
    /// links to this project, or is taken for that of another node.
    lost_links: Vec<LostLink<'r>>,
    /// How many workbooks that are not selected have such tables as well; `not_selected` says which.
    not_selected_with_lost_links: usize,
    /// New exposures.
    added: Vec<Exposure<'r>>,
    /// Exposures that are different now.
    changed: Vec<Changed<'r>>,
    /// Exposures whose workbook has another title, perhaps among other changes.
    renamed: Vec<Changed<'r>>,
    /// Exposures that are removed.
    removed: Vec<Removed<'r>>,
    /// Exposures of autoexpose that are kept although this run does not want them.
    kept: Vec<Kept<'r>>,
    /// How many exposures are up to date.
    unchanged: usize,
    /// How many tables have each outcome, counted once for each workbook that reads them.
    tables: BTreeMap<&'r str, usize>,
    /// Counts of workbooks.
    workbooks: Workbooks,
    /// The YAML files that `yaml` writes or removes; only `yaml` has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<ChangedFile<'r>>>,
}

/// A YAML file that is written or removed.
#[derive(Serialize, JsonSchema)]
struct ChangedFile<'r> {
    /// Its path.
    path: &'r str,
    /// `added`, `changed` or `removed`.
    change: &'static str,
}

impl<'r> ChangedFile<'r> {
    fn new(file: &'r report::ChangedFile) -> Self {
        Self {
            path: &file.path,
            change: file.change.text(),
        }
    }
}

impl<'r> OfProject<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        Self {
            manifest: Manifest::new(&report.manifest),
            lost_links: lost::links(&report.lost),
            not_selected_with_lost_links: report.lost.not_selected,
            added: report.added.iter().map(Exposure::new).collect(),
            changed: report.changed.iter().map(Changed::new).collect(),
            renamed: report.renamed.iter().map(Changed::new).collect(),
            removed: report.removed.iter().map(Removed::new).collect(),
            kept: report.kept.iter().map(Kept::new).collect(),
            unchanged: report.unchanged,
            tables: report
                .tables
                .iter()
                .map(|(kind, count)| (kind.text(), *count))
                .collect(),
            workbooks: Workbooks::new(&report.workbooks),
            files: report
                .files
                .as_ref()
                .map(|files| files.iter().map(ChangedFile::new).collect()),
        }
    }
}

/// The manifest of a run.
#[derive(Serialize, JsonSchema)]
struct Manifest<'r> {
    /// Its path as given.
    path: &'r str,
    /// The version of dbt that wrote it; null if it does not name it.
    dbt_version: Option<&'r str>,
    /// The adapter; null if it does not name it.
    adapter: Option<&'r str>,
    /// The root project.
    project: &'r str,
    /// How many of its nodes have a relation.
    relations: usize,
}

impl<'r> Manifest<'r> {
    fn new(manifest: &'r report::ManifestFacts) -> Self {
        Self {
            path: &manifest.path,
            dbt_version: manifest.dbt_version.as_deref(),
            adapter: manifest.adapter.as_deref(),
            project: &manifest.project,
            relations: manifest.relations,
        }
    }
}

/// Counts of workbooks.
#[derive(Serialize, JsonSchema)]
pub(super) struct Workbooks {
    /// In the export, also those without luid.
    read: usize,
    /// Selected.
    selected: usize,
    /// With at least one link.
    linked: usize,
    /// Of which the export does not show everything that they read.
    incomplete: usize,
    /// Without luid.
    unidentified: usize,
}

impl Workbooks {
    pub(super) fn new(counts: &report::WorkbookCounts) -> Self {
        Self {
            read: counts.read,
            selected: counts.selected,
            linked: counts.linked,
            incomplete: counts.incomplete,
            unidentified: counts.unidentified,
        }
    }
}
