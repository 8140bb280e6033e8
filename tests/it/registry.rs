//! Nothing that the program can say goes without a case: every rule, outcome, path, reason, shape
//! and message must stand in the snapshot of some case.

mod failures;

use std::fs;

use autoexpose::edit::yaml::Obstacle;
use autoexpose::input::config::{self, InvalidReason};
use autoexpose::input::json::NotJson;
use autoexpose::input::remembered::Unusable;
use autoexpose::input::tableau::{NotAnExport, NotRead};
use autoexpose::link::alike::{Alike, Part, Place, Side};
use autoexpose::link::lost::{Ended, Fate, Kinship};
use autoexpose::link::{Difference, NotLinked, OtherNode, OutcomeKind, Rule, UnknownReason};
use autoexpose::model::server::InvalidServer;
use autoexpose::model::{
    Code, NameProblem, NodeKind, StepKind, UnreadableSql, UnresolvedReason, Verb, WorkbookGap,
    WorkbookListGap,
};
use autoexpose::plan::reason::Otherwise;
use autoexpose::plan::unused::UnusedReason;
use autoexpose::plan::{KeepReason, RemovalReason};
use autoexpose::schedule::Reason;
use autoexpose::settings::gate::Needs;
use autoexpose::settings::{Gate, NotSelected, Rejection};
use autoexpose::setup;
use autoexpose::verdict::{Why, WithoutLinks};

use self::failures::FAILURES;
use super::case;
use super::fixtures;

/// The forms in which an export may come; every one has a case of this name.
const SHAPES: &[&str] = &[
    "array-of-answers",
    "dbt-docs-query",
    "envelope",
    "folder",
    "gzip",
    "list-of-published-data-sources",
    "list-of-workbooks",
    "ndjson",
    "page-without-its-name",
    "pages-in-several-files",
    "pages-of-the-python-client",
    "pages-inside-a-workbook",
    "pattern",
    "several-arguments",
    "standard-input",
    "utf-16",
];

/// The areas of `fixtures/cases`; each has its list of cases in `cases_<area>.rs`.
const AREAS: &[&str] = &[
    "audience/",
    "capture/",
    "check/",
    "config/",
    "docs-index/",
    "evidence/",
    "doctor/",
    "explain/",
    "exposures/",
    "impact/",
    "init/",
    "lost/",
    "matching/",
    "mesh/",
    "patching/",
    "refresh/",
    "report/",
    "sql/",
    "state/",
    "static-docs/",
    "syncing/",
    "tableau/",
    "yaml/",
];

/// The lines of all snapshots.
fn snapshot_lines() -> Vec<String> {
    let cases = fixtures::root().join("cases");
    let mut lines = Vec::new();
    for name in case::names("") {
        let text = fs::read_to_string(cases.join(name).join("expected.snap")).unwrap();
        // The head of a snapshot repeats the sentence of the case, which proves nothing.
        let body = text.splitn(3, "---\n").nth(2).unwrap();
        lines.extend(body.lines().map(str::to_owned));
    }
    lines
}

/// Fails for everything that no line of a snapshot shows.
fn assert_shown(what: &[impl AsRef<str>], shows: impl Fn(&str, &str) -> bool) {
    let lines = snapshot_lines();
    let missing: Vec<&str> = what
        .iter()
        .map(AsRef::as_ref)
        .filter(|thing| !lines.iter().any(|line| shows(line, thing)))
        .collect();
    assert!(missing.is_empty(), "without a case: {missing:?}");
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
    assert_shown(Rule::TEXTS, |line, rule| {
        rule_and_path(line).is_some_and(|(shown, _)| shown == rule)
    });
}

#[test]
fn every_outcome_has_a_case() {
    assert_shown(OutcomeKind::TEXTS, |line, outcome| {
        let is_in_json = line.trim_start().starts_with(&format!("\"{outcome}\": "));
        if is_in_json && !line.ends_with(": 0,") {
            return true;
        }
        let mut words = line.split_whitespace();
        let count = words.next().and_then(|word| word.parse::<usize>().ok());
        count.is_some_and(|count| count > 0) && words.next() == Some(outcome)
    });
}

