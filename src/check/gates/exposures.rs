//! Exposures that are not as they should be: generated ones that would change, and hand-written ones
//! that name other nodes than their workbooks read.

use std::sync::Arc;

use super::lost;
use crate::check::facts::{Facts, ProjectFacts, Shown};
use crate::check::figures::counted;
use crate::check::finding::Finding;
use crate::check::found::Found;
use crate::model::listing::first_few;
use crate::report::{ExposureFacts, ManualFacts, WorkbookFacts};
use crate::settings::Gate;

/// What `diff --exit-code` fails on.
pub(super) fn drift(facts: &Facts, shown: &Shown) -> Found {
    let moving = facts
        .projects
        .iter()
        .filter(|project| !project.report.is_quiet());
    let mut findings = moving.flat_map(changes).collect::<Vec<_>>();
    findings.extend(lost::findings(Gate::Drift, facts, shown));
    if findings.is_empty() && facts.workbooks().next().is_none() {
        return Found::nothing_selected();
    }
    let unchanged = facts
        .projects
        .iter()
        .map(|project| project.report.unchanged);
    Found::Findings {
        findings,
        held: format!(
            "{}, 0 that would change",
            counted(unchanged.sum(), "exposure")
        ),
    }
}

/// The exposures of a project that would change.
fn changes(project: &ProjectFacts) -> Vec<Finding> {
    let report = project.report;
    let name = project.name();
    let finding = |exposure: &ExposureFacts, message: String| Finding {
        gate: Gate::Drift,
        project: Some(Arc::clone(&name)),
        message: message.into(),
        workbook: Some(Arc::new(workbook(exposure))),
        node: Some(project.node(&exposure.unique_id)),
        table: None,
        is_new: Some(true),
    };
    let added = report.added.iter();
    let added = added.map(|exposure| finding(exposure, "its exposure is missing".to_owned()));
    let changed = report.changed.iter().chain(&report.renamed);
    let changed = changed.map(|changed| {
        finding(
            &changed.after,
            "its exposure says something else".to_owned(),
        )
    });
    let removed = report.removed.iter().map(|removed| {
        let message = format!("its exposure would be removed: {}", removed.reason);
        finding(&removed.exposure, message)
    });
    let kept = report.kept.iter().filter(|kept| kept.before.is_some());
    let kept = kept.map(|kept| {
        let message = format!("its exposure is kept and would change: {}", kept.reason);
        finding(&kept.exposure, message)
    });
    added.chain(changed).chain(removed).chain(kept).collect()
}

/// The workbook of an exposure, as the exposure shows it.
fn workbook(exposure: &ExposureFacts) -> WorkbookFacts {
    WorkbookFacts {
        luid: exposure.luid.clone(),
        server: exposure.server.clone(),
        site: exposure.site.clone(),
        title: exposure.label.clone().unwrap_or_default(),
        project: exposure.project.clone(),
        owner: exposure.owner.clone(),
        url: exposure.url.clone(),
    }
}

/// Hand-written exposures that disagree with what their workbooks read.
pub(super) fn manual(facts: &Facts) -> Found {
    let mut findings = Vec::new();
    let mut all = 0;
    for project in &facts.projects {
        let name = project.name();
        all += project.report.manual.len();
        let disagreeing = project.report.manual.iter().filter_map(|manual| {
            Some(Finding {
                gate: Gate::ManualDrift,
                project: Some(Arc::clone(&name)),
                message: disagreement(manual)?.into(),
                workbook: Some(Arc::new(manual.workbook.clone())),
                node: Some(project.node(&manual.unique_id)),
                table: None,
                is_new: None,
            })
        });
        findings.extend(disagreeing);
    }
    Found::Findings {
        findings,
        held: format!(
            "{} of workbooks, 0 that disagree",
            counted(all, "hand-written exposure")
        ),
    }
}

/// Where an exposure disagrees with its workbook, if it does.
fn disagreement(manual: &ManualFacts) -> Option<String> {
    let (missing, extra) = (&manual.missing, &manual.extra);
    let names = |ids: &[String]| first_few(ids.len(), ids.iter().cloned());
    let missing = (!missing.is_empty())
        .then(|| format!("does not name {}, which the workbook reads", names(missing)));
    let extra = (!extra.is_empty())
        .then(|| format!("names {}, which it is not known to read", names(extra)));
    let parts = missing.into_iter().chain(extra).collect::<Vec<_>>();
    (!parts.is_empty()).then(|| format!("{} {}", manual.unique_id, parts.join(", and ")))
}
