//! The answer: what each gate that was asked for comes to.

use std::sync::Arc;

use super::finding::Finding;
use super::gate::Gate;
use crate::model::Diagnostic;
use crate::output::report::ManifestFacts;

/// What the gates of a run come to.
#[derive(Debug)]
pub struct Answer {
    /// Each gate that was asked for, in the order of [`Gate::ALL`]; a limit comes once for each scope.
    pub decisions: Vec<Decision>,
    /// The manifests, in the order of their projects.
    pub manifests: Vec<ManifestFacts>,
    /// What makes the answer weaker than it looks, one sentence each without a full stop: an export
    /// that may not list every workbook, workbooks that may read more than it shows.
    pub caveats: Vec<String>,
    /// What else the user should know, sorted and without duplicates.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a gate comes to.
#[derive(Debug)]
pub struct Decision {
    /// The gate.
    pub gate: Gate,
    /// The workbooks that it is about.
    pub scope: Scope,
    /// Whether it holds.
    pub verdict: Verdict,
    /// The figures behind that, without a full stop: "97.2 % of 1 204 tables (at least 95 %)".
    pub figures: String,
    /// What it fails on, sorted. Of a limit, the tables that are not linked, also if it holds.
    pub findings: Vec<Finding>,
    /// How many more there are that the state had as well and that `--new-only` leaves out.
    pub known: usize,
    /// Of how many of the findings the state does not tell whether it had them; 0 without `--new-only`.
    pub maybe_known: usize,
}

/// Whether a gate holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing makes it fail.
    Held,
    /// Something makes it fail.
    Failed,
    /// What it needs to know is missing.
    Undecided {
        /// What is missing, in one sentence without a full stop.
        why: String,
        /// What to do about it.
        help: String,
    },
}

impl Verdict {
    /// The word that scripts see.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Failed => "failed",
            Self::Undecided { .. } => "undecided",
        }
    }
}

/// The workbooks that a gate is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All that are selected.
    All,
    /// Those of this Tableau project, by its path as far as it is known, with `--per-project`.
    Project(Arc<str>),
    /// Those of the Tableau projects that this entry of `check.projects` fits.
    Entry(Arc<str>),
}

impl Answer {
    /// The gates that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Decision> {
        let decisions = self.decisions.iter();
        decisions.filter(|decision| decision.verdict == Verdict::Failed)
    }

    /// The gates that hold.
    pub fn held(&self) -> impl Iterator<Item = &Decision> {
        let decisions = self.decisions.iter();
        decisions.filter(|decision| decision.verdict == Verdict::Held)
    }

    /// The gates that could not be decided.
    pub fn undecided(&self) -> impl Iterator<Item = &Decision> {
        let decisions = self.decisions.iter();
        decisions.filter(|decision| matches!(decision.verdict, Verdict::Undecided { .. }))
    }

    /// What the gates that failed fail on.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.failed().flat_map(|decision| &decision.findings)
    }
}
