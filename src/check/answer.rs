//! The answer: what each gate that was asked for comes to.

use std::sync::Arc;

use super::finding::Finding;
use crate::model::Diagnostic;
use crate::settings::Gate;

/// What the gates of a run come to.
#[derive(Debug)]
pub struct Answer {
    /// Each gate that was asked for, in the order of [`Gate::ALL`]; a limit comes once for each scope.
    pub decisions: Vec<Decision>,
    /// What was not looked at, one sentence each without a full stop: an export that may not list every
    /// workbook, workbooks that may read more than it shows or are not selected.
    pub caveats: Vec<String>,
    /// Whether the exports show every workbook, and everything that the selected ones read.
    pub is_whole: bool,
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
    /// The figures behind that, without a full stop: "97.2 % of 1204 tables are linked (at least
    /// 95 %)"; why it cannot be decided, if it cannot.
    pub figures: String,
    /// What to do about it, unless it holds.
    pub help: Option<String>,
    /// What it fails on, sorted; of a limit, the tables that are not linked.
    pub findings: Vec<Finding>,
    /// How many more there are that the state had as well and that `--new-only` leaves out.
    pub known: usize,
    /// Of how many of the findings the state does not tell whether it had them; 0 without `--new-only`.
    pub maybe_known: usize,
}

impl Decision {
    /// A gate that holds, or fails on these.
    pub(super) fn new(
        gate: Gate,
        scope: Scope,
        holds: bool,
        figures: String,
        findings: Vec<Finding>,
    ) -> Self {
        let verdict = if holds {
            Verdict::Held
        } else {
            Verdict::Failed
        };
        Self {
            gate,
            scope,
            verdict,
            figures,
            help: (!holds).then(|| gate.help().to_owned()),
            findings: if holds { Vec::new() } else { findings },
            known: 0,
            maybe_known: 0,
        }
    }

    /// A gate whose facts are missing.
    pub(super) fn undecided(gate: Gate, scope: Scope, why: String, help: String) -> Self {
        Self {
            gate,
            scope,
            verdict: Verdict::Undecided,
            figures: why,
            help: Some(help),
            findings: Vec::new(),
            known: 0,
            maybe_known: 0,
        }
    }
}

/// Whether a gate holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing makes it fail.
    Held,
    /// Something makes it fail.
    Failed,
    /// What it needs to know is missing.
    Undecided,
}

impl Verdict {
    /// The word that scripts see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Failed => "failed",
            Self::Undecided => "undecided",
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
    /// What all gates come to. One that cannot be decided goes first, since the rest is not the whole
    /// answer.
    pub fn verdict(&self) -> Verdict {
        if self.undecided().next().is_some() {
            Verdict::Undecided
        } else if self.failed().next().is_some() {
            Verdict::Failed
        } else {
            Verdict::Held
        }
    }

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
        decisions.filter(|decision| decision.verdict == Verdict::Undecided)
    }

    /// What the gates that failed fail on.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.failed().flat_map(|decision| &decision.findings)
    }
}
