//! What `autoexpose check` fails on.

use std::collections::BTreeSet;

use super::filter::WorkbookFilter;
use super::gate::Gate;
use super::share::Share;

/// What `autoexpose check` fails on.
#[derive(Debug, Clone, Default)]
pub struct CheckSettings {
    /// The gates that are asked for by name.
    pub fail_on: BTreeSet<Gate>,
    /// The limits for all workbooks.
    pub limits: Limits,
    /// Whether these limits are for each Tableau project of its own, and not for all together.
    pub per_project: bool,
    /// Limits for the workbooks of certain Tableau projects.
    pub projects: Vec<ProjectLimits>,
}

/// Limits for some workbooks taken together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// The least share of tables that are linked.
    pub min_match_rate: Option<Share>,
    /// The most tables that are not linked.
    pub max_unlinked: Option<usize>,
}

/// Limits for the workbooks of the Tableau projects that a pattern fits.
#[derive(Debug, Clone)]
pub struct ProjectLimits {
    /// These workbooks.
    pub filter: WorkbookFilter,
    /// The limits.
    pub limits: Limits,
}

impl Limits {
    /// Whether there is one.
    pub fn is_any(&self) -> bool {
        self.min_match_rate.is_some() || self.max_unlinked.is_some()
    }
}

impl CheckSettings {
    /// Whether any gate is asked for.
    pub fn is_any(&self) -> bool {
        !self.fail_on.is_empty() || self.limits.is_any() || !self.projects.is_empty()
    }
}
