//! Lost links: workbooks that read on what the project builds no more.

use std::sync::Arc;

use crate::check::facts::{Facts, ProjectFacts, Shown, Texts};
use crate::check::figures::counted;
use crate::check::finding::Finding;
use crate::check::found::Found;
use crate::link::lost::Lost;
use crate::model::listing::first_few;
use crate::settings::Gate;

pub(super) fn find(facts: &Facts, shown: &Shown) -> Found {
    let findings = findings(Gate::Lost, facts, shown);
    let without = facts.projects.iter();
    let without = without.filter(|project| !project.lost.has_baseline());
    let without = without.map(ProjectFacts::name).collect::<Vec<_>>();
    // What is lost in one project fails, whatever is not known of others.
    if findings.is_empty() && !without.is_empty() {
        let of = match facts.projects.len() {
            1 => String::new(),
            _ => format!(
                " of {}",
                first_few(without.len(), without.iter().map(|name| &**name))
            ),
        };
        return Found::Missing {
            why: format!("nothing tells what linked before: a state{of} is missing"),
            help: "pass `--state` with a manifest that an earlier run patched, or check the manifest that dbt writes over a patched one, beside which `patch` left what it knew".to_owned(),
        };
    }
    let workbooks = facts.workbooks().count();
    Found::Findings {
        findings,
        held: format!("{}, 0 lost links", counted(workbooks, "workbook")),
    }
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
