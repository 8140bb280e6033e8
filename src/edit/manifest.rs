//! Which members of a manifest's three maps change, and to what.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashSet;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Edit;
use super::node::{self, Shape};
use super::object::{self, Change};
use super::style::Style;
use crate::input::manifest::{Existing, Manifest, Members};
use crate::model::{Exposure, Marker};
use crate::plan::baseline;

/// The members of the three maps are two braces deep.
const DEPTH: usize = 2;

/// The edits that leave the desired exposures, and no others of ours, in the manifest. In the
/// order of the document; none if it already is so.
pub fn edits(
    manifest: &Manifest,
    desired: &BTreeMap<String, Arc<Exposure>>,
    shape: Shape,
) -> Vec<Edit> {
    let standing = standing(manifest);
    let style = Style::detect(manifest.text, manifest.is_ascii && !shape.is_v2);
    let put = differing(manifest, &standing, desired, shape, &style);
    let take = standing
        .keys()
        .copied()
        .filter(|id| !desired.contains_key(*id))
        .collect::<BTreeSet<_>>();
    if put.is_empty() && take.is_empty() {
        return Vec::new();
    }
    let former = standing
        .iter()
        .filter(|(id, _)| put.contains_key(&Cow::Borrowed(**id)) || take.contains(**id));
    let former = former.map(|(_, existing)| *existing).collect::<Vec<_>>();
    let parents = put.par_iter().filter_map(|(id, _)| {
        let (id, exposure) = desired.get_key_value(id.as_ref())?;
        Some((id.as_str(), parents(manifest, exposure)))
    });
    let parents = parents.collect::<Vec<_>>();
    let edit = |members: &Members, put: BTreeMap<Cow<str>, String>| {
        let change = Change {
            put,
            take: take.clone(),
        };
        object::edits(manifest.text, members, change, &style, DEPTH)
    };
    let of_parents = || {
        let members = manifest.spans.parent_map.as_ref()?;
        let lists = parents.par_iter().filter_map(|(id, parents)| {
            let is_new = list(manifest, members, id).as_ref() != Some(parents);
            is_new.then(|| (Cow::Borrowed(*id), style.value(parents, DEPTH)))
        });
        Some(edit(
            members,
            lists.collect::<Vec<_>>().into_iter().collect(),
        ))
    };
    let of_children = || {
        let members = manifest.spans.child_map.as_ref()?;
        let gone = parents
            .iter()
            .map(|(id, _)| *id)
            .chain(take.iter().copied())
            .collect();
        let readers = readers(manifest, &parents, &former);
        let lists = readers
            .par_chunk_by(|a, b| a.0 == b.0)
            .filter_map(|readers| {
                let list = children(manifest, members, readers, &gone)?;
                Some((readers[0].0.clone(), style.value(&list, DEPTH)))
            });
        let mut put = lists
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<BTreeMap<_, _>>();
        let own = parents.iter().map(|(id, _)| *id);
        let own = own.filter(|id| list(manifest, members, id).is_none_or(|own| !own.is_empty()));
        put.extend(own.map(|id| (Cow::Borrowed(id), style.value(&[(); 0], DEPTH))));
        Some(edit(members, put))
    };
    let of_exposures = || edit(&manifest.spans.exposures, put);
    let (of_exposures, (of_parents, of_children)) =
        rayon::join(of_exposures, || rayon::join(of_parents, of_children));
    let of_maps = of_parents.into_iter().chain(of_children).flatten();
    let mut edits = of_exposures.into_iter().chain(of_maps).collect::<Vec<_>>();
    edits.sort_by_key(|edit| edit.range.start);
    edits
}

/// The exposures of ours that stand in the file and are ours to edit, by id.
fn standing<'m>(manifest: &'m Manifest) -> BTreeMap<&'m str, &'m Existing> {
    let is_ours = |existing: &&Existing| {
        Marker::of(&existing.value).is_some() && baseline::yaml_file(existing).is_none()
    };
    let owned = manifest.exposures.iter().filter(is_ours);
    owned
        .map(|existing| (existing.unique_id.as_str(), existing))
        .collect()
}

