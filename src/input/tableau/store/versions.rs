//! Which of several versions of one thing count.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::super::document::Project;
use super::super::wire::Database;
use super::{differ, fill, fill_field};

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
pub(super) trait Description: Clone + Ord {
    /// How messages call it, beside its id.
    fn name(&self) -> Option<&Cow<'_, str>>;
    /// Whether the two give different values for one fact.
    fn contradicts(&self, other: &Self) -> bool;
    /// Fills the gaps of this one from another.
    fn complete(&mut self, other: Self);
}

/// Descriptions by id: the distinct ones, each with the times of its captures. Many envelopes may
/// list the same projects.
pub(super) struct Descriptions<'a, T>(
    BTreeMap<Cow<'a, str>, BTreeMap<T, BTreeSet<Option<Timestamp>>>>,
);

impl<T> Default for Descriptions<'_, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'a, T: Description> Descriptions<'a, T> {
    /// Takes one in.
    pub(super) fn add(&mut self, id: Cow<'a, str>, captured_at: Option<Timestamp>, one: T) {
        self.0.entry(id).or_default().entry(one).or_default().insert(captured_at);
    }

    /// One for each id: the latest, and of equally late ones the first in order, completed from
    /// the others. `differing` gets the names of those that came in different versions.
    pub(super) fn settle(self, differing: &mut Vec<String>) -> BTreeMap<Cow<'a, str>, T> {
        let mut settled = BTreeMap::new();
        for (id, versions) in self.0 {
            let differ = any_two(&versions.keys().collect::<Vec<_>>(), |a, b| a.contradicts(b));
            let timed = versions.into_iter().flat_map(|(one, times)| {
                times.into_iter().map(move |time| (Reverse(time), one.clone()))
            });
            let mut versions = timed.collect::<Vec<_>>();
            keep_latest(&mut versions, |(time, _)| time.0);
            // One whose time is known speaks first.
            versions.sort();
            let mut ones = versions.into_iter().map(|(_, one)| one);
            let Some(mut first) = ones.next() else { continue };
            ones.for_each(|other| first.complete(other));
            if differ {
                differing.push(first.name().unwrap_or(&id).clone().into_owned());
            }
            settled.insert(id, first);
        }
        settled
    }
}

/// Whether any two of these stand in a relation, which must be a mutual one.
pub(super) fn any_two<T>(all: &[T], relation: impl Fn(&T, &T) -> bool) -> bool {
    all.iter().enumerate().any(|(at, one)| all[at + 1..].iter().any(|other| relation(one, other)))
}

impl Description for Project<'_> {
    fn name(&self) -> Option<&Cow<'_, str>> {
        self.name.as_ref().map(|name| &name.0)
    }

    fn contradicts(&self, other: &Self) -> bool {
        differ(self.name.as_ref(), other.name.as_ref())
            || differ(self.parent_luid.as_ref(), other.parent_luid.as_ref())
    }

    fn complete(&mut self, other: Self) {
        fill(&mut self.name, other.name);
        fill(&mut self.parent_luid, other.parent_luid);
    }
}

impl Description for Database<'_> {
    fn name(&self) -> Option<&Cow<'_, str>> {
        self.name.text()
    }

    fn contradicts(&self, other: &Self) -> bool {
        differ(self.name.text(), other.name.text())
            || differ(self.connection_type.as_ref(), other.connection_type.as_ref())
    }

    fn complete(&mut self, other: Self) {
        fill_field(&mut self.name, other.name);
        fill(&mut self.connection_type, other.connection_type);
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
