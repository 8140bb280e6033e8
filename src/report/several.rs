//! The report on several projects: what belongs to each of them, and once what belongs to all.

use super::gather::{self, of_project};
use super::results::Results;
use super::view::View;
use super::{LostFacts, ManifestFacts, Report, Unlinked};
use crate::model::Diagnostic;

/// The report on a run.
#[derive(Debug)]
pub enum RunReport {
    /// On one project.
    One(Box<Report>),
    /// On several.
    Several(Box<Several>),
}

impl RunReport {
    /// Whether nothing changes and no link is lost.
    pub fn is_quiet(&self) -> bool {
        match self {
            Self::One(report) => report.is_quiet(),
            Self::Several(several) => several.projects.iter().all(Report::is_quiet),
        }
    }

    /// What belongs to each project, in the order of their names.
    pub fn projects(&self) -> &[Report] {
        match self {
            Self::One(report) => std::slice::from_ref(report),
            Self::Several(several) => &several.projects,
        }
    }
}

/// The report on several projects.
#[derive(Debug)]
pub struct Several {
    /// The exports, what no project links, and what else belongs to all. It has no exposures and no
    /// lost links.
    pub all: Report,
    /// The projects in the order of their names, without what belongs to all.
    pub projects: Vec<Report>,
}

/// What belongs to one of several projects alone.
pub fn of_one_of_several(results: &Results, diagnostics: Vec<Diagnostic>) -> Report {
    let view = View::new(results.project, results.site, results.exposures);
    of_project(&view, results, diagnostics)
}

/// What belongs to all projects, of which those on each adapter are as one.
pub fn of_all(all: &[Results], mut diagnostics: Vec<Diagnostic>) -> Report {
    diagnostics.sort();
    diagnostics.dedup();
    let views = all.iter();
    let views = views.map(|results| View::new(results.project, results.site, results.exposures));
    let views = views.collect::<Vec<_>>();
    let (first, view) = (&all[0], &views[0]);
    let unlinked = views.iter().zip(all);
    let unlinked = unlinked.map(|(view, results)| gather::unlinked(view, results));
    Report {
        files: None,
        manifest: ManifestFacts::default(),
        lost: LostFacts::default(),
        added: Vec::new(),
        changed: Vec::new(),
        renamed: Vec::new(),
        removed: Vec::new(),
        kept: Vec::new(),
        unchanged: 0,
        has_baseline: false,
        tables: gather::table_counts(all),
        workbooks: gather::workbook_counts(all),
        causes: first.verdict.causes.clone(),
        without_links: gather::without_links(view, first.verdict),
        not_selected: gather::not_selected(view, &all[..1]),
        unlinked: unlinked.reduce(together).unwrap_or_default(),
        manual: Vec::new(),
        export: first.site.evidence.iter().map(gather::export).collect(),
        withheld: first.withheld.cloned(),
        diagnostics,
    }
}

/// The tables of both.
fn together(mut one: Unlinked, other: Unlinked) -> Unlinked {
    let (tables, paths) = (one.tables.len(), one.paths.len());
    one.tables.extend(other.tables);
    one.paths.extend(other.paths);
    let mut workbooks = other.workbooks;
    for read in workbooks
        .iter_mut()
        .flat_map(|workbook| &mut workbook.reads)
    {
        read.table += tables;
        read.paths += paths;
    }
    one.workbooks.extend(workbooks);
    one
}
