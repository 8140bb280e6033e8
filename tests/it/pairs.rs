//! What `impact` says of the pairs in `fixtures/pairs`, which real dbt made, beside what is right and
//! beside what dbt says itself.
//!
//! The folder of a pair has what the pull request changes (`change.patch`), how both runs were made
//! (`pair.json`), what the run of the pull request left (`head`), what dbt lists as modified
//! (`dbt.json`), and for each workbook that is reached the right verdict and why
//! (`expected.json`). What production left is shared, in `bases`. `cargo xtask pairs` makes all of
//! it but `expected.json` and the patch.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fixtures;

/// The recipe of a pair, as far as it matters here.
#[derive(Deserialize)]
struct Pair {
    base: String,
}

/// What is right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The workbooks that are reached.
    workbooks: BTreeMap<String, Verdict>,
    /// Why nothing happens to the others.
    #[serde(rename = "others")]
    _others: String,
    /// Why dbt's `state:modified+` reaches other workbooks; given if, and only if, it does.
    unlike_dbt: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    /// `breaks`, `touches`, `uncompared` or `nothing`.
    verdict: String,
    /// Other verdicts that are as right.
    #[serde(default)]
    also_right: Vec<String>,
    /// What happens, as the report calls the worst of it; not asked if it is absent.
    what: Option<OneOrMore>,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn has(&self, what: &str) -> bool {
        match self {
            Self::One(one) => one == what,
            Self::More(more) => more.iter().any(|one| one == what),
        }
    }
}

#[test]
fn every_workbook_gets_the_right_verdict() {
    let titles = nodes_of_workbooks();
    let mut wrong = String::new();
    for name in names() {
        let expected: Expected = read(&format!("{name}/expected.json"));
        let found = found(&name);
        for title in titles.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
            if let Some(difference) = difference(expected.workbooks.get(title), found.get(title)) {
                writeln!(wrong, "{name}: {title}: {difference}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_difference_to_dbt_is_explained() {
    let workbooks = nodes_of_workbooks();
    for name in names() {
        let expected: Expected = read(&format!("{name}/expected.json"));
        let reached = reached_by_dbt(&name);
        let differs = workbooks.iter().any(|(title, nodes)| {
            let by_dbt = nodes.iter().any(|node| reached.contains(node));
            !may_be_reached(expected.workbooks.get(title), by_dbt)
        });
        assert_eq!(expected.unlike_dbt.is_some(), differs, "{name}");
    }
}

#[test]
fn there_are_pairs_of_each_kind() {
    let names = names();
    assert!(names.len() >= 40, "{}", names.len());
    let of_ci = names.iter().filter(|name| name.starts_with("ci-"));
    assert!(of_ci.count() >= 12);
}

/// The nodes of base that each workbook of the export reads, by its title.
fn nodes_of_workbooks() -> BTreeMap<String, Vec<String>> {
    read("workbooks.json")
}

/// How a verdict differs from what is right.
fn difference(expected: Option<&Verdict>, found: Option<&(String, String)>) -> Option<String> {
    let (severity, what) = found.map_or(("nothing", ""), |(severity, what)| (severity, what));
    let Some(right) = expected else {
        return (severity != "nothing")
            .then(|| format!("nothing is right, not {severity}: {what}"));
    };
    if severity != right.verdict && !right.also_right.iter().any(|one| one == severity) {
        return Some(format!(
            "{} is right, not {severity}: {what}",
            right.verdict
        ));
    }
    let is_right = severity != right.verdict || right.what.as_ref().is_none_or(|one| one.has(what));
    (!is_right).then(|| format!("{severity} is right, but not by {what}"))
}

/// Whether a verdict agrees with dbt, which reaches the workbook or does not.
fn may_be_reached(expected: Option<&Verdict>, by_dbt: bool) -> bool {
    let Some(right) = expected else {
        return !by_dbt;
    };
    let mut verdicts = std::iter::once(&right.verdict).chain(&right.also_right);
    verdicts.any(|verdict| (verdict != "nothing") == by_dbt)
}

/// What `impact` says of each workbook that it reports: the severity, and the worst that happens.
fn found(name: &str) -> BTreeMap<String, (String, String)> {
    let output = impact(name, &["--format", "json", "--fail-on", "none"]);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {complained}");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let workbooks = answer["workbooks"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    workbooks
        .map(|workbook| {
            let worst = text(&workbook["effects"][0]["what"]);
            (
                text(&workbook["title"]),
                (text(&workbook["severity"]), worst),
            )
        })
        .collect()
}

/// Runs `impact` on a pair.
fn impact(name: &str, arguments: &[&str]) -> Output {
    let work = tempfile::tempdir().unwrap();
    let pair: Pair = read(&format!("{name}/pair.json"));
    lay(&format!("bases/{}", pair.base), &work.path().join("base"));
    lay(&format!("{name}/head"), &work.path().join("head"));
    Command::new(env!("CARGO_BIN_EXE_autoexpose"))
        .args([
            "impact",
            "--base",
            "base",
            "--manifest",
            "head/manifest.json",
        ])
        .arg("--tableau")
        .arg(fixtures::root().join("pairs/export"))
        .args(arguments)
        .current_dir(work.path())
        .env_clear()
        .output()
        .unwrap()
}

/// Lays the artifacts of a run out, as dbt leaves them.
fn lay(run: &str, folder: &Path) {
    fs::create_dir(folder).unwrap();
    for name in ["manifest.json", "catalog.json", "run_results.json"] {
        let kept = format!("pairs/{run}/{name}");
        if fixtures::root().join(format!("{kept}.gz")).exists() {
            fs::write(folder.join(name), fixtures::read(&kept)).unwrap();
        }
    }
}

/// The nodes that dbt lists as modified, and all below them.
fn reached_by_dbt(name: &str) -> BTreeSet<String> {
    let said: BTreeMap<String, Value> = read(&format!("{name}/dbt.json"));
    let manifest: Value =
        serde_json::from_slice(&fixtures::read(&format!("pairs/{name}/head/manifest.json")))
            .unwrap();
    let ids = |value: &Value| -> Vec<String> {
        let ids = value.as_array().into_iter().flatten();
        ids.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut waiting = said.get("state:modified").map(ids).unwrap_or_default();
    let mut reached = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !reached.contains(&id) {
            waiting.extend(ids(&manifest["child_map"][&id]));
            reached.insert(id);
        }
    }
    reached
}

/// The names of all pairs, sorted.
fn names() -> Vec<String> {
    let folders = fs::read_dir(fixtures::root().join("pairs")).unwrap();
    let mut names: Vec<String> = folders
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("pair.json").exists())
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A JSON file below `fixtures/pairs`.
fn read<T: DeserializeOwned>(path: &str) -> T {
    serde_json::from_slice(&fixtures::read(&format!("pairs/{path}")))
        .unwrap_or_else(|error| panic!("fixtures/pairs/{path}: {error}"))
}
