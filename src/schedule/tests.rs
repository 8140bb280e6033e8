//! What is due after runs of dbt: a case for each reason, and what is remembered.

use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use crate::model::SiteId;
use crate::model::artifacts::{ArtifactFile, Invocation, NodeRun, NodeStatus, RunResults};
use crate::model::graph::{Graph, GraphNode, ResourceType};
use crate::model::refresh::{RefreshState, TargetId, TargetKind};
use crate::settings::{OnlyIf, RefreshSettings};

/// The minute of a day on which dbt and this program run.
fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minute * 60).expect("a time")
}

fn node(unique_id: &'static str, depends_on: &[&'static str]) -> GraphNode<'static> {
    GraphNode {
        unique_id: unique_id.into(),
        resource_type: ResourceType::from_unique_id(unique_id),
        depends_on: depends_on.iter().map(|id| (*id).into()).collect(),
        ..GraphNode::default()
    }
}

fn graph() -> Graph<'static> {
    let nodes = vec![
        node("model.b.orders", &["source.b.till.bills"]),
        node("model.b.guests", &[]),
        node("source.b.till.bills", &[]),
        node("test.b.unique_orders", &["model.b.orders"]),
        node(
            "test.b.orders_of_guests",
            &["model.b.orders", "model.b.guests"],
        ),
    ];
    Graph::new(nodes, Vec::new(), Vec::new())
}

/// The results of a run of dbt that ended in this minute.
fn run(id: &str, minute: i64, results: &[(&str, &str)]) -> ArtifactFile<NodeRun> {
    let invocation = Arc::new(Invocation {
        file: format!("{id}.json"),
        id: Some(id.to_owned()),
        command: Some("build".to_owned()),
        generated_at: Some(at(minute)),
        ..Invocation::default()
    });
    let results = results.iter().map(|(id, status)| {
        let run = NodeRun {
            status: NodeStatus::from_word(status),
            message: None,
            failures: None,
            started_at: None,
            completed_at: Some(at(minute)),
            relation_name: None,
            invocation: Arc::clone(&invocation),
        };
        ((*id).to_owned(), run)
    });
    ArtifactFile {
        results: results.collect(),
        invocation,
    }
}

fn sales() -> Target {
    Target {
        kind: TargetKind::Workbook,
        id: Some(TargetId::new(TargetKind::Workbook, "A1")),
        site: SiteId::default(),
        name: "Sales".to_owned(),
        project: None,
        extracts: vec!["orders".to_owned()],
        content: Content::Extract,
        nodes: ["model.b.orders", "model.b.guests"]
            .map(str::to_owned)
            .into(),
        is_by_workbook: false,
        is_complete: true,
        refreshed_at: None,
        not_selected: None,
    }
}

/// One workbook that reads two models, and runs one after another.
struct Given {
    target: Target,
    settings: RefreshSettings,
    state: RefreshState,
    now: i64,
}

impl Given {
    fn new() -> Self {
        Self {
            target: sales(),
            settings: RefreshSettings::default(),
            state: RefreshState::default(),
            now: 5000,
        }
    }

    /// A run of this program after these results.
    fn after(&mut self, files: Vec<ArtifactFile<NodeRun>>) -> Schedule {
        let unseen = unseen(files, &self.state);
        let runs = RunResults::merge(unseen.files);
        let targets = vec![self.target.clone()];
        self.state = remember(&self.state, &targets, &runs, &[graph()]);
        let rules = Rules {
            settings: &self.settings,
            now: at(self.now),
        };
        decide(targets, &self.state, &rules)
    }

    /// The name of the reason after these results of one run.
    fn reason(&mut self, results: &[(&str, &str)]) -> Option<&'static str> {
        let id = format!("run-{}", self.now);
        self.now += 1;
        let now = self.now;
        reason(&self.after(vec![run(&id, now, results)]))
    }

    fn refreshed(&mut self) {
        let id = self.target.id.clone().expect("an id");
        let state = self.state.targets.get_mut(&id).expect("it is remembered");
        state.ask(at(self.now));
        state.take(at(self.now), None);
    }
}

fn reason(schedule: &Schedule) -> Option<&'static str> {
    let held = schedule.held.first();
    held.map(|held| held.reason.key())
}

const BOTH: [(&str, &str); 2] = [("model.b.orders", "success"), ("model.b.guests", "success")];

