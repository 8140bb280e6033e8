//! Filters that find workbooks by their facts, for includes, excludes and rules of exposures.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::Pattern;
use crate::model::Workbook;
use crate::model::display::display_enum;

/// Workbooks that have certain facts: all given ones must fit.
#[derive(Debug, Clone)]
pub struct WorkbookFilter {
    /// Its place in the settings, such as `select.include[0]`. Many reasons share it.
    pub place: Arc<str>,
    /// The project: its path from the top if the pattern has a `/`, else its own name.
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

impl WorkbookFilter {
    /// Whether a workbook has these facts.
    pub fn fits(&self, workbook: &Workbook) -> bool {
        let owner = [&workbook.owner_name, &workbook.owner_email];
        self.fits_project(&workbook.project)
            && fits_any(&self.name, [&workbook.name])
            && fits_any(&self.tag, &workbook.tags)
            && fits_any(&self.owner, owner.into_iter().flatten())
            && fits_any(&self.luid, [&workbook.luid])
    }

    fn fits_project(&self, path: &[Cow<'_, str>]) -> bool {
        match &self.project {
            Some(pattern) if pattern.is_path() => pattern.fits(&path.join("/")),
            pattern => fits_any(pattern, path.last()),
        }
    }

    /// Whether it needs the projects above a workbook's own.
    pub fn needs_project_paths(&self) -> bool {
        self.project.as_ref().is_some_and(Pattern::is_path)
    }
}

/// Whether a pattern fits one of these texts. No pattern fits any texts.
fn fits_any<'t>(
    pattern: &Option<Pattern>,
    texts: impl IntoIterator<Item = &'t Cow<'t, str>>,
) -> bool {
    match pattern {
        Some(pattern) => texts.into_iter().any(|text| pattern.fits(text)),
        None => true,
    }
}

impl fmt::Display for WorkbookFilter {
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
            .filter_map(|(field, pattern)| Some(format!("{field}:{}", pattern.as_ref()?.as_str())))
            .collect::<Vec<_>>();
        f.write_str(&given.join(" & "))
    }
}

/// Includes and excludes; nothing included means all.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Workbooks to include.
    pub include: Vec<WorkbookFilter>,
    /// Workbooks to leave out although they are included.
    pub exclude: Vec<WorkbookFilter>,
}

impl Filters {
    /// Why a workbook is rejected, if it is.
    pub(super) fn reject(&self, workbook: &Workbook) -> Option<Rejection> {
        if let Some(filter) = self.exclude.iter().find(|filter| filter.fits(workbook)) {
            return Some(Rejection::Excluded(filter.place.clone()));
        }
        let is_included = self.include.is_empty() || self.includes(workbook);
        (!is_included).then_some(Rejection::NotIncluded)
    }

    /// Whether an include fits a workbook.
    pub(super) fn includes(&self, workbook: &Workbook) -> bool {
        self.include.iter().any(|filter| filter.fits(workbook))
    }

    /// All filters.
    pub fn iter(&self) -> impl Iterator<Item = &WorkbookFilter> {
        self.include.iter().chain(&self.exclude)
    }
}

display_enum! {
    /// Why includes and excludes reject a workbook.
    pub enum Rejection {
        /// The exclude at this place fits it.
        Excluded(by: Arc<str>) => "{by} excludes it";
        /// None of the includes fits it.
        NotIncluded => "it is not included";
    }
}
