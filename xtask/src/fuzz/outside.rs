//! What a patch must not touch: every byte outside of the three maps, and in them whatever is not
//! ours.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;

/// The maps that a patch may change.
const MAPS: [&str; 3] = ["exposures", "parent_map", "child_map"];
/// What stands in every exposure of ours.
const MARKER: &str = "autoexpose";

/// Keys and values of an object, the values as slices of the text.
fn members(text: &str) -> BTreeMap<String, &str> {
    let members = serde_json::from_str::<BTreeMap<String, &RawValue>>(text);
    let members = members.unwrap_or_default().into_iter();
    members.map(|(key, value)| (key, value.get())).collect()
}

/// Checks a manifest before and after a patch.
///
/// # Errors
/// What changed that must not.
pub(super) fn check(before: &str, after: &str) -> Result<(), String> {
    // Numbers that are no JSON, by others of the same length.
    let valid = |text: &str| {
        let text = text.replace("NaN", "1e1").replace("Infinity", "11111111");
        text.trim_start_matches('\u{feff}').to_owned()
    };
    let (before, after) = (valid(before), valid(after));
    let (old, new) = (members(&before), members(&after));
    let rest = |text: &str, maps: &BTreeMap<String, &str>| {
        let mut maps: Vec<&str> = MAPS
            .iter()
            .filter_map(|key| maps.get(*key).copied())
            .collect();
        maps.sort_by_key(|map| map.as_ptr());
        let mut rest = String::new();
        let mut at = 0;
        for map in maps {
            let start = map.as_ptr() as usize - text.as_ptr() as usize;
            rest.push_str(&text[at..start]);
            at = start + map.len();
        }
        rest + &text[at..]
    };
    let (outside, outside_after) = (rest(&before, &old), rest(&after, &new));
    if outside != outside_after {
        return Err(first_difference(&outside, &outside_after));
    }
    let map = |maps: &BTreeMap<String, &'_ str>, key: &str| {
        maps.get(key).map_or("{}", |map| *map).to_owned()
    };
    let texts = MAPS.map(|key| (map(&old, key), map(&new, key)));
    let [exposures, parents, children] = texts
        .each_ref()
        .map(|(old, new)| (members(old), members(new)));
    let ours: BTreeSet<&str> = exposures
        .0
        .iter()
        .chain(&exposures.1)
        .filter(|(id, exposure)| exposure.contains(MARKER) && id.starts_with("exposure."))
        .map(|(id, _)| id.as_str())
        .collect();
    same("exposures", &exposures, &ours, str::to_owned)?;
    same("parent_map", &parents, &ours, str::to_owned)?;
    same("child_map", &children, &ours, |list| without(list, &ours))
}

/// Checks that members other than these are the same.
fn same(
    name: &str,
    (before, after): &(BTreeMap<String, &str>, BTreeMap<String, &str>),
    ours: &BTreeSet<&str>,
    view: impl Fn(&str) -> String,
) -> Result<(), String> {
    for (key, old) in before
        .iter()
        .filter(|(key, _)| !ours.contains(key.as_str()))
    {
        let Some(new) = after.get(key) else {
            return Err(format!("{name}: {key:?} is gone"));
        };
        if view(old) != view(new) {
            return Err(format!("{name}: {key:?}: {}", first_difference(old, new)));
        }
    }
    Ok(())
}

/// A list of ids without these, if it is one.
fn without(list: &str, ids: &BTreeSet<&str>) -> String {
    match serde_json::from_str::<Vec<String>>(list) {
        Ok(mut list) => {
            list.retain(|id| !ids.contains(id.as_str()));
            format!("{list:?}")
        }
        Err(_) => list.to_owned(),
    }
}

/// Where two texts differ first.
pub(super) fn first_difference(one: &str, other: &str) -> String {
    let same = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let excerpt = |text: &str| {
        let bytes = &text.as_bytes()[same.saturating_sub(60)..text.len().min(same + 60)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    format!(
        "at byte {same}: {:?} against {:?}",
        excerpt(one),
        excerpt(other)
    )
}
