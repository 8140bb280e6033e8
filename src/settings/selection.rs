//! Which workbooks are exposed, and why others are not.

use std::fmt;

use rayon::prelude::*;

use super::{Filters, Rejection, WorkbookFilter};
use crate::model::{Site, Workbook, WorkbookIx};

/// Which workbooks are exposed.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The wanted state, from the configuration: what it leaves out is removed.
    pub wanted: Filters,
    /// This run, from flags: what it leaves out is kept, unless pruned.
    pub this_run: Filters,
    /// Whether flags leave out for good.
    pub prunes: bool,
    /// Whether workbooks in personal spaces are exposed.
    pub personal_spaces: bool,
}

impl Selection {
    /// Whether a workbook is exposed.
    pub fn select(&self, workbook: &Workbook) -> Selected<'_> {
        if workbook.is_personal && !self.personal_spaces {
            return Selected::NotWanted(NotSelected::PersonalSpace);
        }
        if let Some(filter) = self.undecided_include(workbook) {
            let by = &filter.place;
            return Selected::OutOfThisRun(NotSelected::NeedsProjectPath { by });
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
    pub fn select_all(&self, site: &Site) -> SelectedWorkbooks<'_> {
        let workbooks = site.workbooks.par_iter();
        SelectedWorkbooks(workbooks.map(|workbook| self.select(workbook)).collect())
    }

    /// The include that would decide whether the workbook is selected, but cannot: it asks for the
    /// projects above the workbook's own, and the export does not list them.
    fn undecided_include(&self, workbook: &Workbook) -> Option<&WorkbookFilter> {
        [&self.wanted, &self.this_run]
            .into_iter()
            .filter(|filters| !filters.includes(workbook))
            .flat_map(|filters| &filters.include)
            .find(|filter| filter.needs_project_paths() && !workbook.has_project_path)
    }
}

/// Whether a workbook is exposed by a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selected<'s> {
    /// It is.
    Yes,
    /// It is not wanted; an exposure of it is removed.
    NotWanted(NotSelected<'s>),
    /// This run leaves it out; an exposure of it is kept.
    OutOfThisRun(NotSelected<'s>),
}

impl Selected<'_> {
    /// Whether the workbook is exposed.
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

/// Why a workbook is not selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSelected<'s> {
    /// It is in a personal space.
    PersonalSpace,
    /// A pattern asks for a path of projects, and the export does not list the projects above the
    /// workbook's own.
    NeedsProjectPath {
        /// Where the user wrote the pattern.
        by: &'s str,
    },
    /// The configuration rejects it.
    ByConfiguration(Rejection<'s>),
    /// The flags of this run reject it.
    ByFlags(Rejection<'s>),
}

impl fmt::Display for NotSelected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PersonalSpace => f.write_str("its workbook is in a personal space"),
            Self::NeedsProjectPath { by } => write!(
                f,
                "{by} asks for the folders above its project, which the export does not list"
            ),
            Self::ByConfiguration(rejection) => {
                write!(f, "its workbook is not selected: {rejection}")
            }
            Self::ByFlags(rejection) => write!(f, "not selected: {rejection}"),
        }
    }
}

/// Whether each workbook of a site is exposed, in the order of [`Site::workbooks`].
#[derive(Debug, Clone, Default)]
pub struct SelectedWorkbooks<'s>(Vec<Selected<'s>>);

impl<'s> SelectedWorkbooks<'s> {
    /// Whether the workbook at this position is exposed.
    ///
    /// # Panics
    /// Where the site has no such workbook.
    pub fn get(&self, at: WorkbookIx) -> Selected<'s> {
        self.0[at.0]
    }

    /// One entry for each workbook.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Selected<'s>> {
        self.0.iter().copied()
    }
}
