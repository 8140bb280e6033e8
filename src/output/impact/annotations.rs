//! What the formats for GitHub and GitLab show of the answer: one annotation for each node that changed
//! or could not be compared, on its file, with the workbooks of the worst that it does.

use std::collections::BTreeMap;

use super::ImpactAnswer;
use super::basis::doubts;
use super::headline::headline;
use super::names::PLAIN;
use super::ways_out::{way_to_tell, ways_out};
use crate::impact::{Cause, Severity};
use crate::output::annotations::{
    Annotation, Annotations, Check, Level, Outcome, Places, workbook,
};
use crate::output::counted;
use crate::report::WorkbookFacts;

/// The annotations of an answer; `project` is the name of the dbt project in `places`.
pub fn annotations(answer: &ImpactAnswer, project: &str, places: &Places) -> Annotations {
    let line = headline(answer, PLAIN);
    let cause = if line.cause.is_empty() {
        String::new()
    } else {
        format!(": {}", line.cause)
    };
    let found = found(answer, project, places);
    let check = |severity: &Severity| check(answer, *severity, &found);
    let notes = doubts(answer).into_iter().chain(answer.why_it_fails());
    let notes = notes.chain(way_to_tell(answer).map(str::to_owned));
    Annotations {
        verb: "impact",
        headline: format!("{}{cause}", line.counts),
        checks: Severity::ALL.iter().map(check).collect(),
        notes: notes.collect(),
        default_file: places.default_file.clone(),
    }
}

/// The annotations by what is worst in each.
type Found = Vec<(Severity, Annotation)>;

fn check(answer: &ImpactAnswer, severity: Severity, found: &Found) -> Check {
    let of_it = found.iter().filter(|(worst, _)| *worst == severity);
    let annotations = of_it
        .map(|(_, annotation)| annotation.clone())
        .collect::<Vec<_>>();
    let (level, meaning) = match severity {
        Severity::Breaks => (
            Level::Error,
            "a workbook loses a table or a column that it shows",
        ),
        Severity::Touches => (Level::Warning, "a workbook may show other numbers"),
        Severity::Uncompared => (
            Level::Warning,
            "it could not be compared what a workbook reads",
        ),
    };
    let ways = ways_out(answer, PLAIN);
    Check {
        rule: severity.text(),
        name: super::heading(severity).to_lowercase(),
        meaning: meaning.to_owned(),
        level,
        figures: counted(answer.of(severity).count(), "workbook"),
        help: ways
            .into_iter()
            .next()
            .filter(|_| severity == Severity::Breaks && annotations.len() == 1),
        outcome: if annotations.is_empty() {
            Outcome::Held
        } else {
            Outcome::Failed(annotations)
        },
    }
}

/// The workbooks that one cause reaches, by what it does to them at worst.
#[derive(Default)]
struct Reached<'a> {
    by_severity: BTreeMap<Severity, Vec<&'a WorkbookFacts>>,
}

fn found(answer: &ImpactAnswer, project: &str, places: &Places) -> Found {
    let mut causes = BTreeMap::<Cause, Reached>::new();
    for (reached, workbook) in answer.impact.workbooks.iter().zip(&answer.workbooks) {
        let mut worst = BTreeMap::<Cause, Severity>::new();
        for effect in &reached.effects {
            let severity = effect.what.severity();
            let so_far = worst.entry(effect.cause).or_insert(severity);
            *so_far = (*so_far).min(severity);
        }
        for (cause, severity) in worst {
            let reached = causes.entry(cause).or_default();
            reached
                .by_severity
                .entry(severity)
                .or_default()
                .push(workbook);
        }
    }
    let causes = causes.iter();
    let found =
        causes.filter_map(|(cause, reached)| annotation(answer, *cause, reached, project, places));
    found.collect()
}

fn annotation(
    answer: &ImpactAnswer,
    cause: Cause,
    reached: &Reached,
    project: &str,
    places: &Places,
) -> Option<(Severity, Annotation)> {
    let found = &answer.impact;
    let (id, sentence, file, package) = match cause {
        Cause::Change(at) => {
            let change = found.changes.get(at.0)?;
            let sentence = PLAIN.change(change);
            (&change.unique_id, sentence, &change.file, &change.package)
        }
        Cause::NotCompared(at) => {
            let node = found.not_compared.get(at)?;
            let sentence = format!("{}: {}", PLAIN.node(&node.unique_id), node.reason);
            (&node.unique_id, sentence, &node.file, &node.package)
        }
    };
    let mut by_severity = reached.by_severity.iter();
    let (worst, workbooks) = by_severity.next()?;
    let more = by_severity.map(|(severity, workbooks)| match severity {
        Severity::Breaks => String::new(),
        Severity::Touches => format!("; {} more may show other numbers", workbooks.len()),
        Severity::Uncompared => format!("; {} more could not be compared", workbooks.len()),
    });
    let more = more.collect::<String>();
    // The files of a package are not those of the repository.
    let file = file.as_deref().filter(|_| package.is_none());
    Some((
        *worst,
        Annotation {
            message: format!("{sentence}{more}"),
            workbooks: workbooks.iter().map(|facts| workbook(facts)).collect(),
            help: None,
            file: file.and_then(|file| places.file(project, file)),
            line: None,
            fingerprint: format!("impact {worst}: {id}"),
        },
    ))
}