#[test]
fn every_step_of_a_path_has_a_case() {
    assert_shown(StepKind::TEXTS, |line, kind| {
        rule_and_path(line)
            .is_some_and(|(_, path)| path.split(" > ").any(|step| step.starts_with(kind)))
    });
}

#[test]
fn every_kind_of_node_has_a_case() {
    let kinds = ["model.", "seed.", "snapshot.", "source."];
    assert_shown(&kinds, |line, kind| {
        rule_and_path(line).is_some() && line.trim_start().starts_with(&format!("+ {kind}"))
    });
}

/// What takes thousands of tables to show. Unit tests show it with a smaller limit.
const TOO_LARGE_FOR_A_CASE: [Code; 1] = [Code::NearestCut];

#[test]
fn every_diagnostic_has_a_case() {
    let codes = Code::ALL.iter();
    let codes = codes.filter(|code| !TOO_LARGE_FOR_A_CASE.contains(code));
    let codes: Vec<&str> = codes.map(|code| code.as_str()).collect();
    assert_shown(&codes, |line, code| line.contains(&format!("[{code}]")));
}

#[test]
fn every_gate_has_cases_that_hold_fail_and_cannot_be_decided() {
    let gates = |is_wanted: fn(Gate) -> bool| {
        let gates = Gate::ALL.iter().filter(move |gate| is_wanted(**gate));
        gates.map(|gate| gate.as_str()).collect::<Vec<_>>()
    };
    assert_shown(&gates(|_| true), |line, gate| {
        line.starts_with(&format!("{gate} failed: "))
    });
    assert_shown(&gates(|_| true), |line, gate| {
        let figures = line
            .strip_prefix("  ")
            .and_then(|line| line.strip_prefix(gate));
        figures.is_some_and(|figures| figures.starts_with("  "))
    });
    let needs_more = |gate: Gate| !matches!(gate.needs(), Needs::Nothing | Needs::Graph);
    assert_shown(&gates(needs_more), |line, gate| {
        line.starts_with(&format!("{gate} could not be decided: "))
    });
}

#[test]
fn every_failure_has_a_case() {
    assert_shown(FAILURES, |line, words| {
        line.starts_with("stderr: ") && line.contains(words)
    });
    let invalid = fixed_parts([
        InvalidReason::TEXTS,
        InvalidServer::TEXTS,
        NotAnExport::TEXTS,
        NotJson::TEXTS,
        Obstacle::TEXTS,
        setup::Obstacle::TEXTS,
    ]);
    assert_shown(&invalid, |line, words| {
        line.starts_with("stderr: ") && line.contains(words)
    });
}

#[test]
fn every_reason_and_difference_has_a_case() {
    let reasons = fixed_parts([
        NotRead::TEXTS,
        RemovalReason::TEXTS,
        Fate::TEXTS,
        Kinship::TEXTS,
        KeepReason::TEXTS,
        Otherwise::TEXTS,
        NotSelected::TEXTS,
        Rejection::TEXTS,
        UnusedReason::TEXTS,
        Unusable::TEXTS,
    ]);
    assert_shown(&reasons, |line, words| line.contains(words));
    let differences = fixed_parts([Difference::TEXTS]);
    assert_shown(&differences, |line, words| line.contains(words));
    let alike = looks_alike().map(|difference| difference.to_string());
    assert_shown(&alike, |line, words| line.contains(words));
}

/// Differences that nobody sees, of each kind, and names that differ in one or two letters.
fn looks_alike() -> [Difference; 7] {
    let unseen = |side, letter, place| Alike::Unseen {
        side,
        letter,
        place,
    };
    [
        Difference::Alike(Part::Schema, Alike::UnicodeForm),
        Difference::Alike(Part::Name, Alike::UnicodeForm),
        Difference::Alike(Part::Name, unseen(Side::Tableau, '\u{a0}', Place::End)),
        Difference::Alike(Part::Name, unseen(Side::Dbt, '\u{200b}', Place::Middle)),
        Difference::Alike(Part::Database, unseen(Side::Dbt, '\u{200b}', Place::End)),
        Difference::Name(1),
        Difference::Name(2),
    ]
}

