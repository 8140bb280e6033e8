//! Which members of a manifest's three maps change, and to what.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Edit;
use super::object::{self, Change};
use super::style::Style;
use crate::input::manifest::{Existing, Manifest, Members};
use crate::model::Marker;
use crate::plan::baseline;

/// The members of the three maps are two braces deep.
const DEPTH: usize = 2;

/// The edits that leave the desired exposures, and no others of ours, in the manifest. In the
/// order of the document; none if it already is so.
pub fn edits(manifest: &Manifest, desired: &BTreeMap<String, Value>, is_utf8: bool) -> Vec<Edit> {
    let is_ours = |existing: &&Existing| {
        Marker::of(&existing.value).is_some() && baseline::yaml_file(existing).is_none()
    };
    let owned = manifest.exposures.iter().filter(is_ours);
    let standing =
        owned.map(|existing| (existing.unique_id.as_str(), existing)).collect::<BTreeMap<_, _>>();
    let is_new =
        |id: &str, node: &Value| standing.get(id).is_none_or(|existing| existing.value != *node);
    let put =
        desired.iter().filter(|(id, node)| is_new(id, node)).map(|(id, node)| (id.as_str(), node));
    let put = put.collect::<BTreeMap<_, _>>();
    let take =
        standing.keys().copied().filter(|id| !desired.contains_key(*id)).collect::<BTreeSet<_>>();
    if put.is_empty() && take.is_empty() {
        return Vec::new();
    }
    let former = standing.iter().filter(|(id, _)| put.contains_key(**id) || take.contains(**id));
    let former = former.map(|(_, existing)| *existing).collect::<Vec<_>>();
    let style = Style::detect(manifest.text, is_utf8);
    let edit = |members: &Members, change: &Change| {
        object::edits(manifest.text, members, change, &style, DEPTH)
    };
    let nodes = put.iter().map(|(id, node)| (Cow::Borrowed(*id), (*node).clone())).collect();
    let mut edits = edit(&manifest.spans.exposures, &Change { put: nodes, take: take.clone() });
    let parents = parents(&put);
    if let Some(members) = &manifest.spans.parent_map {
        let lists =
            parents.iter().map(|(id, parents)| (Cow::Borrowed(*id), texts(parents))).collect();
        let change = Change { put: lists, take: take.clone() };
        edits.extend(edit(members, &without_same(manifest, members, change)));
    }
    if let Some(members) = &manifest.spans.child_map {
        let change = children(manifest, members, &parents, &take, &former);
        edits.extend(edit(members, &without_same(manifest, members, change)));
    }
    edits.sort_by_key(|edit| edit.range.start);
    edits
}

/// The parents of each exposure, sorted as dbt sorts them.
fn parents<'p>(put: &BTreeMap<&'p str, &'p Value>) -> BTreeMap<&'p str, BTreeSet<&'p str>> {
    put.iter().map(|(id, node)| (*id, depends_on(node).collect())).collect()
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
) -> Change<'c> {
    let mut readers: BTreeMap<Cow<'c, str>, BTreeSet<&str>> =
        former_parents(manifest, former).map(|parent| (parent, BTreeSet::new())).collect();
    for (id, parents) in parents {
        for parent in parents {
            readers.entry(Cow::Borrowed(parent)).or_default().insert(id);
        }
    }
    let mut change = Change { put: BTreeMap::new(), take: take.clone() };
    for (parent, readers) in readers {
        let old = list(manifest, members, &parent);
        // What is gone from the manifest has no list of children to make.
        if old.is_some() || manifest.ids.contains(parent.as_ref()) {
            let mut new = old.unwrap_or_default();
            new.retain(|child| {
                !take.contains(child.as_str()) && !parents.contains_key(child.as_str())
            });
            change.put.insert(parent, Value::from(with_readers(new, &readers)));
        }
    }
    change.put.extend(parents.keys().map(|id| (Cow::Borrowed(*id), Value::Array(Vec::new()))));
    change
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

/// Leaves out values that stand there already, so that their bytes stay as they are.
fn without_same<'c>(manifest: &Manifest, members: &Members, mut change: Change<'c>) -> Change<'c> {
    change.put.retain(|key, value| {
        let old = members
            .get(key)
            .map(|member| serde_json::from_str::<Value>(&manifest.text[member.value.clone()]));
        !matches!(old, Some(Ok(old)) if old == *value)
    });
    change
}

fn texts(texts: &BTreeSet<&str>) -> Value {
    texts.iter().map(|text| Value::from(*text)).collect()
}
