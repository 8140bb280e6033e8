//! Which workbooks are exposed, and why others are not.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Filters, Rejection, WorkbookFilter};
use crate::model::display::display_enum;
use crate::model::{Site, Workbook, WorkbookIx};

/// Which workbooks are exposed.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// From the configuration: exposures of other workbooks are removed.
    pub wanted: Filters,
    /// From the flags of this run: exposures of other workbooks are kept, unless it prunes.
    pub this_run: Filters,
    /// Whether exposures of workbooks that this run leaves out are removed.
    pub prunes: bool,
    /// Whether workbooks in personal spaces are exposed.
    pub personal_spaces: bool,
}

impl Selection {
    /// Whether a workbook is exposed.
    pub fn select(&self, workbook: &Workbook) -> Selected {
        if workbook.is_personal && !self.personal_spaces {
            return Selected::NotWanted(NotSelected::PersonalSpace);
        }
        if let Some(filter) = self.undecided_include(workbook) {
            let by = filter.place.clone();
            return Selected::OutOfThisRun(NotSelected::NeedsProjectPath(by));
        }
        if let Some(rejection) = self.wanted.reject(workbook) {
            return Selected::NotWanted(NotSelected::ByConfiguration(rejection));
        }
        match self.this_run.reject(workbook).map(NotSelected::ByFlags) {
            None => Selected::Yes,
            Some(reason) if self.prunes => Selected::NotWanted(reason),
            Some(reason) => Selected::OutOfThisRun(reason),
        }
    }

    /// Whether each workbook of a site is exposed.
    pub fn select_all(&self, site: &Site) -> SelectedWorkbooks {
        let workbooks = site.workbooks.par_iter();
        let selected = workbooks.map(|workbook| self.select(workbook));
        selected.collect::<Vec<_>>().into()
    }

    /// The include that cannot decide whether it fits the workbook: it needs the projects above the
    /// workbook's own, and the export does not list them.
    fn undecided_include(&self, workbook: &Workbook) -> Option<&WorkbookFilter> {
        if workbook.has_project_path {
            return None;
        }
        let mut undecided = [&self.wanted, &self.this_run].into_iter();
        undecided.find_map(|filters| {
            let needs_paths = filters.include_by_path()?;
            (!filters.includes(workbook)).then_some(needs_paths)
        })
    }
}

/// Whether a workbook is exposed by a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selected {
    /// It is.
    Yes,
    /// It is not wanted; an exposure of it is removed.
    NotWanted(NotSelected),
    /// This run leaves it out; an exposure of it is kept.
    OutOfThisRun(NotSelected),
}

impl Selected {
    /// Whether the workbook is exposed.
    pub fn is_yes(&self) -> bool {
        *self == Self::Yes
    }

    /// Why it is not.
    pub fn reason(&self) -> Option<&NotSelected> {
        match self {
            Self::Yes => None,
            Self::NotWanted(reason) | Self::OutOfThisRun(reason) => Some(reason),
        }
    }
}

display_enum! {
    /// Why a workbook is not selected.
    pub enum NotSelected {
        /// It is in a personal space.
        PersonalSpace = "personal-space" => "its workbook is in a personal space";
        /// The pattern at this place needs the project's path, and the export does not list the
        /// projects above the workbook's own.
        NeedsProjectPath(by: Arc<str>) = "needs-project-path" => "{by} needs the path of its project, which the export does not contain";
        /// The audience may not see it, and such workbooks are left out.
        NotForAudience = "not-for-audience" => "it is not for this audience";
        /// The audience may not see it, and so not why it is not selected either.
        Withheld = "withheld" => "it is not selected";
        /// The configuration rejects it.
        ByConfiguration(rejection: Rejection) = "by-configuration" => "its workbook is not selected: {rejection}";
        /// The flags of this run reject it.
        ByFlags(rejection: Rejection) = "by-flags" => "not selected: {rejection}";
    }
}

impl NotSelected {
    /// The same about the workbook itself.
    pub fn of_workbook(&self) -> String {
        match self {
            Self::PersonalSpace => "it is in a personal space".to_owned(),
            Self::NeedsProjectPath(_) | Self::NotForAudience | Self::Withheld => self.to_string(),
            Self::ByConfiguration(Rejection::NotIncluded) => {
                "the configuration does not include it".to_owned()
            }
            Self::ByFlags(Rejection::NotIncluded) => {
                "the flags of this run do not include it".to_owned()
            }
            Self::ByConfiguration(rejection) | Self::ByFlags(rejection) => rejection.to_string(),
        }
    }
}

/// Whether each workbook of a site is exposed, in the order of [`Site::workbooks`].
#[derive(Debug, Clone, Default)]
pub struct SelectedWorkbooks {
    all: Vec<Selected>,
    leaves_out_withheld: bool,
}

impl From<Vec<Selected>> for SelectedWorkbooks {
    fn from(all: Vec<Selected>) -> Self {
        Self {
            all,
            leaves_out_withheld: false,
        }
    }
}

impl SelectedWorkbooks {
    /// All workbooks of a site, whatever the settings say.
    pub fn all_of(site: &Site) -> Self {
        Self::from(vec![Selected::Yes; site.workbooks.len()])
    }

    /// The same for an audience that does not get to know of the workbooks at which `is_withheld` is
    /// true: these are left out, or it is not told why they are not selected.
    #[must_use]
    pub fn withhold(self, is_withheld: impl Fn(WorkbookIx) -> bool, leaves_out: bool) -> Self {
        let selected = self.all.into_iter().enumerate().map(|(at, selected)| {
            let is_withheld = is_withheld(WorkbookIx(at));
            match selected {
                _ if is_withheld && leaves_out => Selected::NotWanted(NotSelected::NotForAudience),
                Selected::NotWanted(_) if is_withheld => Selected::NotWanted(NotSelected::Withheld),
                Selected::OutOfThisRun(_) if is_withheld => {
                    Selected::OutOfThisRun(NotSelected::Withheld)
                }
                selected => selected,
            }
        });
        Self {
            all: selected.collect(),
            leaves_out_withheld: leaves_out,
        }
    }

    /// Whether workbooks that the audience may not see are left out of the run.
    pub fn leaves_out_withheld(&self) -> bool {
        self.leaves_out_withheld
    }

    /// Whether the workbook at this position is exposed.
    ///
    /// # Panics
    /// If the site does not have such a workbook.
    pub fn get(&self, at: WorkbookIx) -> &Selected {
        &self.all[at.0]
    }

    /// One entry for each workbook.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Selected> {
        self.all.iter()
    }
}
