//! What the documentation says is true: its queries ask for what the program reads (the example export
//! has exactly their fields, and shows everything), its commands are commands of the program, and those
//! that can be run are run.

mod blocks;
mod commands;
#[cfg(unix)]
mod runs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use autoexpose::input::config;
use serde_json::Value;

use super::fixtures;

fn docs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// The fields that a query selects, each with the fields below it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Fields(BTreeMap<String, Fields>);

impl Fields {
    /// The selection of a query: names, and lists in braces. Arguments in brackets are left out.
    fn of_query(query: &str) -> Self {
        let mut text = String::new();
        let mut depth = 0;
        for letter in query.chars() {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                '{' | '}' if depth == 0 => text.extend([' ', letter, ' ']),
                letter if depth == 0 => text.push(letter),
                _ => {}
            }
        }
        let mut words = text.split_whitespace().skip_while(|word| *word != "{");
        words.next();
        Self::of_words(&mut words)
    }

    /// The fields up to the end of a list. Those of a fragment (`... on Type { … }`) belong to the
    /// object around it.
    fn of_words<'w>(words: &mut impl Iterator<Item = &'w str>) -> Self {
        let mut fields = Self::default();
        let mut last = "";
        while let Some(word) = words.next().filter(|word| *word != "}") {
            if word == "..." {
                while words.next().is_some_and(|word| word != "{") {}
                fields.0.extend(Self::of_words(words).0);
            } else if word == "{" {
                fields.0.insert(last.to_owned(), Self::of_words(words));
            } else {
                fields.0.insert(word.to_owned(), Self::default());
                last = word;
            }
        }
        fields
    }

    /// The fields of a response; those of a list are the fields of all its elements.
    fn of_response(value: &Value) -> Self {
        let mut fields = Self::default();
        fields.add(value);
        fields
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(members) => {
                for (key, member) in members {
                    self.0.entry(key.clone()).or_default().add(member);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Whether all these fields are selected, and of every list that is not always empty, all that
    /// is selected is there.
    fn fits(&self, selected: &Self) -> bool {
        self.0.iter().all(|(name, fields)| {
            selected
                .0
                .get(name)
                .is_some_and(|selected| fields.0.is_empty() || fields.fits(selected))
        }) && selected.0.keys().all(|name| self.0.contains_key(name))
    }
}

/// A text that the program prints stands in the output of a block before it (`runs`), is written by
/// `cargo xtask tidy`, or is quoted from a case.
#[test]
fn texts_are_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for block in blocks::all(root).unwrap() {
        let place = block.place();
        if let Some(case) = block.mark("from") {
            let snapshot = fixtures::root().join(format!("cases/{case}/expected.snap"));
            let snapshot = fs::read_to_string(snapshot).unwrap();
            assert_eq!(block.not_printed(&snapshot), None, "{place}: not in {case}");
        } else if block.language == "text" {
            assert!(!block.marks.is_empty(), "{place}: where is it from?");
        }
    }
}

/// A block of YAML that begins with a key of `autoexpose.yml` is one, and is read as such.
#[test]
fn examples_of_the_configuration_are_read() {
    let schema: Value = serde_json::from_str(&config::json_schema().unwrap()).unwrap();
    let mut count = 0;
    for block in blocks::all(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let key = block.text.split(':').next().unwrap();
        if block.language == "yaml" && schema["properties"].get(key).is_some() {
            let read = config::read("autoexpose.yml", &block.text);
            assert!(read.is_ok(), "{}: {:?}", block.place(), read.err());
            count += 1;
        }
    }
    assert!(count >= 5, "{count} examples");
}

#[test]
fn the_example_export_has_the_fields_of_the_queries() {
    let mut count = 0;
    for entry in fs::read_dir(docs().join("queries")).unwrap() {
        let path = entry.unwrap().path();
        // Those for columns in use are asked only on request.
        if path.is_dir() {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap();
        let query = fs::read_to_string(&path).unwrap();
        let page = docs().join("example-export").join(format!("{name}-1.json"));
        let page: Value = serde_json::from_slice(&fs::read(page).unwrap()).unwrap();
        let (selected, fields) = (Fields::of_query(&query), Fields::of_response(&page["data"]));
        assert!(fields.fits(&selected), "{name}: {fields:#?}\n{selected:#?}");
        count += 1;
    }
    assert_eq!(count, 6);
}

#[test]
fn the_example_export_shows_everything() {
    let manifest = fixtures::root().join("dbt/postgres-1.11/manifest.json");
    let output = Command::new(env!("CARGO_BIN_EXE_autoexpose"))
        .args(["diff", "--format", "json", "--manifest"])
        .arg(manifest)
        .arg("--tableau")
        .arg(docs().join("example-export"))
        .args([
            "--server",
            "https://tableau.bistro.example",
            "--site",
            "bistro",
        ])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["export"][0]["complete"], true);
    assert_eq!(report["unlinked"], Value::Array(Vec::new()));
    assert_eq!(report["diagnostics"], Value::Array(Vec::new()));
    assert_eq!(report["workbooks"]["linked"], 4);
    assert_eq!(report["workbooks"]["incomplete"], 0);
}
