//! Which members of a manifest's three maps change, and to what.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
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
    let style = Style::detect(manifest.text, shape.is_v2);
    let put = differing(manifest, &standing, desired, shape, &style);
    let take =
        standing.keys().copied().filter(|id| !desired.contains_key(*id)).collect::<BTreeSet<_>>();
    if put.is_empty() && take.is_empty() {
        return Vec::new();
    }
    let former = standing
        .iter()
        .filter(|(id, _)| put.contains_key(&Cow::Borrowed(**id)) || take.contains(**id));
    let former = former.map(|(_, existing)| *existing).collect::<Vec<_>>();
    let put_ones = put.keys().filter_map(|id| desired.get_key_value(id.as_ref()));
    let parents = put_ones.map(|(id, exposure)| (id.as_str(), parents(manifest, exposure)));
    let parents = parents.collect::<BTreeMap<_, _>>();
    let edit = |members: &Members, put: BTreeMap<Cow<str>, String>| {
        let change = Change { put, take: take.clone() };
        object::edits(manifest.text, members, change, &style, DEPTH)
    };
    let of_parents = || {
        let members = manifest.spans.parent_map.as_ref()?;
        let lists = parents.iter().map(|(id, parents)| (Cow::Borrowed(*id), texts(parents)));
        let is_new =
            |(id, new): &(Cow<str>, Vec<String>)| list(manifest, members, id).as_ref() != Some(new);
        Some(edit(members, written(lists.filter(is_new), &style)))
    };
    let of_children = || {
        let members = manifest.spans.child_map.as_ref()?;
        let lists = children(manifest, members, &parents, &take, &former);
        Some(edit(members, written(lists.into_iter(), &style)))
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
    owned.map(|existing| (existing.unique_id.as_str(), existing)).collect()
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
        let stands =
            standing.get(id.as_str()).is_some_and(|existing| existing.value == written.value());
        (!stands).then(|| (Cow::Borrowed(id.as_str()), style.value(&written, DEPTH)))
    });
    differing.collect::<Vec<_>>().into_iter().collect()
}

/// The ids of what an exposure reads, sorted as dbt sorts them.
fn parents<'m>(manifest: &'m Manifest, exposure: &Exposure) -> BTreeSet<&'m str> {
    let nodes = exposure.dependencies.iter().map(|dependency| &manifest.nodes[dependency.node]);
    nodes.map(|node| node.unique_id.as_ref()).collect()
}

fn depends_on(node: &Value) -> impl Iterator<Item = &str> {
    node.pointer("/depends_on/nodes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// The lists of children that change: those of parents that exposures gain or lose, and the
/// exposures' own, which are empty.
fn children<'c>(
    manifest: &Manifest,
    members: &Members,
    parents: &BTreeMap<&'c str, BTreeSet<&'c str>>,
    take: &BTreeSet<&'c str>,
    former: &[&'c Existing],
) -> BTreeMap<Cow<'c, str>, Vec<String>> {
    let mut readers: BTreeMap<Cow<'c, str>, BTreeSet<&str>> =
        former_parents(manifest, former).map(|parent| (parent, BTreeSet::new())).collect();
    for (id, parents) in parents {
        for parent in parents {
            readers.entry(Cow::Borrowed(parent)).or_default().insert(id);
        }
    }
    let mut lists = BTreeMap::new();
    for (parent, readers) in readers {
        let old = list(manifest, members, &parent);
        // What is gone from the manifest has no list of children to make.
        if old.is_some() || manifest.ids.contains(parent.as_ref()) {
            let mut new = old.clone().unwrap_or_default();
            new.retain(|child| {
                !take.contains(child.as_str()) && !parents.contains_key(child.as_str())
            });
            let new = with_readers(new, &readers);
            if old.as_ref() != Some(&new) {
                lists.insert(parent, new);
            }
        }
    }
    let own = parents.keys().filter(|id| list(manifest, members, id) != Some(Vec::new()));
    lists.extend(own.map(|id| (Cow::Borrowed(*id), Vec::new())));
    lists
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
        depends_on(&existing.value).map(Cow::Borrowed).chain(of_map.into_iter().map(Cow::Owned))
    })
}

/// Children with the exposures among them, where dbt would put them: it sorts them all. In a list
/// that somebody left unsorted, the others stay in their places.
fn with_readers(mut children: Vec<String>, readers: &BTreeSet<&str>) -> Vec<String> {
    if children.is_sorted() {
        children.extend(readers.iter().map(|id| (*id).to_owned()));
        children.sort();
        return children;
    }
    for id in readers {
        let at = children.iter().position(|child| child.as_str() > *id).unwrap_or(children.len());
        children.insert(at, (*id).to_owned());
    }
    children
}

fn list(manifest: &Manifest, members: &Members, key: &str) -> Option<Vec<String>> {
    let member = members.get(key)?;
    serde_json::from_str(&manifest.text[member.value.clone()]).ok()
}

/// Lists as the file writes them.
fn written<'c>(
    lists: impl Iterator<Item = (Cow<'c, str>, Vec<String>)>,
    style: &Style,
) -> BTreeMap<Cow<'c, str>, String> {
    lists.map(|(key, list)| (key, style.value(&list, DEPTH))).collect()
}

fn texts(texts: &BTreeSet<&str>) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
