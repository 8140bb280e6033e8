//! What a report is made of.

use crate::link::{Links, LostLinks, WorkbookTable};
use crate::model::{Project, Remembered, Site, WithheldCounts, WorkbookIx};
use crate::plan::Plan;
use crate::settings::{ExposureSettings, SelectedWorkbooks};
use crate::verdict::Verdict;

/// The results of all stages for one project.
#[derive(Clone, Copy)]
pub struct Results<'r, 'a> {
    /// The manifest's path, as given.
    pub file: &'r str,
    /// The project that gets the exposures.
    pub project: &'r Project<'a>,
    /// The workbooks and tables of all exports.
    pub site: &'r Site<'a>,
    /// Whether each workbook is selected.
    pub selection: &'r SelectedWorkbooks,
    /// The outcome of each table of each workbook.
    pub links: &'r Links<'a>,
    /// The links that are lost since the state.
    pub lost: &'r LostLinks<'r>,
    /// The settings of exposures.
    pub exposures: &'r ExposureSettings,
    /// What changes in the project.
    pub plan: &'r Plan<'r>,
    /// What is withheld from the audience of the run.
    pub withheld: Option<&'r WithheldCounts>,
    /// Why tables are not linked.
    pub verdict: &'r Verdict,
    /// What the last patches of the baseline found; several for several projects as one.
    pub remembered: &'r [&'r Remembered],
}

/// The selected workbooks, each with its tables and their outcomes.
pub(super) fn selected<'r>(
    results: &Results<'r, '_>,
) -> impl Iterator<Item = (WorkbookIx, &'r [WorkbookTable<'r>])> {
    let Results {
        site,
        selection,
        links,
        ..
    } = *results;
    site.workbook_positions()
        .filter(|at| selection.get(*at).is_yes())
        .map(|at| (at, links.workbooks[at.0].tables.as_slice()))
}
