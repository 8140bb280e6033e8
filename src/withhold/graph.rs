//! The graph of a manifest, without what the audience may not see of its exposures.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Graph, GraphNode};

/// The graph in which these exposures have the ids that are shown in place of theirs, and say nothing
/// but what they depend on.
pub fn graph<'a>(graph: Graph<'a>, ids: &BTreeMap<String, String>) -> Graph<'a> {
    if ids.is_empty() {
        return graph;
    }
    graph.map_nodes(|node| match ids.get(node.unique_id.as_ref()) {
        None => node,
        Some(shown) => GraphNode {
            name: Cow::Owned(shown.rsplit('.').next().unwrap_or_default().to_owned()),
            unique_id: Cow::Owned(shown.clone()),
            resource_type: node.resource_type,
            package: node.package,
            depends_on: node.depends_on,
            ..GraphNode::default()
        },
    })
}
