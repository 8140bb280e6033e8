//! What has no case cannot be trusted: each rule, outcome, path, reason, shape and message that
//! the program knows must be seen in the snapshot of some case.

use std::fs;

use autoexpose::input::config;
use autoexpose::link::{Outcome, Rule};
use autoexpose::model::{Code, StepKind};
use serde_json::Value;

use super::case;
use super::fixtures;

/// How a run may end without a result, by the words that the user reads.
const FAILURES: &[&str] = &[
    // Files.
    "cannot be read: no such file or directory",
    "no file fits this pattern",
    "this folder has no file that ends in",
    "cannot be written: no such file or directory",
    "cannot be unzipped",
    "the file is empty",
    "the file is cut off",
    "this byte is not UTF-8",
    "this is an HTML or XML page, perhaps a log-in page, and not JSON",
    // Manifests.
    "this is no dbt manifest: it has no",
    "this is a Tableau export and no dbt manifest",
    "this is no manifest but a dbt artifact of another kind",
    "no package of the manifest is the root project",
    "manifests are read from dbt 1.0 (v4) on",
    "stands here for the second time",
    // Exports.
    "hold no answer of Tableau's Metadata API",
    "it holds no answers",
    "and no Tableau export; are `--manifest` and `--tableau` swapped?",
    "this is the answer to a sign-in, which holds a token: delete it",
    "this is a request to sign in, which holds a secret",
    "Tableau refused the query",
    "which a newer autoexpose wrote",
    // Settings.
    "unknown field `selct`, expected one of",
    "is no connection type of one warehouse",
    "is no connection type that is known here",
    "is no share between 0 and 1",
    "is no pattern",
    "it says nothing: give project, name, tag, owner or luid",
    "is not known; there are",
    "a `{` is not closed",
    "a schema has a name",
    "it is no http or https address",
    "it goes on behind the server's name",
    "a user name or password does not belong into the address",
    // The guard.
    "stopped before a mass removal: nothing was written",
];

/// Why an exposure of an earlier run stays or goes.
const REASONS: &[&str] = &[
    "written by hand, stands for its workbook",
    "no export of this run is of its site",
    "the export may not list every workbook",
    "its workbook is gone",
    "its workbook is in a personal space",
    "asks for the folders above its project, which the export does not list",
    "its workbook is not selected",
    "not all that its workbook reads is known",
    "its workbook reads nothing of this project any more",
    "it is disabled in the project",
    "another exposure stands for its workbook",
    "the export keeps back what its workbook is",
    "which is not edited here",
];

/// Why a relation comes near and does not fit.
const DIFFERENCES: &[&str] = &[
    "only the database differs",
    "only the schema differs",
    "the name differs in one letter",
    "the name differs in 2 letters",
    "it has the same name",
    "it has the same name in another database",
];

/// The shapes in which an export can come; each has a case of this name.
const SHAPES: &[&str] = &[
    "array-of-answers",
    "dbt-docs-query",
    "envelope",
    "folder",
    "gzip",
    "ndjson",
    "page-without-its-name",
    "pages-in-several-files",
    "pages-inside-a-workbook",
    "pattern",
    "several-arguments",
    "standard-input",
];

/// The lines of all snapshots.
fn told() -> Vec<String> {
    let mut lines = Vec::new();
    for name in case::folders("") {
        let path = fixtures::root()
            .join("cases")
            .join(name)
            .join("expected.snap");
        let text = fs::read_to_string(path).unwrap();
        // The head of a snapshot repeats the sentence of the case, which proves nothing.
        let body = text.splitn(3, "---\n").nth(2).unwrap();
        lines.extend(body.lines().map(str::to_owned));
    }
    lines
}

