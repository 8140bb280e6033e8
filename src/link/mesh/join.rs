//! Projects on one adapter as one: each relation with the nodes that it belongs to.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use crate::link::entries::{Key, key};
use crate::link::other_node::OtherNode;
use crate::model::{Node, NodeIx, NodeKind, Project, Role};
use crate::settings::Matching;

/// A node of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Home {
    /// The position of the project.
    pub project: usize,
    /// The node there.
    pub node: NodeIx,
}

/// The projects on one adapter as one. Its nodes are indexed as those of a project.
#[derive(Debug, Default)]
pub struct Group<'p> {
    /// The positions of the projects.
    pub members: Vec<usize>,
    /// Its nodes.
    pub nodes: Vec<Node<'p>>,
    /// What each of them is in the projects whose own its relation is, in their order.
    homes: Vec<Vec<Home>>,
    /// What has the same relation in projects whose own it is not.
    displaced: Vec<Vec<Home>>,
}

/// The groups of some projects, in the order of their first ones.
pub fn groups<'p>(projects: &[&'p Project<'p>], matching: &Matching) -> Vec<Group<'p>> {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, project) in projects.iter().enumerate() {
        members.entry(&project.adapter_name).or_default().push(at);
    }
    let mut members = members.into_values().collect::<Vec<_>>();
    members.sort();
    let joined = members.into_iter().map(|members| {
        let adapter = projects[members[0]].adapter();
        let ignores_case = adapter.ignores_case() || matching.ignore_case;
        join(projects, members, ignores_case)
    });
    joined.collect()
}

/// The position of the group that a project is in.
pub fn group_of(groups: &[Group], project: usize) -> usize {
    let group = groups
        .iter()
        .position(|group| group.members.contains(&project));
    group.unwrap_or_default()
}

/// Nodes by relation.
#[derive(Default)]
struct Relations<'p> {
    /// The nodes whose own it is, in the order in which the relations come first.
    own: Vec<(Key<'p>, Vec<Home>)>,
    positions: HashMap<Key<'p>, usize>,
    /// The nodes for which dbt makes or reads it beside their own.
    made: HashMap<Key<'p>, Vec<Home>>,
    /// The nodes without a relation of their own.
    without: Vec<Home>,
}

impl<'p> Relations<'p> {
    fn add(&mut self, home: Home, node: &'p Node<'p>, ignores_case: bool) {
        if node.relation.is_none() {
            self.without.push(home);
        }
        for (role, relation) in node.relations() {
            let key = key(relation, ignores_case);
            match role {
                Role::Own => {
                    let next = self.own.len();
                    let at = *self.positions.entry(key.clone()).or_insert(next);
                    if at == next {
                        self.own.push((key, Vec::new()));
                    }
                    self.own[at].1.push(home);
                }
                Role::Latest | Role::Deferred => self.made.entry(key).or_default().push(home),
                Role::PerhapsLatest => {}
            }
        }
    }
}

fn join<'p>(projects: &[&'p Project<'p>], members: Vec<usize>, ignores_case: bool) -> Group<'p> {
    let mut relations = Relations::default();
    for project in &members {
        for (node, found) in NodeIx::enumerate(&projects[*project].nodes) {
            let project = *project;
            relations.add(Home { project, node }, found, ignores_case);
        }
    }
    let mut joiner = Joiner {
        projects,
        ignores_case,
        made_by_roots: made_by_roots(projects, &members, ignores_case),
        group: Group {
            members,
            ..Group::default()
        },
    };
    let mut read_elsewhere = Vec::new();
    for (key, homes) in relations.own {
        let (sources, built): (Vec<_>, Vec<_>) = homes
            .into_iter()
            .partition(|home| joiner.node(*home).kind == NodeKind::Source);
        if built.is_empty() {
            let makers = relations.made.get(&key).map_or(&[][..], Vec::as_slice);
            let is_read = |source: &Home| makers.iter().any(|by| by.project != source.project);
            let (read, own): (Vec<_>, Vec<_>) = sources.into_iter().partition(is_read);
            read_elsewhere.extend(read.first().map(|_| (makers.to_vec(), read.clone())));
            joiner.declared(own);
        } else {
            joiner.built(built, &sources);
        }
    }
    for home in relations.without {
        joiner.add(home, vec![home], Vec::new());
    }
    joiner.displace(read_elsewhere);
    joiner.group
}

struct Joiner<'j, 'p> {
    projects: &'j [&'p Project<'p>],
    ignores_case: bool,
    made_by_roots: HashSet<(&'p str, Key<'p>)>,
    group: Group<'p>,
}

