//! Inputs that several cases share stand once, in `fixtures/bases`.

use std::collections::{BTreeMap, BTreeSet};

use super::case;
use super::fixtures;

/// The inputs of every case, by the names of cases and the paths of files in them.
fn inputs() -> Vec<(String, BTreeMap<String, Vec<u8>>)> {
    let cases = fixtures::root().join("cases");
    case::names("")
        .into_iter()
        .map(|name| (name.clone(), fixtures::files(&cases.join(name))))
        .collect()
}

/// A base that only one case uses belongs in that case.
#[test]
fn every_base_has_several_cases() {
    let used: Vec<String> = inputs()
        .into_iter()
        .flat_map(|(_, files)| bases_in(files))
        .collect();
    let lonely: Vec<String> = fixtures::files(&fixtures::root().join("bases"))
        .into_keys()
        .map(|path| format!("bases/{path}"))
        .filter(|base| used.iter().filter(|path| *path == base).count() < 2)
        .collect();
    assert!(lonely.is_empty(), "fewer than two cases: {lonely:?}");
}

/// What the files `NAME.from` of one case name, each once.
fn bases_in(files: BTreeMap<String, Vec<u8>>) -> BTreeSet<String> {
    files
        .into_iter()
        .filter(|(path, _)| path.ends_with(".from"))
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap().trim().to_owned())
        .collect()
}

#[test]
fn no_case_holds_a_copy_of_a_base() {
    let bases: BTreeMap<Vec<u8>, String> = fixtures::files(&fixtures::root().join("bases"))
        .into_iter()
        .map(|(path, bytes)| (bytes, path))
        .collect();
    let mut copies = Vec::new();
    for (case, files) in inputs() {
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".json")) {
            if let Some(base) = bases.get(bytes) {
                copies.push(format!("{case}/{path} is bases/{base}"));
            }
        }
    }
    assert!(copies.is_empty(), "{copies:#?}");
}

#[test]
fn no_two_cases_hold_the_same_manifest() {
    let mut seen = BTreeMap::new();
    let mut copies = Vec::new();
    for (case, mut files) in inputs() {
        let manifest = files.remove("manifest.json");
        if let Some(first) = manifest.and_then(|bytes| seen.insert(bytes, case.clone())) {
            copies.push(format!("{first} and {case}: make it a base"));
        }
    }
    assert!(copies.is_empty(), "{copies:#?}");
}
