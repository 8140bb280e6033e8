//! Compares `parent_map` and `child_map` with those that dbt would build.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::spans;

/// Judges both maps, if the manifest had them.
pub(crate) fn judge(
    before: &[u8],
    after: &[u8],
    added: &BTreeMap<&str, &Value>,
    problems: &mut Vec<String>,
) {
    let by_v2 = spans::value(before, "metadata")["dbt_version"]
        .as_str()
        .is_some_and(|version| version.starts_with("2."));
    for (name, wanted) in [
        ("parent_map", wanted_parents as Wanted),
        ("child_map", wanted_children),
    ] {
        let [old, new] = [before, after].map(|text| spans::value(text, name));
        if old.is_null() {
            if !new.is_null() {
                problems.push(format!("{name} was made"));
            }
            continue;
        }
        let mut wanted_map = old.clone();
        for (id, exposure) in added {
            wanted(&mut wanted_map, id, nodes(exposure));
        }
        compare(name, &wanted_map, &new, problems);
        judge_order(name, by_v2, &old, &new, problems);
    }
}

/// Adds an exposure with these parents to a map.
type Wanted = fn(&mut Value, &str, Vec<String>);

fn wanted_parents(map: &mut Value, id: &str, nodes: Vec<String>) {
    map[id] = json!(nodes);
}

fn wanted_children(map: &mut Value, id: &str, nodes: Vec<String>) {
    map[id] = json!([]);
    for node in nodes {
        // What dbt lists twice stays twice.
        let mut children = strings(&map[&node]);
        children.push(id.to_owned());
        children.sort();
        map[node] = json!(children);
    }
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}

fn nodes(exposure: &Value) -> Vec<String> {
    let mut nodes = strings(&exposure["depends_on"]["nodes"]);
    nodes.sort();
    nodes
}

fn compare(name: &str, wanted: &Value, map: &Value, problems: &mut Vec<String>) {
    let (wanted, map) = (wanted.as_object().unwrap(), map.as_object().unwrap());
    for (key, value) in wanted {
        if map.get(key) != Some(value) {
            problems.push(format!(
                "{name} of {key}: {:?}, expected {value}",
                map.get(key)
            ));
        }
    }
    if let Some(key) = map.keys().find(|key| !wanted.contains_key(*key)) {
        problems.push(format!("{name} has a key too many: {key}"));
    }
}

/// Judges the order of keys: dbt 2 sorts them; older versions keep the order of reading.
fn judge_order(name: &str, by_v2: bool, old: &Value, new: &Value, problems: &mut Vec<String>) {
    let (old, new) = (old.as_object().unwrap(), new.as_object().unwrap());
    let kept = new.keys().filter(|key| old.contains_key(*key));
    if !kept.eq(old.keys()) {
        problems.push(format!("{name}: the keys of the project changed places"));
    }
    if by_v2 && old.keys().is_sorted() && !new.keys().is_sorted() {
        problems.push(format!(
            "{name}: the keys are not sorted, as dbt 2 sorts them"
        ));
    }
}
