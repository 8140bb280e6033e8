//! Looks up the nodes of a project by id.

use std::sync::OnceLock;

use foldhash::HashMap;

use crate::model::{Node, NodeIx};

/// Finds nodes by id. The map is built on the first call, since only runs with earlier exposures
/// need it.
pub struct NodesById<'n> {
    /// The nodes.
    pub nodes: &'n [Node<'n>],
    by_id: OnceLock<HashMap<&'n str, NodeIx>>,
}

impl<'n> NodesById<'n> {
    /// A look-up in these nodes, whose positions it returns.
    pub fn new(nodes: &'n [Node<'n>]) -> Self {
        Self {
            nodes,
            by_id: OnceLock::new(),
        }
    }

    /// The node with this id.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
        let by_id = self.by_id.get_or_init(|| {
            NodeIx::enumerate(self.nodes)
                .map(|(ix, node)| (node.unique_id.as_ref(), ix))
                .collect()
        });
        by_id.get(id).copied()
    }
}
