//! What is known of nodes: the tables that are linked to them, what reads them through models below,
//! who else reads them, and which tables nearly fit.

use std::collections::{BTreeSet, HashMap};

use super::known::{Known, OfProject};
use super::things::{OneRead, Thing, Things, nodes_of};
use crate::model::graph::Walk;
use crate::model::{GraphIx, GraphNode, NodeIx, ResourceType, StandingExposure, luid};
use crate::usage::{ProjectNode, World};

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
    /// What it stands for and whose relation it has, so that tables are linked to that.
    pub stands_for: Vec<ProjectNode>,
    /// Who else reads it: the shortest way to exposures, metrics and the like, and to models of other
    /// packages.
    pub others: Vec<Vec<ProjectNode>>,
    /// Exposures of earlier runs that depend on it, and whose workbooks no export lists.
    pub earlier: Vec<&'r StandingExposure>,
    /// The tables that are not linked and that it nearly fits, or fits beside others.
    pub near: Vec<Thing<'r, 'a>>,
    /// The shortest ways to what is made of it and nearly fits such tables.
    pub near_below: Vec<Vec<ProjectNode>>,
}

/// Tables that are linked to what is made of a node.
pub struct Through<'r, 'a> {
    /// The shortest way from the node to what they are linked to, both included.
    pub chain: Vec<ProjectNode>,
    /// These tables.
    pub things: Vec<Thing<'r, 'a>>,
}

/// What is known of some nodes, found in one go. What reads them may be in any of the projects.
pub fn readers_of<'r, 'a>(
    known: &Known<'r, 'a>,
    nodes: &[(usize, GraphIx)],
) -> Vec<NodeReaders<'r, 'a>> {
    let projects = known.of_usage();
    let world = World::new(&projects);
    let nodes = nodes.iter();
    let nodes = nodes.map(|(project, node)| ProjectNode {
        project: *project,
        node: *node,
    });
    let walks = nodes.map(|at| (at, world.downstream(at)));
    let walks = walks.collect::<Vec<_>>();
    let reached = walks.iter().flat_map(|(at, walk)| {
        let below = walk.iter().map(|(below, _)| below);
        below.chain([*at])
    });
    let finder = Finder {
        known,
        tables: Tables::new(known, &reached.collect()),
        world: &world,
        ours: known.projects.iter().map(ours).collect(),
        luids: (known.site.workbooks.iter())
            .map(|workbook| luid::identity(&workbook.luid).into_owned())
            .collect(),
    };
    let readers = walks.iter().map(|(at, walk)| NodeReaders {
        stands_for: world.same_relation(*at),
        ..finder.readers(*at, walk)
    });
    readers.collect()
}

/// The ids of the exposures of a project that earlier runs wrote.
fn ours<'r>(of: &OfProject<'r, '_>) -> BTreeSet<&'r str> {
    let exposures = of.project.exposures.iter();
    let ours = exposures.filter(|exposure| exposure.marker().is_some());
    ours.map(|exposure| exposure.unique_id.as_str()).collect()
}

struct Finder<'k, 'r, 'a> {
    known: &'k Known<'r, 'a>,
    tables: Tables<'r, 'a>,
    /// The exposures of each project that earlier runs wrote.
    ours: Vec<BTreeSet<&'r str>>,
    world: &'k World<'k, 'r, 'a>,
    /// Those of the workbooks that are listed.
    luids: BTreeSet<String>,
}

