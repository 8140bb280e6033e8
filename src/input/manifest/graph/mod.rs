//! Reads what depends on what: the facts of everything in a manifest, of any resource type.
//!
//! The text was parsed before. This pass parses the members of each map on all cores, and no shape
//! that dbt would not write makes it fail: what cannot be read stays as an id without facts, and is
//! named as such. So a run that does not ask for the graph pays nothing for it.

mod facts;
pub(super) mod raw;

use rayon::prelude::*;
use serde_json::value::RawValue;

use self::facts::{Member, group, node};
use super::Document;
use super::pairs::Pairs;
use super::wire::Text;
use crate::model::Graph;

/// The members of a manifest that hold nothing with dependencies.
const WITHOUT_NODES: [&str; 9] = [
    "metadata",
    "macros",
    "docs",
    "groups",
    "selectors",
    "disabled",
    "parent_map",
    "child_map",
    "group_map",
];
/// The members that hold nothing else. Any other may hold what a later dbt knows.
const WITH_NODES: [&str; 8] = [
    "nodes",
    "sources",
    "exposures",
    "functions",
    "metrics",
    "semantic_models",
    "saved_queries",
    "unit_tests",
];

/// Reads the graph of a manifest.
pub fn graph<'a>(document: &Document<'a>) -> Graph<'a> {
    // The text was parsed before as an object with distinct keys.
    let Pairs(top) = serde_json::from_str::<Pairs<Text>>(document.parsed).unwrap_or_default();
    let mut unreadable = Vec::new();
    let (mut members, mut groups) = (Vec::new(), Vec::new());
    for (Text(key), value) in top {
        if key == "groups" {
            groups.extend(pairs(value).into_iter().flatten());
        } else if !WITHOUT_NODES.contains(&key.as_ref()) {
            let is_sure = WITH_NODES.contains(&key.as_ref());
            match pairs(value) {
                Some(pairs) => members.extend(pairs.into_iter().map(|pair| (is_sure, pair))),
                None if is_sure && value.get() != "null" => unreadable.push(key.into_owned()),
                None => {}
            }
        }
    }
    let members = members.into_par_iter();
    let members = members.map(|(is_sure, (Text(id), value))| node(id, value, is_sure));
    let mut nodes = Vec::new();
    for member in members.collect::<Vec<_>>() {
        match member {
            Member::Node(node) => nodes.push(*node),
            Member::Unreadable(node) => {
                unreadable.push(node.unique_id.to_string());
                nodes.push(*node);
            }
            Member::Other => {}
        }
    }
    unreadable.sort_unstable();
    let groups = groups.into_iter().filter_map(|(_, value)| group(value));
    Graph::new(nodes, groups.collect(), unreadable)
}

/// The members of an object; `None` for any other value.
fn pairs<'a>(value: &'a RawValue) -> Option<Vec<(Text<'a>, &'a RawValue)>> {
    let Pairs(pairs) = serde_json::from_str(value.get()).ok()?;
    Some(pairs)
}

#[cfg(test)]
mod tests;
