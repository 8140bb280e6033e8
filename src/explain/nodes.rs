//! What is known of nodes: the tables that are linked to them, what reads them through models below,
//! who else reads them, and which tables nearly fit.

use std::collections::{BTreeSet, HashMap};

use super::known::{Known, OfProject};
use super::things::{OneRead, Thing, Things, nodes_of};
use crate::model::{GraphIx, GraphNode, NodeIx, ResourceType, StandingExposure, luid};

/// What is known of a node.
pub struct NodeReaders<'r, 'a> {
    /// The position of its project.
    pub project: usize,
    /// Its place in the graph of the project.
    pub at: GraphIx,
    /// The same among the nodes with a relation; `None` for anything else.
    pub node: Option<NodeIx>,
    /// The tables that are linked to it.
    pub direct: Vec<Thing<'r, 'a>>,
    /// What reads it through models below, the nearest first.
    pub through: Vec<Through<'r, 'a>>,
    /// Who else reads it: the shortest way to exposures, metrics and the like, and to models of other
    /// packages.
    pub others: Vec<Vec<GraphIx>>,
    /// Exposures of earlier runs that depend on it, and whose workbooks no export lists.
    pub earlier: Vec<&'r StandingExposure>,
    /// The tables that are not linked and that it nearly fits, or fits beside others.
    pub near: Vec<Thing<'r, 'a>>,
}

/// Tables that are linked to what is made of a node.
pub struct Through<'r, 'a> {
    /// The shortest way from the node to what they are linked to, both included.
    pub chain: Vec<GraphIx>,
    /// These tables.
    pub things: Vec<Thing<'r, 'a>>,
}

/// What is known of some nodes, found in one go.
pub fn readers_of<'r, 'a>(
    known: &Known<'r, 'a>,
    nodes: &[(usize, GraphIx)],
) -> Vec<NodeReaders<'r, 'a>> {
    let walks = nodes.iter().map(|(project, at)| {
        let graph = known.projects[*project].graph;
        graph.downstream([*at])
    });
    let walks = walks.collect::<Vec<_>>();
    let reached = nodes.iter().zip(&walks).flat_map(|((project, at), walk)| {
        let below = walk.iter().map(|(below, _)| below);
        below.chain([*at]).map(move |at| (*project, at))
    });
    let tables = Tables::new(known, &reached.collect());
    let luids = known.site.workbooks.iter();
    let luids = luids.map(|workbook| luid::identity(&workbook.luid).into_owned());
    let luids = luids.collect::<BTreeSet<_>>();
    let all = nodes.iter().zip(&walks).map(|((project, at), walk)| {
        let of = &known.projects[*project];
        let ours = of.project.exposures.iter();
        let ours = ours.filter(|exposure| exposure.marker().is_some());
        let ours = ours.map(|exposure| exposure.unique_id.as_str());
        let ours = ours.collect::<BTreeSet<_>>();
        let package = &of.graph[*at].package;
        let is_other =
            |node: &GraphNode| !ours.contains(&*node.unique_id) && is_reader(node, package);
        let below = || walk.iter().map(|(below, _)| below);
        let others = below().filter(|below| is_other(&of.graph[*below]));
        let through = below().filter_map(|below| {
            let things = tables.linked(*project, below);
            (!things.is_empty()).then(|| Through {
                chain: walk.chain(below),
                things,
            })
        });
        NodeReaders {
            project: *project,
            at: *at,
            node: tables.node(*project, *at),
            direct: tables.linked(*project, *at),
            through: through.collect(),
            others: others.map(|other| walk.chain(other)).collect(),
            earlier: earlier(of, &of.graph[*at].unique_id, &luids),
            near: tables.near(*project, *at),
        }
    });
    all.collect()
}

