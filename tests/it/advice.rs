//! Lines of configuration that a report proposes link the tables that it counts for them, and lose no
//! link. Every one that a case shows is applied here, with each value that the report offers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{case, fixtures};

const CONFIG: &str = "autoexpose.yml";

/// Nodes by workbook.
type Nodes = BTreeMap<String, BTreeSet<String>>;

#[test]
fn proposed_lines_link_the_tables_that_they_count() {
    let mut followed = BTreeMap::new();
    for name in case::names("") {
        let folder = fixtures::root().join("cases").join(&name);
        let script = fs::read_to_string(folder.join("case")).unwrap();
        let Some(run) = plain_run(&script).filter(|_| !folder.join(CONFIG).exists()) else {
            continue;
        };
        let work = tempfile::tempdir().unwrap();
        case::copy(&folder, work.path());
        let Some(report) = report(work.path(), run) else {
            continue;
        };
        for cause in report["causes"].as_array().unwrap() {
            for line in lines(cause) {
                check(&name, work.path(), run, cause, &line, &report);
                *followed
                    .entry(text(&cause["cause"]).to_owned())
                    .or_insert(0) += 1;
            }
        }
    }
    let kinds = [
        "case-only",
        "no-schema",
        "other-alias",
        "other-connection-type",
        "other-database",
        "other-schema",
        "other-target",
        "several-databases",
        "several-sources",
    ];
    let followed = followed.into_keys().collect::<Vec<_>>();
    assert_eq!(followed, kinds);
}

/// The first run of a case, if it has no options beside its inputs.
fn plain_run(script: &str) -> Option<&str> {
    let run = script.lines().nth(1)?;
    let is_plain = run.starts_with("diff --manifest manifest.json --tableau ");
    let words = run.split_whitespace().count();
    (is_plain && words == 5 && !run.contains('\'')).then_some(run)
}

/// The JSON report of a run, unless it fails.
fn report(work: &Path, run: &str) -> Option<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_autoexpose"))
        .args(run.split_whitespace())
        .args(["--format", "json"])
        .current_dir(work)
        .env_clear()
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).ok()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A proposed line with each value that the report offers in place of `…`.
struct Line {
    text: String,
    choices: Vec<String>,
}

fn lines(cause: &Value) -> Vec<Line> {
    let cures = cause["cures"].as_array().unwrap();
    let config = cures.iter().filter(|cure| cure["kind"] == "config");
    config
        .map(|cure| Line {
            text: text(&cure["text"]).to_owned(),
            choices: cure["choices"]
                .as_array()
                .unwrap()
                .iter()
                .map(|choice| text(choice).to_owned())
                .collect(),
        })
        .collect()
}

/// Applies a line with each value.
fn check(name: &str, work: &Path, run: &str, cause: &Value, line: &Line, before: &Value) {
    let values = if line.choices.is_empty() {
        assert!(!line.text.contains('…'), "{name}: {}", line.text);
        vec![String::new()]
    } else {
        line.choices.clone()
    };
    let mut most = 0;
    for value in values {
        let config = line.text.replace('…', &format!("{value:?}"));
        fs::write(work.join(CONFIG), &config).unwrap();
        let after = report(work, run);
        fs::remove_file(work.join(CONFIG)).unwrap();
        let after = after.unwrap_or_else(|| panic!("{name}: {config} is refused"));
        assert_none_lost(name, &config, before, &after);
        let links = unlinked(before).len() - unlinked(&after).len();
        assert!(links > 0, "{name}: {config} links nothing");
        most = most.max(links);
    }
    let counted = cause["tables"].as_u64().unwrap() as usize;
    assert!(most >= counted, "{name}: {} links {most}", line.text);
}

/// Asserts that every workbook still reads all nodes that it read before.
fn assert_none_lost(name: &str, config: &str, before: &Value, after: &Value) {
    let after = linked(after);
    let nothing = BTreeSet::new();
    for (luid, nodes) in linked(before) {
        let kept = after.get(&luid).unwrap_or(&nothing);
        assert!(
            kept.is_superset(&nodes),
            "{name}: {config} unlinks {nodes:?}"
        );
    }
}

/// The nodes that each exposure depends on.
fn linked(report: &Value) -> Nodes {
    let mut linked = Nodes::new();
    for exposure in report["added"].as_array().unwrap() {
        let luid = text(&exposure["luid"]).to_owned();
        let nodes = exposure["depends_on"].as_array().unwrap();
        let nodes = nodes.iter().map(|node| text(node).to_owned());
        linked.entry(luid).or_default().extend(nodes);
    }
    linked
}

/// The tables of each workbook that are not linked.
fn unlinked(report: &Value) -> BTreeSet<[&str; 3]> {
    let tables = report["unlinked"].as_array().unwrap().iter();
    tables
        .map(|table| {
            let connection = table["connection_type"].as_str().unwrap_or_default();
            [text(&table["luid"]), text(&table["table"]), connection]
        })
        .collect()
}
