//! One project and two of a mesh, with every kind of reader.

mod given;
mod laws;

use self::given::{Given, ours, shown, workbook};
use super::*;
use crate::link::{Difference, NearMiss, Outcome, UnknownReason};
use crate::model::graph::{Access, Graph, GraphNode};
use crate::model::{Evidence, Role, Site, SiteId, Workbook, WorkbookIx};

#[test]
fn what_lies_above_a_linked_node_is_read() {
    let given = Given::new(
        "b",
        &[
            "source.b.till.raw",
            "model.b.stg < source.b.till.raw",
            "model.b.inner < model.b.stg",
            "model.b.mart < model.b.inner",
            "model.b.idle < model.b.stg",
            "model.b.below < model.b.idle",
            "seed.b.plan",
        ],
    );
    let given = given.linking("model.b.mart");
    let usage = &unread(&[given.known()], &Site::default())[0];
    assert_eq!(usage.read, 3);
    let heights = usage
        .unread
        .iter()
        .map(|one| (given.graph[one.node].unique_id.as_ref(), one.height));
    assert_eq!(
        heights.collect::<Vec<_>>(),
        [
            ("model.b.below", 0),
            ("seed.b.plan", 0),
            ("model.b.idle", 1)
        ]
    );
}

#[test]
fn others_that_read_a_model_are_named() {
    let mut given = Given::new(
        "b",
        &[
            "model.b.up",
            "model.b.shown < model.b.up",
            "exposure.b.week < model.b.shown",
            "model.b.open",
            "model.b.mart",
            "model.b.lookup",
            "test.b.relationships < model.b.mart, model.b.lookup",
            "model.b.alone",
            "test.b.not_null < model.b.alone",
        ],
    );
    let nodes = given.graph.iter().map(|(_, node)| GraphNode {
        access: (node.unique_id == "model.b.open").then_some(Access::Public),
        ..node.clone()
    });
    given.graph = Graph::new(nodes.collect(), Vec::new(), Vec::new());
    let given = given.linking("model.b.mart");
    assert_eq!(
        given.unread(),
        [
            "model.b.alone nothing",
            "model.b.lookup others test.b.relationships",
            "model.b.open others anybody",
            "model.b.shown others exposure.b.week",
            "model.b.up others through exposure.b.week",
        ]
    );
}

#[test]
fn our_exposure_counts_where_the_export_does_not_list_its_workbook() {
    let mut given = Given::new("b", &["model.b.mart", "exposure.b.week < model.b.mart"]);
    given.project.exposures = vec![ours("A1", "model.b.mart")];
    assert_eq!(given.unread(), ["model.b.mart others exposure.b.week"]);
    let site = Site {
        workbooks: vec![workbook("a1")],
        ..Site::default()
    };
    let given = given.with_workbook(Vec::new());
    let usage = unread(&[given.known()], &site);
    assert_eq!(shown(&usage[0], &[&given]), ["model.b.mart nothing"]);
}

#[test]
fn a_table_that_is_not_linked_may_be_the_model() {
    let given = Given::new(
        "b",
        &[
            "model.b.up",
            "model.b.mart < model.b.up",
            "model.b.other",
            "model.b.idle",
        ],
    );
    let near = NearMiss {
        node: given.ix("model.b.mart"),
        role: Role::Own,
        difference: Difference::Schema,
    };
    let unknown = Outcome::Unknown {
        reason: UnknownReason::NoRelation,
        nearest: vec![near],
    };
    let ambiguous = Outcome::Ambiguous {
        candidates: vec![given.ix("model.b.other"), given.ix("model.b.mart")],
        is_all: true,
        elsewhere: Vec::new(),
    };
    let given = given.with_workbook(vec![unknown.clone(), unknown, ambiguous]);
    assert_eq!(
        given.unread(),
        [
            "model.b.idle nothing",
            "model.b.mart perhaps",
            "model.b.other perhaps",
            "model.b.up perhaps",
        ]
    );
    let known = given.known();
    let doubts = unread(&[known], &Site::default())[0].unread[1].doubts;
    let expected = Doubts {
        ambiguous: 1,
        near: 1,
        is_unclaimed: false,
    };
    assert_eq!(doubts, Some(expected));
}

#[test]
fn another_project_reads_by_reference_and_as_a_source() {
    let makes = Given::new(
        "a",
        &[
            "model.a.up",
            "model.a.core < model.a.up",
            "model.a.raw",
            "model.a.idle",
            "model.a.kept",
        ],
    );
    let reads = Given::new(
        "b",
        &[
            "model.a.core",
            "source.b.a.raw",
            "source.b.a.kept",
            "model.b.mart < model.a.core",
            "model.b.also < source.b.a.raw",
            "model.b.unread < source.b.a.kept",
        ],
    );
    let makes = makes.with_workbook(Vec::new()).with_workbook(Vec::new());
    let reads = reads.linking("model.b.mart").linking("model.b.also");
    let usage = unread(&[makes.known(), reads.known()], &Site::default());
    assert_eq!(
        shown(&usage[0], &[&makes, &reads]),
        ["model.a.idle nothing", "model.a.kept others model.b.unread"]
    );
    let ids = usage[1]
        .unread
        .iter()
        .map(|one| reads.graph[one.node].unique_id.as_ref());
    assert_eq!(ids.collect::<Vec<_>>(), ["model.b.unread"]);
}

#[test]
fn sources_and_staging_models_are_seen_when_read_directly() {
    let given = Given::new(
        "b",
        &["source.b.till.raw", "model.b.stg_raw", "model.b.mart"],
    );
    let given = given
        .linking("source.b.till.raw")
        .linking("model.b.stg_raw")
        .linking("model.b.mart");
    let kinds = direct_reads(&[given.known()])
        .into_iter()
        .map(|read| (read.workbook.0, read.kind));
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [(0, DirectKind::Source), (1, DirectKind::Staging)]
    );
}

#[test]
fn a_workbook_is_stale_by_the_time_of_the_export() {
    let day = |number: i64| Some(number * 24 * 60 * 60);
    let times = [
        (day(10), None),
        (day(10), day(99)),
        (day(69), day(20)),
        (day(70), None),
        (None, day(5)),
        (None, None),
    ];
    let workbooks = times.map(|(updated_at, refreshed_at)| Workbook {
        updated_at,
        refreshed_at,
        ..workbook("a1")
    });
    let evidence = |captured_at| Evidence {
        site: SiteId::default(),
        gaps: Vec::new(),
        users: Vec::new(),
        captured_at,
    };
    let mut site = Site {
        workbooks: workbooks.into(),
        evidence: vec![evidence(day(99))],
        ..Site::default()
    };
    let found = stale(&site, 30);
    let ages = found.stale.iter().map(|one| (one.workbook, one.days));
    let expected = [(0, 89), (2, 30), (4, 94)];
    let expected = expected.map(|(at, days)| (WorkbookIx(at), days));
    assert_eq!(ages.collect::<Vec<_>>(), expected);
    assert_eq!(found.unknown, 1);
    site.evidence = vec![evidence(None)];
    assert_eq!(
        (stale(&site, 30).stale, stale(&site, 30).unknown),
        (Vec::new(), 6)
    );
}
