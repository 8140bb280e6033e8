//! Graphs, walks along them, tests and groups.

use super::*;

fn node<'a>(unique_id: &'a str, depends_on: &[&'a str]) -> GraphNode<'a> {
    GraphNode {
        unique_id: unique_id.into(),
        resource_type: ResourceType::from_unique_id(unique_id),
        depends_on: depends_on.iter().map(|id| (*id).into()).collect(),
        ..GraphNode::default()
    }
}

/// Bills of a till, from the source to a dashboard, by two ways of which one is longer.
fn bistro() -> Graph<'static> {
    let test = TestFacts {
        tested: vec!["model.b.sales".into()],
        generic_name: Some("relationships".into()),
        severity: TestSeverity::Error,
    };
    let nodes = vec![
        node("exposure.b.week", &["model.b.sales", "model.b.gone"]),
        node("model.b.sales", &["model.b.tips", "model.b.bills"]),
        GraphNode {
            test: Some(test),
            ..node("test.b.relationships", &["model.b.bills", "model.b.sales"])
        },
        node("model.b.tips", &["source.b.till.bills"]),
        node("model.b.bills", &["source.b.till.bills"]),
        node("source.b.till.bills", &[]),
        node("agent.b.waiter", &["model.b.tips"]),
    ];
    Graph::new(nodes, Vec::new(), Vec::new())
}

fn ids<'g>(graph: &'g Graph, at: impl IntoIterator<Item = GraphIx>) -> Vec<&'g str> {
    let ids = at.into_iter().map(|at| graph[at].unique_id.as_ref());
    ids.collect()
}

#[test]
fn walks_go_by_distance_and_then_by_id() {
    let graph = bistro();
    let source = graph.find("source.b.till.bills").expect("a source");
    let down = graph.downstream([source]);
    assert_eq!(
        ids(&graph, down.iter().map(|(at, _)| at)),
        [
            "model.b.bills",
            "model.b.tips",
            "agent.b.waiter",
            "model.b.sales",
            "test.b.relationships",
            "exposure.b.week",
        ]
    );
    let week = graph.find("exposure.b.week").expect("an exposure");
    assert_eq!(down.get(week).map(|reached| reached.distance), Some(3));
    let shortest = [
        "source.b.till.bills",
        "model.b.bills",
        "model.b.sales",
        "exposure.b.week",
    ];
    assert_eq!(ids(&graph, down.chain(week)), shortest);
    let up = graph.upstream([week]);
    let reversed = shortest.into_iter().rev().collect::<Vec<_>>();
    assert_eq!(ids(&graph, up.chain(source)), reversed);
    assert!(!up.contains(week) && up.chain(week).is_empty());
}

#[test]
fn no_order_of_the_nodes_changes_a_graph() {
    let graph = bistro();
    let mut nodes = graph.nodes.clone();
    nodes.reverse();
    let turned = Graph::new(nodes, Vec::new(), Vec::new());
    assert_eq!(graph.parents, turned.parents);
    assert_eq!(graph.children, turned.children);
}

#[test]
fn circles_end_a_walk() {
    let nodes = vec![
        node("model.b.a", &["model.b.z"]),
        node("model.b.z", &["model.b.a"]),
    ];
    let graph = Graph::new(nodes, Vec::new(), Vec::new());
    let start = graph.find("model.b.a").expect("a model");
    let down = graph.downstream([start]);
    assert_eq!(ids(&graph, down.iter().map(|(at, _)| at)), ["model.b.z"]);
}

#[test]
fn a_test_tests_what_it_is_attached_to_and_not_all_that_it_reads() {
    let graph = bistro();
    let tests = |id| ids(&graph, graph.tests(graph.find(id).expect("a model")));
    assert_eq!(tests("model.b.sales"), ["test.b.relationships"]);
    assert!(tests("model.b.bills").is_empty());
}

#[test]
fn what_is_unknown_stays_visible() {
    let graph = bistro();
    let week = graph.find("exposure.b.week").expect("an exposure");
    assert!(graph.unknown_parents(week).eq(["model.b.gone"]));
    let waiter = &graph[graph.find("agent.b.waiter").expect("a new type")];
    assert_eq!((waiter.resource_type, waiter.type_name()), (None, "agent"));
}

#[test]
fn a_group_is_that_of_the_package_or_the_only_one() {
    let group = |package: &'static str, name: &'static str| Group {
        package: package.into(),
        name: name.into(),
        owner: super::super::Owner::default(),
    };
    let of = |package: &'static str, name: &'static str| GraphNode {
        package: package.into(),
        group: Some(name.into()),
        ..node("model.b.sales", &[])
    };
    let groups = vec![group("a", "pay"), group("b", "pay"), group("b", "till")];
    let found = |node| {
        let graph = Graph::new(vec![node], groups.clone(), Vec::new());
        let group = graph.group(GraphIx(0));
        group.map(|group| (group.package.to_string(), group.name.to_string()))
    };
    let some = |package: &str, name: &str| Some((package.to_owned(), name.to_owned()));
    assert_eq!(found(of("b", "pay")), some("b", "pay"));
    assert_eq!(found(of("c", "till")), some("b", "till"));
    assert_eq!(found(of("c", "pay")), None);
}
