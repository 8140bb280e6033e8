//! What a plan is made of.

use crate::link::Links;
use crate::model::{Project, Site, StandingExposure};
use crate::settings::{SelectedWorkbooks, Settings};

/// Everything that a plan is made of.
#[derive(Clone, Copy)]
pub struct Known<'k, 'a> {
    /// The project that gets the exposures.
    pub project: &'k Project<'a>,
    /// The exposures of an earlier run, if one was given to compare with.
    pub state: Option<&'k [StandingExposure]>,
    /// Tableau.
    pub site: &'k Site<'a>,
    /// Whether each workbook of the site is selected.
    pub selection: &'k SelectedWorkbooks,
    /// What each workbook of the site reads of the project.
    pub links: &'k Links<'a>,
    /// What the user wants otherwise than by default.
    pub settings: &'k Settings,
}
