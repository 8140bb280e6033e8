//! Limits: how many tables may be without a link, of how many.
//!
//! What counts are the tables that selected workbooks read from the project's warehouse, each once for
//! each workbook. Files, other warehouses and what another project of the run builds do not count.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::{Decision, Scope};
use super::asked::Asked;
use super::facts::{Facts, Shown};
use super::figures::{self, grouped};
use super::finding::Finding;
use super::found::{self, Found};
use super::gates::Writer;
use crate::link::OutcomeKind;
use crate::model::WorkbookIx;
use crate::settings::{CheckSettings, Gate, Limits, ProjectLimits, Selected, Share};

/// Decides all limits.
pub(super) fn decide(facts: &Facts, shown: &Shown, asked: &Asked) -> Vec<Decision> {
    let scopes = scopes(facts, asked);
    let decisions = scopes
        .iter()
        .flat_map(|scope| scope.decide(facts, shown, asked.new_only));
    decisions.collect()
}

/// Workbooks that a limit is for, taken together.
struct Scoped<'l> {
    scope: Scope,
    limits: &'l Limits,
    workbooks: Vec<WorkbookIx>,
    /// Why nothing can be said of them.
    missing: Option<Missing>,
    /// Whether they may well read nothing that counts, since they are a part of the workbooks, and
    /// another part does read such tables.
    may_be_empty: bool,
}

/// What limits are for.
fn scopes<'l>(facts: &Facts, asked: &Asked<'l>) -> Vec<Scoped<'l>> {
    let gates = asked.gates;
    let entries = gates.projects.iter();
    let entries = entries.filter_map(|entry| of_entry(facts, entry));
    let general = if gates.limits.is_any() {
        general(facts, gates)
    } else {
        Vec::new()
    };
    general.into_iter().chain(entries).collect()
}

/// What the limits are for that are not those of an entry: all workbooks, or those of each project.
fn general<'l>(facts: &Facts, gates: &'l CheckSettings) -> Vec<Scoped<'l>> {
    let mut by_scope = BTreeMap::<_, Vec<_>>::new();
    for (at, workbook) in facts.workbooks() {
        let scope = if gates.per_project {
            Scope::Project(workbook.project.join(" / ").into())
        } else {
            Scope::All
        };
        by_scope.entry(scope).or_default().push(at);
    }
    if by_scope.is_empty() {
        by_scope.insert(Scope::All, Vec::new());
    }
    let may_be_empty = gates.per_project && is_any_counted(facts);
    let scoped = by_scope.into_iter().map(|(scope, workbooks)| Scoped {
        scope,
        limits: &gates.limits,
        missing: workbooks.is_empty().then_some(Missing::Selected),
        workbooks,
        may_be_empty,
    });
    scoped.collect()
}

/// What the limits of an entry are for. Of one whose workbooks the flags of this run leave out, this run
/// tells nothing: that they are not checked stands among the caveats.
fn of_entry<'l>(facts: &Facts, entry: &'l ProjectLimits) -> Option<Scoped<'l>> {
    let filter = &entry.filter;
    let fitting = facts.workbooks().filter(|(_, it)| filter.fits(it));
    let workbooks = fitting.map(|(at, _)| at).collect::<Vec<_>>();
    let positions = facts.site.workbook_positions();
    let mut left_out = positions.filter(|at| {
        let is_left_out = matches!(facts.selection.get(*at), Selected::OutOfThisRun(_));
        is_left_out && filter.fits(facts.site.workbook(*at))
    });
    if workbooks.is_empty() && left_out.next().is_some() {
        return None;
    }
    let mut without_path = facts.workbooks().filter(|(_, it)| !it.has_project_path);
    let needs_path = filter.needs_project_paths() && without_path.next().is_some();
    let missing = if needs_path {
        Some(Missing::Paths)
    } else {
        workbooks.is_empty().then_some(Missing::Workbooks)
    };
    Some(Scoped {
        scope: Scope::Entry(Arc::clone(&filter.place)),
        limits: &entry.limits,
        workbooks,
        missing,
        may_be_empty: is_any_counted(facts),
    })
}

/// Whether selected workbooks read a table that counts.
fn is_any_counted(facts: &Facts) -> bool {
    let mut reads = facts.workbooks().flat_map(|(at, _)| facts.reads(at));
    reads.any(|read| read.kind().is_of_warehouse())
}

/// What counts of the tables of some workbooks.
#[derive(Default)]
struct Counted {
    linked: usize,
    /// Those that are not linked, as findings.
    unlinked: Vec<Finding>,
}