impl<'p> Joiner<'_, 'p> {
    fn node(&self, home: Home) -> &'p Node<'p> {
        &self.projects[home.project].nodes[home.node]
    }

    fn add(&mut self, shown: Home, homes: Vec<Home>, displaced: Vec<Home>) {
        let mut node = self.node(shown).borrowed();
        if !is_root(self.projects, shown) {
            let id = node.unique_id.as_ref();
            node.others.retain(|other| {
                let key = key(other.stored(), self.ignores_case);
                !self.made_by_roots.contains(&(id, key))
            });
        }
        self.group.nodes.push(node);
        self.group.homes.push(homes);
        self.group.displaced.push(displaced);
    }

    /// Adds a relation that is built, and that these sources read. A node that is in several manifests
    /// is the root project's, if that is among them.
    fn built(&mut self, built: Vec<Home>, sources: &[Home]) {
        let mut by_id: BTreeMap<&str, Vec<Home>> = BTreeMap::new();
        for home in built {
            by_id
                .entry(&self.node(home).unique_id)
                .or_default()
                .push(home);
        }
        for homes in by_id.into_values() {
            let is_root = |home: &Home| is_root(self.projects, *home);
            let (roots, copies): (Vec<_>, Vec<_>) = homes.into_iter().partition(is_root);
            let (homes, mut displaced) = if roots.is_empty() {
                (copies, Vec::new())
            } else {
                (roots, copies)
            };
            displaced.extend(sources);
            self.add(homes[0], homes, displaced);
        }
    }

    /// Adds a relation that projects declare. Where one of them does so more than once, each of the
    /// sources stays, so that it is ambiguous what is meant there.
    fn declared(&mut self, sources: Vec<Home>) {
        let mut projects = HashSet::new();
        let is_once = sources.iter().all(|source| projects.insert(source.project));
        let shown = if is_once {
            sources.iter().take(1).copied().collect()
        } else {
            sources.clone()
        };
        for source in shown {
            self.add(source, sources.clone(), Vec::new());
        }
    }

    /// Notes sources of relations that dbt makes in another project beside a node's own one.
    fn displace(&mut self, read: Vec<(Vec<Home>, Vec<Home>)>) {
        if read.is_empty() {
            return;
        }
        let mut positions = HashMap::new();
        for at in 0..self.group.nodes.len() {
            let homes = self.group.homes[at].iter().chain(&self.group.displaced[at]);
            positions.extend(homes.map(|home| (*home, at)));
        }
        for (makers, sources) in read {
            let makers = makers.iter().filter_map(|maker| positions.get(maker));
            for maker in makers.collect::<BTreeSet<_>>() {
                self.group.displaced[*maker].extend(&sources);
            }
        }
    }
}

/// The relations that dbt makes or reads beside the own ones of nodes of root projects, with the ids of
/// these: where the same node is in another manifest, they are not that one's.
fn made_by_roots<'p>(
    projects: &[&'p Project<'p>],
    members: &[usize],
    ignores_case: bool,
) -> HashSet<(&'p str, Key<'p>)> {
    let mut made = HashSet::new();
    for project in members {
        let project = projects[*project];
        let nodes = project.nodes.iter();
        for node in nodes.filter(|node| node.package == *project.root_package) {
            let relations = node.others.iter();
            let keys = relations.map(|other| key(other.stored(), ignores_case));
            made.extend(keys.map(|key| (node.unique_id.as_ref(), key)));
        }
    }
    made
}

/// Whether the project of a node is the one that defines it.
fn is_root(projects: &[&Project], home: Home) -> bool {
    let project = projects[home.project];
    project.nodes[home.node].package == *project.root_package
}

impl<'p> Group<'p> {
    /// What a node is in the projects whose own its relation is.
    pub fn homes(&self, node: NodeIx) -> &[Home] {
        &self.homes[node.0]
    }

    /// What has its relation in projects whose own that is not.
    pub fn displaced(&self, node: NodeIx) -> &[Home] {
        &self.displaced[node.0]
    }

    /// What a node is to other projects than its own.
    pub fn other_node(&self, projects: &[&Project], node: NodeIx) -> OtherNode {
        let own = &self.nodes[node];
        OtherNode {
            project: projects[self.homes[node.0][0].project]
                .root_package
                .as_str()
                .into(),
            unique_id: own.unique_id.to_string(),
            kind: own.kind,
            relation: own.typed.to_string(),
        }
    }

    /// What some nodes are in one project.
    pub fn own(&self, project: usize, nodes: &BTreeSet<NodeIx>) -> BTreeSet<NodeIx> {
        let homes = nodes.iter();
        let homes = homes.flat_map(|node| self.homes(*node).iter().chain(self.displaced(*node)));
        let own = homes.filter(|home| home.project == project);
        own.map(|home| home.node).collect()
    }

    /// The group as a project of its own, which has nodes and nothing else.
    pub fn into_project(self, projects: &[&'p Project<'p>]) -> Project<'p> {
        let first = projects[self.members[0]];
        Project {
            root_package: first.root_package.clone(),
            adapter_name: first.adapter_name.as_ref().into(),
            dbt_version: None,
            nodes: self.nodes,
            exposures: Vec::new(),
            disabled_nodes: Vec::new(),
            disabled_exposures: Vec::new(),
            withheld_names: Vec::new(),
        }
    }
}
