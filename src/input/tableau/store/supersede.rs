//! Leaves out what only older captures of a site contain, where a later one lists everything.
//!
//! A later copy of an object replaces an earlier one in any case (`candidates`). Here it is about
//! objects that a later capture does not have any more, and about who reads what.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::covered::Covered;
use super::entities::{Entities, ObjectIx};
use super::incoming::{DownstreamRef, Store};
use super::kinds::Kinds;
use super::links::Links;
use super::mentions::{Ref, SortedMentions};
use super::record::Record;
use super::versions::is_later;
use crate::input::tableau::section::Section;
use crate::model::ObjectKind;

/// What only older captures contain, and what is left out because of it.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    /// Names of objects, by kind.
    pub(crate) objects: BTreeMap<ObjectKind, Vec<String>>,
    /// How many references from an object to one that reads it.
    pub(crate) readers: usize,
}

/// When an object was captured last.
#[derive(Debug, Clone, Copy, Default)]
struct Captured {
    last: Option<Timestamp>,
    /// When it was described last, and not only listed.
    described: Option<Timestamp>,
    /// The lists of objects upstream that its last description has from first to last.
    lists: Kinds,
}

impl Captured {
    fn listed(&mut self, time: Option<Timestamp>) {
        self.last = self.last.max(time);
    }

    fn described(&mut self, time: Option<Timestamp>, links: &Links) {
        self.listed(time);
        if time > self.described {
            (self.described, self.lists) = (time, Kinds::default());
        }
        if time == self.described {
            self.lists.extend(links.complete_lists());
        }
    }
}

/// The objects of a site whose captures are of several times.
struct Captures<'c, 'm, 'a> {
    covered: &'c Covered,
    entities: Entities<'m, 'a>,
    /// By [`ObjectIx`].
    captured: Vec<Captured>,
}

/// Leaves out what later captures supersede. `records` are those of the store.
pub(super) fn leave_out<'a>(
    records: &mut Vec<(Ref, Vec<Record<'a>>)>,
    store: &mut Store<'a>,
    covered: &Covered,
    mentions: &SortedMentions<'a>,
) -> LeftOut {
    let captures = Captures::new(records, store, covered, mentions);
    store.columns.leave_out(covered);
    let mut left_out = LeftOut::default();
    for (mention, records) in &mut *records {
        let at = captures.entities.find(*mention);
        let before = records.len();
        records.retain(|record| {
            let time = record.stamp.0;
            !captures.is_gone(*mention, at, time) && !captures.is_replaced(record.section, time)
        });
        if records.len() < before && records.is_empty() {
            let label = mentions.get(*mention).label().unwrap_or_default();
            let kind = at.map_or(mention.kind, |at| captures.entities.all()[at.index()].kind);
            left_out
                .objects
                .entry(kind)
                .or_default()
                .push(label.to_owned());
        }
    }
    records.retain(|(_, records)| !records.is_empty());
    let before = store.downstream.len();
    store.downstream.retain(|one| !captures.is_outdated(one));
    left_out.readers = before - store.downstream.len();
    let newest = captures.newest_views(&store.views);
    store.views.retain(|(workbook, _, time)| {
        let at = captures.entities.find(*workbook);
        let is_older = at.is_some_and(|at| is_later(newest[at.index()], *time));
        !is_older && !captures.is_gone(*workbook, at, *time)
    });
    left_out
}

impl<'c, 'm, 'a> Captures<'c, 'm, 'a> {
    fn new(
        records: &[(Ref, Vec<Record<'a>>)],
        store: &Store<'a>,
        covered: &'c Covered,
        mentions: &'m SortedMentions<'a>,
    ) -> Self {
        let mut entities = Entities::with_capacity(mentions, records.len());
        let of_records = records.iter().map(|(mention, _)| *mention);
        let of_links = store
            .downstream
            .iter()
            .flat_map(|one| [one.object, one.reader]);
        let listed = store.listed.iter().map(|(listed, _)| *listed);
        for mention in of_records.chain(listed).chain(of_links) {
            if entities.has_id(mention) {
                entities.enter(mention);
            }
        }
        entities.settle();
        let mut captured = vec![Captured::default(); entities.all().len()];
        for (mention, records) in records {
            let Some(at) = entities.find(*mention) else {
                continue;
            };
            for record in records {
                captured[at.index()].described(record.stamp.0, &record.links);
            }
        }
        for (listed, time) in &store.listed {
            if let Some(at) = entities.find(*listed) {
                captured[at.index()].listed(Some(*time));
            }
        }
        Self {
            covered,
            entities,
            captured,
        }
    }

    /// Whether an object that a capture contains is missing in a later one, which lists all.
    fn is_gone(&self, mention: Ref, at: Option<ObjectIx>, time: Option<Timestamp>) -> bool {
        let (kind, last) = match at {
            Some(at) => (
                self.entities.all()[at.index()].kind,
                self.captured[at.index()].last,
            ),
            None => (mention.kind, None),
        };
        self.covered.supersedes(kind, time)
            && (last.is_none() || self.covered.supersedes(kind, last))
    }

    /// Whether a later capture has all of the section that something is a part of.
    fn is_replaced(&self, section: Option<Section>, time: Option<Timestamp>) -> bool {
        section.is_some_and(|section| self.covered.supersedes_section(section, time))
    }

    /// Whether a reference to a reader counts no more: one of both is gone, the object was described
    /// again later, or the reader was, with a list of all objects of this kind that it reads.
    fn is_outdated(&self, one: &DownstreamRef) -> bool {
        let [object, reader] = [one.object, one.reader].map(|mention| self.entities.find(mention));
        let is_gone = self.is_gone(one.object, object, one.captured_at)
            || self.is_gone(one.reader, reader, one.captured_at);
        let described = |at: ObjectIx| self.captured[at.index()];
        let is_described_later = |at| is_later(described(at).described, one.captured_at);
        let kind = object.map_or(one.object.kind, |at| self.entities.all()[at.index()].kind);
        is_gone
            || self.is_replaced(one.section, one.captured_at)
            || object.is_some_and(is_described_later)
            || reader.is_some_and(|at| is_described_later(at) && described(at).lists.contains(kind))
    }

    /// For each workbook, when views of it were captured last. By [`ObjectIx`].
    fn newest_views(&self, views: &[(Ref, &str, Option<Timestamp>)]) -> Vec<Option<Timestamp>> {
        let mut newest = vec![None; self.captured.len()];
        for (workbook, _, time) in views {
            if let Some(at) = self.entities.find(*workbook) {
                newest[at.index()] = newest[at.index()].max(*time);
            }
        }
        newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_sources_of_any_kind_are_listed_where_both_kinds_are() {
        let [first, second, third] =
            [1, 2, 3].map(|second| Timestamp::from_second(second).expect("a time"));
        let mut covered = Covered::default();
        covered.add(ObjectKind::Embedded, third);
        assert!(!covered.supersedes(ObjectKind::Datasource, Some(first)));
        covered.add(ObjectKind::Published, second);
        assert!(covered.supersedes(ObjectKind::Datasource, Some(first)));
        assert!(!covered.supersedes(ObjectKind::Datasource, Some(second)));
        assert!(!covered.supersedes(ObjectKind::Embedded, None));
    }
}
