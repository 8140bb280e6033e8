//! Gathers the results of all stages into a report.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::lost;
use super::results::{Results, selected};
use super::view::View;
use super::{
    BeforeAfter, EndedLink, ExportFacts, KeptFacts, ManualFacts, Nearest, NotSelectedFacts,
    RemovedFacts, Report, Unlinked, UnlinkedRead, UnlinkedReads, UnlinkedTable, WithoutLinksFacts,
    WorkbookCounts,
};
use crate::link::{Ended, MatchedTable, Outcome, OutcomeKind, WorkbookTable};
use crate::model::{
    Adapter, Diagnostic, Evidence, Findings, Path, Role, Workbook, WorkbookListGap,
};
use crate::plan::{Changed, Kept, Removed, Twin};
use crate::settings::Selected;
use crate::verdict::Verdict;

/// Makes the report. `diagnostics` are those of all stages, in any order.
pub fn report(results: &Results, diagnostics: Vec<Diagnostic>) -> Report {
    let view = View::new(results.project, results.site, results.exposures);
    let all = std::slice::from_ref(results);
    Report {
        causes: results.verdict.causes.clone(),
        without_links: without_links(&view, results.verdict),
        not_selected: not_selected(&view, all),
        unlinked: unlinked(&view, results),
        export: results.site.evidence.iter().map(export).collect(),
        withheld: results.withheld.cloned(),
        ..of_project(&view, results, diagnostics)
    }
}

/// What belongs to a project alone. Its tables are counted as it finds them.
pub(super) fn of_project(
    view: &View,
    results: &Results,
    mut diagnostics: Vec<Diagnostic>,
) -> Report {
    let plan = results.plan;
    let all = std::slice::from_ref(results);
    diagnostics.sort();
    diagnostics.dedup();
    Report {
        files: None,
        manifest: view.manifest(results.file),
        lost: lost::lost(view, results),
        added: plan.added.par_iter().map(|new| view.wanted(new)).collect(),
        changed: before_after(view, results, &plan.changed),
        renamed: before_after(view, results, &plan.renamed),
        removed: plan
            .removed
            .iter()
            .map(|exposure| removed(view, results, exposure))
            .collect(),
        kept: plan
            .kept
            .iter()
            .map(|exposure| kept(view, results, exposure))
            .collect(),
        unchanged: plan.unchanged.len(),
        has_baseline: plan.has_baseline,
        tables: table_counts(all),
        workbooks: workbook_counts(all),
        causes: Vec::new(),
        without_links: Vec::new(),
        not_selected: Vec::new(),
        unlinked: Unlinked::default(),
        manual: plan
            .twins
            .iter()
            .map(|twin| manual(view, results, twin))
            .collect(),
        export: Vec::new(),
        withheld: None,
        diagnostics,
    }
}

fn is_linked(table: &WorkbookTable) -> bool {
    table.table.outcome.kind() == OutcomeKind::Linked
}

/// How many tables have each outcome, where several results share them out.
pub(super) fn table_counts(all: &[Results]) -> BTreeMap<OutcomeKind, usize> {
    // That a run has other projects is no outcome of a run without any.
    let kinds = OutcomeKind::ALL.iter();
    let kinds = kinds.filter(|kind| **kind != OutcomeKind::OtherProject);
    let mut counts = kinds.map(|kind| (*kind, 0)).collect::<BTreeMap<_, _>>();
    let tables = all.iter().flat_map(selected).flat_map(|(_, tables)| tables);
    for outcome in tables.map(|table| &table.table.outcome) {
        if *outcome != Outcome::ToldElsewhere {
            *counts.entry(outcome.kind()).or_default() += 1;
        }
    }
    counts
}

/// Counts of the workbooks of one site, with all that several results say of each.
pub(super) fn workbook_counts(all: &[Results]) -> WorkbookCounts {
    let Some(first) = all.first() else {
        return WorkbookCounts::default();
    };
    let site = first.site;
    let mut counts = WorkbookCounts {
        read: site.workbooks.len() + site.unidentified,
        unidentified: site.unidentified,
        ..WorkbookCounts::default()
    };
    for (at, _) in selected(first) {
        let links = || all.iter().map(|results| &results.links.workbooks[at.0]);
        let is_complete = links().all(|links| links.is_complete(site.workbook(at)));
        let is_any_linked = links().any(|links| links.tables.iter().any(is_linked));
        counts.selected += 1;
        counts.linked += usize::from(is_any_linked);
        counts.incomplete += usize::from(!is_complete);
    }
    counts
}

