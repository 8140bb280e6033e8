//! Sheets and dashboards that read something, and the workbooks that they are in.

use std::collections::{BTreeSet, HashMap};

use foldhash::HashSet;

use super::entities::{Entities, ObjectIx};
use super::incoming::{DownstreamRef, ViewOfWorkbook};
use super::mentions::{Ref, SortedMentions, is_made_up};
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
    // One mention stands for all that share an id: one sheet under thousands of names may be listed
    // by thousands of workbooks.
    let mut by_hash = HashMap::new();
    for view in views {
        for (_, key) in mentions.get(*view).keys() {
            by_hash.entry(ViewOfWorkbook::hash(key)).or_insert(*view);
        }
    }
    let of_workbooks = views_of_workbooks.iter().filter_map(|one| {
        Some(DownstreamRef {
            object: *by_hash.get(&one.view)?,
            reader: one.workbook,
            captured_at: one.captured_at,
            section: None,
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
    let placed = found(in_workbooks.map(|one| one.object), entities);
    let is_placed = |view: Ref| is_any_of(view, &placed, entities);
    let with_known_reader = downstream
        .iter()
        .filter(|one| !is_view(one.reader) || is_placed(one.reader));
    let with_known_reader = found(with_known_reader.map(|one| one.object), entities);
    let readers = downstream
        .iter()
        .filter(|one| is_view(one.reader) && !is_any_of(one.object, &with_known_reader, entities));
    let mut lost = found(readers.map(|one| one.reader), entities);
    lost.extend(records.iter().map(|(at, _)| entities.resolve(*at)));
    let mut told = HashSet::default();
    views
        .into_iter()
        .filter(|view| is_any_of(*view, &lost, entities) && !is_placed(*view))
        .filter(|view| told.insert(entities.find(*view)))
        .map(|view| {
            let label = mentions.get(view).label().filter(|text| !is_made_up(text));
            label.unwrap_or("a view without a name").to_owned()
        })
        .collect()
}

/// The objects that these mentions refer to.
fn found(mentions: impl Iterator<Item = Ref>, entities: &Entities) -> HashSet<ObjectIx> {
    mentions.filter_map(|one| entities.find(one)).collect()
}

/// Whether a mention refers to one of these objects.
fn is_any_of(mention: Ref, objects: &HashSet<ObjectIx>, entities: &Entities) -> bool {
    let found = entities.find(mention);
    found.is_some_and(|at| objects.contains(&at))
}
