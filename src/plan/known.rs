//! The input of planning.

use super::referable::LeftOut;
use crate::link::{Links, LostLinks};
use crate::model::{Project, Remembered, Site, StandingExposure};
use crate::settings::{SelectedWorkbooks, Settings};

/// Everything that a plan depends on.
#[derive(Clone, Copy)]
pub struct Known<'k, 'a> {
    /// The project that gets the exposures.
    pub project: &'k Project<'a>,
    /// The exposures of the state, if `--state` is given or a `patch` before this run left one.
    pub state: Option<&'k [StandingExposure]>,
    /// What the last `patch` of the baseline found.
    pub remembered: Option<&'k Remembered>,
    /// The workbooks and tables of all exports.
    pub site: &'k Site<'a>,
    /// Whether each workbook of the site is selected.
    pub selection: &'k SelectedWorkbooks,
    /// What each workbook of the site reads of the project.
    pub links: &'k Links<'a>,
    /// The links that are lost since the state.
    pub lost: &'k LostLinks<'k>,
    /// The effective settings.
    pub settings: &'k Settings,
    /// The nodes that exposures cannot refer to; `None` unless they are written as YAML.
    pub left_out: Option<&'k LeftOut>,
}