#[test]
fn what_was_built_is_due_once() {
    let mut given = Given::new();
    assert_eq!(given.reason(&BOTH), None);
    given.refreshed();
    given.settings.build_after = 0;
    assert_eq!(given.reason(&[]), Some("nothing-built"));
    assert_eq!(given.reason(&[("model.b.guests", "success")]), None);
}

#[test]
fn one_node_is_enough_unless_all_are_asked_for() {
    let mut given = Given::new();
    given.target.nodes.insert("source.b.till.bills".to_owned());
    assert_eq!(given.reason(&[("model.b.orders", "success")]), None);
    given.settings.only_if = OnlyIf::All;
    assert_eq!(given.reason(&[]), Some("not-all-built"));
    assert_eq!(
        given.reason(&[("model.b.guests", "success")]),
        None,
        "a source is not built"
    );
}

#[test]
fn each_status_of_each_dbt_counts_as_what_it_says() {
    for (status, expected) in [
        ("success", None),
        ("partial success", None),
        ("warn", None),
        ("reused", Some("nothing-built")),
        ("no-op", Some("nothing-built")),
        ("skipped", Some("upstream-skipped")),
        ("error", Some("upstream-failed")),
        ("runtime error", Some("upstream-failed")),
        ("in the clouds", Some("nothing-built")),
    ] {
        let reason = Given::new().reason(&[("model.b.orders", status)]);
        assert_eq!(reason, expected, "{status}");
    }
}

#[test]
fn what_failed_blocks_until_it_is_built() {
    let mut given = Given::new();
    let failed = [("model.b.orders", "success"), ("model.b.guests", "error")];
    assert_eq!(given.reason(&failed), Some("upstream-failed"));
    // `dbt retry` and runs of other nodes write results of their own nodes alone.
    assert_eq!(
        given.reason(&[("model.b.bills", "success")]),
        Some("upstream-failed")
    );
    assert_eq!(given.reason(&[("model.b.guests", "success")]), None);
    let built = given.after(Vec::new()).due.remove(0).built;
    assert_eq!(built.len(), 2, "what the first run built is remembered");
}

#[test]
fn tests_of_severity_error_block_unless_they_are_ignored() {
    for test in ["test.b.unique_orders", "test.b.orders_of_guests"] {
        let mut given = Given::new();
        let results = [BOTH[0], BOTH[1], (test, "fail")];
        assert_eq!(given.reason(&results), Some("test-failed"), "{test}");
        given.settings.ignore_tests = true;
        assert_eq!(given.reason(&[]), None);
        given.settings.ignore_tests = false;
        assert_eq!(given.reason(&[]), Some("test-failed"));
        assert_eq!(given.reason(&[(test, "pass")]), None);
    }
    for (status, expected) in [
        ("warn", None),
        ("skipped", None),
        ("error", Some("test-failed")),
    ] {
        let results = [BOTH[0], BOTH[1], ("test.b.unique_orders", status)];
        assert_eq!(Given::new().reason(&results), expected, "{status}");
    }
}

#[test]
fn a_test_that_was_removed_does_not_block_for_ever() {
    let mut given = Given::new();
    let results = [BOTH[0], ("test.b.unique_orders", "fail")];
    assert_eq!(given.reason(&results), Some("test-failed"));
    let targets = [given.target.clone()];
    let none = RunResults::default();
    let bare = Graph::new(vec![node("model.b.orders", &[])], Vec::new(), Vec::new());
    let state = remember(&given.state, &targets, &none, &[bare]);
    let rules = Rules {
        settings: &given.settings,
        now: at(9000),
    };
    assert_eq!(reason(&decide(targets.into(), &state, &rules)), None);
}

#[test]
fn builds_without_rows_are_not_refreshed() {
    let mut given = Given::new();
    let mut empty = run("e", 1, &BOTH);
    let invocation = Arc::new(Invocation {
        is_empty: true,
        ..Invocation::clone(&empty.invocation)
    });
    for (_, run) in &mut empty.results {
        run.invocation = Arc::clone(&invocation);
    }
    empty.invocation = invocation;
    assert_eq!(reason(&given.after(vec![empty])), Some("without-rows"));
    assert_eq!(given.reason(&BOTH), None);
}

