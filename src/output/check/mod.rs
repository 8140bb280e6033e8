//! Renders the answer of `autoexpose check`. Each format is one module; none decides anything.

pub mod annotations;
pub mod json;
pub mod markdown;
pub mod text;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::{counted, lost};
use crate::check::{Answer, Decision, Finding, Scope};
use crate::report::WorkbookFacts;

/// The heading above what workbooks read and what not.
const WHAT_IS_READ: &str = "What workbooks read";

/// What the answer is, in one line: how many gates failed, which, and for how many workbooks.
pub fn headline(answer: &Answer) -> String {
    let all = answer.decisions.len();
    let failed = answer.failed().map(failing).collect::<Vec<_>>();
    let undecided = answer.undecided().map(name).collect::<Vec<_>>();
    match (all, failed.len(), undecided.len()) {
        (0, ..) => "not one gate was asked for".to_owned(),
        (_, 0, 0) => all_hold(answer),
        (1, 1, _) => format!("the gate failed: {}", failed[0]),
        (1, ..) => format!("the gate could not be decided: {}", undecided[0]),
        (_, failing, 0) => format!("{failing} of {all} gates failed: {}", failed.join(", ")),
        (_, 0, open) => format!(
            "{open} of {all} gates could not be decided: {}",
            undecided.join(", ")
        ),
        (_, failing, open) => format!(
            "{failing} of {all} gates failed: {}; {open} could not be decided: {}",
            failed.join(", "),
            undecided.join(", ")
        ),
    }
}

/// A gate that failed, with how many workbooks that is about.
fn failing(decision: &Decision) -> String {
    let workbooks = decision.findings.iter();
    let workbooks = workbooks.filter_map(|finding| finding.workbook.as_deref());
    let name = name(decision);
    match workbooks.collect::<BTreeSet<_>>().len() {
        0 => name,
        count => format!("{name} ({})", counted(count, "workbook")),
    }
}

/// That every gate holds. Where something was not seen, it does not look as if all were well.
fn all_hold(answer: &Answer) -> String {
    let names = answer.decisions.iter().map(name).collect::<Vec<_>>();
    let hold = match names.len() {
        1 => "the gate holds".to_owned(),
        count => format!("all {count} gates hold"),
    };
    let doubt = if answer.is_whole {
        ""
    } else {
        ", as far as the export shows"
    };
    format!("{hold}{doubt}: {}", names.join(", "))
}

/// What a decision is called: its gate, and what it is about.
pub fn name(decision: &Decision) -> String {
    match &decision.scope {
        Scope::All => decision.gate.to_string(),
        Scope::Project(path) if path.is_empty() => {
            format!("{} outside of projects", decision.gate)
        }
        Scope::Project(path) => format!("{} of {path}", decision.gate),
        Scope::Entry(place) => format!("{} of {place}", decision.gate),
    }
}

/// What `--new-only` left out, and what it could not tell, in one sentence; `None` if there is nothing
/// to say.
pub fn known(decision: &Decision) -> Option<String> {
    let known = (decision.known > 0).then(|| {
        format!(
            "{} that the state had as well",
            counted(decision.known, "more finding")
        )
    });
    let maybe = (decision.maybe_known > 0).then(|| {
        let count = if decision.maybe_known == 1 {
            "counts"
        } else {
            "count"
        };
        format!(
            "{} of which the state does not tell {count} as new",
            counted(decision.maybe_known, "finding")
        )
    });
    let both = known.into_iter().chain(maybe).collect::<Vec<_>>();
    (!both.is_empty()).then(|| both.join("; "))
}

/// Findings of one gate with the same message, and the workbooks that they are about.
pub struct Group<'a> {
    /// What is wrong.
    pub message: &'a str,
    /// The file of the node, if it is known.
    pub file: Option<&'a str>,
    /// The workbooks, in the order of their owners.
    pub workbooks: Vec<&'a WorkbookFacts>,
}

/// The findings of a decision by message, those of most workbooks first.
pub fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let same = |one: &Finding, other: &Finding| one.message == other.message;
    let groups = findings.chunk_by(same).map(|findings| {
        let workbooks = findings
            .iter()
            .filter_map(|finding| finding.workbook.as_deref());
        let mut workbooks = workbooks.collect::<Vec<_>>();
        workbooks.sort_by(|one, other| lost::place(one).cmp(&lost::place(other)));
        workbooks.dedup();
        let node = findings[0].node.as_deref();
        Group {
            message: &findings[0].message,
            file: node.and_then(|node| node.file.as_deref()),
            workbooks,
        }
    });
    let mut groups = groups.collect::<Vec<_>>();
    groups.sort_by_key(|group| Reverse(group.workbooks.len()));
    groups
}
