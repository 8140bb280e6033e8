//! The two manifests that are compared, with what lies beside them.

use crate::model::definition::{Definition, Definitions};
use crate::model::{Adapter, Catalog, Node, NodeIx, Project};

/// One of the two manifests.
#[derive(Clone, Copy)]
pub struct Side<'s, 'a> {
    /// Its file, for messages.
    pub file: &'s str,
    /// The project, with its relations.
    pub project: &'s Project<'a>,
    /// How it defines nodes and macros.
    pub definitions: &'s Definitions<'a>,
    /// What the warehouse says of columns.
    pub catalog: Option<&'s Catalog>,
    /// What is known of the run that wrote it.
    pub run: Run<'s>,
}

/// What is known of the run of dbt that wrote a manifest.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run<'s> {
    /// When the manifest was written, as it says itself.
    pub generated_at: Option<&'s str>,
    /// The target that `--target` named.
    pub target: Option<&'s str>,
    /// Whether it ran with `--empty`, which puts a limit into each compiled query.
    pub is_empty: bool,
}

/// A side with its nodes by their ids.
pub(super) struct Indexed<'s, 'a> {
    pub(super) side: Side<'s, 'a>,
    /// The positions of the project's nodes, in the order of their ids.
    by_id: Vec<NodeIx>,
}

impl<'s, 'a> Indexed<'s, 'a> {
    pub(super) fn new(side: Side<'s, 'a>) -> Self {
        let nodes = &side.project.nodes;
        let mut by_id = NodeIx::enumerate(nodes)
            .map(|(at, _)| at)
            .collect::<Vec<_>>();
        by_id.sort_by(|a, b| nodes[*a].unique_id.cmp(&nodes[*b].unique_id));
        Self { side, by_id }
    }

    /// The node with this id, as far as it can have a relation and is enabled.
    pub(super) fn node(&self, unique_id: &str) -> Option<&'s Node<'a>> {
        let nodes = &self.side.project.nodes;
        let found = self
            .by_id
            .binary_search_by(|at| nodes[*at].unique_id.as_ref().cmp(unique_id));
        found.ok().map(|at| &nodes[self.by_id[at]])
    }

    /// The definition of the node with this id.
    pub(super) fn definition(&self, unique_id: &str) -> Option<&'s Definition<'a>> {
        self.side.definitions.node(unique_id)
    }

    /// The definition of the node with this id, if it is enabled.
    pub(super) fn enabled(&self, unique_id: &str) -> Option<&'s Definition<'a>> {
        self.definition(unique_id).filter(|node| node.is_enabled)
    }

    pub(super) fn adapter(&self) -> Adapter<'s> {
        self.side.project.adapter()
    }

    /// The number of dbt's version before the first dot, and behind it.
    pub(super) fn dbt(&self) -> Option<(&'s str, &'s str)> {
        let version = self.side.project.dbt_version.as_deref()?;
        let mut parts = version.split('.');
        Some((parts.next()?, parts.next()?))
    }
}

/// A part of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Database,
    Schema,
    Name,
}

impl Part {
    pub(super) const ALL: [Self; 3] = [Self::Database, Self::Schema, Self::Name];

    /// The keys of the configuration that set it.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Database => &["database", "target_database"],
            Self::Schema => &["schema", "target_schema"],
            Self::Name => &["alias"],
        }
    }

    /// The macro that makes it (<https://docs.getdbt.com/docs/build/custom-schemas>).
    pub(super) fn macro_name(self) -> &'static str {
        match self {
            Self::Database => "generate_database_name",
            Self::Schema => "generate_schema_name",
            Self::Name => "generate_alias_name",
        }
    }

    /// It as the project spells it; empty if there is none.
    pub(super) fn typed<'n>(self, node: &'n Node) -> &'n str {
        let relation = &node.typed;
        match self {
            Self::Database => relation.database.as_deref().unwrap_or_default(),
            Self::Schema => relation.schema.as_deref().unwrap_or_default(),
            Self::Name => &relation.name,
        }
    }

    /// It as the database stores it; empty if there is none.
    pub(super) fn stored<'n>(self, node: &'n Node) -> &'n str {
        let Some(relation) = &node.relation else {
            return "";
        };
        let unrendered = node.unrendered_database.as_deref();
        match self {
            Self::Database => relation
                .database
                .as_deref()
                .or(unrendered)
                .unwrap_or_default(),
            Self::Schema => relation.schema.as_deref().unwrap_or_default(),
            Self::Name => &relation.name,
        }
    }
}

/// Whether two stored names are one to the database.
pub(super) fn is_one(adapter: Adapter, one: &str, other: &str) -> bool {
    one == other || adapter.ignores_case() && crate::model::relation::same_but_case(one, other)
}

/// The parts of a relation as one text, to be looked up by.
pub(super) fn key(adapter: Adapter, parts: [&str; 3]) -> String {
    let key = parts.join("\u{0}");
    if adapter.ignores_case() {
        crate::model::letters::lower(&key)
    } else {
        key
    }
}
