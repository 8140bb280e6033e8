//! Lines of configuration that a report proposes link the tables that it counts for them, and lose no
//! link. Every one that a case shows is applied here, with each value that the report offers, all at
//! once as the block that is to be pasted, and one after another until nothing more is proposed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{case, fixtures};

pub(super) const CONFIG: &str = "autoexpose.yml";

/// Nodes by workbook.
type Nodes = BTreeMap<String, BTreeSet<String>>;

/// The causes for which lines are proposed in some case.
pub(super) const KINDS: [&str; 9] = [
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
        let case = Case {
            name: &name,
            work: work.path(),
            run,
            report,
        };
        for cause in causes(&case.report) {
            for line in lines(cause) {
                check(&case, cause, &line);
                *followed
                    .entry(text(&cause["cause"]).to_owned())
                    .or_insert(0) += 1;
            }
        }
        check_block(&case);
        check_one_after_another(&case);
    }
    let followed = followed.into_keys().collect::<Vec<_>>();
    assert_eq!(followed, KINDS);
}

/// The first run of a case, if it has no options beside its inputs.
pub(super) fn plain_run(script: &str) -> Option<&str> {
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

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A proposed line with each value that the report offers in place of `…`, and how many tables each
/// links.
struct Line {
    text: String,
    choices: Vec<(String, usize)>,
}

impl Line {
    fn new(cure: &Value) -> Self {
        let texts = cure["choices"].as_array().unwrap().iter();
        let links = cure["links"].as_array().unwrap().iter();
        let counts = links.map(|links| links["tables"].as_u64().unwrap() as usize);
        Self {
            text: text(&cure["text"]).to_owned(),
            choices: texts.map(|it| text(it).to_owned()).zip(counts).collect(),
        }
    }

    /// The configuration with the value that links most.
    fn best(&self) -> String {
        let best = self.choices.iter().rev().max_by_key(|(_, count)| *count);
        match best {
            Some((value, _)) => chosen(&self.text, value),
            None => self.text.clone(),
        }
    }
}

/// The configuration with a value in place of `…`.
pub(super) fn chosen(config: &str, value: &str) -> String {
    config.replace('…', &Value::from(value).to_string())
}

fn cures<'c>(cause: &'c Value, kind: &'c str) -> impl Iterator<Item = &'c Value> {
    let cures = cause["cures"].as_array().unwrap().iter();
    cures.filter(move |cure| cure["kind"] == kind)
}

fn lines(cause: &Value) -> Vec<Line> {
    cures(cause, "config").map(Line::new).collect()
}

fn causes(report: &Value) -> &[Value] {
    report["causes"].as_array().unwrap()
}

fn tables(counted: &Value) -> usize {
    counted["tables"].as_u64().unwrap() as usize
}

/// Applies a line with each value, each of which must link as many tables as it says.
fn check(case: &Case, cause: &Value, line: &Line) {
    if line.choices.is_empty() {
        assert!(!line.text.contains('…'), "{}: {}", case.name, line.text);
        case.links(&line.text, tables(cause));
    }
    for (value, counted) in &line.choices {
        case.links(&chosen(&line.text, value), *counted);
    }
    for risky in cures(cause, "risky") {
        let counted = tables(&risky["links"][0]);
        assert!(counted > tables(cause), "{}: {risky}", case.name);
        case.links(text(&risky["text"]), counted);
    }
}

/// Applies the block with the lines of all causes.
fn check_block(case: &Case) {
    let Some(block) = case.report["proposed_config"].as_str() else {
        return;
    };
    let mut block = block.to_owned();
    let mut counted = 0;
    for cause in causes(&case.report) {
        for line in lines(cause) {
            counted += tables(cause);
            let best = line.choices.iter().rev().max_by_key(|(_, count)| *count);
            if let Some((value, _)) = best {
                // The first is in the comment above the line.
                let at = block.match_indices('…').nth(1).unwrap().0;
                let value = Value::from(value.as_str()).to_string();
                block.replace_range(at..at + '…'.len_utf8(), &value);
                block = block.replacen('…', "", 1);
            }
        }
    }
    case.links(&block, counted);
}

/// Applies the line of the first cause, and then that of the first cause of the report on that, and so
/// on. What the lines of the other causes would link must be proposed until they are applied.
fn check_one_after_another(case: &Case) {
    let mut config = BTreeMap::new();
    let mut report = case.report.clone();
    while let Some((cause, line)) = proposed(&report).into_iter().next() {
        add(&mut config, &line.best());
        let config = together(&config);
        let after = case.run_with(&config);
        assert_none_lost(case.name, &config, &report, &after);
        let links = unlinked(&report).len() - unlinked(&after).len();
        assert!(
            links >= tables(cause),
            "{}: {config} links {links}",
            case.name
        );
        let promised = |report| {
            let all = proposed(report).into_iter();
            all.map(|(cause, _)| tables(cause)).sum::<usize>()
        };
        assert!(
            promised(&after) + links >= promised(&report),
            "{}: after {config} less is proposed",
            case.name
        );
        report = after;
    }
}

/// The lines that a report proposes, each with its cause.
fn proposed(report: &Value) -> Vec<(&Value, Line)> {
    let causes = causes(report).iter();
    let proposed = causes.flat_map(|cause| lines(cause).into_iter().map(move |line| (cause, line)));
    proposed.collect()
}

/// Adds configuration on one line to what stands below each key of `match`.
pub(super) fn add(config: &mut BTreeMap<String, Vec<String>>, line: &str) {
    let line = line.strip_prefix("match: {").unwrap();
    let (key, values) = line.strip_suffix('}').unwrap().split_once(": ").unwrap();
    let list = values
        .strip_prefix('[')
        .and_then(|list| list.strip_suffix(']'));
    let map = values
        .strip_prefix('{')
        .and_then(|map| map.strip_suffix('}'));
    let values = list.or(map).unwrap_or(values);
    config
        .entry(key.to_owned())
        .or_default()
        .push(values.to_owned());
}

pub(super) fn together(config: &BTreeMap<String, Vec<String>>) -> String {
    let keys = config.iter().map(|(key, values)| {
        let values = values.join(", ");
        match key.as_str() {
            "ignore_case" => format!("{key}: {values}"),
            "connection_types" => format!("{key}: {{{values}}}"),
            _ => format!("{key}: [{values}]"),
        }
    });
    format!("match: {{{}}}", keys.collect::<Vec<_>>().join(", "))
}

/// A case in a folder of its own, and the report on it.
struct Case<'c> {
    name: &'c str,
    work: &'c Path,
    run: &'c str,
    report: Value,
}

impl Case<'_> {
    /// The report with this configuration.
    fn run_with(&self, config: &str) -> Value {
        fs::write(self.work.join(CONFIG), config).unwrap();
        let after = report(self.work, self.run);
        fs::remove_file(self.work.join(CONFIG)).unwrap();
        after.unwrap_or_else(|| panic!("{}: {config} is refused", self.name))
    }

    /// Asserts that a configuration links so many tables more, and loses none.
    fn links(&self, config: &str, counted: usize) {
        let after = self.run_with(config);
        assert_none_lost(self.name, config, &self.report, &after);
        let links = unlinked(&self.report).len() - unlinked(&after).len();
        assert!(
            links >= counted.max(1),
            "{}: {config} links {links} and not {counted}",
            self.name
        );
    }
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
