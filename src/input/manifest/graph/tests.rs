//! Facts in the forms of all versions, and shapes that dbt never writes.

use super::super::{Source, read};
use super::*;
use crate::model::graph::{Access, GraphNode, TestSeverity};

/// Reads the graph of a manifest with these members.
fn with_graph(members: &str, check: impl FnOnce(&Graph)) {
    let text = format!(
        r#"{{"metadata": {{"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        "project_name": "b"}}, "exposures": {{}}, {members}}}"#
    );
    let source = Source::new("manifest.json", text.as_bytes());
    let (manifest, _) = read(&source).unwrap_or_else(|failure| panic!("{failure}"));
    check(&graph(&manifest.document));
}

fn get<'g, 'a>(graph: &'g Graph<'a>, id: &str) -> &'g GraphNode<'a> {
    &graph[graph.find(id).unwrap_or_else(|| panic!("{id} is missing"))]
}

fn tested<'g>(graph: &'g Graph, id: &str) -> Vec<&'g str> {
    let test = get(graph, id).test.as_ref().expect("a test");
    test.tested.iter().map(AsRef::as_ref).collect()
}

#[test]
fn facts_stand_at_the_top_or_in_the_configuration() {
    with_graph(
        r#""nodes": {
            "model.b.new": {"package_name": "b", "name": "new", "access": "public", "group": "pay", "tags": ["x", "a"],
                "description": " \n", "contract": {"enforced": true}, "config": {"materialized": "view", "tags": "y"}},
            "model.b.old": {"package_name": "b", "name": "old", "description": "Bills.", "patch_path": null, "version": 2,
                "config": {"access": "private", "group": "pay", "contract": {"enforced": true}}},
            "model.b.off": {"name": "off", "config": {"enabled": false}}},
        "groups": {"group.b.pay": {"package_name": "b", "name": "pay", "owner": {"name": "P", "email": ["a@b", "c@b"]}}}"#,
        |graph| {
            let new = get(graph, "model.b.new");
            assert_eq!(
                (new.access, new.group.as_deref()),
                (Some(Access::Public), Some("pay"))
            );
            assert_eq!((new.is_described, new.has_contract), (false, true));
            assert_eq!(
                (new.materialized.as_deref(), &new.tags[..]),
                (Some("view"), &["a".into(), "x".into(), "y".into()][..])
            );
            let at = graph.find("model.b.old").expect("a model");
            let old = &graph[at];
            assert_eq!(
                (old.access, old.version.as_deref()),
                (Some(Access::Private), Some("2"))
            );
            assert!(old.is_described && old.has_contract);
            let group = graph.group(at).expect("a group");
            assert_eq!(group.owner.email.as_deref(), Some("a@b, c@b"));
            assert_eq!(graph.find("model.b.off"), None);
        },
    );
}

#[test]
fn each_version_says_in_its_way_what_is_tested() {
    with_graph(
        r#""nodes": {
            "model.b.sales.v1": {"name": "sales"}, "model.b.bills": {"name": "bills"},
            "test.b.attached": {"attached_node": "model.b.bills", "depends_on": {"nodes": ["model.b.sales.v1", "model.b.bills"]}, "config": {"severity": "WARN"}},
            "test.b.by_key": {"file_key_name": "models.sales", "depends_on": {"nodes": ["model.b.bills", "model.b.sales.v1"]}, "test_metadata": {"name": "relationships"}},
            "test.b.of_source": {"attached_node": null, "file_key_name": "sources.till", "depends_on": {"nodes": ["model.b.bills", "source.b.till.bills"]}},
            "test.b.query": {"depends_on": {"nodes": ["model.b.bills", "model.b.sales.v1"]}}},
        "unit_tests": {
            "unit_test.b.bills.one": {"model": "bills", "tested_node_unique_id": null, "depends_on": {"nodes": ["model.b.sales.v1", "model.b.bills"]}},
            "unit_test.b.sales.two": {"model": "sales", "tested_node_unique_id": "model.b.sales.v1", "depends_on": {"nodes": []}}},
        "sources": {"source.b.till.bills": {"name": "bills", "source_name": "till"}}"#,
        |graph| {
            assert_eq!(tested(graph, "test.b.attached"), ["model.b.bills"]);
            assert_eq!(tested(graph, "test.b.by_key"), ["model.b.sales.v1"]);
            assert_eq!(tested(graph, "test.b.of_source"), ["source.b.till.bills"]);
            assert_eq!(
                tested(graph, "test.b.query"),
                ["model.b.bills", "model.b.sales.v1"]
            );
            assert_eq!(tested(graph, "unit_test.b.bills.one"), ["model.b.bills"]);
            assert_eq!(tested(graph, "unit_test.b.sales.two"), ["model.b.sales.v1"]);
            let severity = |id| get(graph, id).test.as_ref().map(|test| test.severity);
            assert_eq!(severity("test.b.attached"), Some(TestSeverity::Warn));
            assert_eq!(severity("test.b.query"), Some(TestSeverity::Error));
            let sales = graph.find("model.b.sales.v1").expect("a model");
            assert_eq!(graph.tests(sales).count(), 3);
        },
    );
}

#[test]
fn no_shape_makes_a_graph_fail() {
    with_graph(
        r#""nodes": {"test.b.null": null, "model.b.sales": {"name": "sales", "depends_on": [1], "fqn": "b", "tags": {"a": 1}, "tags": null, "group": 7,
                "description": "\ud83d", "meta": [1e400, NaN], "config": {"tags": 1, "materialized": "table", "tags": "x"}, "access": "secret"}},
            "sources": {}, "metrics": [], "saved_queries": null,
            "agents": {"agent.b.waiter": {"resource_type": "agent", "depends_on": {"nodes": ["model.b.sales"]}}, "note": {"depends": 1}},
            "hints": ["of a later dbt"]"#,
        |graph| {
            assert_eq!(graph.unreadable(), ["metrics", "test.b.null"]);
            let ids = graph.iter().map(|(_, node)| node.unique_id.as_ref());
            assert_eq!(
                ids.collect::<Vec<_>>(),
                ["agent.b.waiter", "model.b.sales", "test.b.null"]
            );
            let sales = get(graph, "model.b.sales");
            assert_eq!(
                (sales.materialized.as_deref(), sales.access),
                (Some("table"), None)
            );
            assert!(sales.is_described && sales.group.is_none() && sales.depends_on.is_empty());
        },
    );
}
