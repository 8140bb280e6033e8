//! What dbt builds or declares: the nodes that a workbook can read.

use std::borrow::Cow;
use std::ops::Index;

use super::display::display_enum;
use super::relation::Relation;

/// The position of a node among the nodes of its manifest, which are indexed by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIx(pub usize);

impl NodeIx {
    /// All nodes of a manifest, each with its position.
    pub fn enumerate<'s, 'a>(nodes: &'s [Node<'a>]) -> impl Iterator<Item = (Self, &'s Node<'a>)> {
        nodes
            .iter()
            .enumerate()
            .map(|(position, node)| (Self(position), node))
    }
}

impl<'a> Index<NodeIx> for [Node<'a>] {
    type Output = Node<'a>;

    fn index(&self, node: NodeIx) -> &Node<'a> {
        &self[node.0]
    }
}

impl<'a> Index<NodeIx> for Vec<Node<'a>> {
    type Output = Node<'a>;

    fn index(&self, node: NodeIx) -> &Node<'a> {
        &self.as_slice()[node]
    }
}

display_enum! {
    /// The kinds of dbt nodes that have a relation which a reader can query. Their texts are dbt's
    /// resource types.
    pub enum NodeKind {
        /// A model, built as a table, a view or similar.
        Model => "model";
        /// A CSV file that dbt loads.
        Seed => "seed";
        /// A snapshot table.
        Snapshot => "snapshot";
        /// A table that dbt reads and does not build.
        Source => "source";
    }
}

impl NodeKind {
    /// The kind of the node with this id, which begins with its resource type and a dot; `None`
    /// for kinds that nobody can query.
    pub fn from_unique_id(unique_id: &str) -> Option<Self> {
        let (resource_type, _) = unique_id.split_once('.')?;
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.text() == resource_type)
    }
}

display_enum! {
    /// What dbt does to a node.
    pub enum Verb {
        /// It builds models, seeds and snapshots.
        Builds => "builds";
        /// It declares sources, which others build.
        Declares => "declares";
    }
}

impl Verb {
    /// What dbt does to nodes of this kind.
    pub fn of(kind: NodeKind) -> Self {
        match kind {
            NodeKind::Source => Self::Declares,
            NodeKind::Model | NodeKind::Seed | NodeKind::Snapshot => Self::Builds,
        }
    }
}

/// What a relation is to a node. Where several nodes have one relation, it belongs to those of
/// which it is what comes first here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// dbt builds or reads it for the node.
    Own,
    /// dbt makes it as a view of the latest version of a model: `latest_version_pointer`, since
    /// dbt 1.12 (<https://docs.getdbt.com/reference/resource-configs/latest_version_pointer>).
    Latest,
    /// dbt reads it instead of the node's own one when it defers to a state: `defer_relation`,
    /// since dbt 1.6 (<https://docs.getdbt.com/reference/node-selection/defer>).
    Deferred,
    /// It has the name of such a view of the latest version, and the manifest does not tell whether
    /// there is one.
    PerhapsLatest,
}

/// A relation that stands for a node, although it is not the node's own one.
#[derive(Debug, Clone)]
pub struct OtherRelation<'a> {
    /// What it is to the node.
    pub role: Role,
    /// The relation in its stored form, without a database if dbt does not render it.
    pub relation: Relation<'a>,
    /// The database that dbt leaves out of it.
    pub unrendered_database: Option<Cow<'a, str>>,
}

impl<'a> OtherRelation<'a> {
    /// The relation, and the database that dbt leaves out of it.
    pub fn stored(&self) -> StoredRelation<'_, 'a> {
        (&self.relation, self.unrendered_database.as_deref())
    }

    fn borrowed(&self) -> OtherRelation<'_> {
        OtherRelation {
            role: self.role,
            relation: self.relation.borrowed(),
            unrendered_database: borrowed(&self.unrendered_database),
        }
    }
}

/// The same text, borrowed.
fn borrowed<'b>(text: &'b Option<Cow<str>>) -> Option<Cow<'b, str>> {
    text.as_deref().map(Cow::Borrowed)
}

/// A model, seed, snapshot or source, with the relation that it stands for.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// dbt's id, such as `model.shop.orders`.
    pub unique_id: Cow<'a, str>,
    /// What it is.
    pub kind: NodeKind,
    /// The package that defines it.
    pub package: Cow<'a, str>,
    /// The name that `ref` takes, or the table name that `source` takes.
    pub name: Cow<'a, str>,
    /// The first argument of `source`; `None` for other kinds.
    pub source_name: Option<Cow<'a, str>>,
    /// A versioned model's version as JSON text (`1`, `"1"`, `1.5`).
    pub version: Option<Cow<'a, str>>,
    /// The relation in its stored form, without a database if dbt does not render it; `None` for
    /// models that dbt never builds (ephemeral ones).
    pub relation: Option<Relation<'a>>,
    /// Whether its configuration says that it is ephemeral.
    pub is_ephemeral: bool,
    /// The relation as the project spells it, with its database, for messages.
    pub typed: Relation<'a>,
    /// The relation as dbt renders it in SQL; `None` where the manifest does not say, as before dbt 1.4,
    /// and of nodes that an earlier run remembered.
    pub relation_name: Option<Cow<'a, str>>,
    /// The database that dbt knows but leaves out of the relation (Oracle, ClickHouse), in its
    /// stored form as well.
    pub unrendered_database: Option<Cow<'a, str>>,
    /// Other relations that stand for it.
    pub others: Vec<OtherRelation<'a>>,
}

/// A relation, and the database that dbt knows but leaves out of it.
pub type StoredRelation<'n, 'a> = (&'n Relation<'a>, Option<&'n str>);

impl<'a> Node<'a> {
    /// The same node, which borrows all of its texts from this one.
    pub fn borrowed(&self) -> Node<'_> {
        Node {
            unique_id: Cow::Borrowed(&self.unique_id),
            kind: self.kind,
            package: Cow::Borrowed(&self.package),
            name: Cow::Borrowed(&self.name),
            source_name: borrowed(&self.source_name),
            version: borrowed(&self.version),
            relation: self.relation.as_ref().map(Relation::borrowed),
            is_ephemeral: self.is_ephemeral,
            typed: self.typed.borrowed(),
            relation_name: borrowed(&self.relation_name),
            unrendered_database: borrowed(&self.unrendered_database),
            others: self.others.iter().map(OtherRelation::borrowed).collect(),
        }
    }

    /// The relations that stand for it, each with what it is to the node.
    pub fn relations(&self) -> impl Iterator<Item = (Role, StoredRelation<'_, 'a>)> {
        let own = self.relation.as_ref().map(|relation| {
            let stored = (relation, self.unrendered_database.as_deref());
            (Role::Own, stored)
        });
        let others = self.others.iter().map(|other| (other.role, other.stored()));
        own.into_iter().chain(others)
    }

    /// The relation that is this to it.
    pub fn relation_as(&self, role: Role) -> Option<StoredRelation<'_, 'a>> {
        self.relations()
            .find_map(|(other, relation)| (other == role).then_some(relation))
    }
}
