//! Lost links: workbooks that read on what the project builds no more.

use std::sync::Arc;

use crate::check::facts::{Facts, Shown, Texts};
use crate::check::figures::counted;
use crate::check::finding::Finding;
use crate::check::found::Found;
use crate::link::lost::Lost;
use crate::model::listing::first_few;
use crate::settings::Gate;

pub(super) fn find(facts: &Facts, shown: &Shown) -> Found {
    let findings = findings(Gate::Lost, facts, shown);
    if findings.is_empty()
        && let Some(missing) = missing(facts)
    {
        return missing;
    }
    let workbooks = facts.workbooks().count();
    Found::Findings {
        findings,
        held: format!("{}, 0 lost links", counted(workbooks, "workbook")),
    }
}

/// Why nothing can be said of lost links, if so: a project without a state may have lost all of them, and
/// where nothing linked before, nothing could be lost.
fn missing(facts: &Facts) -> Option<Found> {
    let before = facts.projects.iter().map(|it| it.lost.links_before());
    let without = facts.projects.iter().zip(before.clone());
    let without = without.filter(|(_, links)| links.is_none());
    let names = without.map(|(project, _)| project.name().to_string());
    let names = names.collect::<Vec<_>>();
    let (why, help) = if !names.is_empty() {
        let of = if facts.projects.len() == 1 {
            String::new()
        } else {
            format!(" of {}", first_few(names.len(), names))
        };
        (
            format!("nothing tells what linked before: a state{of} is missing"),
            "pass `--state` with a manifest that an earlier run patched, or check the manifest that dbt writes over a patched one, beside which `patch` left what it knew",
        )
    } else if before.flatten().sum::<usize>() == 0 {
        (
            "not one table of a workbook linked before, so that nothing could be lost".to_owned(),
            "check that `--state` is of this project, and of the target whose tables Tableau reads",
        )
    } else {
        return None;
    };
    Some(Found::Missing {
        why,
        help: help.to_owned(),
    })
}

/// The lost links of the selected workbooks, as findings of a gate. None of them is in the state.
pub(super) fn findings(gate: Gate, facts: &Facts, shown: &Shown) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut texts = Texts::default();
    for project in facts
        .projects
        .iter()
        .filter(|project| !project.lost.is_empty())
    {
        let name = project.name();
        for (at, _) in facts.workbooks() {
            let tables = &project.links.workbooks[at.0].tables;
            for (place, lost) in project.lost.of(at) {
                findings.push(Finding {
                    gate,
                    project: Some(Arc::clone(&name)),
                    message: texts.share(message(lost)),
                    workbook: Some(shown.workbook(at)),
                    node: Some(project.node(&lost.node)),
                    table: Some(texts.share(tables[place].table.shown.clone())),
                    is_new: Some(true),
                });
            }
        }
    }
    findings
}

fn message(lost: &Lost) -> String {
    format!("{} ({}): {}", lost.relation, lost.node, lost.fate)
}
