//! What is upstream of objects that many readers share, found once for all of them.
//!
//! Thousands of workbooks may read one published data source with thousands of flows behind it.

use std::sync::OnceLock;

use foldhash::{HashMap, HashMapExt};

use super::found::{Noted, UpstreamKey, group, with_paths};
use super::trail::{Trail, Way};
use super::{Walk, is_part_of_workbook};
use crate::input::tableau::store::{Content, Merged, Object, ObjectIx};
use crate::model::{ObjectKind, Path, Step};

/// How often a walk takes what is shared; from then on it goes the ways itself. It follows a few ways
/// through an object only, and what is shared has as many behind each object that it is upstream of.
const MOST_TAKEN: usize = 8;

/// The objects that several data sources, views or workbooks read, with what is upstream of each as
/// soon as a walk asks for it.
pub(crate) struct Shared<'a>(HashMap<ObjectIx, Upstream<'a>>);

/// What is found out of an object once.
#[derive(Default)]
struct Upstream<'a> {
    /// What is upstream of it; `None` if that depends on the workbook.
    found: OnceLock<Option<Box<Found<'a>>>>,
    /// Whether it leads to nothing but extracts.
    leads_to_extracts: OnceLock<bool>,
}

/// What is upstream of one object, whoever reads it.
pub(super) struct Found<'a> {
    reads: Vec<(UpstreamKey<'a>, Vec<Path<'a>>)>,
    noted: Noted<'a>,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(store: &Merged<'_, 'a>) -> Self {
        let mut readers: HashMap<ObjectIx, usize> = HashMap::new();
        for object in &store.objects {
            let kind = object.entity.kind;
            if is_part_of_workbook(kind) || kind == ObjectKind::Datasource {
                let links = object.links.upstream.iter().chain(&object.links.columns);
                let links = links.filter(|link| link.kind != ObjectKind::Table);
                for at in links.filter_map(|link| store.find(*link)) {
                    *readers.entry(at).or_default() += 1;
                }
            }
        }
        let shared = readers
            .into_iter()
            .filter(|(at, readers)| *readers > 1 && is_shareable(store.object(*at)));
        Self(shared.map(|(at, _)| (at, Upstream::default())).collect())
    }

    /// Whether an object leads to nothing but extracts, if it is shared.
    pub(super) fn leads_to_extracts(
        &self,
        at: ObjectIx,
        find: impl FnOnce() -> bool,
    ) -> Option<bool> {
        let upstream = self.0.get(&at)?;
        Some(*upstream.leads_to_extracts.get_or_init(find))
    }
}

/// Whether an object is the same step of a path by whatever link a walk comes to it.
fn is_shareable(object: &Object) -> bool {
    let Content::Intermediate(fields) = object.content else {
        return false;
    };
    fields.name.is_some()
        && matches!(
            object.entity.kind,
            ObjectKind::Published
                | ObjectKind::CustomSql
                | ObjectKind::VirtualTable
                | ObjectKind::Flow
        )
}

impl<'s, 'a> Walk<'s, '_, 'a> {
    /// What is upstream of an object, if that is the same for all readers and on this way.
    pub(super) fn find_shared(
        &self,
        at: ObjectIx,
        way: Way,
        step: Option<&Step<'a>>,
    ) -> Option<&'s Found<'a>> {
        if self.taken == MOST_TAKEN || self.trail.is_through_sql(way, None) {
            return None;
        }
        let upstream = self.shared?.0.get(&at)?;
        let found = || self.upstream_of(at, step.cloned()).map(Box::new);
        upstream.found.get_or_init(found).as_deref()
    }

    /// What is upstream of an object; `None` if that depends on the workbook.
    fn upstream_of(&self, at: ObjectIx, step: Option<Step<'a>>) -> Option<Found<'a>> {
        let mut walk = Walk::new(self.store, self.survey, Trail::from(at, step), None);
        walk.run();
        let found = with_paths(walk.found, &walk.trail).collect();
        (!walk.is_in_workbook).then(|| Found {
            reads: group(found).collect(),
            noted: walk.noted,
        })
    }

    /// Adds what is upstream of a shared object.
    pub(super) fn take(&mut self, upstream: &Found<'a>, way: Way) {
        self.taken += 1;
        self.noted.absorb(&upstream.noted);
        let before = self.trail.path(way);
        // What one object links to shares a path.
        let mut last: Option<(&Path, Path)> = None;
        for (key, paths) in &upstream.reads {
            for path in paths {
                let whole = match &last {
                    Some((same, whole)) if *same == path => whole.clone(),
                    _ => before.and(path),
                };
                self.found_shared.push((key.clone(), whole.clone()));
                last = Some((path, whole));
            }
        }
    }
}
