//! Whatever Tableau sends, nothing of it acts on a terminal, and nothing of it is a command to the
//! machine that runs a workflow, in any format.

use autoexpose::output::{Options, Report, json, markdown, text, unified};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::run::Run;

/// What somebody might call a workbook to play tricks on readers of the report.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("`"),
        Just("``"),
        Just("\n"),
        Just("\n\n"),
        Just("<img src=x>"),
        Just("-->"),
        Just("</details>"),
        Just("[a](javascript:b)"),
        Just("![a](https://c.example/d)"),
        Just("@team"),
        Just("#1"),
        Just("https://c.example"),
        Just("www.c.example"),
        Just("*"),
        Just("|"),
        Just("\\"),
        Just("~~~"),
        Just("    "),
        Just("\u{1b}[2K"),
        Just("\u{9b}2K"),
        Just("\u{202e}"),
        Just("\u{61c}"),
        Just("\u{2028}"),
        Just("::error::"),
        Just(":"),
        Just("##[error]"),
        Just("##vso[task.setvariable variable=PATH]/tmp"),
        Just("##VSO"),
        Just("##"),
        Just("vso["),
        Just("##teamcity["),
        Just("\u{ad}"),
        Just("section_start:1:a[collapsed=true]\r\u{1b}[0Kb"),
        Just("section_end:1:a\r"),
        Just("#"),
        Just("["),
        Just("a"),
        Just("é"),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

/// Workbooks with hostile texts.
pub(crate) fn texts() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(hostile(), 1..4).prop_map(|texts| {
        texts
            .iter()
            .enumerate()
            .map(|(number, text)| workbook(number, text))
            .collect()
    })
}

/// The words of an error that comes beside Tableau's data.
pub(crate) fn complaints() -> impl Strategy<Value = String> {
    hostile()
}

/// A table of the warehouse.
fn table(name: &str) -> Value {
    json!({
        "name": name, "schema": "CORE", "fullName": format!("[CORE].[{name}]"),
        "connectionType": "snowflake", "database": {"name": "ANALYTICS"},
    })
}

/// A manifest with an exposure of an earlier run, a hand-written one and an alias, all with hostile
/// texts.
fn manifest(text: &str) -> String {
    let model = json!({
        "resource_type": "model", "package_name": "bistro", "name": "orders",
        "database": "analytics", "schema": "core", "alias": "orders",
        "relation_name": "analytics.core.orders", "config": {"materialized": "table"},
    });
    let of_odd_alias = json!({
        "resource_type": "model", "package_name": "bistro", "name": "customers",
        "database": "analytics", "schema": "core", "alias": text,
        "relation_name": "analytics.core.odd", "config": {"materialized": "table"},
    });
    let metadata = json!({
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        "dbt_version": "1.11.6", "project_name": "bistro", "adapter_type": "snowflake",
    });
    let ours = json!({
        "name": "ours", "label": text, "tags": [text], "owner": {"name": text, "email": text},
        "meta": {"autoexpose": {"source": "tableau", "luid": "ours", "project": [text]}},
        "depends_on": {"nodes": [text]},
    });
    let by_hand = json!({
        "name": text, "meta": {"luid": BY_HAND}, "depends_on": {"nodes": ["model.bistro.gone"]},
    });
    json!({
        "metadata": metadata, "sources": {},
        "nodes": {"model.bistro.orders": model, "model.bistro.customers": of_odd_alias},
        "exposures": {"exposure.bistro.ours": ours, "exposure.bistro.by_hand": by_hand},
        "parent_map": {}, "child_map": {},
    })
    .to_string()
}

/// The luid of a workbook for which somebody wrote an exposure by hand.
const BY_HAND: &str = "99999999-1111-4111-8111-111111111111";

/// A workbook all of whose texts are the given one, with a table that links and three that do not: one has
/// the name of a model with a hostile alias.
pub(crate) fn workbook(number: usize, text: &str) -> Value {
    workbook_with_luid(&format!("{number:08}-1111-4111-8111-111111111111"), text)
}

