//! Selects the latest of several versions of one thing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::super::arena::Arena;
use super::field_sets::FieldSet;
use super::fields::{Database, Project};

/// Keeps the versions with the latest time, and those without a time, which may be as late.
pub(super) fn keep_latest<T>(versions: &mut Vec<T>, time: impl Fn(&T) -> Option<Timestamp>) {
    let latest = versions.iter().filter_map(&time).max();
    versions.retain(|version| time(version).is_none_or(|time| Some(time) == latest));
}

/// Whether one time is known to be later than another.
pub(super) fn is_later(time: Option<Timestamp>, than: Option<Timestamp>) -> bool {
    matches!((time, than), (Some(time), Some(than)) if time > than)
}

/// Fields that are looked up by an id and have no links.
pub(super) trait Description<'a>: FieldSet<'a> + Ord {
    /// What messages call it, if not its id.
    fn name(&self) -> Option<&'a str>;
}

impl<'a> Description<'a> for Project<'a> {
    fn name(&self) -> Option<&'a str> {
        self.name
    }
}

impl<'a> Description<'a> for Database<'a> {
    fn name(&self) -> Option<&'a str> {
        self.name.text()
    }
}

/// Descriptions by id: the distinct ones, each with the times at which it was captured. Many
/// envelopes may list the same projects.
pub(super) struct Descriptions<'a, T>(BTreeMap<&'a str, BTreeMap<T, BTreeSet<Option<Timestamp>>>>);

impl<T> Default for Descriptions<'_, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'a, T: Description<'a>> Descriptions<'a, T> {
    /// Adds a description.
    pub(super) fn add(&mut self, id: &'a str, captured_at: Option<Timestamp>, description: T) {
        self.times(id, description).insert(captured_at);
    }

    /// Adds all descriptions of another store.
    pub(super) fn absorb(&mut self, other: Self) {
        for (id, versions) in other.0 {
            for (description, times) in versions {
                self.times(id, description).extend(times);
            }
        }
    }

    fn times(&mut self, id: &'a str, description: T) -> &mut BTreeSet<Option<Timestamp>> {
        self.0
            .entry(id)
            .or_default()
            .entry(description)
            .or_default()
    }

    /// The merged descriptions by id, and the names of objects whose versions differ.
    pub(super) fn merge(self, arena: &'a Arena) -> (BTreeMap<&'a str, T>, Vec<String>) {
        let (mut merged, mut differing) = (BTreeMap::new(), Vec::new());
        for (id, versions) in self.0 {
            let differ = T::any_differ(versions.keys());
            if let Some(description) = merge_versions(versions, arena) {
                if differ {
                    differing.push(description.name().unwrap_or(id).to_owned());
                }
                merged.insert(id, description);
            }
        }
        (merged, differing)
    }
}

/// The latest version. If several are equally late, it is the first in order, with its gaps filled
/// from the others.
fn merge_versions<'a, T: Description<'a>>(
    versions: BTreeMap<T, BTreeSet<Option<Timestamp>>>,
    arena: &'a Arena,
) -> Option<T> {
    let mut versions = versions
        .into_iter()
        .flat_map(|(one, times)| times.into_iter().map(move |time| (Reverse(time), one)))
        .collect::<Vec<_>>();
    keep_latest(&mut versions, |(time, _)| time.0);
    // A version with a time takes precedence over one without.
    versions.sort();
    versions
        .into_iter()
        .map(|(_, one)| one)
        .reduce(|one, other| one.filled_from(other, arena))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_time_stays_beside_the_latest() {
        let at = |second| Timestamp::from_second(second).ok();
        let mut times = vec![at(1), None, at(3), at(2), at(3)];
        keep_latest(&mut times, |time| *time);
        assert_eq!(times, [None, at(3), at(3)]);
        let mut unknown = vec![None, None];
        keep_latest(&mut unknown, |time| *time);
        assert_eq!(unknown.len(), 2);
        assert!(is_later(at(2), at(1)) && !is_later(at(1), at(1)));
        assert!(!is_later(at(2), None) && !is_later(None, at(2)));
    }
}