pub(super) fn without_links(view: &View, verdict: &Verdict) -> Vec<WithoutLinksFacts> {
    let workbooks = verdict.without_links.iter();
    let facts = workbooks.map(|(at, reason)| {
        let (workbook, luid) = view.title_and_luid(*at);
        WithoutLinksFacts {
            workbook,
            luid,
            project: view.project_of(*at),
            reason: *reason,
        }
    });
    facts.collect()
}

/// The workbooks that are not selected, with the links that they lost in any of the projects.
pub(super) fn not_selected(view: &View, all: &[Results]) -> Vec<NotSelectedFacts> {
    let Some(results) = all.first() else {
        return Vec::new();
    };
    let positions = results.site.workbook_positions();
    let reasons = results.selection.iter().map(Selected::reason);
    positions
        .zip(reasons)
        .filter_map(|(at, reason)| {
            let reason = reason?;
            let (workbook, luid) = view.title_and_luid(at);
            Some(NotSelectedFacts {
                workbook,
                luid,
                project: view.project_of(at),
                reason: reason.of_workbook(),
                reason_code: reason.key(),
                lost_links: results.lost.count(at),
            })
        })
        .collect()
}

pub(super) fn unlinked(view: &View, results: &Results) -> Unlinked {
    let adapter = results.project.adapter();
    let remembered = results.remembered.iter();
    let mut distinct = Distinct {
        findings: remembered.map(|remembered| &remembered.findings).collect(),
        ..Distinct::default()
    };
    let mut workbooks = Vec::new();
    for (at, tables) in selected(results) {
        let unlinked = tables.iter().enumerate();
        let unlinked = unlinked.filter(|(_, read)| read.table.not_linked(adapter).is_some());
        let workbook = results.site.workbook(at);
        let reads = unlinked.map(|(place, read)| {
            let table = distinct.table(&read.table);
            let in_state = results.lost.is_newly_unlinked(at, place);
            UnlinkedRead {
                table,
                paths: distinct.paths(read),
                is_lost: results.lost.is_lost(at, place),
                is_new: in_state.or_else(|| distinct.is_new(table, workbook)),
            }
        });
        let reads = reads.collect::<Vec<_>>();
        if !reads.is_empty() {
            workbooks.push((at, reads));
        }
    }
    let workbooks = workbooks.into_par_iter().map(|(at, reads)| UnlinkedReads {
        workbook: view.workbook(at),
        reads,
    });
    let tables = distinct.tables.par_iter();
    Unlinked {
        tables: tables
            .filter_map(|table| unlinked_table(view, table, adapter))
            .collect(),
        paths: distinct.paths,
        workbooks: workbooks.collect(),
        has_state: results.lost.has_state(),
    }
}

/// Numbers tables and paths in the order in which they come first. Workbooks share them.
#[derive(Default)]
struct Distinct<'r> {
    tables: Vec<&'r MatchedTable<'r>>,
    table_numbers: HashMap<*const MatchedTable<'r>, usize>,
    paths: Vec<Vec<String>>,
    /// What earlier runs found, and the positions of each table in these.
    findings: Vec<&'r Findings>,
    earlier: Vec<Vec<Option<usize>>>,
    /// By the paths, and by the schema that is their last step.
    path_numbers: HashMap<(&'r [Path<'r>], Option<&'r str>), usize>,
}

impl<'r> Distinct<'r> {
    fn table(&mut self, table: &'r Arc<MatchedTable<'r>>) -> usize {
        let number = self.table_numbers.entry(Arc::as_ptr(table));
        *number.or_insert_with(|| {
            self.tables.push(table);
            let connection = table.connection.as_str();
            let earlier = self.findings.iter();
            let earlier = earlier.map(|known| known.table(&table.shown, connection));
            self.earlier.push(earlier.collect());
            self.tables.len() - 1
        })
    }

    /// Whether an earlier run linked a table of a workbook or did not find it there; `None` if none
    /// knows.
    fn is_new(&self, table: usize, workbook: &Workbook) -> Option<bool> {
        let known = self.findings.iter().zip(&self.earlier[table]);
        let known = known.filter_map(|(findings, earlier)| {
            let before = findings.unlinked_before(&workbook.site, &workbook.luid)?;
            Some(earlier.is_none_or(|table| before.binary_search(&table).is_err()))
        });
        known.max()
    }