/// The texts of the exposures that do not stand in the file as they are desired.
fn differing<'d>(
    manifest: &Manifest,
    standing: &BTreeMap<&str, &Existing>,
    desired: &'d BTreeMap<String, Arc<Exposure>>,
    shape: Shape,
    style: &Style,
) -> BTreeMap<Cow<'d, str>, String> {
    let differing = desired.par_iter().filter_map(|(id, exposure)| {
        let written = node::written(exposure, manifest, shape);
        let stands = standing
            .get(id.as_str())
            .is_some_and(|existing| existing.value == written.value());
        (!stands).then(|| (Cow::Borrowed(id.as_str()), style.value(&written, DEPTH)))
    });
    differing.collect::<Vec<_>>().into_iter().collect()
}

/// An id in a list of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
struct Id<'a>(#[serde(borrow)] Cow<'a, str>);

/// The ids of what an exposure reads, sorted as dbt sorts them.
fn parents<'m>(manifest: &'m Manifest, exposure: &Exposure) -> Vec<Id<'m>> {
    let nodes = exposure
        .dependencies
        .iter()
        .map(|dependency| &manifest.nodes[dependency.node]);
    let mut ids = nodes
        .map(|node| Id(Cow::Borrowed(&*node.unique_id)))
        .collect::<Vec<_>>();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn depends_on(node: &Value) -> impl Iterator<Item = &str> {
    node.pointer("/depends_on/nodes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// The parents that exposures had until now, and those that they get with the exposures that read
/// them. Sorted, so that the readers of one parent follow one another.
fn readers<'c>(
    manifest: &Manifest,
    parents: &'c [(&'c str, Vec<Id<'c>>)],
    former: &[&'c Existing],
) -> Vec<(Cow<'c, str>, Option<&'c str>)> {
    let mut readers = former_parents(manifest, former)
        .map(|parent| (parent, None))
        .collect::<Vec<_>>();
    for (id, parents) in parents {
        readers.extend(
            parents
                .iter()
                .map(|Id(parent)| (Cow::Borrowed(&**parent), Some(*id))),
        );
    }
    readers.par_sort_unstable();
    readers
}

/// The children of a parent that exposures gain or lose, if they change.
fn children<'c>(
    manifest: &Manifest<'c>,
    members: &Members,
    readers: &'c [(Cow<str>, Option<&str>)],
    gone: &HashSet<&str>,
) -> Option<Vec<Id<'c>>> {
    let parent = readers[0].0.as_ref();
    let old = list(manifest, members, parent);
    // What is gone from the manifest has no list of children to make.
    if old.is_none() && !manifest.has_id(parent) {
        return None;
    }
    let mut new = old.clone().unwrap_or_default();
    new.retain(|child| !gone.contains(child.0.as_ref()));
    let new = with_readers(new, readers.iter().filter_map(|(_, id)| *id));
    (old.as_ref() != Some(&new)).then_some(new)
}

/// The parents that exposures had until now, by themselves or by the map.
fn former_parents<'p>(
    manifest: &Manifest,
    former: &[&'p Existing],
) -> impl Iterator<Item = Cow<'p, str>> {
    let of_map = |id: &str| {
        let members = manifest.spans.parent_map.as_ref()?;
        list(manifest, members, id)
    };
    former.iter().flat_map(move |existing| {
        let of_map = of_map(&existing.unique_id).unwrap_or_default();
        depends_on(&existing.value)
            .map(Cow::Borrowed)
            .chain(of_map.into_iter().map(|id| Cow::Owned(id.0.into_owned())))
    })
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

fn list<'m>(manifest: &Manifest<'m>, members: &Members, key: &str) -> Option<Vec<Id<'m>>> {
    let member = members.get(key)?;
    serde_json::from_str(&manifest.text[member.value]).ok()
}
