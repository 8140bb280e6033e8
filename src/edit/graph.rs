//! The lists of parents and children that change with the exposures, as dbt builds them: sorted,
//! with an entry of its own for each exposure in both maps.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::json::style::Style;
use crate::input::manifest::{Document, Members};
use crate::model::{Exposure, Node, StandingExposure};

/// The members of the three maps are two braces deep.
pub(super) const DEPTH: usize = 2;

/// An id in a list of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub(super) struct Id<'a>(#[serde(borrow)] Cow<'a, str>);

/// An exposure that is set, with the ids of what it reads.
pub(super) struct Parents<'p> {
    exposure: &'p str,
    /// Sorted, as dbt sorts them.
    parents: Vec<Id<'p>>,
}

impl<'p> Parents<'p> {
    pub(super) fn new(id: &'p str, exposure: &Exposure, nodes: &'p [Node<'p>]) -> Self {
        let mut parents = exposure
            .dependencies
            .iter()
            .map(|dependency| Id(Cow::Borrowed(&*nodes[dependency.node].unique_id)))
            .collect::<Vec<_>>();
        parents.sort_unstable();
        parents.dedup();
        Self {
            exposure: id,
            parents,
        }
    }
}

/// What changes in the graph.
pub(super) struct Change<'c, 'a> {
    pub document: &'c Document<'a>,
    /// The exposures that are set.
    pub parents: &'c [Parents<'c>],
    /// Those that are set or removed, as they stand.
    pub former: &'c [&'c StandingExposure],
    /// The ids of those that are removed.
    pub removed: &'c BTreeSet<&'c str>,
}

/// The new values of a map's members, as text.
type Values<'c> = BTreeMap<Cow<'c, str>, String>;

impl<'c> Change<'c, '_> {
    /// What is set in `parent_map`, if the manifest has it.
    pub(super) fn parent_map(&self, style: &Style) -> Option<Values<'c>> {
        let members = self.document.spans.parent_map.as_ref()?;
        let lists = self.parents.par_iter().filter_map(|new| {
            let is_new = self.list(members, new.exposure).as_ref() != Some(&new.parents);
            is_new.then(|| {
                (
                    Cow::Borrowed(new.exposure),
                    style.value(&new.parents, DEPTH),
                )
            })
        });
        Some(lists.collect::<Vec<_>>().into_iter().collect())
    }

    /// What is set in `child_map`, if the manifest has it.
    pub(super) fn child_map(&self, style: &Style) -> Option<Values<'c>> {
        let members = self.document.spans.child_map.as_ref()?;
        let set = self.parents.iter().map(|new| new.exposure);
        let gone = set.clone().chain(self.removed.iter().copied()).collect();
        let readers = self.readers();
        let lists = readers
            .par_chunk_by(|a, b| a.0 == b.0)
            .filter_map(|readers| {
                let list = self.children(members, readers, &gone)?;
                Some((readers[0].0.clone(), style.value(&list, DEPTH)))
            });
        let mut values = lists.collect::<Vec<_>>().into_iter().collect::<Values>();
        let without_own = set.filter(|id| {
            self.list(members, id)
                .is_none_or(|children| !children.is_empty())
        });
        values.extend(without_own.map(|id| (Cow::Borrowed(id), style.value(&[(); 0], DEPTH))));
        Some(values)
    }

    /// The parents that exposures had until now, and those that they get with the exposures that
    /// read them. Sorted, so that the readers of one parent follow one another.
    fn readers(&self) -> Vec<(Cow<'c, str>, Option<&'c str>)> {
        let former = self.former_parents().map(|parent| (parent, None));
        let mut readers = former.collect::<Vec<_>>();
        for Parents { exposure, parents } in self.parents {
            let parents = parents.iter();
            readers.extend(parents.map(|Id(parent)| (Cow::Borrowed(&**parent), Some(*exposure))));
        }
        readers.par_sort_unstable();
        readers
    }

    /// The parents that exposures had until now, by themselves or by the map.
    fn former_parents(&self) -> impl Iterator<Item = Cow<'c, str>> {
        let parent_map = self.document.spans.parent_map.as_ref();
        self.former.iter().flat_map(move |exposure| {
            let in_map = parent_map
                .and_then(|members| self.list(members, &exposure.unique_id))
                .unwrap_or_default()
                .into_iter()
                .map(|id| Cow::Owned(id.0.into_owned()));
            exposure
                .depends_on
                .iter()
                .map(|dependency| Cow::Borrowed(dependency.unique_id.as_str()))
                .chain(in_map)
        })
    }

    /// The children of a parent that exposures gain or lose, if they change.
    fn children<'r>(
        &'r self,
        members: &Members,
        readers: &'r [(Cow<str>, Option<&str>)],
        gone: &HashSet<&str>,
    ) -> Option<Vec<Id<'r>>> {
        let parent = readers[0].0.as_ref();
        let old = self.list(members, parent);
        // What is gone from the manifest has no list of children to make.
        if old.is_none() && !self.document.has_id(parent) {
            return None;
        }
        let mut new = old.clone().unwrap_or_default();
        new.retain(|child| !gone.contains(child.0.as_ref()));
        let new = with_readers(new, readers.iter().filter_map(|(_, id)| *id));
        (old.as_ref() != Some(&new)).then_some(new)
    }

    fn list(&self, members: &Members, key: &str) -> Option<Vec<Id<'c>>> {
        let member = members.get(key)?;
        serde_json::from_str(&self.document.text[member.value]).ok()
    }
}

/// Children with the exposures among them, where dbt would put them: it sorts them all. In a list
/// that somebody left unsorted, the others stay in their places.
fn with_readers<'c>(
    mut children: Vec<Id<'c>>,
    readers: impl Iterator<Item = &'c str>,
) -> Vec<Id<'c>> {
    let readers = readers.map(|id| Id(Cow::Borrowed(id)));
    if children.is_sorted() {
        children.extend(readers);
        children.sort();
        return children;
    }
    for id in readers {
        let at = children
            .iter()
            .position(|child| *child > id)
            .unwrap_or(children.len());
        children.insert(at, id);
    }
    children
}
