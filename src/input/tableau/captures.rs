//! The captures of one site, made at several times.
//!
//! An envelope says when its responses were captured. Where a later capture lists all objects of a
//! section, what only an older one has counts no more; otherwise both count. Responses without a
//! time always count.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::evidence::Coverage;
use super::scope::Scope;
use super::section::Section;
use super::store::Covered;

/// What each capture of a site contains, by its time.
#[derive(Default)]
pub(super) struct Captures(BTreeMap<Option<Timestamp>, Coverage>);

impl Captures {
    /// What the capture of this time contains.
    pub(super) fn at(&mut self, time: Option<Timestamp>) -> &mut Coverage {
        self.0.entry(time).or_default()
    }

    /// Adds the captures of another export of the site.
    pub(super) fn absorb(&mut self, other: Self) {
        for (time, coverage) in other.0 {
            self.at(time).absorb(coverage);
        }
    }

    /// The known times of the captures, in order.
    pub(super) fn times(&self) -> impl Iterator<Item = Timestamp> {
        self.0.keys().copied().flatten()
    }

    /// What the last captures cover, if there are several.
    pub(super) fn covered(&self) -> Option<Covered> {
        self.times().nth(1)?;
        let mut covered = Covered::default();
        for (time, coverage) in &self.0 {
            let Some(time) = time else {
                continue;
            };
            let all = coverage.pages.iter();
            for (section, pages) in all.filter(|(section, _)| coverage.lists_all_of(**section)) {
                if pages.tell_lineage() {
                    covered.add_section(*section, *time);
                }
                for kind in section.lists() {
                    covered.add(*kind, *time);
                }
            }
        }
        Some(covered)
    }

    /// What the captures that count contain together.
    pub(super) fn counting(self, covered: Option<&Covered>) -> Coverage {
        let mut counting = Coverage::default();
        for (time, coverage) in self.0 {
            counting.absorb(match covered {
                Some(covered) => not_superseded(coverage, time, covered),
                None => coverage,
            });
        }
        counting
    }
}

/// What a capture contains that no later one covers.
fn not_superseded(mut coverage: Coverage, time: Option<Timestamp>, covered: &Covered) -> Coverage {
    let is_superseded = |section: Section| {
        let kinds = section.lists();
        covered.supersedes_section(section, time)
            || !kinds.is_empty() && kinds.iter().all(|kind| covered.supersedes(*kind, time))
    };
    let is_whole = coverage.pages.keys().all(|section| is_superseded(*section));
    coverage.pages.retain(|section, _| !is_superseded(*section));
    coverage
        .declared
        .retain(|section, _| match Section::find(section) {
            Some(section) => !is_superseded(section),
            None => !is_superseded(Section::Workbooks),
        });
    if is_superseded(Section::Workbooks) {
        coverage.errors.clear();
        coverage.scope = Scope::default();
        if is_whole {
            coverage.lineage_errors.clear();
            coverage.is_doubtful = false;
        }
    }
    coverage
}
