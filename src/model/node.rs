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
    pub version: Option<&'a str>,
    /// The relation in its stored form, without a database if dbt does not render it; `None` for
    /// models that dbt never builds (ephemeral ones).
    pub relation: Option<Relation<'a>>,
    /// The relation as the project spells it, with its database, for messages.
    pub typed: Relation<'a>,
    /// The database that dbt knows but leaves out of the relation (Oracle, ClickHouse), in its
    /// stored form as well.
    pub unrendered_database: Option<Cow<'a, str>>,
}
