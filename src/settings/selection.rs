//! Which workbooks are exposed.

use std::fmt;

use super::Pattern;
use crate::model::Workbook;

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
            .filter_map(|(field, pattern)| Some(format!("{field}:{}", pattern.as_ref()?.text)));
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
            if pattern.text.contains('/') {
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
            .is_some_and(|pattern| pattern.text.contains('/'))
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
    /// Whether a workbook is wanted; if not, why.
    pub fn refuse(&self, workbook: &Workbook) -> Option<String> {
        if let Some(pick) = self.exclude.iter().find(|pick| pick.fits(workbook)) {
            return Some(format!("{} leaves it out", pick.place));
        }
        let is_included =
            self.include.is_empty() || self.include.iter().any(|pick| pick.fits(workbook));
        (!is_included).then(|| "it is not among what is included".to_owned())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Pick> {
        self.include.iter().chain(&self.exclude)
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

/// Whether a workbook is exposed by this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Selected,
    /// It is not wanted; an exposure of it goes. Holds the reason.
    NotWanted(String),
    /// This run does not look at it; an exposure of it stays. Holds the reason.
    NotLookedAt(String),
}

impl Selection {
    /// The include that cannot be decided, and on which it hangs whether the workbook is selected.
    fn undecided(&self, workbook: &Workbook) -> Option<&Pick> {
        let is_refused = |picks: &&Picks| !picks.include.iter().any(|pick| pick.fits(workbook));
        let mut includes = [&self.wanted, &self.looked_at]
            .into_iter()
            .filter(is_refused)
            .flat_map(|picks| &picks.include);
        includes.find(|pick| pick.needs_project_paths() && !workbook.has_project_path)
    }

    /// The verdict on a workbook.
    pub fn judge(&self, workbook: &Workbook) -> Verdict {
        if workbook.is_personal && !self.personal_spaces {
            return Verdict::NotWanted("its workbook is in a personal space".to_owned());
        }
        if let Some(pick) = self.undecided(workbook) {
            let reason = format!(
                "{} asks for the folders above its project, which the export does not list",
                pick.place
            );
            return Verdict::NotLookedAt(reason);
        }
        if let Some(reason) = self.wanted.refuse(workbook) {
            return Verdict::NotWanted(format!("its workbook is not selected: {reason}"));
        }
        match self.looked_at.refuse(workbook) {
            None => Verdict::Selected,
            Some(reason) if self.prunes => Verdict::NotWanted(format!("not selected: {reason}")),
            Some(reason) => Verdict::NotLookedAt(format!("not selected: {reason}")),
        }
    }
}
