//! What the formats for GitHub, GitLab, code scanning and JUnit show of the answer.
//!
//! Findings of one kind are one annotation with all workbooks, so that a model that many workbooks read
//! is annotated once. A limit is told by its figures, and not by each table that is not linked.

use super::{headline, known, name};
use crate::check::{self, Answer, Decision, Finding, Verdict};
use crate::output::annotations::{
    Annotation, Annotations, Check, Level, Outcome, Places, workbook,
};
use crate::output::{lost, visible};
use crate::settings::gate::{AskedBy, Severity};

/// What is not in these formats.
const NOT_SHOWN: &str =
    "what no workbook reads (`--unused`) is shown in text, Markdown and JSON, and not here";

/// The annotations of an answer, and whether the run asks for what they do not show: what no workbook
/// reads.
pub fn annotations(answer: &Answer, asks_for_unused: bool, places: &Places) -> Annotations {
    let check = |decision| gate(decision, places);
    let known = answer.decisions.iter().filter_map(|decision| {
        let known = known(decision)?;
        Some(format!("{}: {known}", name(decision)))
    });
    let not_shown = asks_for_unused.then(|| NOT_SHOWN.to_owned());
    let notes = answer.caveats.iter().cloned().chain(known);
    let notes = notes.chain(not_shown);
    Annotations {
        verb: "check",
        headline: headline(answer),
        checks: answer.decisions.iter().map(check).collect(),
        notes: notes.collect(),
        default_file: places.default_file.clone(),
    }
}

fn gate(decision: &Decision, places: &Places) -> Check {
    let gate = decision.gate;
    Check {
        rule: gate.as_str(),
        name: name(decision),
        meaning: gate.fails_if().to_owned(),
        level: match gate.severity() {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
        },
        figures: decision.figures.clone(),
        help: decision.help.clone().or(Some(gate.help().to_owned())),
        outcome: match decision.verdict {
            Verdict::Held => Outcome::Held,
            Verdict::Undecided => Outcome::Undecided,
            Verdict::Failed if gate.asked_by() != AskedBy::Name => Outcome::Failed(Vec::new()),
            Verdict::Failed => Outcome::Failed(of_kinds(&decision.findings, places)),
        },
    }
}

/// The findings, those of one kind and file together.
fn of_kinds(findings: &[Finding], places: &Places) -> Vec<Annotation> {
    let same = |one: &Finding, other: &Finding| {
        one.message == other.message && one.project == other.project && file(one) == file(other)
    };
    let kinds = findings.chunk_by(same).collect::<Vec<_>>();
    let of_kinds = kinds.iter().map(|findings| of_kind(findings));
    let fingerprints = check::fingerprints(&of_kinds.collect::<Vec<_>>());
    let kinds = kinds.into_iter().zip(fingerprints);
    kinds
        .map(|(findings, fingerprint)| annotation(findings, fingerprint, places))
        .collect()
}

/// The finding that stands for those of one kind: it is about not one workbook.
fn of_kind(findings: &[Finding]) -> Finding {
    let first = &findings[0];
    let is_of_one_node = findings.iter().all(|finding| finding.node == first.node);
    Finding {
        workbook: None,
        node: first.node.clone().filter(|_| is_of_one_node),
        ..first.clone()
    }
}

fn annotation(findings: &[Finding], fingerprint: String, places: &Places) -> Annotation {
    let first = &findings[0];
    let mut workbooks = findings
        .iter()
        .filter_map(|finding| finding.workbook.as_deref())
        .collect::<Vec<_>>();
    workbooks.sort_by(|one, other| lost::place(one).cmp(&lost::place(other)));
    workbooks.dedup();
    let node = first.node.as_deref();
    let file = file(first).and_then(|file| places.file(first.project.as_deref()?, file));
    Annotation {
        message: visible(&first.message).into_owned(),
        workbooks: workbooks.into_iter().map(workbook).collect(),
        help: None,
        line: node.and_then(|node| node.line).filter(|_| file.is_some()),
        file,
        fingerprint,
    }
}

fn file(finding: &Finding) -> Option<&str> {
    finding.node.as_deref()?.file.as_deref()
}
