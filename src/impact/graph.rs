//! What reads what, among the nodes that have rows.

use std::sync::Arc;

use super::side::Indexed;
use crate::model::graph::Walk;

/// The nodes of one side, by the positions of their definitions.
pub(super) struct Reads<'s> {
    ids: Vec<&'s str>,
    children: Vec<Vec<usize>>,
}

impl<'s> Reads<'s> {
    pub(super) fn new(side: &Indexed<'s, '_>) -> Self {
        let nodes = &side.side.definitions.nodes;
        let ids = nodes
            .iter()
            .map(|node| node.unique_id.as_ref())
            .collect::<Vec<_>>();
        let mut children = vec![Vec::new(); ids.len()];
        for (at, node) in nodes.iter().enumerate().filter(|(_, node)| node.is_enabled) {
            for parent in &node.depends_on {
                if let Ok(parent) = ids.binary_search(&parent.as_ref()) {
                    children[parent].push(at);
                }
            }
        }
        Self { ids, children }
    }

    /// The position of an id.
    fn find(&self, unique_id: &str) -> Option<usize> {
        self.ids.binary_search(&unique_id).ok()
    }

    /// The ids of what reads a node directly.
    pub(super) fn readers(&self, unique_id: &str) -> Vec<Arc<str>> {
        let at = self.find(unique_id);
        let children = at.into_iter().flat_map(|at| &self.children[at]);
        children.map(|child| Arc::from(self.ids[*child])).collect()
    }

    /// Everything below these nodes.
    pub(super) fn below<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Below<'_, 's> {
        let starts = ids.into_iter().filter_map(|id| self.find(id));
        let walk = Walk::new(starts, |at| self.children[at].iter().copied());
        Below { reads: self, walk }
    }
}

/// What is below some nodes.
pub(super) struct Below<'r, 's> {
    reads: &'r Reads<'s>,
    walk: Walk<usize>,
}

impl Below<'_, '_> {
    /// The shortest way from one of these nodes to this one, both included; `None` if there is none.
    pub(super) fn chain(&self, unique_id: &str) -> Option<Vec<Arc<str>>> {
        let chain = self.walk.chain(self.reads.find(unique_id)?);
        let ids = chain.into_iter().map(|at| Arc::from(self.reads.ids[at]));
        let ids = ids.collect::<Vec<_>>();
        (!ids.is_empty()).then_some(ids)
    }
}
