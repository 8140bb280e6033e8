//! What questions are asked of.

use crate::link::{Difference, Links, LostLinks, Outcome, OutcomeKind, WorkbookTable};
use crate::model::{Graph, Project, Site, StandingExposure, WorkbookIx};
use crate::plan::Plan;
use crate::settings::{SelectedWorkbooks, Settings};
use crate::usage;

/// What questions are asked of.
pub struct Known<'r, 'a> {
    /// The workbooks and tables of all exports.
    pub site: &'r Site<'a>,
    /// Whether each workbook is selected.
    pub selection: &'r SelectedWorkbooks,
    /// The effective settings.
    pub settings: &'r Settings,
    /// The projects, of which there is at least one.
    pub projects: Vec<OfProject<'r, 'a>>,
}

/// The results of the stages for one project.
#[derive(Clone, Copy)]
pub struct OfProject<'r, 'a> {
    /// The project.
    pub project: &'r Project<'a>,
    /// What depends on what in it.
    pub graph: &'r Graph<'a>,
    /// The exposures of its state.
    pub earlier: Option<&'r [StandingExposure]>,
    /// What each workbook reads of it.
    pub links: &'r Links<'a>,
    /// The links that are lost since the state.
    pub lost: &'r LostLinks<'r>,
    /// What changes in it.
    pub plan: &'r Plan<'r>,
}

impl<'r, 'a> Known<'r, 'a> {
    /// What is asked for what is used.
    pub fn of_usage(&self) -> Vec<usage::Known<'r, 'a>> {
        let projects = self.projects.iter().map(|of| usage::Known {
            project: of.project,
            graph: of.graph,
            links: of.links,
            earlier: of.earlier,
        });
        projects.collect()
    }

    /// What became in one project of the thing at a place among those that a workbook reads.
    pub fn table(
        &self,
        project: usize,
        workbook: WorkbookIx,
        place: usize,
    ) -> &'r WorkbookTable<'a> {
        let links: &'r Links<'a> = self.projects[project].links;
        &links.workbooks[workbook.0].tables[place]
    }

    /// What became of the thing at a place among those that a workbook reads, and in which project: the
    /// one that it is linked to, else the one that comes nearest to it.
    pub fn outcome(&self, workbook: WorkbookIx, place: usize) -> (usize, &'r WorkbookTable<'a>) {
        let table = |project| self.table(project, workbook, place);
        let mut best = (0, table(0));
        for project in 1..self.projects.len() {
            let other = table(project);
            if rank(&other.table.outcome) < rank(&best.1.table.outcome) {
                best = (project, other);
            }
        }
        best
    }
}

impl Known<'_, '_> {
    /// Whether the export shows everything that a workbook reads, as far as the projects tell.
    pub fn is_complete(&self, at: WorkbookIx) -> bool {
        let workbook = self.site.workbook(at);
        let mut links = self.projects.iter().map(|of| &of.links.workbooks[at.0]);
        links.all(|links| links.is_complete(workbook))
    }
}

/// How near an outcome is to a link: by its kind, then by the nearest relation.
fn rank(outcome: &Outcome) -> (OutcomeKind, bool, Option<&Difference>) {
    let nearest = match outcome {
        Outcome::Unknown { nearest, .. } => nearest.first(),
        _ => None,
    };
    let difference = nearest.map(|miss| &miss.difference);
    (outcome.kind(), difference.is_none(), difference)
}
