//! What became of a node of the state, and what is nearest to it now.

use foldhash::{HashMap, HashMapExt, HashSet};

use crate::link::entries::{Key, key};
use crate::link::outcome::{NearMiss, Rule};
use crate::link::reason::{Difference, NotLinked};
use crate::model::display::display_enum;
use crate::model::{Node, NodeIx, NodeKind, Project, Relation, Role};
use crate::settings::Matching;

/// How many of the nearest nodes are named.
const MOST: usize = 3;
/// Fewer nodes than this say nothing about a whole manifest.
const FEW: usize = 2;

display_enum! {
    /// What became of a node whose relation a workbook reads.
    pub enum Fate {
        /// Nothing has its id.
        Gone = "gone" => "it is no longer in the project";
        /// It is switched off.
        Disabled = "disabled" => "it is disabled in the project";
        /// It is ephemeral: dbt builds no relation for it, as its configuration says.
        Ephemeral = "not-built" => "it is ephemeral now: dbt builds no relation for it";
        /// It has no relation any more, and the manifest does not say why.
        NotBuilt = "not-built" => "dbt builds no relation for it now, as for ephemeral models";
        /// It has this relation now.
        Moved(relation: String) = "moved" => "its relation is {relation} now";
        /// dbt no longer makes a view of the latest version; the model has this relation of its own.
        NoLatest(own: String) = "no-latest" => "dbt no longer makes this view of the latest version; the model's own relation is {own}";
        /// The state deferred to it, and the manifest does not; the node has this relation of its own.
        NotDeferred(own: String) = "not-deferred" => "the manifest no longer defers to it; the node's own relation is {own}";
        /// The table links to another node, with another relation, by this rule.
        OtherNode(node: String, relation: String, rule: Rule) = "other-node" => "its table is taken for {relation} of {node} now, by rule `{rule}`";
        /// Its relation is there, and the table does not link to it.
        NotLinked(reason: NotLinked) = "not-linked" => "its relation is still there, but the table does not link: {reason}";
    }
}

impl Fate {
    /// The relation that its node has instead.
    pub fn new_relation(&self) -> Option<&str> {
        match self {
            Self::Moved(own) | Self::NoLatest(own) | Self::NotDeferred(own) => Some(own),
            Self::Gone
            | Self::Disabled
            | Self::Ephemeral
            | Self::NotBuilt
            | Self::OtherNode(..)
            | Self::NotLinked(_) => None,
        }
    }

    /// Whether nothing in the project has the relation.
    pub fn is_without_relation(&self) -> bool {
        !matches!(self, Self::NotLinked(_))
    }
}

/// A node of the manifest that comes near to one of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kin {
    /// The node.
    pub node: NodeIx,
    /// Which of its relations is meant.
    pub role: Role,
    /// How it comes near.
    pub kinship: Kinship,
}

impl Kin {
    fn new(node: NodeIx, kinship: Kinship) -> Self {
        Self {
            node,
            role: Role::Own,
            kinship,
        }
    }
}

/// The first of the nodes that fit a table equally well.
pub(super) fn fitting(candidates: &[NodeIx]) -> Vec<Kin> {
    let first = candidates.iter().take(MOST);
    first.map(|node| Kin::new(*node, Kinship::Fits)).collect()
}

display_enum! {
    /// How a node of the manifest comes near to one of the state. The order is that of nearness.
    pub enum Kinship {
        /// It is the node itself, with another relation.
        Itself => "the node itself";
        /// It is another version of the model.
        Version => "another version of the model";
        /// It has the name that `ref` or `source` takes.
        SameName => "a node of the same name";
        /// It is one of several that fit the table.
        Fits => "it fits";
        /// It comes near to the table.
        NearMiss(difference: Difference) => "{difference}";
    }
}

/// What is needed to tell what became of nodes.
pub(super) struct Fates<'f> {
    pub(super) state: &'f Project<'f>,
    now: &'f Project<'f>,
    ignores_case: bool,
    relations: HashSet<Key<'f>>,
    by_id: HashMap<&'f str, NodeIx>,
    disabled: HashSet<&'f str>,
    /// By what `ref` or `source` takes, those with a relation.
    by_name: HashMap<Called<'f>, Vec<NodeIx>>,
}

/// Source and name, by which people call a node.
type Called<'n> = (Option<&'n str>, &'n str);

