//! What the forms of a manifest must hold, so that judging them proves something.
//!
//! Read in the plain JSON of the files: what the program itself reads of a manifest must not
//! decide on what it is asked to write.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::failure::{Result, Trying};

/// The project of all fixtures.
const PROJECT: &str = "bistro";
/// What some exposure must read in every manifest.
const KINDS: [&str; 5] = ["model", "seed", "snapshot", "source", "package"];
/// The same, where dbt knows versions of models: from 1.5 on, which writes this schema.
const VERSION: &str = "version";
const VERSIONS_SINCE_SCHEMA: u32 = 9;

/// The plain JSON of a manifest.
pub(super) fn plain(text: &str) -> Result<Value> {
    // No name of a fixture has these in it, and Python's literals are not JSON.
    let text = text
        .replace("-Infinity", "0")
        .replace("Infinity", "0")
        .replace("NaN", "0");
    serde_json::from_str(&text).trying("the plain JSON")
}

/// The exposures of a patched manifest must read a node of each kind.
pub(super) fn refuse_missing_kinds(patched: &Value) -> Result<()> {
    let read = ours(patched)
        .filter_map(|(_, exposure)| exposure["depends_on"]["nodes"].as_array())
        .flatten()
        .filter_map(Value::as_str)
        .flat_map(|id| kinds(patched, id))
        .collect::<BTreeSet<_>>();
    let version = (schema(patched)? >= VERSIONS_SINCE_SCHEMA).then_some(VERSION);
    let missing = KINDS
        .into_iter()
        .chain(version)
        .filter(|kind| !read.contains(kind))
        .collect::<Vec<_>>();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("no exposure reads a {missing:?}"))
    }
}

/// Between two patched forms a workbook must have gone, and another got a new title.
pub(super) fn refuse_standstill(before: &Value, after: &Value) -> Result<()> {
    let (before, after) = (titles(before), titles(after));
    let is_removed = before.keys().any(|luid| !after.contains_key(luid));
    let is_renamed = before
        .iter()
        .any(|(luid, title)| after.get(luid).is_some_and(|other| other != title));
    match (is_removed, is_renamed) {
        (true, true) => Ok(()),
        (false, _) => Err("the second export removes nothing".to_owned()),
        (_, false) => Err("the second export renames nothing".to_owned()),
    }
}

/// The exposures of ours by id.
fn ours(manifest: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let exposures = manifest["exposures"].as_object().into_iter().flatten();
    exposures.filter(|(_, exposure)| marker(exposure).is_some())
}

/// Our marker. Before v7, whose exposures have no `config`, it stands in `meta`.
fn marker(exposure: &Value) -> Option<&Value> {
    let in_config = exposure.pointer("/config/meta/autoexpose");
    in_config.or_else(|| exposure.pointer("/meta/autoexpose"))
}

/// The title of each workbook by its luid; before v7 it has no other place than our marker.
fn titles(manifest: &Value) -> BTreeMap<&str, &str> {
    ours(manifest)
        .filter_map(|(_, exposure)| {
            let marker = marker(exposure)?;
            let title = exposure.get("label").or_else(|| marker.get("title"));
            Some((marker.get("luid")?.as_str()?, title?.as_str()?))
        })
        .collect()
}

/// Which of the kinds a node is.
fn kinds<'m>(manifest: &'m Value, id: &'m str) -> Vec<&'m str> {
    let kind = id.split('.').next().unwrap_or_default();
    let node = &manifest[if kind == "source" { "sources" } else { "nodes" }][id];
    let special = [
        (
            "package",
            node["package_name"]
                .as_str()
                .is_some_and(|package| package != PROJECT),
        ),
        (VERSION, !node["version"].is_null()),
    ];
    let special = special
        .iter()
        .filter_map(|(name, is_so)| is_so.then_some(*name));
    std::iter::once(kind).chain(special).collect()
}

fn schema(manifest: &Value) -> Result<u32> {
    let address = manifest["metadata"]["dbt_schema_version"]
        .as_str()
        .unwrap_or_default();
    let number = address
        .rsplit_once("/v")
        .and_then(|(_, name)| name.strip_suffix(".json"));
    number
        .unwrap_or_default()
        .parse()
        .trying("dbt_schema_version")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A manifest of this schema with exposures that read these nodes, by luid and title.
    fn manifest(schema: u32, exposures: &[(&str, &str, &[&str])]) -> Value {
        let exposures = exposures
            .iter()
            .map(|(luid, title, nodes)| {
                let meta = json!({"autoexpose": {"luid": luid}});
                let node = json!({"label": title, "meta": meta, "depends_on": {"nodes": nodes}});
                (format!("exposure.bistro.{luid}"), node)
            })
            .collect::<serde_json::Map<_, _>>();
        let address = format!("https://schemas.getdbt.com/dbt/manifest/v{schema}.json");
        json!({
            "metadata": {"dbt_schema_version": address},
            "nodes": {
                "model.bistro.a": {"package_name": "bistro", "version": null},
                "model.bistro.b.v2": {"package_name": "bistro", "version": 2},
                "model.larder.c": {"package_name": "larder"},
                "seed.bistro.d": {"package_name": "bistro"},
                "snapshot.bistro.e": {"package_name": "bistro"},
            },
            "sources": {"source.bistro.f.g": {"package_name": "bistro"}},
            "exposures": exposures,
        })
    }

    #[test]
    fn every_kind_must_be_read() {
        let all: &[&str] = &[
            "model.bistro.a",
            "model.bistro.b.v2",
            "model.larder.c",
            "seed.bistro.d",
            "snapshot.bistro.e",
            "source.bistro.f.g",
        ];
        let refused = |schema, nodes: &[&str]| {
            refuse_missing_kinds(&manifest(schema, &[("1", "x", nodes)])).is_err()
        };
        assert!(!refused(12, all));
        assert!(!refused(12, &all[1..]), "a versioned model is a model");
        for left_out in 1..all.len() {
            let rest = [&all[..left_out], &all[left_out + 1..]].concat();
            assert!(refused(12, &rest), "{}", all[left_out]);
            // dbt 1.4 has no versions.
            assert_eq!(refused(8, &rest), left_out != 1, "{}", all[left_out]);
        }
        assert!(refused(12, &[]));
    }

    #[test]
    fn the_second_form_must_differ() {
        let before = manifest(12, &[("1", "x", &[]), ("2", "y", &[])]);
        let refused = |exposures: &[(&str, &str, &[&str])]| {
            refuse_standstill(&before, &manifest(12, exposures)).is_err()
        };
        assert!(!refused(&[("1", "z", &[])]));
        assert!(refused(&[("1", "x", &[])]), "nothing is renamed");
        assert!(
            refused(&[("1", "z", &[]), ("2", "y", &[])]),
            "nothing is removed"
        );
    }

    #[test]
    fn literals_of_python_are_read() -> Result<()> {
        assert_eq!(
            plain(r#"{"a": [NaN, -Infinity, Infinity]}"#)?,
            json!({"a": [0, 0, 0]})
        );
        Ok(())
    }
}
