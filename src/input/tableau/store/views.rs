//! Sheets and dashboards that read something, and the workbooks that they are in.

use std::collections::{BTreeSet, HashMap};

use foldhash::HashSet;

use super::entities::{Entities, ObjectIx};
use super::incoming::{DownstreamRef, ViewOfWorkbook};
use super::mentions::{Ref, SortedMentions};
use super::record::Record;
use crate::model::ObjectKind;

/// The mentions of views of which the export shows anything that they read.
pub(super) fn that_read(
    records: &[(Ref, Vec<Record>)],
    downstream: &[DownstreamRef],
) -> BTreeSet<Ref> {
    let in_links = records
        .iter()
        .filter(|(mention, _)| mention.kind == ObjectKind::View)
        .flat_map(|(mention, records)| {
            let upstream = records.iter().flat_map(|record| &record.links.upstream);
            upstream.chain([mention])
        })
        .filter(|one| one.kind == ObjectKind::View);
    let readers = downstream.iter().map(|one| &one.reader);
    in_links
        .chain(readers.filter(|reader| reader.kind == ObjectKind::View))
        .copied()
        .collect()
}

/// References from these views to the workbooks that they are in.
pub(super) fn in_workbooks(
    views: &BTreeSet<Ref>,
    views_of_workbooks: &[ViewOfWorkbook],
    mentions: &SortedMentions,
) -> Vec<DownstreamRef> {
    let mut by_hash: HashMap<u64, Vec<Ref>> = HashMap::new();
    for view in views {
        for (_, key) in mentions.get(*view).keys() {
            let same = by_hash.entry(ViewOfWorkbook::hash(key)).or_default();
            same.push(*view);
        }
    }
    let of_workbooks = views_of_workbooks.iter().flat_map(|one| {
        let same = by_hash.get(&one.view).into_iter().flatten();
        same.map(|view| DownstreamRef {
            object: *view,
            reader: one.workbook,
            captured_at: one.captured_at,
        })
    });
    of_workbooks.collect()
}

/// What messages call the views that read something and whose workbook the export does not name.
/// Where an object also names readers of other kinds, these show who reads it.
pub(super) fn of_nobody(
    views: BTreeSet<Ref>,
    records: &[(ObjectIx, Vec<Record>)],
    downstream: &[DownstreamRef],
    entities: &Entities,
    mentions: &SortedMentions,
) -> Vec<String> {
    let is_view = |one: Ref| one.kind == ObjectKind::View;
    let in_workbooks = downstream.iter().filter(|one| is_view(one.object));
    let placed = in_workbooks.map(|one| one.object).collect::<HashSet<_>>();
    let is_known = |one: &&DownstreamRef| !is_view(one.reader) || placed.contains(&one.reader);
    let with_known_reader = downstream.iter().filter(is_known);
    let with_known_reader = with_known_reader
        .map(|one| one.object)
        .collect::<HashSet<_>>();
    let readers = downstream
        .iter()
        .filter(|one| is_view(one.reader) && !with_known_reader.contains(&one.object));
    let mut lost = readers.map(|one| one.reader).collect::<HashSet<_>>();
    let described = records.iter().map(|(at, _)| *at).collect::<HashSet<_>>();
    lost.extend(views.iter().filter(|view| {
        entities
            .find(**view)
            .is_some_and(|at| described.contains(&at))
    }));
    views
        .into_iter()
        .filter(|view| lost.contains(view) && !placed.contains(view))
        .map(|view| mentions.get(view).label().unwrap_or_default().to_owned())
        .collect()
}