#[test]
fn every_end_of_a_link_has_a_case() {
    let other = "model.shop.sales_orders".to_owned();
    let verbs = Verb::ALL.iter().map(|verb| Ended::Lost(*verb));
    let moved = OtherNode {
        project: "till".into(),
        unique_id: "model.till.orders".to_owned(),
        kind: NodeKind::Model,
        relation: "analytics.core.orders".to_owned(),
    };
    let moved = Ended::Moved(moved.into());
    let others = [
        Ended::Unlinked,
        Ended::FoundAs(other),
        Ended::NotKnown,
        moved,
    ];
    let all: Vec<String> = verbs
        .chain(others)
        .map(|ended| ended.aside(str::to_owned))
        .collect();
    assert_shown(&all, |line, words| {
        line.trim_start().starts_with("- ") && line.contains(words)
    });
}

#[test]
fn every_reason_why_an_extract_is_not_due_has_a_case() {
    let has_words = |text: &&str| *text != "{}";
    let texts = Reason::TEXTS.iter().copied().filter(has_words);
    let reasons = [Reason::NothingBuilt(1), Reason::NothingBuilt(2)];
    let counted = reasons.map(|reason| reason.to_string());
    let missing = Reason::NotAllBuilt(1, "model.".to_owned()).to_string();
    let all = texts.map(|text| fixed(text).to_owned());
    let all = all.chain(counted).chain([missing.replace("model.", "")]);
    assert_shown(&all.collect::<Vec<_>>(), |line, words| line.contains(words));
}

#[test]
fn every_reason_for_what_is_not_known_has_a_case() {
    let texts = [
        NotLinked::TEXTS,
        UnknownReason::TEXTS,
        UnresolvedReason::TEXTS,
        UnreadableSql::TEXTS,
        NameProblem::TEXTS,
        WorkbookGap::TEXTS,
        WorkbookListGap::TEXTS,
        Why::TEXTS,
        WithoutLinks::TEXTS,
    ];
    assert_shown(&fixed_parts(texts), |line, words| line.contains(words));
}

/// The longest fixed part of each of some texts.
fn fixed_parts<const N: usize>(texts: [&[&'static str]; N]) -> Vec<&'static str> {
    texts
        .into_iter()
        .flatten()
        .map(|text| fixed(text))
        .collect()
}

/// The longest part of a text that is the same whatever the facts in its `{…}` are.
pub(crate) fn fixed(text: &'static str) -> &'static str {
    let parts = text.split(['{', '}']).step_by(2);
    parts.max_by_key(|part| part.len()).unwrap_or_default()
}

#[test]
fn every_setting_is_shown() {
    let config = config::read("autoexpose.yml", "").unwrap();
    let keys: Vec<&str> = config.listing.iter().map(|row| row.key.as_str()).collect();
    assert_shown(&keys, |line, key| {
        line.starts_with(key) && line.ends_with(" autoexpose.yml")
    });
}

#[test]
fn the_example_of_the_documentation_has_every_setting() {
    let path = fixtures::root().join("../docs/configuration.md");
    let page = fs::read_to_string(path).unwrap();
    let behind = page.split_once("```yaml\n").unwrap().1;
    let example = behind.split_once("```").unwrap().0;
    let config = config::read("configuration.md", example).unwrap();
    let missing: Vec<&str> = config
        .listing
        .iter()
        .filter(|row| !row.is_written)
        .map(|row| row.key.as_str())
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn every_shape_of_an_export_has_a_case() {
    let cases = case::names("tableau/shape");
    for shape in SHAPES {
        let name = format!("tableau/shape/{shape}");
        assert!(cases.contains(&name), "{name} is missing");
    }
}

#[test]
fn every_case_is_in_an_area_that_is_listed() {
    let strays: Vec<String> = case::names("")
        .into_iter()
        .filter(|name| !AREAS.iter().any(|area| name.starts_with(area)))
        .collect();
    assert!(strays.is_empty(), "in no listed area: {strays:?}");
}
