//! Hashes to compare the JSON of exposures, so that the JSON need not be kept.

use std::collections::BTreeSet;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::model::exposure::{Fingerprint, Fingerprints};

/// The fields of exposures that dbt compares for `state:modified`, in addition to dependencies and
/// the defining file (`ParsedExposure.same_contents` in dbt Core).
const COMPARED_BY_DBT: [&str; 6] = ["type", "owner", "maturity", "url", "description", "label"];

/// The fingerprints of an exposure's JSON, in which the order of keys does not matter.
pub fn fingerprints(exposure: &Value) -> Fingerprints {
    Fingerprints {
        whole: fingerprint(|hash| add(hash, exposure)),
        compared_by_dbt: fingerprint(|hash| add_compared_by_dbt(hash, exposure)),
    }
}

fn fingerprint(fill: impl FnOnce(&mut Sha256)) -> Fingerprint {
    let mut hash = Sha256::new();
    fill(&mut hash);
    hash.finalize().into()
}

/// Adds a value so that no other value adds the same bytes: the kind comes first, and for strings,
/// lists and maps the length.
fn add(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Null => hash.update(b"0"),
        Value::Bool(is_true) => hash.update(if *is_true { b"t" } else { b"f" }),
        Value::Number(number) => add_text(hash, b"#", &number.to_string()),
        Value::String(text) => add_text(hash, b"\"", text),
        Value::Array(items) => {
            add_length(hash, b"[", items.len());
            items.iter().for_each(|item| add(hash, item));
        }
        Value::Object(members) => {
            add_length(hash, b"{", members.len());
            let mut sorted = members.iter().collect::<Vec<_>>();
            sorted.sort_unstable_by_key(|(key, _)| *key);
            for (key, member) in sorted {
                add_text(hash, b"\"", key);
                add(hash, member);
            }
        }
    }
}

fn add_text(hash: &mut Sha256, kind: &[u8; 1], text: &str) {
    add_length(hash, kind, text.len());
    hash.update(text);
}

fn add_length(hash: &mut Sha256, kind: &[u8; 1], length: usize) {
    hash.update(kind);
    hash.update(length.to_le_bytes());
}

fn add_compared_by_dbt(hash: &mut Sha256, exposure: &Value) {
    for key in COMPARED_BY_DBT {
        match exposure.get(key) {
            Some(value) => add(hash, value),
            None => hash.update(b"-"),
        }
    }
    let nodes = exposure
        .pointer("/depends_on/nodes")
        .and_then(Value::as_array);
    let ids = nodes
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect::<BTreeSet<_>>();
    ids.iter().for_each(|id| add_text(hash, b"\"", id));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::fingerprints;

    #[track_caller]
    fn check(a: &Value, b: &Value, is_same: bool, is_same_for_dbt: bool) {
        let (a, b) = (fingerprints(a), fingerprints(b));
        assert_eq!(a.whole == b.whole, is_same);
        assert_eq!(a.compared_by_dbt == b.compared_by_dbt, is_same_for_dbt);
    }

    #[test]
    fn equal_json_has_equal_fingerprints() {
        check(
            &json!({"url": null, "tags": ["a", "b"]}),
            &json!({"tags": ["a", "b"], "url": null}),
            true,
            true,
        );
        check(&json!({"x": 1}), &json!({"x": 1.0}), false, true);
        check(&json!({"url": null}), &json!({}), false, false);
        check(
            &json!({"tags": ["ab"]}),
            &json!({"tags": ["a", "b"]}),
            false,
            true,
        );
        check(
            &json!({"depends_on": {"nodes": ["b", "a"]}}),
            &json!({"depends_on": {"nodes": ["a", "b", "a"]}}),
            false,
            true,
        );
    }
}
