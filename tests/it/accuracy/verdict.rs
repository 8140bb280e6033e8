//! Compares what the program reported and wrote with what it must report and write.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::expect::Expected;
use super::export::{Export, Workbook};
use super::maps;
use super::shapes::Shape;
use super::spans;
use super::spellings::Table;
use crate::fixtures;

/// The maps that a patch may change.
const PATCHED: [&str; 3] = ["exposures", "parent_map", "child_map"];

/// The nodes that a workbook's exposure must depend on, each with the table that leads to it.
fn links(workbook: &Workbook) -> BTreeMap<&str, &Table> {
    workbook
        .tables
        .iter()
        .filter_map(|table| match &table.expected {
            Expected::Linked { node, .. } => Some((node.as_str(), table)),
            Expected::Ambiguous(_) | Expected::Unlinked(_) => None,
        })
        .collect()
}

fn is_linked(table: &Table) -> bool {
    matches!(table.expected, Expected::Linked { .. })
}

fn list<'a>(value: &'a Value, problems: &mut Vec<String>) -> &'a [Value] {
    value.as_array().unwrap_or_else(|| {
        problems.push(format!("not a list: {value}"));
        const { &Vec::new() }
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn texts(value: &Value) -> BTreeSet<&str> {
    value.as_array().into_iter().flatten().map(text).collect()
}

/// Judges the report of a first patch.
pub(crate) fn judge_report(
    export: &Export,
    shape: Shape,
    report: &Value,
    problems: &mut Vec<String>,
) {
    for empty in ["changed", "renamed", "removed", "kept", "manual"] {
        if report[empty] != json!([]) {
            problems.push(format!("`{empty}` is not empty: {}", report[empty]));
        }
    }
    let pairs = list(&report["added"], problems)
        .iter()
        .map(|entry| (text(&entry["luid"]), texts(&entry["depends_on"])))
        .collect();
    judge_pairs(export, report, &pairs, problems);
    judge_counts(export, report, problems);
    for workbook in &export.workbooks {
        judge_unlinked(workbook, report, problems);
    }
    let stranger = &export.stranger;
    if !report.to_string().contains(stranger) {
        problems.push(format!(
            "workbook {stranger}, known by reference only, is not reported"
        ));
    }
    let complete = json!(shape != Shape::Raw);
    let sites = &report["export"];
    let is_one = sites.as_array().is_some_and(|sites| sites.len() == 1);
    if !is_one || sites[0]["complete"] != complete {
        problems.push(format!(
            "{shape:?}: `complete` should be {complete}: {sites}"
        ));
    }
}

/// Precision and recall of (workbook, node) pairs.
fn judge_pairs(
    export: &Export,
    report: &Value,
    actual: &BTreeMap<&str, BTreeSet<&str>>,
    problems: &mut Vec<String>,
) {
    let nothing = BTreeSet::new();
    for workbook in &export.workbooks {
        let luid = workbook.luid.as_str();
        let expected = links(workbook);
        let actual = actual.get(luid).unwrap_or(&nothing);
        for (node, table) in &expected {
            if !actual.contains(node) {
                let reported: Vec<String> = unlinked(report, luid)
                    .filter(|entry| is_about(entry, table))
                    .map(Value::to_string)
                    .collect();
                problems.push(format!(
                    "missing link: {}\n  {}\n  expected: {:?}\n  reported: {}",
                    table.spelling,
                    table.json,
                    table.expected,
                    reported.join("\n  ")
                ));
            }
        }
        for node in actual.iter().filter(|node| !expected.contains_key(*node)) {
            let others: Vec<String> = workbook
                .tables
                .iter()
                .filter(|table| !is_linked(table))
                .map(|table| format!("{} {}", table.spelling, table.json))
                .collect();
            problems.push(format!(
                "false link of workbook {luid} to {node}; it also reads:\n  {}",
                others.join("\n  ")
            ));
        }
    }
    for luid in actual.keys() {
        let mut workbooks = export.workbooks.iter();
        if !workbooks.any(|workbook| workbook.luid == *luid) {
            problems.push(format!("workbook {luid} is exposed"));
        }
    }
}

fn unlinked<'a>(report: &'a Value, luid: &str) -> impl Iterator<Item = &'a Value> {
    report["unlinked"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(move |entry| entry["luid"] == luid)
}

/// Whether an entry of `unlinked` may be about this table.
fn is_about(entry: &Value, table: &Table) -> bool {
    let shown = text(&entry["table"]);
    let names = [shown, last_part(shown)].map(without_quotes);
    // Nothing is known of a hidden table, not even its name.
    table.name.is_empty() || names.contains(&without_quotes(&table.name))
}

/// Whether an entry shows the name of this table and nothing else, or as its last part in brackets.
fn is_named(entry: &Value, table: &Table) -> bool {
    let shown = text(&entry["table"]);
    let last = last_part(shown).strip_prefix('[');
    let inner = last.and_then(|last| last.strip_suffix(']'));
    shown == table.name || inner.is_some_and(|inner| inner.replace("]]", "]") == table.name)
}

fn without_quotes(name: &str) -> String {
    name.replace(['[', ']', '"', '`'], "")
}

/// What follows the last dot that is not in brackets.
fn last_part(shown: &str) -> &str {
    let mut rest = shown;
    while let Some(after) = after_first_part(rest) {
        rest = after;
    }
    rest
}

/// What follows the first part, which may be in brackets, and its dot.
fn after_first_part(shown: &str) -> Option<&str> {
    let (_, after) = match shown.strip_prefix('[') {
        Some(inner) => inner.split_once("]."),
        None => shown.split_once('.'),
    }?;
    Some(after)
}

/// Judges that `unlinked` lists every table that must not be linked, once, with its outcome.
fn judge_unlinked(workbook: &Workbook, report: &Value, problems: &mut Vec<String>) {
    let mut entries: Vec<&Value> = unlinked(report, &workbook.luid).collect();
    let mut tables: Vec<&Table> = workbook
        .tables
        .iter()
        .filter(|table| !is_linked(table))
        .collect();
    // The tables that fit the fewest entries choose first, and the entry that says the most.
    entries.sort_by_key(|entry| Reverse(text(&entry["table"]).len()));
    tables.sort_by_key(|table| (Reverse(table.name.len()), table.nearest.is_none()));
    // So do those that an entry names exactly, before those that only look like its name.
    tables.retain(|table| {
        let named = |entry: &&Value| is_named(entry, table) && fits(entry, table);
        let at = entries.iter().position(named);
        at.map(|at| entries.remove(at)).is_none()
    });
    for table in tables {
        if let Some(at) = entries.iter().position(|entry| fits(entry, table)) {
            entries.remove(at);
            continue;
        }
        let reported: Vec<String> = entries
            .iter()
            .filter(|entry| is_about(entry, table))
            .map(|entry| entry.to_string())
            .collect();
        problems.push(format!(
            "wrong outcome: {}\n  {}\n  expected: {:?}, nearest {:?}\n  reported: {}",
            table.spelling,
            table.json,
            table.expected,
            table.nearest,
            reported.join("\n  ")
        ));
    }
    for entry in entries {
        problems.push(format!("`unlinked` has one entry too many: {entry}"));
    }
}

/// Whether an entry is about this table and says what it must.
fn fits(entry: &Value, table: &Table) -> bool {
    entry["outcome"] == table.expected.outcome()
        && is_about(entry, table)
        && names_nearest(entry, table)
}

/// Whether an entry names the candidates of an ambiguous table, or the nearest of an unknown one.
fn names_nearest(entry: &Value, table: &Table) -> bool {
    let named: Vec<&str> = entry["nearest"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|near| text(&near["unique_id"]))
        .collect();
    match &table.expected {
        Expected::Ambiguous(nodes) => nodes.iter().all(|node| named.contains(&node.as_str())),
        _ if named.len() > 3 => false,
        _ => match &table.nearest {
            Some(node) => named.first() == Some(&node.as_str()),
            None => true,
        },
    }
}

/// Judges that the counts of the report agree with its lists and with the export.
fn judge_counts(export: &Export, report: &Value, problems: &mut Vec<String>) {
    let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
    for table in export
        .workbooks
        .iter()
        .flat_map(|workbook| &workbook.tables)
    {
        *expected.entry(table.expected.outcome()).or_default() += 1;
    }
    let mut listed: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in list(&report["unlinked"], problems) {
        *listed.entry(text(&entry["outcome"])).or_default() += 1;
    }
    for (outcome, count) in report["tables"].as_object().unwrap() {
        let expected = expected.remove(outcome.as_str()).unwrap_or_default();
        let listed = listed.remove(outcome.as_str()).unwrap_or_default();
        let agrees = outcome == "linked" || *count == json!(listed);
        if *count != json!(expected) || !agrees {
            problems.push(format!(
                "{count} tables {outcome}, {expected} expected, {listed} listed"
            ));
        }
    }
    if !expected.is_empty() || !listed.is_empty() {
        problems.push(format!("outcomes without a count: {expected:?} {listed:?}"));
    }
    judge_workbook_counts(export, report, problems);
}

fn judge_workbook_counts(export: &Export, report: &Value, problems: &mut Vec<String>) {
    let count = export.workbooks.len();
    let linked = export
        .workbooks
        .iter()
        .filter(|workbook| !links(workbook).is_empty())
        .count();
    let incomplete = export
        .workbooks
        .iter()
        .filter(|workbook| workbook.tables.iter().any(is_unseen))
        .count();
    let expected = json!({
        "read": count, "selected": count, "linked": linked, "incomplete": incomplete,
        "unidentified": 0,
    });
    let (workbooks, unchanged) = (&report["workbooks"], &report["unchanged"]);
    if *workbooks != expected || *unchanged != json!(0) {
        problems.push(format!(
            "{workbooks}, {unchanged} unchanged; expected {expected}"
        ));
    }
    let added = list(&report["added"], problems).len();
    if added != linked {
        problems.push(format!("{added} exposures added for {linked} workbooks"));
    }
}

fn is_unseen(table: &Table) -> bool {
    matches!(table.expected.outcome(), "hidden" | "unresolved")
}

/// Judges the report of patching the patched manifest once more.
pub(crate) fn judge_second_report(first: &Value, again: &Value, problems: &mut Vec<String>) {
    for empty in ["added", "changed", "renamed", "removed", "kept"] {
        if again[empty] != json!([]) {
            problems.push(format!("second patch: `{empty}`: {}", again[empty]));
        }
    }
    let added = list(&first["added"], problems).len();
    if again["unchanged"] != json!(added) {
        let unchanged = &again["unchanged"];
        problems.push(format!("second patch: {unchanged} of {added} unchanged"));
    }
    for same in ["tables", "workbooks", "unlinked", "export"] {
        if first[same] != again[same] {
            problems.push(format!("second patch: `{same}` differs"));
        }
    }
}

/// Judges the patched manifest: its exposures, its maps, and every other byte.
pub(crate) fn judge_manifest(
    export: &Export,
    report: &Value,
    before: &[u8],
    after: &[u8],
    problems: &mut Vec<String>,
) {
    if spans::outside(before, &PATCHED) != spans::outside(after, &PATCHED) {
        problems.push("bytes outside exposures, parent_map and child_map differ".to_owned());
    }
    let [old, new] = [before, after].map(|text| spans::value(text, "exposures"));
    let old_exposures = old.as_object().unwrap();
    let mut owned = BTreeMap::new();
    for (id, exposure) in new.as_object().unwrap() {
        match old_exposures.get(id) {
            Some(old) if old == exposure => {}
            Some(_) => problems.push(format!("{id} was there before and differs")),
            None => {
                owned.insert(id.as_str(), exposure);
            }
        }
    }
    if old_exposures.keys().any(|id| new.get(id).is_none()) {
        problems.push("an exposure of the project is gone".to_owned());
    }
    let pairs = owned
        .values()
        .map(|exposure| {
            let luid = text(&fixtures::marker(exposure).unwrap()["luid"]);
            (luid, texts(&exposure["depends_on"]["nodes"]))
        })
        .collect();
    judge_pairs(export, report, &pairs, problems);
    let added: BTreeSet<&str> = list(&report["added"], problems)
        .iter()
        .map(|entry| text(&entry["unique_id"]))
        .collect();
    if added != owned.keys().copied().collect() {
        problems.push(format!(
            "`added` names other exposures than {:?}",
            owned.keys()
        ));
    }
    judge_rules(export, &owned, problems);
    maps::judge(before, after, &owned, problems);
}

/// Judges that every dependency names the rule that linked it.
fn judge_rules(export: &Export, owned: &BTreeMap<&str, &Value>, problems: &mut Vec<String>) {
    for exposure in owned.values() {
        let marker = fixtures::marker(exposure).unwrap();
        let workbook = export
            .workbooks
            .iter()
            .find(|workbook| marker["luid"] == workbook.luid);
        for (node, table) in workbook.map(links).unwrap_or_default() {
            let link = &marker["depends_on"][node];
            let Expected::Linked { rule, .. } = &table.expected else {
                continue;
            };
            if rule.is_some_and(|rule| link["rule"] != rule) || text(&link["path"]).is_empty() {
                problems.push(format!(
                    "wrong rule: {}\n  {}\n  expected: {rule:?} for {node}\n  written: {link}",
                    table.spelling, table.json
                ));
            }
        }
    }
}
