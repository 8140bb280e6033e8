//! What was compared.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::Export;
use crate::impact::{Basis, SideFacts, Target as Found, TargetEvidence};
use crate::output::impact;

/// Whether both manifests are of one target.
#[derive(Serialize, JsonSchema)]
pub(super) struct Target<'r> {
    /// `same`, `other` or `unknown`.
    is: &'static str,
    /// How it is known: `told` by `--same-target`, by the targets of the `runs`, since head is
    /// `deferred` to base, or by `relations`.
    by: &'static str,
    /// The targets of the runs, base's and head's.
    targets: Option<[&'r str; 2]>,
    /// How many relations differ of nodes that are configured alike, and of how many.
    differ: Option<[usize; 2]>,
}

/// What was compared.
#[derive(Serialize, JsonSchema)]
pub(super) struct Compared<'r> {
    /// How many models, seeds and snapshots base builds.
    nodes: usize,
    /// Of how many of them both catalogs tell the columns.
    with_catalogs: usize,
    /// Base.
    base: Side<'r>,
    /// Head.
    head: Side<'r>,
    /// Whether the versions of dbt differ, so that its own macros were left out.
    is_other_dbt: bool,
    /// How many selected workbooks read tables that are not linked, or may read more than the export
    /// shows.
    partly_unknown: usize,
    /// How many selected workbooks have not one linked table.
    without_links: usize,
}

/// One of the two manifests.
#[derive(Serialize, JsonSchema)]
pub(super) struct Side<'r> {
    /// Its file.
    file: &'r str,
    /// When it was written.
    generated_at: Option<&'r str>,
    /// The version of dbt.
    dbt_version: Option<&'r str>,
    /// Whether there is a catalog.
    has_catalog: bool,
    /// When that was written.
    catalog_generated_at: Option<&'r str>,
    /// The target of the run, if it is known.
    target: Option<&'r str>,
}

/// The exports of one site.
#[derive(Serialize, JsonSchema)]
pub(super) struct CapturedExport<'r> {
    #[serde(flatten)]
    proves: Export<'r>,
    /// When the last of them was made, as ISO 8601 in UTC; null if they do not say.
    captured_at: Option<String>,
}

impl<'r> CapturedExport<'r> {
    pub(super) fn new(export: &'r impact::CapturedExport) -> Self {
        Self {
            proves: Export::new(&export.facts),
            captured_at: export.captured_at.map(|time| time.to_string()),
        }
    }
}

impl<'r> Target<'r> {
    pub(super) fn new(target: &'r Found) -> Self {
        let (is, evidence) = match target {
            Found::Same(by) => ("same", by),
            Found::Other(by) => ("other", by),
            Found::Unknown(by) => ("unknown", by),
        };
        let (by, targets, differ) = match evidence {
            TargetEvidence::Told => ("told", None, None),
            TargetEvidence::Runs(base, head) => ("runs", Some([base.as_str(), head]), None),
            TargetEvidence::Deferred => ("deferred", None, None),
            TargetEvidence::Relations { differ, of } => ("relations", None, Some([*differ, *of])),
        };
        Self {
            is,
            by,
            targets,
            differ,
        }
    }
}

impl<'r> Compared<'r> {
    pub(super) fn new(basis: &'r Basis) -> Self {
        Self {
            nodes: basis.nodes,
            with_catalogs: basis.with_catalogs,
            base: Side::new(&basis.base),
            head: Side::new(&basis.head),
            is_other_dbt: basis.is_other_dbt,
            partly_unknown: basis.partly_unknown,
            without_links: basis.without_links,
        }
    }
}

impl<'r> Side<'r> {
    pub(super) fn new(side: &'r SideFacts) -> Self {
        Self {
            file: &side.file,
            generated_at: side.generated_at.as_deref(),
            dbt_version: side.dbt_version.as_deref(),
            has_catalog: side.catalog.is_some(),
            catalog_generated_at: side.catalog.as_ref().and_then(|at| at.as_deref()),
            target: side.target.as_deref(),
        }
    }
}