impl Scoped<'_> {
    fn decide(&self, facts: &Facts, shown: &Shown, new_only: bool) -> Vec<Decision> {
        let limits = self.limits;
        let count = |gate| match self.missing {
            Some(missing) => Err(missing.found().decide(gate, self.scope.clone(), false)),
            None => Ok(self.count(gate, facts, shown)),
        };
        let rate = limits.min_match_rate.map(|least| {
            let counted = count(Gate::MatchRate)?;
            self.nothing(Gate::MatchRate, &counted, facts)?;
            Ok(self.rate(counted, least))
        });
        let unlinked = limits.max_unlinked.map(|most| {
            let counted = count(Gate::Unlinked)?;
            self.nothing(Gate::Unlinked, &counted, facts)?;
            Ok(self.unlinked(counted, most, new_only))
        });
        let decisions = rate.into_iter().chain(unlinked);
        decisions
            .map(|decided: Result<_, _>| decided.unwrap_or_else(|nothing| nothing))
            .collect()
    }

    fn count(&self, gate: Gate, facts: &Facts, shown: &Shown) -> Counted {
        let mut counted = Counted::default();
        let mut writer = Writer::new(facts, shown);
        for at in &self.workbooks {
            for read in facts
                .reads(*at)
                .filter(|read| read.kind().is_of_warehouse())
            {
                if read.kind() == OutcomeKind::Linked {
                    counted.linked += 1;
                } else {
                    counted.unlinked.push(writer.finding(gate, *at, &read));
                }
            }
        }
        counted
    }

    /// What a limit comes to if nothing counts, as an error. It holds where files alone are read, and the
    /// export shows all of what these workbooks read; else that looks like wrong inputs.
    fn nothing(&self, gate: Gate, counted: &Counted, facts: &Facts) -> Result<(), Decision> {
        if counted.linked + counted.unlinked.len() > 0 {
            return Ok(());
        }
        let scope = self.scope.clone();
        let mut workbooks = self.workbooks.iter();
        if self.may_be_empty && workbooks.all(|at| facts.is_complete(*at)) {
            let figures = "not one table of the project's warehouse is read".to_owned();
            return Err(Decision::new(gate, scope, true, figures, Vec::new()));
        }
        Err(Missing::Tables.found().decide(gate, scope, false))
    }

    /// Whether enough tables are linked. What the state had counts as well.
    fn rate(&self, counted: Counted, least: Share) -> Decision {
        let all = counted.linked + counted.unlinked.len();
        let per_mille = counted.linked * 1000 / all;
        let figures = format!(
            "{}.{} % of {} {} linked (at least {least})",
            per_mille / 10,
            per_mille % 10,
            figures::counted(all, "table"),
            if all == 1 { "is" } else { "are" },
        );
        let holds = least.is_reached_by(counted.linked, all);
        let (unlinked, _) = found::new_ones(counted.unlinked, false);
        Decision::new(
            Gate::MatchRate,
            self.scope.clone(),
            holds,
            figures,
            unlinked,
        )
    }

    /// Whether few enough tables are not linked.
    fn unlinked(&self, counted: Counted, most: usize, new_only: bool) -> Decision {
        let (unlinked, known) = found::new_ones(counted.unlinked, new_only);
        let figures = format!(
            "{} {}not linked (at most {})",
            figures::counted(unlinked.len(), "table"),
            if unlinked.len() == 1 { "is " } else { "are " },
            grouped(most),
        );
        let maybe_known = found::maybe_known(&unlinked, new_only);
        let holds = unlinked.len() <= most;
        let scope = self.scope.clone();
        Decision {
            known,
            maybe_known,
            ..Decision::new(Gate::Unlinked, scope, holds, figures, unlinked)
        }
    }
}

/// Why a limit cannot be decided.
#[derive(Debug, Clone, Copy)]
enum Missing {
    /// Nothing is selected.
    Selected,
    /// The pattern of an entry needs the paths of projects.
    Paths,
    /// The pattern of an entry fits nothing.
    Workbooks,
    /// There is nothing of which a share could be linked.
    Tables,
}

impl Missing {
    fn found(self) -> Found {
        let (why, help) = match self {
            Self::Selected => return Found::nothing_selected(),
            Self::Paths => (
                "its pattern needs the paths of projects, which the export does not contain",
                "give a pattern without `/`, or an export with the paths (docs/tableau-export.md)",
            ),
            Self::Workbooks => (
                "it fits not one selected workbook",
                "correct the pattern, or remove the entry",
            ),
            Self::Tables => (
                "these workbooks read not one table of the project's warehouse",
                "check that the export is of the right site, and the manifest of the right target",
            ),
        };
        Found::Missing {
            why: why.to_owned(),
            help: help.to_owned(),
        }
    }
}