#[test]
fn a_run_counts_once() {
    let mut given = Given::new();
    given.settings.build_after = 0;
    let build = || run("one", 10, &BOTH);
    assert_eq!(given.after(vec![build()]).due.len(), 1);
    given.refreshed();
    assert_eq!(reason(&given.after(vec![build()])), Some("nothing-built"));
    let later = unseen(vec![build(), run("two", 11, &BOTH)], &given.state);
    assert_eq!(
        (later.files.len(), later.seen),
        (1, vec!["one.json".to_owned()])
    );
}

#[test]
fn an_interval_is_kept_and_what_was_built_in_it_is_not_forgotten() {
    let mut given = Given::new();
    assert_eq!(given.reason(&BOTH), None);
    given.refreshed();
    given.now += 30;
    assert_eq!(given.reason(&BOTH), Some("too-early"));
    given.now += 1440;
    assert_eq!(given.reason(&[]), None, "built inside the interval");
    // What Tableau tells counts as well.
    let mut given = Given::new();
    given.target.refreshed_at = Some(at(4990));
    assert_eq!(given.reason(&BOTH), Some("too-early"));
    given.settings.build_after = 0;
    assert_eq!(given.reason(&[]), None);
    given.target.refreshed_at = Some(at(9_999_999));
    given.settings.build_after = 1;
    assert_eq!(
        given.reason(&[]),
        Some("too-early"),
        "a clock that is ahead"
    );
}

#[test]
fn what_tableau_refreshed_long_after_a_build_has_that_build() {
    let mut given = Given::new();
    given.settings.build_after = 0;
    given.now = 9000;
    given.target.refreshed_at = Some(at(5119));
    let build = || vec![run("one", 5000, &BOTH)];
    assert_eq!(
        reason(&given.after(build())),
        None,
        "the refresh may have begun before the build"
    );
    given.target.refreshed_at = Some(at(5120));
    assert_eq!(reason(&given.after(build())), Some("nothing-built"));
    given.settings.only_if = OnlyIf::All;
    let guests = vec![run("two", 5200, &[BOTH[1]])];
    assert_eq!(reason(&given.after(guests)), Some("not-all-built"));
}

#[test]
fn what_is_not_an_extract_of_dbt_is_never_due() {
    let check = |change: fn(&mut Target), expected| {
        let mut given = Given::new();
        change(&mut given.target);
        assert_eq!(given.reason(&BOTH), Some(expected));
    };
    check(|target| target.content = Content::Live, "live");
    check(|target| target.content = Content::ByFlow, "by-flow");
    check(
        |target| target.content = Content::Unknown,
        "extract-unknown",
    );
    check(|target| target.id = None, "without-luid");
    check(|target| target.nodes.clear(), "not-linked");
    check(
        |target| target.not_selected = Some("it is in a personal space".to_owned()),
        "not-selected",
    );
}

#[test]
fn what_may_be_on_its_way_is_not_asked_for_again() {
    let mut given = Given::new();
    assert_eq!(given.reason(&BOTH), None);
    let id = given.target.id.clone().expect("an id");
    let state = given.state.targets.get_mut(&id).expect("it is remembered");
    state.ask(at(given.now));
    assert_eq!(given.reason(&[]), Some("unsettled"));
    given.now += 120;
    assert_eq!(given.reason(&[]), None);
}

#[test]
fn those_that_were_refreshed_longest_ago_go_first() {
    let named = |name: &str, refreshed_at| Target {
        id: Some(TargetId::new(TargetKind::Workbook, name)),
        name: name.to_owned(),
        refreshed_at,
        ..sales()
    };
    let targets = vec![
        named("new", Some(at(100))),
        named("never", None),
        named("old", Some(at(1))),
    ];
    let runs = RunResults::merge(vec![run("r", 5000, &BOTH)]);
    let state = remember(&RefreshState::default(), &targets, &runs, &[graph()]);
    let settings = RefreshSettings {
        max: Some(2),
        ..RefreshSettings::default()
    };
    let rules = Rules {
        settings: &settings,
        now: at(5001),
    };
    let schedule = decide(targets, &state, &rules);
    let due = schedule.due.iter().map(|due| due.target.name.as_str());
    assert_eq!(due.collect::<Vec<_>>(), ["never", "old"]);
    assert_eq!(reason(&schedule), Some("over-max"));
}

/// Every reason has a case above.
#[test]
fn every_reason_has_a_case() {
    let cases = include_str!("tests.rs");
    for key in Reason::KEYS {
        assert!(cases.contains(&format!("\"{key}\"")), "{key}");
    }
}
