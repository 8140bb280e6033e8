//! Compares what the program told and wrote with what it must tell and write.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::expect::Expected;
use super::export::{Export, Workbook};
use super::maps;
use super::shapes::Shape;
use super::spans;
use super::spellings::Table;

/// The maps that a patch may change.
const PATCHED: [&str; 3] = ["exposures", "parent_map", "child_map"];

/// What a workbook that can be exposed reads, as the exposure must tell: nodes, each with the rule
/// that must have drawn the link.
fn links(workbook: &Workbook) -> BTreeMap<&str, &Table> {
    let linked = workbook
        .tables
        .iter()
        .filter_map(|table| match &table.expected {
            Expected::Linked { node, .. } => Some((node.as_str(), table)),
            _ => None,
        });
    linked.collect()
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

/// The report of a first patch.
pub(crate) fn of_report(export: &Export, shape: Shape, report: &Value, problems: &mut Vec<String>) {
    for empty in ["changed", "renamed", "removed", "kept", "manual"] {
        if report[empty] != json!([]) {
            problems.push(format!("`{empty}` is not empty: {}", report[empty]));
        }
    }
    let added = list(&report["added"], problems);
    let pairs = added
        .iter()
        .map(|entry| (text(&entry["luid"]), texts(&entry["depends_on"])));
    of_pairs(export, report, &pairs.collect(), problems);
    of_counts(export, report, problems);
    for workbook in &export.workbooks {
        of_unlinked(workbook, report, problems);
    }
    let stranger = &export.stranger;
    if !report.to_string().contains(stranger) {
        problems.push(format!(
            "workbook {stranger}, known by reference only, is not reported"
        ));
    }
    let complete = json!(shape != Shape::Raw);
    if report["export"]
        .as_array()
        .is_none_or(|sites| sites.len() != 1)
        || report["export"][0]["complete"] != complete
    {
        let sites = &report["export"];
        problems.push(format!(
            "{shape:?}: `complete` should be {complete}: {sites}"
        ));
    }
}

/// Precision and recall of (workbook, node) pairs.
fn of_pairs(
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
                let told = unlinked(report, luid).filter(|entry| is_about(entry, table));
                let told = told.map(Value::to_string).collect::<Vec<_>>().join("\n  ");
                problems.push(format!(
                    "missing link: {}\n  {}\n  expected: {:?}\n  told: {told}",
                    table.spelling, table.json, table.expected
                ));
            }
        }
        for node in actual.iter().filter(|node| !expected.contains_key(*node)) {
            let read = workbook.tables.iter().filter(|table| !is_linked(table));
            let read = read.map(|table| format!("{} {}", table.spelling, table.json));
            problems.push(format!(
                "false link of workbook {luid} to {node}; it also reads:\n  {}",
                read.collect::<Vec<_>>().join("\n  ")
            ));
        }
    }
    for luid in actual.keys() {
        if !export
            .workbooks
            .iter()
            .any(|workbook| workbook.luid == *luid)
        {
            problems.push(format!("workbook {luid} is exposed"));
        }
    }
}

fn unlinked<'a>(report: &'a Value, luid: &str) -> impl Iterator<Item = &'a Value> {
    let entries = report["unlinked"].as_array().into_iter().flatten();
    entries.filter(move |entry| entry["luid"] == luid)
}

/// Whether an entry of `unlinked` may be about this table.
fn is_about(entry: &Value, table: &Table) -> bool {
    let bare = |text: &str| text.replace(['[', ']', '"', '`'], "");
    let shown = text(&entry["table"]);
    // A sheet has no more than its name.
    [shown, last_part(shown)]
        .map(bare)
        .contains(&bare(&table.name))
        || table.name.is_empty()
}

/// What follows the last dot that is not in brackets.
fn last_part(shown: &str) -> &str {
    let mut rest = shown;
    loop {
        let bracketed = rest
            .strip_prefix('[')
            .and_then(|inner| inner.split_once("]."));
        let Some((_, after)) = bracketed.or_else(|| match rest.starts_with('[') {
            true => None,
            false => rest.split_once('.'),
        }) else {
            return rest;
        };
        rest = after;
    }
}

