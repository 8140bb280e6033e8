//! What exports do not show.

use crate::check::caveats::export_of;
use crate::check::facts::{Facts, Shown, Texts};
use crate::check::figures::counted;
use crate::check::finding::Finding;
use crate::check::found::Found;
use crate::model::{WorkbookIx, WorkbookListGap};
use crate::settings::Gate;

/// Exports that may not list every workbook, and workbooks that may read more than is shown.
pub(super) fn find(facts: &Facts, shown: &Shown) -> Found {
    let mut texts = Texts::default();
    let mut findings = Vec::new();
    let is_new = |at: WorkbookIx| {
        let workbook = facts.site.workbook(at);
        let states = facts
            .projects
            .iter()
            .filter_map(|project| project.state.as_ref());
        let mut told = states.filter_map(|state| state.is_newly_incomplete(workbook));
        // One state that had it is enough.
        let first = told.next()?;
        Some(first && told.all(|is_new| is_new))
    };
    let mut finding = |workbook: Option<WorkbookIx>, message: String| Finding {
        gate: Gate::Incomplete,
        project: None,
        message: texts.share(message),
        workbook: workbook.map(|at| shown.workbook(at)),
        node: None,
        table: None,
        is_new: workbook.and_then(is_new),
    };
    for export in &facts.site.evidence {
        let site = export_of(&export.site.place());
        // Somebody wanted it like that, and the caveats say so.
        let gaps = export.gaps.iter();
        let gaps = gaps.filter(|gap| !is_narrowing(gap));
        findings.extend(
            gaps.map(|gap| finding(None, format!("{site} may not list every workbook: {gap}"))),
        );
    }
    let mut all = 0;
    for (at, workbook) in facts.workbooks() {
        all += 1;
        let gaps = workbook.gaps.iter();
        findings.extend(gaps.map(|gap| finding(Some(at), gap.to_string())));
        for read in facts.reads(at) {
            if !read.table.outcome.leaves_a_gap() {
                continue;
            }
            let adapter = facts.projects[read.project].project.adapter();
            if let Some(reason) = read.table.not_linked(adapter) {
                let message = format!("{} is {}: {reason}", read.table.shown, read.kind());
                findings.push(finding(Some(at), message));
            }
        }
    }
    if findings.is_empty() && all == 0 {
        return Found::nothing_selected();
    }
    Found::Findings {
        findings,
        held: held(facts, all),
    }
}

/// What is said of so many workbooks where nothing is missing.
fn held(facts: &Facts, workbooks: usize) -> String {
    let mut gaps = facts.site.evidence.iter().flat_map(|export| &export.gaps);
    let asked_for = if gaps.any(is_narrowing) {
        "that was asked for "
    } else {
        ""
    };
    let workbooks = counted(workbooks, "workbook");
    format!("every workbook {asked_for}is listed; {workbooks}, 0 that may read more than is shown")
}

/// Whether a list of workbooks is of some projects alone.
fn is_narrowing(gap: &WorkbookListGap) -> bool {
    matches!(gap, WorkbookListGap::Narrowed(_))
}
