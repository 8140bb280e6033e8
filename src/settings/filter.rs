//! Filters that find workbooks by their facts, for includes, excludes and rules of exposures.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::pattern::{Pattern, given};
use super::pattern_list::{HasPatterns, PatternList};
use crate::model::Workbook;
use crate::model::display::display_enum;

/// Workbooks that have certain facts: all given ones must fit.
#[derive(Debug, Clone)]
pub struct WorkbookFilter {
    /// Its place in the settings with its patterns, such as `select.include[0] (name:Sales*)`. Many
    /// reasons share it.
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
            && fits_any(&self.luid, [&workbook.luid])
            && fits_any(&self.owner, owner.into_iter().flatten())
            && fits_any(&self.tag, &workbook.tags)
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
        let fields = ["project", "name", "tag", "owner", "luid"];
        f.write_str(&given(&fields, self.patterns()).unwrap_or_default())
    }
}

/// The kinds of facts that a filter may ask for.
const FACTS: usize = 5;

/// What filters decide about, found by the facts of a workbook.
pub type ByFilter<T> = PatternList<T, FACTS>;

impl AsRef<WorkbookFilter> for WorkbookFilter {
    fn as_ref(&self) -> &WorkbookFilter {
        self
    }
}

impl<T: AsRef<WorkbookFilter>> HasPatterns<FACTS> for T {
    fn patterns(&self) -> [Option<&Pattern>; FACTS] {
        let WorkbookFilter {
            place: _,
            project,
            name,
            tag,
            owner,
            luid,
        } = self.as_ref();
        [project, name, tag, owner, luid].map(Option::as_ref)
    }
}

impl<T: AsRef<WorkbookFilter>> ByFilter<T> {
    /// All whose filter fits a workbook, in their order.
    pub fn fitting<'l>(&'l self, workbook: &Workbook) -> impl Iterator<Item = &'l T> {
        let facts = if self.is_empty() {
            Default::default()
        } else {
            facts(workbook)
        };
        let candidates = self.candidates(&facts);
        candidates.filter(|item| item.as_ref().fits(workbook))
    }

    /// All whose filter fits none of these workbooks.
    pub fn fitting_none<'l>(&'l self, workbooks: &[Workbook]) -> Vec<&'l T> {
        self.unused(workbooks, facts, |item, workbook| {
            item.as_ref().fits(workbook)
        })
    }
}

/// The texts of a workbook that the patterns of a filter are for.
fn facts<'t>(workbook: &'t Workbook) -> [Vec<Cow<'t, str>>; FACTS] {
    let borrowed = |text: &'t Cow<str>| Cow::Borrowed(text.as_ref());
    let owner = [&workbook.owner_name, &workbook.owner_email];
    let project = workbook.project.last().map(borrowed);
    let path = workbook.project.join("/").into();
    [
        project.into_iter().chain([path]).collect(),
        vec![borrowed(&workbook.name)],
        workbook.tags.iter().map(borrowed).collect(),
        owner.into_iter().flatten().map(borrowed).collect(),
        vec![borrowed(&workbook.luid)],
    ]
}

/// Includes and excludes; nothing included means all.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Workbooks to include.
    pub include: ByFilter<WorkbookFilter>,
    /// Workbooks to leave out although they are included.
    pub exclude: ByFilter<WorkbookFilter>,
}

impl Filters {
    /// Why a workbook is rejected, if it is.
    pub(super) fn reject(&self, workbook: &Workbook) -> Option<Rejection> {
        if let Some(filter) = self.exclude.fitting(workbook).next() {
            return Some(Rejection::Excluded(filter.place.clone()));
        }
        let is_included = self.include.is_empty() || self.includes(workbook);
        (!is_included).then_some(Rejection::NotIncluded)
    }

    /// Whether an include fits a workbook.
    pub(super) fn includes(&self, workbook: &Workbook) -> bool {
        self.include.fitting(workbook).next().is_some()
    }

    /// The first include that needs the projects above a workbook's own.
    pub(super) fn include_by_path(&self) -> Option<&WorkbookFilter> {
        let mut include = self.include.iter();
        include.find(|filter| filter.needs_project_paths())
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