fn workbook_with_luid(luid: &str, text: &str) -> Value {
    json!({
        "luid": luid, "name": text,
        "projectName": text, "description": text, "tags": [{"name": text}],
        "vizportalUrlId": text, "owner": {"name": text, "username": text, "email": text},
        "upstreamTables": [table("ORDERS"), table("CUSTOMERS"), table(text), {"name": text, "connectionType": text}],
    })
}

/// The report on these workbooks, and on one more that has a hand-written exposure.
pub(crate) fn report(workbooks: &[Value], complaint: &str) -> Report {
    let mut workbooks = workbooks.to_vec();
    workbooks.push(workbook_with_luid(BY_HAND, complaint));
    let export = json!({
        "data": {"workbooks": workbooks},
        "errors": [{"message": complaint, "extensions": {"code": complaint}}],
    });
    report_on(&manifest(complaint), &export.to_string())
}

/// The report on a workbook whose table was that of a model that has a hostile alias now.
pub(crate) fn report_with_a_lost_link(text: &str) -> Report {
    let (now, state) = (manifest(text), manifest("customers"));
    let export = json!({"data": {"workbooks": [workbook(1, text)]}}).to_string();
    let run = Run {
        state: Some(&state),
        ..Run::new(&now, std::slice::from_ref(&export))
    };
    let report = run.unwrap().report;
    assert_eq!(report.lost.relations.len(), 1, "{text:?}");
    report
}

/// The report on a manifest and an export.
pub(crate) fn report_on(manifest: &str, export: &str) -> Report {
    Run::new(manifest, &[export]).unwrap().report
}

/// Asserts that no line is a command to a pipeline, and that no character acts on a terminal.
///
/// A command is what GitHub's `ActionCommand`, Azure's `Command` and TeamCity read, if they ignore
/// letter case and invisible characters. GitLab's section markers end in control characters.
#[track_caller]
fn assert_tame(page: &str) {
    for line in page.split(['\n', '\r']) {
        let line = line.replace('\u{ad}', "");
        let mut after_hashes = line.split("##").skip(1);
        let is_command = line.trim_start().starts_with("::")
            || after_hashes.any(|text| {
                text.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric())
                    .starts_with('[')
            });
        assert!(!is_command, "{line:?}");
    }
    let active: Vec<&str> = page.matches(acts_on_a_terminal).collect();
    assert!(active.is_empty(), "{active:?} in\n{page}");
}

fn acts_on_a_terminal(letter: char) -> bool {
    (letter.is_control() && letter != '\n') || ['\u{61c}', '\u{202e}', '\u{2028}'].contains(&letter)
}

/// Asserts that the JSON report gives titles as they were sent, though it writes some characters
/// by their numbers, and but for blanks that keep `<` from beginning a tag.
fn assert_titles(json: &str, workbooks: &[Value]) {
    let report: Value = serde_json::from_str(json).unwrap();
    let without_blanks = |title: &str| title.replace("< ", "<");
    let mut titles: Vec<String> = report["added"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|added| added["label"].as_str().map(without_blanks))
        .collect();
    let mut sent: Vec<String> = workbooks
        .iter()
        .map(|workbook| workbook["name"].as_str().unwrap())
        .filter(|name| !name.trim().is_empty())
        .map(without_blanks)
        .collect();
    titles.sort_unstable();
    sent.sort_unstable();
    assert_eq!(titles, sent);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_acts_on_a_terminal_or_runner(workbooks in texts(), complaint in complaints()) {
        for lost in [text::render, markdown::render] {
            let report = report_with_a_lost_link(&complaint);
            assert_tame(&lost(&report, Options::default()));
        }
        let report = report(&workbooks, &complaint);
        let verbose = Options { verbose: true, ..Options::default() };
        assert_tame(&text::render(&report, verbose));
        assert_tame(&unified::render(&report));
        assert_tame(&markdown::render(&report, Options::default()));
        assert_tame(&markdown::render(&report, verbose));
        let json = json::render(&report).unwrap();
        assert_tame(&json);
        assert_titles(&json, &workbooks);
    }
}
