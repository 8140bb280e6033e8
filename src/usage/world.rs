//! The projects of a run together, and which nodes of them are one table.

use std::collections::BTreeMap;

use crate::link::Links;
use crate::link::entries::{Key, key};
use crate::model::graph::Walk;
use crate::model::{
    Graph, GraphIx, Node, NodeIx, NodeKind, Project, ResourceType, StandingExposure, StoredRelation,
};

/// What is known of one project.
#[derive(Clone, Copy)]
pub struct Known<'u, 'a> {
    /// The project.
    pub project: &'u Project<'a>,
    /// What depends on what in it.
    pub graph: &'u Graph<'a>,
    /// What each workbook reads from it.
    pub links: &'u Links<'a>,
    /// The exposures of its state.
    pub earlier: Option<&'u [StandingExposure]>,
}

impl Known<'_, '_> {
    /// The place in the graph of a node that a table is linked to.
    pub(super) fn place(&self, node: NodeIx) -> Option<GraphIx> {
        self.graph.find(&self.project.nodes[node].unique_id)
    }

    /// Whether the project itself can delete it: it is a model, seed or snapshot, and not the model
    /// of another project, of which dbt writes no file.
    pub(super) fn can_delete(&self, at: GraphIx) -> bool {
        let node = &self.graph[at];
        let is_built = matches!(
            node.resource_type,
            Some(ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot)
        );
        is_built && (node.package == self.project.root_package || node.file.is_some())
    }
}

/// A node of one of the projects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectNode {
    /// The position of the project.
    pub project: usize,
    /// The node.
    pub node: GraphIx,
}

/// All projects, and which nodes stand for nodes that are built elsewhere.
pub struct World<'w, 'u, 'a> {
    pub(super) projects: &'w [Known<'u, 'a>],
    /// For a node that stands for others, these: who reads it reads them.
    stands_for: BTreeMap<ProjectNode, Vec<ProjectNode>>,
    /// For each of these, what stands for it.
    stood_for_by: BTreeMap<ProjectNode, Vec<ProjectNode>>,
}

impl<'w, 'u, 'a> World<'w, 'u, 'a> {
    /// Finds which nodes stand for others.
    pub fn new(projects: &'w [Known<'u, 'a>]) -> Self {
        let stands_for = stands_for(projects);
        let mut stood_for_by = BTreeMap::<_, Vec<_>>::new();
        for (one, others) in &stands_for {
            for other in others {
                stood_for_by.entry(*other).or_default().push(*one);
            }
        }
        Self {
            projects,
            stands_for,
            stood_for_by,
        }
    }

    pub(super) fn known(&self, at: ProjectNode) -> &Known<'u, 'a> {
        &self.projects[at.project]
    }

    /// All nodes of all projects.
    pub(super) fn nodes(&self) -> impl Iterator<Item = ProjectNode> {
        let projects = self.projects.iter().enumerate();
        projects.flat_map(|(project, known)| {
            let nodes = known.graph.iter();
            nodes.map(move |(node, _)| ProjectNode { project, node })
        })
    }

    /// What it reads: what it depends on, and what it stands for.
    pub(super) fn parents(&self, at: ProjectNode) -> impl Iterator<Item = ProjectNode> {
        let parents = self.known(at).graph.parents(at.node).iter();
        let parents = parents.map(move |node| ProjectNode {
            project: at.project,
            node: *node,
        });
        parents.chain(self.stands_for(at).iter().copied())
    }

    /// What a source, or the node of a package, stands for.
    pub fn stands_for(&self, at: ProjectNode) -> &[ProjectNode] {
        self.stands_for.get(&at).map_or(&[], Vec::as_slice)
    }

    /// What it stands for and whose relation it has: a project may build a package for itself, with
    /// relations of its own.
    pub fn same_relation(&self, at: ProjectNode) -> Vec<ProjectNode> {
        let relations = |at: ProjectNode| {
            let known = self.known(at);
            let id = &known.graph[at.node].unique_id;
            let node = known
                .project
                .nodes
                .iter()
                .find(|node| node.unique_id == *id);
            let relations = node.into_iter().flat_map(Node::relations);
            relations.map(|(_, stored)| name_of(known, stored))
        };
        let others = self.stands_for(at).iter().copied();
        let same =
            others.filter(|other| relations(*other).any(|one| relations(at).any(|two| one == two)));
        // A source stands for the node of a package as well, and that for the package's own.
        same.filter(|other| self.same_relation(*other).is_empty())
            .collect()
    }