impl<'r, 'a> Finder<'_, 'r, 'a> {
    fn readers(&self, at: ProjectNode, walk: &Walk<ProjectNode>) -> NodeReaders<'r, 'a> {
        let of = &self.known.projects[at.project];
        let node = &of.graph[at.node];
        let below = || walk.iter().map(|(below, _)| below);
        let others = below().filter(|below| self.is_reader(*below, &node.package));
        let through = below().filter_map(|below| {
            let things = self.tables.linked(below);
            (!things.is_empty()).then(|| Through {
                chain: walk.chain(below),
                things,
            })
        });
        // What has the relation of another node is not made of it.
        let near_below = below().filter(|below| {
            self.tables.near.contains_key(below) && self.world.same_relation(*below).is_empty()
        });
        NodeReaders {
            project: at.project,
            at: at.node,
            node: self.tables.nodes.get(&at).copied(),
            direct: self.tables.linked(at),
            through: through.collect(),
            stands_for: Vec::new(),
            others: others.map(|other| walk.chain(other)).collect(),
            earlier: earlier(of, &node.unique_id, &self.luids),
            near: self.tables.near(at),
            near_below: near_below.map(|near| walk.chain(near)).collect(),
        }
    }

    /// Whether somebody who needs it is neither the project of a package nor a workbook.
    fn is_reader(&self, at: ProjectNode, package: &str) -> bool {
        let node = &self.known.projects[at.project].graph[at.node];
        !self.ours[at.project].contains(&*node.unique_id) && is_reader(node, package)
    }
}

/// Whether somebody may need what this depends on: it is a use of models, or of another package.
fn is_reader(node: &GraphNode, package: &str) -> bool {
    match node.resource_type {
        // A source stands for what another project builds, and who reads that source is told.
        Some(ResourceType::Test | ResourceType::UnitTest | ResourceType::Source) => false,
        Some(ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot) => {
            node.package != package
        }
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
    linked: Listed<'r, 'a>,
    near: Listed<'r, 'a>,
    /// The node with a relation at each place.
    nodes: HashMap<ProjectNode, NodeIx>,
}

/// Tables by the nodes that they are listed with, each list in the order of their names.
type Listed<'r, 'a> = HashMap<ProjectNode, Vec<Thing<'r, 'a>>>;

impl<'r, 'a> Tables<'r, 'a> {
    fn new(known: &Known<'r, 'a>, wanted: &BTreeSet<ProjectNode>) -> Self {
        let mut nodes = HashMap::new();
        let mut places = HashMap::new();
        for (project, of) in known.projects.iter().enumerate() {
            for (ix, node) in NodeIx::enumerate(&of.project.nodes) {
                let place = of.graph.find(&node.unique_id);
                let place = place.map(|node| ProjectNode { project, node });
                if let Some(at) = place.filter(|at| wanted.contains(at)) {
                    nodes.insert(at, ix);
                    places.insert((project, ix), at);
                }
            }
        }
        let is_wanted = |read: &OneRead| {
            let mut named = nodes_of(&read.table.table.outcome);
            named.any(|node| places.contains_key(&(read.project, node)))
        };
        let is_linked = |read: &OneRead| read.table.table.outcome.node().is_some();
        let linked = Things::of_all(known, |read| is_linked(read) && is_wanted(read));
        let projects = wanted.iter().map(|at| at.project);
        let projects = projects.collect::<BTreeSet<_>>().into_iter();
        let near = projects.flat_map(|project| Things::unlinked_in(known, project, is_wanted));
        Self {
            linked: listed(linked, &places),
            near: listed(near.collect(), &places),
            nodes,
        }
    }

    fn linked(&self, at: ProjectNode) -> Vec<Thing<'r, 'a>> {
        self.linked.get(&at).cloned().unwrap_or_default()
    }

    fn near(&self, at: ProjectNode) -> Vec<Thing<'r, 'a>> {
        self.near.get(&at).cloned().unwrap_or_default()
    }
}

fn listed<'r, 'a>(
    mut things: Vec<Thing<'r, 'a>>,
    places: &HashMap<(usize, NodeIx), ProjectNode>,
) -> Listed<'r, 'a> {
    things.sort_by(|one, other| {
        let key = |thing: &Thing<'r, 'a>| (&thing.matched.shown, &thing.matched.connection);
        key(one).cmp(&key(other))
    });
    let mut listed = Listed::new();
    for thing in things {
        let nodes = nodes_of(&thing.matched.outcome).collect::<BTreeSet<_>>();
        let places = nodes
            .iter()
            .filter_map(|node| places.get(&(thing.project, *node)));
        for at in places {
            listed.entry(*at).or_default().push(thing.clone());
        }
    }
    listed
}