/// Each table that must not be linked stands in `unlinked` once, with its outcome.
fn of_unlinked(workbook: &Workbook, report: &Value, problems: &mut Vec<String>) {
    let mut entries: Vec<&Value> = unlinked(report, &workbook.luid).collect();
    let mut tables: Vec<&Table> = workbook
        .tables
        .iter()
        .filter(|table| !is_linked(table))
        .collect();
    // Those that fit the fewest entries choose first.
    tables.sort_by_key(|table| (Reverse(table.name.len()), table.nearest.is_none()));
    for table in tables {
        let fits = |entry: &&Value| {
            entry["outcome"] == table.expected.outcome()
                && is_about(entry, table)
                && near(entry, table)
        };
        if let Some(at) = entries.iter().position(fits) {
            entries.swap_remove(at);
            continue;
        }
        let about = entries.iter().filter(|entry| is_about(entry, table));
        let about = about.map(|entry| entry.to_string()).collect::<Vec<_>>();
        problems.push(format!(
            "wrong outcome: {}\n  {}\n  expected: {:?}, nearest {:?}\n  told: {}",
            table.spelling,
            table.json,
            table.expected,
            table.nearest,
            about.join("\n  ")
        ));
    }
    for entry in entries {
        problems.push(format!("`unlinked` has one entry too many: {entry}"));
    }
}

/// Whether an entry names the candidates of an ambiguous table, or the nearest of an unknown one.
fn near(entry: &Value, table: &Table) -> bool {
    let nearest = entry["nearest"].as_array().into_iter().flatten();
    let named: Vec<&str> = nearest.map(|near| text(&near["unique_id"])).collect();
    match &table.expected {
        Expected::Ambiguous(nodes) => nodes.iter().all(|node| named.contains(&node.as_str())),
        _ if named.len() > 3 => false,
        _ => match &table.nearest {
            Some(node) => named.first() == Some(&node.as_str()),
            None => true,
        },
    }
}

/// The counts of the report agree with its lists and with the export.
fn of_counts(export: &Export, report: &Value, problems: &mut Vec<String>) {
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
    let all = || export.workbooks.iter();
    let unseen = |workbook: &&Workbook| {
        let mut tables = workbook.tables.iter();
        tables.any(|table| matches!(table.expected.outcome(), "hidden" | "unresolved"))
    };
    let linked = all().filter(|workbook| !links(workbook).is_empty()).count();
    let workbooks = json!({
        "read": all().count(), "selected": all().count(), "linked": linked,
        "incomplete": all().filter(unseen).count(), "unidentified": 0,
    });
    if report["workbooks"] != workbooks || report["unchanged"] != json!(0) {
        let (told, unchanged) = (&report["workbooks"], &report["unchanged"]);
        problems.push(format!(
            "{told}, {unchanged} unchanged; expected {workbooks}"
        ));
    }
    let added = list(&report["added"], problems).len();
    if added != linked {
        problems.push(format!("{added} exposures added for {linked} workbooks"));
    }
}

/// The report of patching the patched manifest once more.
pub(crate) fn of_second_report(first: &Value, again: &Value, problems: &mut Vec<String>) {
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

/// The patched manifest: its exposures, its maps, and every other byte.
pub(crate) fn of_manifest(
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
    let pairs = owned.values().map(|exposure| {
        let luid = text(&exposure["meta"]["autoexpose"]["luid"]);
        (luid, texts(&exposure["depends_on"]["nodes"]))
    });
    of_pairs(export, report, &pairs.collect(), problems);
    let added = list(&report["added"], problems).iter();
    let added: BTreeSet<&str> = added.map(|entry| text(&entry["unique_id"])).collect();
    if added != owned.keys().copied().collect() {
        problems.push(format!(
            "`added` names other exposures than {:?}",
            owned.keys()
        ));
    }
    of_rules(export, &owned, problems);
    maps::judge(before, after, &owned, problems);
}

/// Each dependency tells the rule that drew it.
fn of_rules(export: &Export, owned: &BTreeMap<&str, &Value>, problems: &mut Vec<String>) {
    for exposure in owned.values() {
        let marker = &exposure["meta"]["autoexpose"];
        let workbook = export
            .workbooks
            .iter()
            .find(|workbook| marker["luid"] == workbook.luid);
        for (node, table) in workbook.map(links).unwrap_or_default() {
            let told = &marker["depends_on"][node];
            let Expected::Linked { rule, .. } = &table.expected else {
                continue;
            };
            if rule.is_some_and(|rule| told["rule"] != rule) || text(&told["path"]).is_empty() {
                problems.push(format!(
                    "wrong rule: {}\n  {}\n  expected: {rule:?} for {node}\n  told: {told}",
                    table.spelling, table.json
                ));
            }
        }
    }
}