    /// What depends on it or on what stands for it, directly or through others, in all projects.
    pub fn downstream(&self, from: ProjectNode) -> Walk<ProjectNode> {
        Walk::new([from], |at| {
            let children = self.known(at).graph.children(at.node).iter();
            let children = children.map(move |node| ProjectNode {
                project: at.project,
                node: *node,
            });
            let stand_for_it = self.stood_for_by.get(&at);
            children.chain(stand_for_it.into_iter().flatten().copied())
        })
    }

    /// Nodes of other projects that stand for it, each with that one.
    pub(super) fn in_other_projects(&self) -> impl Iterator<Item = (ProjectNode, ProjectNode)> {
        let pairs = self.stands_for.iter();
        let pairs = pairs.flat_map(|(one, others)| others.iter().map(|other| (*one, *other)));
        pairs.filter(|(one, other)| one.project != other.project)
    }
}

/// A source stands for what builds a relation of the same name, in its own project or in another. A
/// node of a package stands for that package's own node, where the package is the root of another
/// project of the run: then dbt builds it there.
fn stands_for(projects: &[Known]) -> BTreeMap<ProjectNode, Vec<ProjectNode>> {
    let (by_relation, roots) = (by_relation(projects), roots(projects));
    let mut stands_for = BTreeMap::<_, Vec<_>>::new();
    for (project, known) in projects.iter().enumerate() {
        for node in &known.project.nodes {
            let Some(at) = known.graph.find(&node.unique_id) else {
                continue;
            };
            let at = ProjectNode { project, node: at };
            let elsewhere = roots.get(node.package.as_ref());
            let elsewhere = elsewhere.filter(|other| **other != project);
            let found = if node.kind == NodeKind::Source {
                let own = node.relations().map(|(_, stored)| stored);
                let found = own.filter_map(|stored| by_relation.get(&name_of(known, stored)));
                found.flatten().copied().collect::<Vec<_>>()
            } else if let Some(other) = elsewhere {
                let found = projects[*other].graph.find(&node.unique_id);
                let found = found.map(|node| ProjectNode {
                    project: *other,
                    node,
                });
                found.into_iter().collect()
            } else {
                continue;
            };
            if !found.is_empty() {
                stands_for.insert(at, found);
            }
        }
    }
    stands_for
}

/// A relation on an adapter. Letters of another case make no other one: few databases tell them apart,
/// and where nobody is sure, it is rather read than not.
type Name<'u> = (&'u str, Key<'u>);

fn name_of<'u>(known: &Known<'u, '_>, (relation, _): StoredRelation<'u, '_>) -> Name<'u> {
    (&known.project.adapter_name, key((relation, None), true))
}

/// What the projects build, by relation.
fn by_relation<'u>(projects: &[Known<'u, '_>]) -> BTreeMap<Name<'u>, Vec<ProjectNode>> {
    let mut by_relation = BTreeMap::<_, Vec<_>>::new();
    for (project, known) in projects.iter().enumerate() {
        let is_built = |node: &&Node| node.kind != NodeKind::Source;
        for node in known.project.nodes.iter().filter(is_built) {
            let Some(at) = known.graph.find(&node.unique_id) else {
                continue;
            };
            for (_, stored) in node.relations() {
                let nodes = by_relation.entry(name_of(known, stored)).or_default();
                nodes.push(ProjectNode { project, node: at });
            }
        }
    }
    by_relation
}

/// The position of the project of each root package.
fn roots<'u>(projects: &[Known<'u, '_>]) -> BTreeMap<&'u str, usize> {
    let projects = projects.iter().enumerate();
    let roots = projects.map(|(at, known)| (known.project.root_package.as_str(), at));
    roots.collect()
}
