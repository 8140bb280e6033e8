//! A line of configuration that a report proposes links tables to nodes that the report names, and
//! changes nothing else. Every one that a case shows is applied here, with each value that the
//! report offers for what the user must fill in.

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
fn following_a_help_links_what_it_names() {
    let mut followed = 0;
    for name in case::names("") {
        let folder = fixtures::root().join("cases").join(&name);
        let script = fs::read_to_string(folder.join("case")).unwrap();
        let Some(run) = plain_run(&script).filter(|_| !folder.join(CONFIG).exists()) else {
            continue;
        };
        let work = tempfile::tempdir().unwrap();
        case::copy(&folder, work.path());
        for line in proposed(&text(work.path(), run, "text")) {
            check(&name, work.path(), run, &line);
            followed += 1;
        }
    }
    assert!(followed > 10, "only {followed} lines were proposed");
}

/// The first run of a case, if it has no options beside its inputs.
fn plain_run(script: &str) -> Option<&str> {
    let run = script.lines().nth(1)?;
    let is_plain = run.starts_with("diff --manifest manifest.json --tableau ");
    let words = run.split_whitespace().count();
    (is_plain && words == 5 && !run.contains('\'')).then_some(run)
}

fn text(work: &Path, run: &str, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_autoexpose"))
        .args(run.split_whitespace())
        .args(["--format", format])
        .current_dir(work)
        .env_clear()
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A line of configuration, and the values that the report offers in place of `…`.
struct Line {
    text: String,
    offered: Vec<String>,
}

/// The lines that a report proposes.
fn proposed(report: &str) -> Vec<Line> {
    let helps = report.lines().filter(|line| line.starts_with("  help: "));
    helps
        .filter_map(|help| {
            let (_, line) = help.split_once("autoexpose.yml")?;
            let line = &line[line.find("match: {")?..];
            let end = line.rfind('}')? + 1;
            let offered = match line[end..].strip_prefix(", with one of: ") {
                Some(packages) => packages.split(", ").map(str::to_owned).collect(),
                None => offered(report),
            };
            Some(Line {
                text: line[..end].to_owned(),
                offered,
            })
        })
        .collect()
}

/// The databases and schemas of all tables and relations that a report shows.
fn offered(report: &str) -> Vec<String> {
    let shown = report.lines().filter_map(|line| {
        let near = line.strip_prefix("      nearest  ");
        match near {
            Some(near) => near.split_once(" (")?.1.split_once("): "),
            None => line.strip_prefix("  ")?.split_once(" ("),
        }
    });
    let parts = shown.flat_map(|(relation, _)| relation.split('.').rev().skip(1));
    let parts = parts.map(str::to_owned).collect::<BTreeSet<_>>();
    parts.into_iter().collect()
}

/// Applies a line with each value that is offered for it.
fn check(name: &str, work: &Path, run: &str, line: &Line) {
    let before: Value = serde_json::from_str(&text(work, run, "json")).unwrap();
    let (linked, near) = (linked(&before), near(&before));
    let mut links = 0;
    let values = if line.text.contains('…') {
        line.offered.clone()
    } else {
        vec![String::new()]
    };
    for value in values {
        let config = line.text.replace('…', &format!("{value:?}"));
        fs::write(work.join(CONFIG), &config).unwrap();
        let after = text(work, run, "json");
        fs::remove_file(work.join(CONFIG)).unwrap();
        let after: Value = serde_json::from_str(&after)
            .unwrap_or_else(|error| panic!("{name}: {config}: {error}: {after}"));
        let after = self::linked(&after);
        let nothing = BTreeSet::new();
        for (luid, nodes) in &linked {
            let kept = after.get(luid).unwrap_or(&nothing);
            assert!(
                kept.is_superset(nodes),
                "{name}: {config} unlinks {nodes:?}"
            );
        }
        for (luid, nodes) in &after {
            let named = near.get(luid).unwrap_or(&nothing);
            let new = nodes - linked.get(luid).unwrap_or(&nothing);
            links += new.len();
            assert!(new.is_subset(named), "{name}: {config} links {new:?}");
        }
    }
    assert!(links > 0, "{name}: {} links nothing", line.text);
}

/// The nodes that each exposure depends on.
fn linked(report: &Value) -> Nodes {
    let mut linked = Nodes::new();
    for exposure in report["added"].as_array().unwrap() {
        let luid = exposure["luid"].as_str().unwrap().to_owned();
        let nodes = exposure["depends_on"].as_array().unwrap();
        let nodes = nodes.iter().map(|node| node.as_str().unwrap().to_owned());
        linked.entry(luid).or_default().extend(nodes);
    }
    linked
}

/// The nodes that the report names for the tables of each workbook that are not linked.
fn near(report: &Value) -> Nodes {
    let mut near = Nodes::new();
    for table in report["unlinked"].as_array().unwrap() {
        let luid = table["luid"].as_str().unwrap().to_owned();
        let nodes = table["nearest"].as_array().unwrap();
        let nodes = nodes
            .iter()
            .map(|node| node["unique_id"].as_str().unwrap().to_owned());
        near.entry(luid).or_default().extend(nodes);
    }
    near
}
