//! Which workbooks are exposed.

use std::fmt;

use rayon::prelude::*;

use super::Pattern;
use crate::model::{Site, Workbook, WorkbookIx};

/// Workbooks that have certain facts: all given ones must fit.
#[derive(Debug, Clone, Default)]
pub struct Pick {
    /// Where the user wrote it, as in `select.include[0]`.
    pub place: String,
    /// The project: its path from the top where the pattern has a `/`, else its own name.
    pub project: Option<Pattern>,
    /// The workbook's title.
    pub name: Option<Pattern>,
    /// One of its tags.
    pub tag: Option<Pattern>,
    /// The owner's name or e-mail.
    pub owner: Option<Pattern>,
    /// The workbook's luid.
    pub luid: Option<Pattern>,
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = [
            ("project", &self.project),
            ("name", &self.name),
            ("tag", &self.tag),
            ("owner", &self.owner),
            ("luid", &self.luid),
        ];
        let given = facts
            .iter()
            .filter_map(|(field, pattern)| Some(format!("{field}:{}", pattern.as_ref()?.as_str())));
        f.write_str(&given.collect::<Vec<_>>().join(" & "))
    }
}

impl Pick {
    /// Whether a workbook has these facts.
    pub fn fits(&self, workbook: &Workbook) -> bool {
        let fits = |pattern: &Option<Pattern>, test: &dyn Fn(&Pattern) -> bool| {
            pattern.as_ref().is_none_or(test)
        };
        fits(&self.project, &|pattern| {
            if pattern.as_str().contains('/') {
                pattern.fits(&workbook.project.join("/"))
            } else {
                workbook
                    .project
                    .last()
                    .is_some_and(|project| pattern.fits(project))
            }
        }) && fits(&self.name, &|pattern| pattern.fits(&workbook.name))
            && fits(&self.tag, &|pattern| {
                workbook.tags.iter().any(|tag| pattern.fits(tag))
            })
            && fits(&self.owner, &|pattern| {
                [&workbook.owner_name, &workbook.owner_email]
                    .into_iter()
                    .flatten()
                    .any(|owner| pattern.fits(owner))
            })
            && fits(&self.luid, &|pattern| pattern.fits(&workbook.luid))
    }

    /// Whether it needs to know the folders above a project.
    pub fn needs_project_paths(&self) -> bool {
        self.project
            .as_ref()
            .is_some_and(|pattern| pattern.as_str().contains('/'))
    }
}

/// Includes and excludes; nothing included means all.
#[derive(Debug, Clone, Default)]
pub struct Picks {
    /// Workbooks that are wanted.
    pub include: Vec<Pick>,
    /// Workbooks that are not wanted although they are included.
    pub exclude: Vec<Pick>,
}

impl Picks {
    /// Why a workbook is rejected, if it is.
    fn reject(&self, workbook: &Workbook) -> Option<Rejection<'_>> {
        if let Some(pick) = self.exclude.iter().find(|pick| pick.fits(workbook)) {
            return Some(Rejection::Excluded { by: &pick.place });
        }
        let is_included = self.include.is_empty() || self.includes(workbook);
        (!is_included).then_some(Rejection::NotIncluded)
    }

    fn includes(&self, workbook: &Workbook) -> bool {
        self.include.iter().any(|pick| pick.fits(workbook))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Pick> {
        self.include.iter().chain(&self.exclude)
    }
}

/// Why includes and excludes reject a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection<'s> {
    /// An exclude fits it.
    Excluded {
        /// Where the user wrote it, as in `select.exclude[0]`.
        by: &'s str,
    },
    /// No include fits it.
    NotIncluded,
}

impl fmt::Display for Rejection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Excluded { by } => write!(f, "{by} leaves it out"),
            Self::NotIncluded => f.write_str("it is not among what is included"),
        }
    }
}

/// Which workbooks are exposed.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The wanted state, from the configuration: what it leaves out is removed.
    pub wanted: Picks,
    /// What this run looks at, from flags: what it leaves out is kept, unless pruned.
    pub looked_at: Picks,
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
        if let Some(pick) = self.undecided_include(workbook) {
            let by = &pick.place;
            return Selected::NotLookedAt(NotSelected::NeedsProjectPath { by });
        }
        if let Some(rejection) = self.wanted.reject(workbook) {
            return Selected::NotWanted(NotSelected::ByConfiguration(rejection));
        }
        match self.looked_at.reject(workbook).map(NotSelected::ByFlags) {
            None => Selected::Yes,
            Some(reason) if self.prunes => Selected::NotWanted(reason),
            Some(reason) => Selected::NotLookedAt(reason),
        }
    }

    /// Whether each workbook of a site is exposed.
    pub fn select_all(&self, site: &Site) -> SelectedWorkbooks<'_> {
        let workbooks = site.workbooks.par_iter();
        SelectedWorkbooks(workbooks.map(|workbook| self.select(workbook)).collect())
    }

    /// The include that would decide whether the workbook is selected, but cannot: it asks for the
    /// projects above the workbook's own, and the export does not list them.
    fn undecided_include(&self, workbook: &Workbook) -> Option<&Pick> {
        [&self.wanted, &self.looked_at]
            .into_iter()
            .filter(|picks| !picks.includes(workbook))
            .flat_map(|picks| &picks.include)
            .find(|pick| pick.needs_project_paths() && !workbook.has_project_path)
    }
}

/// Whether a workbook is exposed by a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selected<'s> {
    /// It is.
    Yes,
    /// It is not wanted; an exposure of it is removed.
    NotWanted(NotSelected<'s>),
    /// This run does not look at it; an exposure of it is kept.
    NotLookedAt(NotSelected<'s>),
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