    fn paths(&mut self, read: &'r WorkbookTable<'r>) -> usize {
        let schema = read.table.default_schema.as_deref();
        *self
            .path_numbers
            .entry((read.paths, schema))
            .or_insert_with(|| {
                let paths = read.all_paths().map(|path| path.to_string());
                self.paths.push(paths.collect());
                self.paths.len() - 1
            })
    }
}

/// What reports show of a table; `None` if it is linked.
fn unlinked_table(view: &View, table: &MatchedTable, adapter: Adapter) -> Option<UnlinkedTable> {
    let reason = table.not_linked(adapter)?;
    Some(UnlinkedTable {
        table: table.shown.clone(),
        connection_type: table.connection.as_str().map(str::to_owned),
        outcome: table.outcome.kind(),
        detail: reason.to_string(),
        reason,
        nearest: nearest(view, &table.outcome),
    })
}

/// The relations that nearly fit; for an ambiguous table, the first of those that fit.
pub(crate) fn nearest(view: &View, outcome: &Outcome) -> Vec<Nearest> {
    match outcome {
        Outcome::Ambiguous {
            candidates,
            elsewhere,
            ..
        } => {
            let fits = || "it fits".to_owned();
            let own = candidates.iter();
            let own = own.map(|node| view.nearest(*node, Role::Own, fits()));
            let elsewhere = elsewhere.iter();
            let elsewhere = elsewhere.map(|other| Nearest::elsewhere(other, fits()));
            own.chain(elsewhere).collect()
        }
        Outcome::Unknown { nearest, .. } => nearest
            .iter()
            .map(|miss| view.nearest(miss.node, miss.role, miss.difference.to_string()))
            .collect(),
        Outcome::Linked { .. }
        | Outcome::OtherProject { .. }
        | Outcome::ToldElsewhere
        | Outcome::Hidden
        | Outcome::Unresolved(_)
        | Outcome::NotWarehouse
        | Outcome::OtherPlatform
        | Outcome::Unreadable(_) => Vec::new(),
    }
}

fn before_after(view: &View, results: &Results, changed: &[Changed]) -> Vec<BeforeAfter> {
    let facts = changed.iter().map(|changed| {
        let after = view.wanted(&changed.after);
        BeforeAfter {
            before: view.standing(changed.before),
            ended: lost::ended(results, changed.workbook, changed.before, &after.links),
            after,
        }
    });
    facts.collect()
}

fn removed(view: &View, results: &Results, removed: &Removed) -> RemovedFacts {
    let ended = if lost::is_by_links(&removed.reason) {
        lost::ended(results, removed.workbook, removed.standing, &[])
    } else {
        Vec::new()
    };
    RemovedFacts {
        exposure: view.standing(removed.standing),
        reason: removed.reason.clone(),
        ended,
    }
}

fn kept(view: &View, results: &Results, kept: &Kept) -> KeptFacts {
    let before = view.standing(kept.standing);
    let reason = kept.reason.clone();
    match &kept.after {
        Some(after) => {
            let exposure = view.wanted(after);
            KeptFacts {
                ended: lost::ended(results, kept.workbook, kept.standing, &exposure.links),
                exposure,
                reason,
                before: Some(before),
            }
        }
        None => KeptFacts {
            exposure: before,
            reason,
            before: None,
            ended: Vec::new(),
        },
    }
}

fn manual(view: &View, results: &Results, twin: &Twin) -> ManualFacts {
    let ended = lost::ended_of(results, Some(twin.workbook), &twin.extra);
    let is_read = |link: &EndedLink| !matches!(link.ended, Ended::NotKnown | Ended::Stopped);
    ManualFacts {
        unique_id: twin.unique_id.clone(),
        workbook: view.workbook(twin.workbook),
        by: twin.by,
        missing: twin.missing.clone(),
        extra: twin.extra.clone(),
        ended: ended.into_iter().filter(is_read).collect(),
    }
}

/// What the exports of one site prove.
pub(crate) fn export(evidence: &Evidence) -> ExportFacts {
    ExportFacts {
        server: evidence.site.server.clone(),
        site: evidence.site.content_url.clone(),
        complete: evidence.is_complete(),
        reasons: evidence.gaps.iter().map(ToString::to_string).collect(),
        reason_codes: evidence.gaps.iter().map(WorkbookListGap::key).collect(),
    }
}
