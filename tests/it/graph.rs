//! The graph of every manifest that real dbt wrote, beside the maps that dbt wrote into it.

use std::collections::BTreeMap;

use autoexpose::input::manifest::{Source, graph, read};
use autoexpose::model::{GraphIx, ResourceType};
use serde_json::Value;

use crate::fixtures;

type Map = BTreeMap<String, Vec<String>>;

/// A map of the manifest, each list sorted and without what the map has no key for.
fn map(manifest: &Value, key: &str) -> Map {
    let map: Map = serde_json::from_value(manifest[key].clone()).expect("a map of ids");
    let known = map.keys().cloned().collect::<Vec<_>>();
    let is_known = |id: &String| known.binary_search(id).is_ok();
    map.into_iter()
        .map(|(id, mut ids)| {
            ids.retain(is_known);
            ids.sort_unstable();
            (id, ids)
        })
        .collect()
}

#[test]
fn graphs_have_the_edges_that_dbt_wrote() {
    for name in fixtures::manifest_names() {
        let bytes = fixtures::manifest(&name);
        let source = Source::new(&name, &bytes);
        let (manifest, _) = read(&source).expect("a manifest");
        let graph = graph(&manifest.document);
        let edges = |of: &dyn Fn(GraphIx) -> Vec<GraphIx>| -> Map {
            let id = |at: GraphIx| graph[at].unique_id.to_string();
            let edges = graph
                .iter()
                .map(|(at, _)| (id(at), of(at).into_iter().map(id).collect()));
            edges.collect()
        };
        let text = String::from_utf8_lossy(&bytes);
        let text = text.replace("NaN", "0.0").replace("Infinity", "1.0");
        let written = serde_json::from_str::<Value>(&text).expect("JSON");
        assert_eq!(
            edges(&|at| graph.parents(at).to_vec()),
            map(&written, "parent_map"),
            "{name}"
        );
        assert_eq!(
            edges(&|at| graph.children(at).to_vec()),
            map(&written, "child_map"),
            "{name}"
        );
        assert!(graph.unreadable().is_empty(), "{name}");
    }
}

#[test]
fn every_thing_that_dbt_writes_has_a_type_and_a_file() {
    for name in fixtures::manifest_names() {
        let bytes = fixtures::manifest(&name);
        let source = Source::new(&name, &bytes);
        let (manifest, _) = read(&source).expect("a manifest");
        for (at, node) in graph(&manifest.document).iter() {
            let id = &node.unique_id;
            assert!(node.resource_type.is_some(), "{name}: {id} {at:?}");
            assert!(node.file.is_some() && !node.fqn.is_empty(), "{name}: {id}");
            assert!(
                !node.name.is_empty() && !node.package.is_empty(),
                "{name}: {id}"
            );
            let is_test = matches!(
                node.resource_type,
                Some(ResourceType::Test | ResourceType::UnitTest)
            );
            assert_eq!(node.test.is_some(), is_test, "{name}: {id}");
            let tests_something =
                |test: &autoexpose::model::graph::TestFacts| !test.tested.is_empty();
            assert!(
                node.test.as_ref().is_none_or(tests_something),
                "{name}: {id}"
            );
        }
    }
}
