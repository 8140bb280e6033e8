//! The first line, which decides: how many workbooks are reached, how badly, and by what.

use std::collections::BTreeSet;

use super::ImpactAnswer;
use super::names::Words;
use crate::impact::{Cause, NotCompared, NotComparedReason, ReachedWorkbook, Severity, What};
use crate::output::counted;

/// The first line without its full stop: the counts, and the cause of the worst.
pub(super) struct Headline {
    /// `2 workbooks break, 1 may show other numbers`.
    pub(super) counts: String,
    /// `fct_rides loses column gate_id`; empty if nothing is reached.
    pub(super) cause: String,
}

pub(super) fn headline(answer: &ImpactAnswer, words: Words) -> Headline {
    Headline {
        counts: counts(answer),
        cause: cause(answer, words),
    }
}

impl ImpactAnswer {
    /// Whether not one workbook is linked to base, so that nothing can be said.
    pub fn is_blind(&self) -> bool {
        let read = self.impact.workbooks.len() + self.impact.unreached;
        self.impact.workbooks.is_empty() && read == self.impact.basis.without_links
    }
}

/// What a workbook counts as in the first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Breaks,
    /// A column goes that it may use.
    MayLose,
    Shows,
    /// A column goes that not one sheet shows.
    LosesUnused,
    ReadsOld,
    NotCompared,
}

impl Counted {
    const ALL: [Self; 6] = [
        Self::Breaks,
        Self::MayLose,
        Self::Shows,
        Self::LosesUnused,
        Self::ReadsOld,
        Self::NotCompared,
    ];

    fn of(reached: &ReachedWorkbook) -> Self {
        let has = |what: &[What]| {
            let mut effects = reached.effects.iter();
            effects.any(|effect| what.contains(&effect.what))
        };
        match reached.severity {
            Severity::Breaks => Self::Breaks,
            Severity::Uncompared => Self::NotCompared,
            Severity::Touches if has(&[What::PerhapsColumnGone]) => Self::MayLose,
            Severity::Touches if has(&[What::ColumnNull, What::TypeChanged, What::Changed]) => {
                Self::Shows
            }
            Severity::Touches if has(&[What::UnusedColumnGone]) => Self::LosesUnused,
            Severity::Touches => Self::ReadsOld,
        }
    }

    /// The words behind the count.
    fn words(self, is_one: bool) -> &'static str {
        match (self, is_one) {
            (Self::Breaks, true) => "breaks",
            (Self::Breaks, false) => "break",
            (Self::MayLose, true) => "may lose a column that it uses",
            (Self::MayLose, false) => "may lose a column that they use",
            (Self::Shows, _) => "may show other numbers",
            (Self::LosesUnused, true) => "loses a column that is on no sheet",
            (Self::LosesUnused, false) => "lose a column that is on no sheet",
            (Self::ReadsOld, true) => "reads an old version",
            (Self::ReadsOld, false) => "read an old version",
            (Self::NotCompared, _) => "could not be compared",
        }
    }
}

fn counts(answer: &ImpactAnswer) -> String {
    let reached = &answer.impact.workbooks;
    let selected = reached.len() + answer.impact.unreached;
    if answer.is_blind() {
        return match selected {
            0 => "Nothing can be said: the export has not one selected workbook".to_owned(),
            1 => "Nothing can be said: the only workbook is not linked to base".to_owned(),
            _ => format!(
                "Nothing can be said: not one of {} is linked to base",
                counted(selected, "workbook")
            ),
        };
    }
    if reached.is_empty() {
        return "No workbook is reached by this change".to_owned();
    }
    let kinds = reached.iter().map(Counted::of).collect::<Vec<_>>();
    let count = |kind| kinds.iter().filter(|one| **one == kind).count();
    let mut parts = Vec::new();
    let mut is_named = false;
    for (kind, count) in Counted::ALL.map(|kind| (kind, count(kind))) {
        if count == 0 {
            continue;
        }
        let noun = match (is_named, kind == Counted::Breaks) {
            (false, true) => format!("{} ", counted(count, "workbook")),
            _ => format!("{count} "),
        };
        is_named = true;
        parts.push(format!("{noun}{}", kind.words(count == 1)));
    }
    let parts = parts.join(", ");
    if count(Counted::Breaks) > 0 {
        return parts;
    }
    let is_open = count(Counted::MayLose) + count(Counted::NotCompared) > 0;
    let none = if is_open {
        "No workbook is known to break"
    } else {
        "No workbook breaks"
    };
    format!("{none}; {parts}")
}

/// What the worst comes from.
fn cause(answer: &ImpactAnswer, words: Words) -> String {
    let Some(worst) = answer.impact.workbooks.first() else {
        return String::new();
    };
    let effects = answer
        .of(worst.severity)
        .flat_map(|(reached, _)| &reached.effects);
    let causes = effects.filter(|effect| effect.what.severity() == worst.severity);
    let causes = causes.map(|effect| effect.cause).collect::<BTreeSet<_>>();
    let found = &answer.impact;
    let changed = causes.iter().filter_map(|cause| match cause {
        Cause::Change(at) => found.changes.get(at.0),
        Cause::NotCompared(_) => None,
    });
    let changed = changed.collect::<Vec<_>>();
    if !changed.is_empty() {
        return words.changes(&changed);
    }
    let not_compared = causes.iter().filter_map(|cause| match cause {
        Cause::NotCompared(at) => found.not_compared.get(*at),
        Cause::Change(_) => None,
    });
    of_not_compared(&not_compared.collect::<Vec<_>>(), words)
}

fn of_not_compared(nodes: &[&NotCompared], words: Words) -> String {
    let told = |node: &NotCompared| {
        let reason = (words.sentence)(&node.reason.to_string());
        format!("{}: {reason}", words.node(&node.unique_id))
    };
    let is_moved = |node: &&NotCompared| matches!(node.reason, NotComparedReason::PerhapsMoved(..));
    match nodes {
        [] => String::new(),
        _ if nodes.iter().all(is_moved) => {
            let relations = match nodes.len() {
                1 => "1 relation differs".to_owned(),
                count => format!("{count} relations differ"),
            };
            format!(
                "{relations}, and so do the macros that name them: either they moved, or head is built for another target"
            )
        }
        [only] => told(only),
        [first, others @ ..] => format!("{}; and {} more", told(first), others.len()),
    }
}
