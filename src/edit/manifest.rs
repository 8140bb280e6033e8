//! Determines which members of `exposures`, `parent_map` and `child_map` change, and to what.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::graph::{self, DEPTH, Parents};
use super::json::object::{self, Change};
use super::json::splice::Edit;
use super::json::style::Style;
use super::shapes::Shaper;
use crate::input::manifest::{Manifest, Members};
use crate::model::StandingExposure;
use crate::model::exposure::DesiredExposure;

/// The edits after which the manifest contains exactly the desired exposures of ours, in the order
/// of the document. Empty if it already does. `exposures` are those that stand in it.
pub fn edits(
    manifest: &Manifest,
    exposures: &[StandingExposure],
    desired: &BTreeMap<String, DesiredExposure>,
    shaper: &Shaper,
) -> Vec<Edit> {
    let standing = exposures
        .iter()
        .filter(|exposure| exposure.is_ours())
        .map(|exposure| (exposure.unique_id.as_str(), exposure))
        .collect::<BTreeMap<_, _>>();
    let document = &manifest.document;
    let style = Style::detect(document.text, document.is_ascii && !shaper.shape.is_v2);
    let set = differing(&standing, desired, shaper, &style);
    let remove = standing
        .keys()
        .copied()
        .filter(|id| !desired.contains_key(*id))
        .collect::<BTreeSet<_>>();
    if set.is_empty() && remove.is_empty() {
        return Vec::new();
    }
    let former = standing
        .iter()
        .filter(|(id, _)| set.contains_key(**id) || remove.contains(**id))
        .map(|(_, exposure)| *exposure)
        .collect::<Vec<_>>();
    let parents = set
        .par_iter()
        .filter_map(|(id, _)| {
            let (id, desired) = desired.get_key_value(id.as_ref())?;
            Some(Parents::new(id, &desired.exposure, shaper.nodes))
        })
        .collect::<Vec<_>>();
    let change = graph::Change {
        document,
        parents: &parents,
        former: &former,
        removed: &remove,
    };
    let edit = |members: &Members, set: BTreeMap<Cow<str>, String>| {
        let remove = remove.clone();
        object::edits(
            document.text,
            members,
            Change { set, remove },
            &style,
            DEPTH,
        )
    };
    let spans = &document.spans;
    let (exposures, (parent_map, child_map)) = rayon::join(
        || edit(&spans.exposures, set),
        || {
            rayon::join(
                || Some(edit(spans.parent_map.as_ref()?, change.parent_map(&style)?)),
                || Some(edit(spans.child_map.as_ref()?, change.child_map(&style)?)),
            )
        },
    );
    let maps = parent_map.into_iter().chain(child_map).flatten();
    let mut edits = exposures.into_iter().chain(maps).collect::<Vec<_>>();
    edits.sort_by_key(|edit| edit.range.start);
    edits
}

/// The desired exposures that the file does not contain in just this form, as JSON text by id.
fn differing<'d>(
    standing: &BTreeMap<&str, &StandingExposure>,
    desired: &'d BTreeMap<String, DesiredExposure>,
    shaper: &Shaper,
    style: &Style,
) -> BTreeMap<Cow<'d, str>, String> {
    let differing = desired.par_iter().filter_map(|(id, desired)| {
        let is_same = standing.get(id.as_str()).is_some_and(|standing| {
            let known = desired.fingerprint;
            let desired = known.unwrap_or_else(|| shaper.fingerprints(&desired.exposure).whole);
            standing.fingerprints.whole == desired
        });
        (!is_same).then(|| {
            let text = style.value(&shaper.render(&desired.exposure), DEPTH);
            (Cow::Borrowed(id.as_str()), text)
        })
    });
    differing.collect::<Vec<_>>().into_iter().collect()
}