/// Whether somebody may need what this depends on: it is a use of models, or of another package.
fn is_reader(node: &GraphNode, package: &str) -> bool {
    match node.resource_type {
        Some(ResourceType::Test | ResourceType::UnitTest) => false,
        Some(
            ResourceType::Model
            | ResourceType::Seed
            | ResourceType::Snapshot
            | ResourceType::Source,
        ) => node.package != package,
        Some(
            ResourceType::Analysis
            | ResourceType::Operation
            | ResourceType::Function
            | ResourceType::Exposure
            | ResourceType::Metric
            | ResourceType::SemanticModel
            | ResourceType::SavedQuery,
        )
        | None => true,
    }
}

/// Exposures of earlier runs that depend on a node, and whose workbooks are not listed.
fn earlier<'r>(
    of: &OfProject<'r, '_>,
    id: &str,
    listed: &BTreeSet<String>,
) -> Vec<&'r StandingExposure> {
    let all = of
        .project
        .exposures
        .iter()
        .chain(of.earlier.into_iter().flatten());
    let its = all.filter(|exposure| {
        let mut depends_on = exposure.depends_on.iter();
        let marker = exposure.marker();
        let is_listed = |luid: &str| listed.contains(&*luid::identity(luid));
        marker.is_some_and(|marker| !is_listed(&marker.luid))
            && depends_on.any(|one| one.unique_id == id)
    });
    let mut its = its.collect::<Vec<_>>();
    its.sort_by_key(|exposure| &exposure.unique_id);
    its.dedup_by_key(|exposure| &exposure.unique_id);
    its
}

/// The tables that some nodes are linked to, or nearly fit.
struct Tables<'r, 'a> {
    things: Vec<Thing<'r, 'a>>,
    linked: HashMap<(usize, GraphIx), Vec<usize>>,
    near: HashMap<(usize, GraphIx), Vec<usize>>,
    /// The node with a relation at each place.
    nodes: HashMap<(usize, GraphIx), NodeIx>,
}

impl<'r, 'a> Tables<'r, 'a> {
    fn new(known: &Known<'r, 'a>, wanted: &BTreeSet<(usize, GraphIx)>) -> Self {
        let mut nodes = HashMap::new();
        let mut places = HashMap::new();
        for (project, of) in known.projects.iter().enumerate() {
            for (ix, node) in NodeIx::enumerate(&of.project.nodes) {
                let place = of.graph.find(&node.unique_id);
                if let Some(at) = place.filter(|at| wanted.contains(&(project, *at))) {
                    nodes.insert((project, at), ix);
                    places.insert((project, ix), at);
                }
            }
        }
        let is_wanted = |read: &OneRead| {
            let mut named = nodes_of(&read.table.table.outcome);
            named.any(|node| places.contains_key(&(read.project, node)))
        };
        let mut things = Things::of_all(known, is_wanted);
        things.sort_by(|one, other| {
            let key = |thing: &Thing<'r, 'a>| (&thing.matched.shown, &thing.matched.connection);
            key(one).cmp(&key(other))
        });
        let (mut linked, mut near) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (number, thing) in things.iter().enumerate() {
            let lists = match thing.node() {
                Some(_) => &mut linked,
                None => &mut near,
            };
            for node in nodes_of(&thing.matched.outcome) {
                if let Some(at) = places.get(&(thing.project, node)) {
                    let list = lists.entry((thing.project, *at)).or_default();
                    list.push(number);
                }
            }
        }
        Self {
            things,
            linked,
            near,
            nodes,
        }
    }

    fn node(&self, project: usize, at: GraphIx) -> Option<NodeIx> {
        self.nodes.get(&(project, at)).copied()
    }

    fn linked(&self, project: usize, at: GraphIx) -> Vec<Thing<'r, 'a>> {
        self.of(self.linked.get(&(project, at)))
    }

    fn near(&self, project: usize, at: GraphIx) -> Vec<Thing<'r, 'a>> {
        self.of(self.near.get(&(project, at)))
    }

    fn of(&self, numbers: Option<&Vec<usize>>) -> Vec<Thing<'r, 'a>> {
        let numbers = numbers.into_iter().flatten();
        let mut things = numbers.copied().collect::<Vec<_>>();
        things.dedup();
        things.iter().map(|at| self.things[*at].clone()).collect()
    }
}
