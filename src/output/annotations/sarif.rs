//! SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), as far as code scanning of GitHub
//! and its like use it.
//!
//! The structs have the few keys that are written. GitHub takes 25 000 results of a run, and needs a
//! location for each.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Annotations, Check, Level, Outcome, Shown, TOOL, inert};
use crate::output::{as_sentence, counted, json};

/// How many results GitHub takes.
const MOST_RESULTS: usize = 25_000;
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What stays as it is in the path of a URI reference (RFC 3986, `pchar` and `/`).
const IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Value,
    locations: [Value; 1],
    partial_fingerprints: Value,
}

/// Renders the log, with a line feed at its end.
///
/// # Errors
/// None in practice: strings and numbers always serialise.
pub fn render(all: &Annotations) -> serde_json::Result<String> {
    let rules = rules(&all.checks);
    let shown = all.shown();
    let results = shown.iter().take(MOST_RESULTS);
    let results = results.map(|one| result(all, &rules, one));
    let results = results.collect::<Vec<_>>();
    json::document(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": TOOL,
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|check| rule(check)).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": format!("{TOOL}/{}/", all.verb)},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": all.checks.iter().all(|check| !is_undecided(check)),
                "toolExecutionNotifications": notifications(all, shown.len()),
            }],
            "results": results,
        }],
    }))
}

/// The checks that stand for their rules: the first of each.
fn rules(checks: &[Check]) -> Vec<&Check> {
    let mut rules = Vec::<&Check>::new();
    for check in checks {
        if rules.iter().all(|rule| rule.rule != check.rule) {
            rules.push(check);
        }
    }
    rules
}

fn rule(check: &Check) -> Value {
    let meaning = as_sentence(&format!("fails if {}", check.meaning));
    let help = check
        .help
        .as_deref()
        .map_or_else(|| meaning.clone(), as_sentence);
    json!({
        "id": check.rule,
        "shortDescription": {"text": meaning},
        "help": {"text": help},
        "defaultConfiguration": {"level": level(check.level)},
    })
}

fn result(all: &Annotations, rules: &[&Check], shown: &Shown) -> SarifResult {
    let rule = shown.check.rule;
    let uri = shown.file.unwrap_or(&all.default_file);
    let uri = utf8_percent_encode(uri, IN_PATHS).to_string();
    SarifResult {
        rule_id: rule,
        rule_index: rules
            .iter()
            .position(|check| check.rule == rule)
            .unwrap_or_default(),
        level: level(shown.level),
        message: json!({"text": without_links(shown.text())}),
        locations: [json!({"physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": shown.line.unwrap_or(1)},
        }})],
        partial_fingerprints: json!({"autoexpose/v1": shown.fingerprint}),
    }
}

/// What the results do not tell: what makes them weaker, and what has no room.
fn notifications(all: &Annotations, found: usize) -> Vec<Value> {
    let notification =
        |level, text: String| json!({"level": level, "message": {"text": without_links(text)}});
    let notes = all.notes.iter();
    let mut notifications = notes
        .map(|note| notification("note", format!("{}.", inert(note))))
        .collect::<Vec<_>>();
    if found > MOST_RESULTS {
        let more = counted(found - MOST_RESULTS, "more result");
        notifications.push(notification("warning", format!("There are {more}.")));
    }
    notifications
}

/// The text without what SARIF would show as a link (its section 3.11.6): hostile titles may have them.
fn without_links(text: String) -> String {
    if text.contains("](") {
        text.replace('[', "\\[").replace(']', "\\]")
    } else {
        text
    }
}

fn is_undecided(check: &Check) -> bool {
    matches!(check.outcome, Outcome::Undecided)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{annotation, annotations, check};
    use super::*;

    fn run(checks: Vec<Check>) -> Value {
        let text = render(&annotations(checks)).expect("a log");
        let log = serde_json::from_str::<Value>(&text).expect("JSON");
        log["runs"][0].clone()
    }

    #[test]
    fn each_result_has_its_rule_and_a_place() {
        let failed =
            |file, print| Outcome::Failed(vec![annotation("a {0} [b](http://c)", file, print)]);
        let run = run(vec![
            check("stale", Level::Error, Outcome::Undecided),
            check("unknown", Level::Warning, failed(None, "x")),
            check(
                "unknown",
                Level::Warning,
                failed(Some("models/ä b.sql"), "y"),
            ),
        ]);
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        assert_eq!(rules.len(), 2);
        let results = run["results"].as_array().expect("results");
        for result in results {
            let index = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(result["ruleId"], rules[index]["id"]);
        }
        let uri =
            |at: usize| &results[at]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(
            (uri(1), uri(2)),
            (&json!("dbt_project.yml"), &json!("models/%C3%A4%20b.sql"))
        );
        let text = results[1]["message"]["text"].as_str().expect("a text");
        assert!(text.starts_with("a {0} \\[b\\](http://c)."), "{text}");
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    }

    #[test]
    fn results_without_room_are_counted() {
        let one = |at: usize| annotation("a", None, &at.to_string());
        let many = Outcome::Failed((0..MOST_RESULTS + 2).map(one).collect());
        let run = run(vec![check("unknown", Level::Warning, many)]);
        assert_eq!(run["results"].as_array().map(Vec::len), Some(MOST_RESULTS));
        let last = &run["invocations"][0]["toolExecutionNotifications"][1];
        assert_eq!(last["message"]["text"], "There are 2 more results.");
    }
}