/// Fails with those things of which no line tells.
fn each_is_told<T: Copy + AsRef<str>>(what: &[T], tells: impl Fn(&str, &str) -> bool) {
    let lines = told();
    let is_told = |thing: &&T| lines.iter().any(|line| tells(line, thing.as_ref()));
    let missing = what
        .iter()
        .filter(|thing| !is_told(thing))
        .map(AsRef::as_ref);
    assert_eq!(
        missing.collect::<Vec<_>>(),
        Vec::<&str>::new(),
        "without a case"
    );
}

/// The rule and the path behind a dependency, in a line like `+ model.p.m  exact  workbook`.
fn rule_and_path(line: &str) -> Option<(&str, &str)> {
    let dependency = line.trim_start().strip_prefix("+ ")?;
    let (_, link) = dependency.split_once("  ")?;
    let (rule, path) = link.trim_start().split_once(' ')?;
    Some((rule, path.trim_start()))
}

#[test]
fn every_rule_has_a_case() {
    let rules = Rule::ALL.map(Rule::as_str);
    each_is_told(&rules, |line, rule| {
        rule_and_path(line).is_some_and(|link| link.0 == rule)
    });
}

#[test]
fn every_outcome_has_a_case() {
    each_is_told(&Outcome::NAMES, |line, outcome| {
        let mut words = line.split_whitespace();
        words
            .next()
            .is_some_and(|count| count.parse::<usize>().is_ok_and(|count| count > 0))
            && words.next() == Some(outcome)
    });
}

#[test]
fn every_step_of_a_path_has_a_case() {
    each_is_told(StepKind::TEXTS, |line, kind| {
        let path = rule_and_path(line).map(|link| link.1);
        path.is_some_and(|path| path.split(" > ").any(|step| step.starts_with(kind)))
    });
}

#[test]
fn every_kind_of_node_has_a_case() {
    each_is_told(
        &["model.", "seed.", "snapshot.", "source."],
        |line, kind| {
            rule_and_path(line).is_some() && line.trim_start().starts_with(&format!("+ {kind}"))
        },
    );
}

#[test]
fn every_diagnostic_has_a_case() {
    let codes = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .collect::<Vec<_>>();
    each_is_told(&codes, |line, code| line.contains(&format!("[{code}]")));
}

#[test]
fn every_failure_has_a_case() {
    each_is_told(FAILURES, |line, words| {
        line.starts_with("stderr: ") && line.contains(words)
    });
}

#[test]
fn every_reason_and_difference_has_a_case() {
    each_is_told(REASONS, |line, words| line.contains(words));
    each_is_told(DIFFERENCES, |line, words| line.contains(words));
}

#[test]
fn every_setting_is_shown() {
    let schema = serde_json::from_str::<Value>(&config::json_schema().unwrap()).unwrap();
    let mut keys = Vec::new();
    for (section, of_section) in schema["properties"].as_object().unwrap() {
        let reference = of_section["anyOf"][0]["$ref"].as_str().unwrap();
        let settings = schema
            .pointer(&format!("{}/properties", &reference[1..]))
            .unwrap();
        let settings = settings.as_object().unwrap().keys();
        keys.extend(settings.map(|setting| format!("{section}.{setting}")));
    }
    assert_eq!(keys.len(), 17, "{keys:?}");
    let keys = keys.iter().map(String::as_str).collect::<Vec<_>>();
    each_is_told(&keys, |line, key| {
        line.starts_with(key) && line.ends_with(" autoexpose.yml")
    });
}

#[test]
fn every_shape_of_an_export_has_a_case() {
    let cases = case::folders("tableau-shape-");
    for shape in SHAPES {
        let name = format!("tableau-shape-{shape}");
        assert!(cases.contains(&name), "{name} is missing");
    }
}

#[test]
fn every_case_belongs_to_a_list() {
    let prefixes = [
        "config-",
        "matching-",
        "patching-",
        "report-",
        "syncing-",
        "tableau-",
    ];
    let strays = case::folders("").into_iter();
    let strays = strays.filter(|name| !prefixes.iter().any(|prefix| name.starts_with(prefix)));
    assert_eq!(strays.collect::<Vec<_>>(), Vec::<String>::new());
}
