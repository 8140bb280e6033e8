//! Which of several versions of one thing count.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::fields::{Database, Project};
use super::record::differ;

/// Leaves the versions of the latest time. One without a time may be as late as any, and stays.
pub(super) fn keep_latest<T>(versions: &mut Vec<T>, time: impl Fn(&T) -> Option<Timestamp>) {
    let latest = versions.iter().filter_map(&time).max();
    versions.retain(|version| time(version).is_none_or(|time| Some(time) == latest));
}

/// Whether one time is known to be later than another.
pub(super) fn is_later(time: Option<Timestamp>, than: Option<Timestamp>) -> bool {
    matches!((time, than), (Some(time), Some(than)) if time > than)
}

/// A description that is found by its id.
pub(super) trait Description<'a>: Copy + Ord {
    /// How messages call it, beside its id.
    fn name(&self) -> Option<&'a str>;
    /// Whether the two give different values for one fact.
    fn contradicts(&self, other: &Self) -> bool;
    /// This one, its gaps filled from another.
    fn completed(self, other: Self) -> Self;
}

/// Descriptions by id: the distinct ones, each with the times of its captures. Many envelopes may
/// list the same projects.
pub(super) struct Descriptions<'a, T>(BTreeMap<&'a str, BTreeMap<T, BTreeSet<Option<Timestamp>>>>);

impl<T> Default for Descriptions<'_, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'a, T: Description<'a>> Descriptions<'a, T> {
    /// Takes one in.
    pub(super) fn add(&mut self, id: &'a str, captured_at: Option<Timestamp>, one: T) {
        self.0
            .entry(id)
            .or_default()
            .entry(one)
            .or_default()
            .insert(captured_at);
    }

    /// Takes in those of another store.
    pub(super) fn absorb(&mut self, other: Self) {
        for (id, versions) in other.0 {
            for (one, times) in versions {
                self.0
                    .entry(id)
                    .or_default()
                    .entry(one)
                    .or_default()
                    .extend(times);
            }
        }
    }

    /// One for each id: the latest, and of equally late ones the first in order, completed from
    /// the others. `differing` gets the names of those that came in different versions.
    pub(super) fn merge(self, differing: &mut Vec<String>) -> BTreeMap<&'a str, T> {
        let mut merged = BTreeMap::new();
        for (id, versions) in self.0 {
            let differ = any_two(&versions.keys().collect::<Vec<_>>(), |a, b| {
                a.contradicts(b)
            });
            let timed = versions
                .into_iter()
                .flat_map(|(one, times)| times.into_iter().map(move |time| (Reverse(time), one)));
            let mut versions = timed.collect::<Vec<_>>();
            keep_latest(&mut versions, |(time, _)| time.0);
            // One whose time is known speaks first.
            versions.sort();
            let ones = versions.into_iter().map(|(_, one)| one);
            let Some(one) = ones.reduce(T::completed) else {
                continue;
            };
            if differ {
                differing.push(one.name().unwrap_or(id).to_owned());
            }
            merged.insert(id, one);
        }
        merged
    }
}

/// Whether any two of these stand in a relation, which must be a mutual one.
pub(super) fn any_two<T>(all: &[T], relation: impl Fn(&T, &T) -> bool) -> bool {
    all.iter()
        .enumerate()
        .any(|(at, one)| all[at + 1..].iter().any(|other| relation(one, other)))
}

impl<'a> Description<'a> for Project<'a> {
    fn name(&self) -> Option<&'a str> {
        self.name
    }

    fn contradicts(&self, other: &Self) -> bool {
        differ(self.name, other.name) || differ(self.parent_luid, other.parent_luid)
    }

    fn completed(self, other: Self) -> Self {
        Self {
            luid: self.luid,
            name: self.name.or(other.name),
            parent_luid: self.parent_luid.or(other.parent_luid),
        }
    }
}

impl<'a> Description<'a> for Database<'a> {
    fn name(&self) -> Option<&'a str> {
        self.name.text()
    }

    fn contradicts(&self, other: &Self) -> bool {
        differ(self.name.text(), other.name.text())
            || differ(self.connection_type, other.connection_type)
    }

    fn completed(self, other: Self) -> Self {
        Database::completed(self, other)
    }
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
