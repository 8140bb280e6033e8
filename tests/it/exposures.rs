//! `exposures` prints what `patch` writes.

use serde_json::Value;

use super::bistro::{Bistro, INPUTS, PROGRAM};
use super::fixtures;

/// The exposures of ours in a patched manifest, in its order.
fn ours(manifest: &Value) -> Vec<Value> {
    let exposures = manifest["exposures"].as_object().unwrap().values();
    let ours = exposures.filter(|exposure| fixtures::marker(exposure).is_some());
    ours.cloned().collect()
}

#[test]
fn printed_exposures_are_those_that_patch_writes() {
    let names = fixtures::manifest_names();
    let of_postgres = names.iter().filter(|name| name.starts_with("postgres"));
    let mut compared = 0;
    for name in of_postgres {
        let bistro = Bistro::new();
        bistro.write("manifest.json", fixtures::manifest(name));
        let before = bistro.manifest();
        let arguments = [&["exposures"], &INPUTS[..]].concat();
        let printed = bistro.command(PROGRAM, &arguments).output().unwrap();
        assert_eq!(bistro.manifest(), before, "{name}");
        bistro.assert_patches(&["--quiet"]);
        let printed: Value = serde_json::from_slice(&printed.stdout).unwrap();
        let patched: Value = serde_json::from_slice(&bistro.manifest()).unwrap();
        let mut expected = ours(&patched);
        expected.sort_by_key(|exposure| exposure["unique_id"].to_string());
        assert_eq!(printed["exposures"], Value::Array(expected), "{name}");
        compared += printed["exposures"].as_array().unwrap().len();
    }
    assert!(compared > 20, "only {compared} exposures");
}
