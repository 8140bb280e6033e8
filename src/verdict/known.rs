//! What the verdict is about.

use crate::link::{Links, LostLinks};
use crate::model::{Project, Site, WorkbookIx};
use crate::settings::{Matching, SelectedWorkbooks};

/// What the verdict is about.
#[derive(Clone, Copy)]
pub struct Known<'r, 'a> {
    /// The project whose nodes tables link to.
    pub project: &'r Project<'a>,
    /// The workbooks and tables of all exports.
    pub site: &'r Site<'a>,
    /// Whether each workbook is selected.
    pub selection: &'r SelectedWorkbooks,
    /// What became of each table.
    pub links: &'r Links<'a>,
    /// The links that are lost, which are told for themselves.
    pub lost: &'r LostLinks<'r>,
    /// The configuration by which it did.
    pub matching: &'r Matching,
}

impl Known<'_, '_> {
    /// The positions of the selected workbooks.
    pub fn selected(&self) -> impl Iterator<Item = WorkbookIx> {
        let all = self.site.workbook_positions();
        all.filter(|at| self.selection.get(*at).is_yes())
    }
}
