//! What gates look at.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::finding::NodeFacts;
use super::state::State;
use crate::link::{Links, LostLinks, MatchedTable, OutcomeKind};
use crate::model::artifacts::{Freshness, RunResults};
use crate::model::graph::Graph;
use crate::model::{
    Diagnostic, Evidence, Named, Project, Site, StandingExposure, WithheldCounts, Workbook,
    WorkbookIx,
};
use crate::report::{Report, WorkbookFacts, view};
use crate::settings::{SelectedWorkbooks, Settings};

/// Everything that a run knows of its projects, and of the workbooks that read them.
pub struct Facts<'f, 'a> {
    /// The workbooks and tables of all exports.
    pub site: &'f Site<'a>,
    /// Whether each workbook is selected.
    pub selection: &'f SelectedWorkbooks,
    /// The effective settings, but for what the run checks.
    pub settings: &'f Settings,
    /// What else the user should know, sorted and without duplicates.
    pub diagnostics: Vec<Diagnostic>,
    /// What runs of dbt made of nodes, if it is given.
    pub runs: Option<&'f RunResults>,
    /// How fresh sources are, if it is given.
    pub freshness: Option<&'f Freshness>,
    /// What is withheld from the audience of the run; `None` if the run has none.
    pub withheld: Option<&'f WithheldCounts>,
    /// The dbt projects, in the order of their names.
    pub projects: Vec<ProjectFacts<'f, 'a>>,
}

/// What a run knows of one dbt project.
pub struct ProjectFacts<'f, 'a> {
    /// The project, as its manifest has it.
    pub project: &'f Project<'a>,
    /// What changes in it, and what else its report tells.
    pub report: &'f Report,
    /// What each workbook reads from it.
    pub links: &'f Links<'a>,
    /// The links that are lost since the state.
    pub lost: &'f LostLinks<'f>,
    /// Everything in its manifest, if a gate asks for it.
    pub graph: Option<&'f Graph<'f>>,
    /// What `--state` had, if it is given.
    pub state: Option<State<'f>>,
    /// The exposures of its manifest that name what the audience of the run may not see.
    pub named: &'f [Named],
    /// The exposures of an earlier run, of `--state` or as the last patch left them.
    pub earlier: Option<&'f [StandingExposure]>,
}

impl ProjectFacts<'_, '_> {
    /// Its name: its root package.
    pub fn name(&self) -> Arc<str> {
        Arc::from(self.report.manifest.project.as_str())
    }

    /// A node, with its file if that is one of the project's own.
    pub(super) fn node(&self, unique_id: &str) -> Arc<NodeFacts> {
        let graph = self.graph;
        let node = graph.and_then(|graph| Some(&graph[graph.find(unique_id)?]));
        let own = node.filter(|node| node.package == self.project.root_package);
        let file = own.and_then(|node| node.file.as_deref());
        Arc::new(NodeFacts {
            unique_id: unique_id.to_owned(),
            file: file.map(str::to_owned),
            line: None,
        })
    }
}

/// A table that a selected workbook reads, as the project sees it that has most to say about it.
pub(super) struct Reading<'f> {
    /// The place of the table among what the workbook reads.
    pub(super) place: usize,
    /// The position of the project.
    pub(super) project: usize,
    /// The table, with its outcome.
    pub(super) table: &'f MatchedTable<'f>,
}

impl Reading<'_> {
    pub(super) fn kind(&self) -> OutcomeKind {
        self.table.outcome.kind()
    }
}

impl<'f, 'a> Facts<'f, 'a> {
    /// The selected workbooks.
    pub(super) fn workbooks(&self) -> impl Iterator<Item = (WorkbookIx, &'f Workbook<'a>)> {
        let site = self.site;
        let positions = site.workbook_positions();
        let selected = positions.filter(|at| self.selection.get(*at).is_yes());
        selected.map(|at| (at, site.workbook(at)))
    }

    /// What a workbook reads. Of several projects, that one tells of a table whose outcome comes first:
    /// a table that one of them links is not unknown because the others do not.
    pub(super) fn reads(&self, at: WorkbookIx) -> impl Iterator<Item = Reading<'f>> {
        let count = self.site.workbook(at).reads.len();
        (0..count).filter_map(move |place| {
            let of_projects = self.projects.iter().enumerate();
            let readings = of_projects.map(|(project, facts)| Reading {
                place,
                project,
                table: facts.links.workbooks[at.0].tables[place].table.as_ref(),
            });
            readings.min_by_key(Reading::kind)
        })
    }

    /// Whether a table that is not linked was linked in the state of a project; `None` if one of the states
    /// does not tell.
    pub(super) fn is_newly_unlinked(&self, at: WorkbookIx, place: usize) -> Option<bool> {
        let mut is_told = true;
        for project in &self.projects {
            match project.lost.is_newly_unlinked(at, place) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => is_told = false,
            }
        }
        is_told.then_some(false)
    }

    /// Whether the exports show every workbook, and everything that the selected ones read.
    pub(super) fn is_whole(&self) -> bool {
        let mut exports = self.site.evidence.iter();
        let mut workbooks = self.workbooks();
        exports.all(Evidence::is_complete) && workbooks.all(|(at, _)| self.is_complete(at))
    }

    /// Whether the export shows everything that a workbook reads.
    pub(super) fn is_complete(&self, at: WorkbookIx) -> bool {
        let mut reads = self.reads(at);
        let has_gap = reads.any(|read| read.table.outcome.leaves_a_gap());
        self.site.workbook(at).gaps.is_empty() && !has_gap
    }
}

/// What answers show of workbooks, each made once.
pub(super) struct Shown<'f, 'a> {
    site: &'f Site<'a>,
    settings: &'f Settings,
    workbooks: Vec<OnceCell<Arc<WorkbookFacts>>>,
}

impl<'f, 'a> Shown<'f, 'a> {
    pub(super) fn new(facts: &Facts<'f, 'a>) -> Self {
        let workbooks = facts.site.workbook_positions();
        Self {
            site: facts.site,
            settings: facts.settings,
            workbooks: workbooks.map(|_| OnceCell::new()).collect(),
        }
    }

    pub(super) fn workbook(&self, at: WorkbookIx) -> Arc<WorkbookFacts> {
        let make = || Arc::new(view::workbook(self.site, &self.settings.exposure, at));
        Arc::clone(self.workbooks[at.0].get_or_init(make))
    }
}

/// Texts that many findings share, each held once.
#[derive(Default)]
pub(super) struct Texts(BTreeMap<String, Arc<str>>);

impl Texts {
    pub(super) fn share(&mut self, text: String) -> Arc<str> {
        let shared = self.0.entry(text);
        let text = Arc::from(shared.key().as_str());
        Arc::clone(shared.or_insert(text))
    }
}