impl<'f> Fates<'f> {
    pub(super) fn new(state: &'f Project<'f>, now: &'f Project<'f>, matching: &Matching) -> Self {
        let ignores_case = now.adapter().ignores_case() || matching.ignore_case;
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        let mut by_id = HashMap::with_capacity(now.nodes.len());
        for (at, node) in NodeIx::enumerate(&now.nodes) {
            by_id.insert(node.unique_id.as_ref(), at);
            if node.relation.is_some() {
                by_name.entry(called(node)).or_default().push(at);
            }
        }
        Self {
            state,
            now,
            ignores_case,
            relations: keys(&now.nodes, ignores_case),
            by_id,
            disabled: now.disabled_nodes.iter().map(String::as_str).collect(),
            by_name,
        }
    }

    /// Whether a node of the manifest has this relation of a node of the state.
    pub(super) fn is_built(&self, before: &Node, role: Role) -> bool {
        let relation = before.relation_as(role);
        relation.is_some_and(|relation| self.relations.contains(&key(relation, self.ignores_case)))
    }

    /// What became of a node of the state whose relation no node has any more.
    pub(super) fn fate(&self, before: &Node, role: Role) -> Fate {
        let id = before.unique_id.as_ref();
        match self.by_id.get(id).map(|now| &self.now.nodes[*now]) {
            Some(now) if now.is_ephemeral => Fate::Ephemeral,
            Some(now) if now.relation.is_none() => Fate::NotBuilt,
            Some(now) => {
                let own = now.typed.to_string();
                match role {
                    Role::Own => Fate::Moved(own),
                    Role::Latest | Role::PerhapsLatest => Fate::NoLatest(own),
                    Role::Deferred => Fate::NotDeferred(own),
                }
            }
            None if self.disabled.contains(id) => Fate::Disabled,
            None => Fate::Gone,
        }
    }

    /// The nodes that come nearest to a node of the state and, by these near misses, to its table.
    pub(super) fn nearest(&self, before: &Node, misses: &[NearMiss]) -> Vec<Kin> {
        let itself = self.by_id.get(before.unique_id.as_ref()).copied();
        let itself = itself.filter(|now| self.now.nodes[*now].relation.is_some());
        let called = self.by_name.get(&called(before)).into_iter().flatten();
        let called = called.take(MOST + 1);
        let called = called.map(|now| Kin::new(*now, self.kinship(before, *now)));
        let mut called = called.collect::<Vec<_>>();
        called.sort_by(|a, b| a.kinship.cmp(&b.kinship));
        let itself = itself.map(|now| Kin::new(now, Kinship::Itself));
        let near = misses.iter().map(|miss| Kin {
            node: miss.node,
            role: miss.role,
            kinship: Kinship::NearMiss(miss.difference.clone()),
        });
        let mut nearest: Vec<Kin> = Vec::new();
        for kin in itself.into_iter().chain(called).chain(near) {
            if nearest.iter().all(|known| known.node != kin.node) {
                nearest.push(kin);
            }
        }
        nearest.truncate(MOST);
        nearest
    }

    fn kinship(&self, before: &Node, now: NodeIx) -> Kinship {
        let now = &self.now.nodes[now];
        let is_version =
            before.version.is_some() && now.version.is_some() && before.package == now.package;
        if is_version {
            Kinship::Version
        } else {
            Kinship::SameName
        }
    }

    /// Whether most nodes of the state are in another database or schema now, as in the manifest of
    /// another target.
    pub(super) fn is_of_other_target(&self) -> bool {
        let (mut all, mut elsewhere) = (0, 0);
        for before in &self.state.nodes {
            let now = self.by_id.get(before.unique_id.as_ref());
            if let Some(now) = now.map(|now| &self.now.nodes[*now])
                && before.relation.is_some()
                && now.relation.is_some()
                && before.kind != NodeKind::Source
            {
                all += 1;
                elsewhere += usize::from(place(&before.typed) != place(&now.typed));
            }
        }
        elsewhere >= FEW && elsewhere * 2 > all
    }
}

fn called<'n>(node: &'n Node) -> Called<'n> {
    (node.source_name.as_deref(), node.name.as_ref())
}

fn place<'r>(relation: &'r Relation) -> [Option<&'r str>; 2] {
    [relation.database.as_deref(), relation.schema.as_deref()]
}

/// The relation that is this to a node, as its project spells it.
pub(super) fn shown(node: &Node, role: Role) -> String {
    match node.relation_as(role) {
        Some((relation, _)) if role != Role::Own => relation.to_string(),
        _ => node.typed.to_string(),
    }
}

/// The relations that nodes surely have.
fn keys<'n>(nodes: &'n [Node], ignores_case: bool) -> HashSet<Key<'n>> {
    let relations = nodes.iter().flat_map(Node::relations);
    let sure = relations.filter(|(role, _)| *role != Role::PerhapsLatest);
    sure.map(|(_, relation)| key(relation, ignores_case))
        .collect()
}
