//! The exposures of a manifest, and its two maps.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::site::Identity;
use crate::fixtures;

/// An exposure of ours.
#[derive(Debug, Clone)]
pub(super) struct Ours {
    pub(super) name: String,
    pub(super) url: Option<String>,
    pub(super) title: Option<String>,
    pub(super) depends_on: BTreeSet<String>,
}

impl Ours {
    fn read(exposure: &Value) -> Self {
        Self {
            name: exposure["name"].as_str().unwrap().to_owned(),
            url: exposure["url"].as_str().map(str::to_owned),
            title: exposure["label"].as_str().map(str::to_owned),
            depends_on: texts(&exposure["depends_on"]["nodes"]),
        }
    }
}

/// The exposures of a manifest.
pub(super) struct Exposures {
    pub(super) ours: BTreeMap<Identity, Ours>,
    pub(super) others: BTreeMap<String, Value>,
}

impl Exposures {
    /// Fails if two of ours are of one workbook, or if one of ours has the name of any other.
    pub(super) fn read(manifest: &str) -> Self {
        let manifest: Value = serde_json::from_str(manifest).unwrap();
        let (mut ours, mut others) = (BTreeMap::new(), BTreeMap::new());
        for (id, exposure) in manifest["exposures"].as_object().unwrap() {
            let Some(marker) = fixtures::marker(exposure) else {
                others.insert(id.clone(), exposure.clone());
                continue;
            };
            let [server, site, luid] =
                ["server", "site", "luid"].map(|key| marker[key].as_str().unwrap().to_owned());
            let twice = ours.insert((server, site, luid), Ours::read(exposure));
            assert!(twice.is_none(), "two exposures of one workbook: {id}");
        }
        let exposures = Self { ours, others };
        exposures.assert_names_are_free();
        exposures
    }

    fn assert_names_are_free(&self) {
        let mut taken: BTreeSet<&str> = self
            .others
            .values()
            .map(|other| other["name"].as_str().unwrap())
            .collect();
        for one in self.ours.values() {
            assert!(taken.insert(&one.name), "{} is taken", one.name);
        }
    }
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

/// Asserts that both maps say what the exposures depend on, and nothing else.
pub(super) fn assert_maps_agree(manifest: &str) {
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, exposure) in manifest["exposures"].as_object().unwrap() {
        let parents = texts(&exposure["depends_on"]["nodes"]);
        assert_eq!(texts(&manifest["parent_map"][id]), parents, "{id}");
        assert_eq!(manifest["child_map"][id], json!([]), "{id}");
        for parent in parents {
            children.entry(parent).or_default().insert(id.clone());
        }
    }
    for (id, list) in manifest["child_map"].as_object().unwrap() {
        let expected = children.remove(id).unwrap_or_default();
        assert_eq!(texts(list), expected, "children of {id}");
    }
}
