//! What dbt builds or declares: the nodes that a workbook can read.

use std::borrow::Cow;
use std::fmt;
use std::ops::Index;

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

/// The kinds of dbt nodes that have a relation which a reader can query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// A model that is built as a table, view or the like.
    Model,
    /// A CSV file that dbt loads.
    Seed,
    /// A snapshot table.
    Snapshot,
    /// A table that dbt reads and does not build.
    Source,
}

impl NodeKind {
    /// The kind behind dbt's `resource_type`; `None` for kinds that nobody can query.
    pub fn of_resource_type(resource_type: &str) -> Option<Self> {
        match resource_type {
            "model" => Some(Self::Model),
            "seed" => Some(Self::Seed),
            "snapshot" => Some(Self::Snapshot),
            "source" => Some(Self::Source),
            _ => None,
        }
    }
}

impl fmt::Display for NodeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Model => "model",
            Self::Seed => "seed",
            Self::Snapshot => "snapshot",
            Self::Source => "source",
        })
    }
}

/// A model, seed, snapshot or source with the relation it stands for.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// dbt's id, as in `model.shop.orders`.
    pub unique_id: Cow<'a, str>,
    /// What it is.
    pub kind: NodeKind,
    /// The package that defines it.
    pub package: Cow<'a, str>,
    /// The name that `ref` takes, or the table name that `source` takes.
    pub name: Cow<'a, str>,
    /// The first argument of `source`; `None` for what is not a source.
    pub source_name: Option<Cow<'a, str>>,
    /// A versioned model's version as JSON text (`1`, `"1"`, `1.5`).
    pub version: Option<&'a str>,
    /// The relation in its stored form, without a database where dbt renders none; `None` for
    /// what dbt never builds (ephemeral models).
    pub relation: Option<Relation<'a>>,
    /// The relation as the project spells it, with its database, for messages.
    pub typed: Relation<'a>,
    /// The database dbt knows although it leaves it out of the relation (Oracle, ClickHouse), in its
    /// stored form as well.
    pub unrendered_database: Option<Cow<'a, str>>,
}
