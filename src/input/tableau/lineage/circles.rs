//! Objects that lead in a circle: flows that read each other, and nothing else.
//!
//! Tableau shows something upstream of each of them, and yet nothing of what they read.

use std::collections::BTreeMap;

use foldhash::HashSet;

use crate::input::tableau::store::{Content, Merged, ObjectIx, Ref};
use crate::model::ObjectKind;

/// The objects that lead in a circle and to nothing else, and those upstream of such objects.
pub(super) fn find(store: &Merged) -> HashSet<ObjectIx> {
    let open = only_each_other(open_objects(store));
    let read = readers(&open);
    // What only leads into a circle is not a part of it.
    let mut left = read
        .iter()
        .map(|(at, readers)| (*at, readers.len()))
        .collect::<BTreeMap<_, _>>();
    let unread = open.keys().filter(|at| !read.contains_key(at));
    let mut leaving = unread.copied().collect::<Vec<_>>();
    let mut circles = open.keys().copied().collect::<HashSet<_>>();
    while let Some(at) = leaving.pop() {
        circles.remove(&at);
        for upstream in &open[&at] {
            let count = left.entry(*upstream).or_default();
            *count -= 1;
            if *count == 0 {
                leaving.push(*upstream);
            }
        }
    }
    circles
}

/// Objects that may be a part of a circle, each with all that is upstream of it.
type Open = BTreeMap<ObjectIx, Vec<ObjectIx>>;

/// The objects that show nothing upstream but objects that may be a part of a circle.
fn open_objects(store: &Merged) -> Open {
    let may_be_in_circle = |at: ObjectIx| {
        let object = store.object(at);
        let is_between = match object.content {
            Content::Intermediate(_) => object.entity.kind != ObjectKind::CustomSql,
            Content::Tables(_) => true,
            Content::Unknown | Content::Workbook(_) | Content::TooManyTables => false,
        };
        is_between && object.links.lead_on()
    };
    let mut open = Open::new();
    for at in store.positions().filter(|at| may_be_in_circle(*at)) {
        let links = &store.object(at).links;
        let upstream = links.upstream.iter().chain(&links.columns);
        let inside = |link: &Ref| store.find(*link).filter(|at| may_be_in_circle(*at));
        let all_inside = upstream.map(inside).collect::<Option<Vec<_>>>();
        let shows_all = !links.has_gaps();
        if let Some(upstream) = all_inside.filter(|_| shows_all) {
            open.insert(at, upstream);
        }
    }
    open
}

/// Those of these objects that lead to nothing but each other.
fn only_each_other(mut open: Open) -> Open {
    let mut readers = readers(&open);
    let outside = readers.keys().filter(|at| !open.contains_key(at));
    let mut leaving = outside.copied().collect::<Vec<_>>();
    while let Some(at) = leaving.pop() {
        open.remove(&at);
        leaving.extend(readers.remove(&at).into_iter().flatten());
    }
    open
}

/// The objects that read each object.
fn readers(open: &Open) -> BTreeMap<ObjectIx, Vec<ObjectIx>> {
    let mut readers: BTreeMap<ObjectIx, Vec<ObjectIx>> = BTreeMap::new();
    for (reader, upstream) in open {
        for at in upstream {
            readers.entry(*at).or_default().push(*reader);
        }
    }
    readers
}
