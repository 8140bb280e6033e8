//! What a gate finds.

use super::answer::{Decision, Scope};
use super::figures;
use super::finding::Finding;
use crate::settings::Gate;

/// What a gate finds.
pub(super) enum Found {
    /// What it fails on.
    Findings {
        /// These, in any order.
        findings: Vec<Finding>,
        /// The figures if there is nothing, without a full stop.
        held: String,
    },
    /// Nothing, since what it needs to know is missing.
    Missing {
        /// What is missing, in one sentence without a full stop.
        why: String,
        /// What to do about it.
        help: String,
    },
}

impl Found {
    /// Nothing, since there is not one workbook to look at.
    pub(super) fn nothing_selected() -> Self {
        Self::Missing {
            why: "not one workbook is selected, so there is nothing to look at".to_owned(),
            help:
                "check that the export lists workbooks, and what `select` and the flags leave out"
                    .to_owned(),
        }
    }

    /// Nothing, since the export shows not one table that workbooks read.
    pub(super) fn no_table_is_read() -> Self {
        Self::Missing {
            why: "the export shows not one table that workbooks read".to_owned(),
            help: "save the export again, whole: docs/tableau-export.md says what to ask for"
                .to_owned(),
        }
    }

    /// Nothing, since workbooks read not one node of the project, as with a manifest of another target.
    pub(super) fn no_node_is_read() -> Self {
        Self::Missing {
            why: "workbooks read not one node of the project".to_owned(),
            help:
                "check that the export is of the right site, and the manifest of the right target"
                    .to_owned(),
        }
    }

    /// What a gate comes to that fails on whatever was found.
    pub(super) fn decide(self, gate: Gate, scope: Scope, new_only: bool) -> Decision {
        let (findings, held) = match self {
            Self::Missing { why, help } => return Decision::undecided(gate, scope, why, help),
            Self::Findings { findings, held } => (findings, held),
        };
        let (findings, known) = new_ones(findings, new_only);
        let figures = match (findings.len(), known) {
            (0, 0) => held,
            (0, known) => figures::nothing_new(known),
            _ => figures::failed(gate, &findings),
        };
        Decision {
            known,
            maybe_known: maybe_known(&findings, new_only),
            ..Decision::new(gate, scope, findings.is_empty(), figures, findings)
        }
    }
}

/// The findings that make a gate fail: where only new ones do, those that the state is not known to
/// have had, with how many others there are. What it does not tell counts as new, since silence is not a
/// fact. Sorted, and without those that differ in nothing that anybody sees.
pub(super) fn new_ones(mut findings: Vec<Finding>, new_only: bool) -> (Vec<Finding>, usize) {
    let is_known = |finding: &Finding| finding.is_new == Some(false);
    findings.sort_by(|one, other| {
        let by_place = one.place().cmp(&other.place());
        by_place.then_with(|| is_known(one).cmp(&is_known(other)))
    });
    findings.dedup_by(|later, first| later.place() == first.place());
    let all = findings.len();
    if new_only {
        findings.retain(|finding| !is_known(finding));
    }
    let known = all - findings.len();
    (findings, known)
}

/// Of how many findings the state does not tell whether it had them.
pub(super) fn maybe_known(findings: &[Finding], new_only: bool) -> usize {
    let unknown = findings.iter().filter(|finding| finding.is_new.is_none());
    if new_only { unknown.count() } else { 0 }
}
