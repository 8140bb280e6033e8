//! What depends on what in a dbt project: everything that its manifest contains, of any resource
//! type, with what the manifest says of it.
//!
//! Linking and planning need nodes with a relation alone ([`super::Project`]). Only what asks
//! further (which models a workbook reads through others, whether they are tested) needs this.

mod facts;
mod walk;

use std::ops::Index;

pub use self::facts::{Access, GraphIx, GraphNode, Group, ResourceType, TestFacts, TestSeverity};
pub use self::walk::{Reached, Walk};

/// Everything in a manifest that depends on others or that others depend on. What is disabled is not
/// among it.
#[derive(Debug, Clone, Default)]
pub struct Graph<'a> {
    /// In the order of their ids.
    nodes: Vec<GraphNode<'a>>,
    /// For each, what it depends on: sorted, without what the manifest does not contain.
    parents: Vec<Vec<GraphIx>>,
    /// For each, what depends on it: sorted.
    children: Vec<Vec<GraphIx>>,
    groups: Vec<Group<'a>>,
    unreadable: Vec<String>,
}

impl<'a> Graph<'a> {
    /// The graph of these. Where two have one id, the last one counts, as in dbt. `unreadable` are
    /// the ids, or the whole maps of the manifest, that could not be read.
    pub fn new(
        mut nodes: Vec<GraphNode<'a>>,
        groups: Vec<Group<'a>>,
        unreadable: Vec<String>,
    ) -> Self {
        nodes.reverse();
        nodes.sort_by(|one, other| one.unique_id.cmp(&other.unique_id));
        nodes.dedup_by(|later, first| later.unique_id == first.unique_id);
        let mut graph = Self {
            parents: Vec::with_capacity(nodes.len()),
            children: vec![Vec::new(); nodes.len()],
            nodes,
            groups,
            unreadable,
        };
        for at in (0..graph.nodes.len()).map(GraphIx) {
            let parents = graph.find_parents(at);
            for parent in &parents {
                graph.children[parent.0].push(at);
            }
            graph.parents.push(parents);
        }
        graph
    }

    /// The graph with each node changed; what depends on what is found anew.
    #[must_use]
    pub fn map_nodes(self, change: impl Fn(GraphNode<'a>) -> GraphNode<'a>) -> Self {
        let nodes = self.nodes.into_iter().map(change);
        Self::new(nodes.collect(), self.groups, self.unreadable)
    }

    fn find_parents(&self, at: GraphIx) -> Vec<GraphIx> {
        let tested = self[at].test.iter().flat_map(|test| &test.tested);
        let ids = self[at].depends_on.iter().chain(tested);
        let mut parents = ids.filter_map(|id| self.find(id)).collect::<Vec<_>>();
        parents.sort_unstable();
        parents.dedup();
        parents
    }

    /// The position of the thing with this id.
    pub fn find(&self, unique_id: &str) -> Option<GraphIx> {
        let id = |node: &GraphNode| node.unique_id.as_ref().cmp(unique_id);
        self.nodes.binary_search_by(id).ok().map(GraphIx)
    }

    /// All, in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (GraphIx, &GraphNode<'a>)> {
        let nodes = self.nodes.iter().enumerate();
        nodes.map(|(at, node)| (GraphIx(at), node))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What it depends on, in the order of the ids, as far as the manifest contains it.
    pub fn parents(&self, at: GraphIx) -> &[GraphIx] {
        &self.parents[at.0]
    }

    /// What depends on it, tests included, in the order of the ids.
    pub fn children(&self, at: GraphIx) -> &[GraphIx] {
        &self.children[at.0]
    }

    /// The ids that it depends on and that the manifest does not contain: what is disabled, and what
    /// another tool left out.
    pub fn unknown_parents(&self, at: GraphIx) -> impl Iterator<Item = &str> {
        let ids = self[at].depends_on.iter().map(AsRef::as_ref);
        ids.filter(|id| self.find(id).is_none())
    }

    /// The data tests and unit tests that test it.
    pub fn tests(&self, at: GraphIx) -> impl Iterator<Item = GraphIx> {
        let id = &self[at].unique_id;
        let tests = move |child: &GraphIx| {
            let test = self[*child].test.as_ref();
            test.is_some_and(|test| test.tested.contains(id))
        };
        self.children(at).iter().copied().filter(tests)
    }

    /// Its group, with the owner: the group of its own package, or else the only one of that name.
    pub fn group(&self, at: GraphIx) -> Option<&Group<'a>> {
        let node = &self[at];
        let name = node.group.as_ref()?;
        let namesakes = || self.groups.iter().filter(|group| group.name == *name);
        let own = namesakes().find(|group| group.package == node.package);
        own.or_else(|| namesakes().next().filter(|_| namesakes().count() == 1))
    }

    /// What depends on these, directly or through others, tests included.
    pub fn downstream(&self, from: impl IntoIterator<Item = GraphIx>) -> Walk {
        Walk::new(from, |at| self.children(at).iter().copied())
    }

    /// What these depend on, directly or through others.
    pub fn upstream(&self, from: impl IntoIterator<Item = GraphIx>) -> Walk {
        Walk::new(from, |at| self.parents(at).iter().copied())
    }

    /// What the manifest contains and could not be read: ids, or keys of the manifest such as
    /// `metrics`; sorted. Its dependencies are unknown.
    pub fn unreadable(&self) -> &[String] {
        &self.unreadable
    }
}

impl<'a> Index<GraphIx> for Graph<'a> {
    type Output = GraphNode<'a>;

    fn index(&self, at: GraphIx) -> &GraphNode<'a> {
        &self.nodes[at.0]
    }
}

#[cfg(test)]
mod tests;
