//! Makes nodes with their relations.

use std::borrow::Cow;

use rayon::prelude::*;
use serde_json::value::RawValue;

use super::wire;
use crate::model::relation::{Rendering, rendering};
use crate::model::{Adapter, Casing, Node, NodeKind, Relation};

/// The schema version since which every node with a relation has a `relation_name`.
const RELATION_NAME_SINCE: u32 = 8;

/// The models, seeds, snapshots and sources that are not disabled.
pub(super) fn relations<'a>(
    nodes: Vec<Vec<wire::Node<'a>>>,
    sources: Vec<Vec<wire::Node<'a>>>,
    adapter: Adapter,
    schema: u32,
    quoting: Option<&wire::Quoting>,
) -> Vec<Node<'a>> {
    let reader = Reader {
        adapter,
        schema,
        quoting: quoting.copied().unwrap_or_default(),
    };
    nodes
        .into_par_iter()
        .chain(sources)
        .flatten()
        .filter(is_enabled)
        .filter_map(|node| reader.node(node))
        .collect()
}

fn is_enabled(node: &wire::Node) -> bool {
    let config = node.config.as_ref();
    config.and_then(|config| config.enabled) != Some(false)
}

/// A text of a node, unless it is empty.
fn text<'a>(text: Option<&wire::Text<'a>>) -> Option<Cow<'a, str>> {
    text.map(|text| text.0.clone())
        .filter(|text| !text.is_empty())
}

/// Makes nodes by what applies to the whole manifest.
struct Reader<'p> {
    adapter: Adapter<'p>,
    /// The version of the manifest's schema.
    schema: u32,
    /// The project's quoting, which a node may override.
    quoting: wire::Quoting,
}

impl Reader<'_> {
    fn node<'a>(&self, node: wire::Node<'a>) -> Option<Node<'a>> {
        let kind = NodeKind::from_unique_id(&node.unique_id)?;
        let name = text(node.name.as_ref())?;
        let parts = Parts::new(kind, &node, &name);
        let relation_name = text(node.relation_name.as_ref());
        let has_relation = self.has_relation(kind, &node, relation_name.is_some());
        let rendering = self.rendering(&parts, relation_name.as_deref(), node.quoting);
        let casing = self.adapter.casing();
        Some(Node {
            kind,
            package: text(node.package_name.as_ref()).unwrap_or_default(),
            source_name: text(node.source_name.as_ref()).filter(|_| kind == NodeKind::Source),
            version: node
                .version
                .map(RawValue::get)
                .filter(|version| *version != "null"),
            unrendered_database: parts
                .database
                .as_ref()
                .filter(|_| !rendering.has_database)
                .map(|database| casing.stored(database, rendering.quoted[0])),
            relation: has_relation.then(|| parts.stored(casing, rendering)),
            typed: parts.typed(),
            unique_id: node.unique_id,
            name,
        })
    }

    /// Whether dbt builds or reads a relation for this node. Ephemeral models have none, although
    /// they have a schema and an alias.
    fn has_relation(&self, kind: NodeKind, node: &wire::Node, is_named: bool) -> bool {
        let materialized = node
            .config
            .as_ref()
            .and_then(|config| config.materialized.as_ref())
            .map(|text| text.0.as_ref());
        materialized != Some("ephemeral")
            && (is_named || kind == NodeKind::Source || self.schema < RELATION_NAME_SINCE)
    }

    /// How dbt renders the relation: as in `relation_name`, else by adapter and quoting.
    fn rendering(
        &self,
        parts: &Parts,
        relation_name: Option<&str>,
        own: Option<wire::Quoting>,
    ) -> Rendering {
        let (database, schema) = (parts.database.as_deref(), parts.schema.as_deref());
        relation_name
            .and_then(|text| rendering(text, database, schema, &parts.name))
            .unwrap_or_else(|| Rendering {
                has_database: database.is_some() && self.adapter.renders_database(),
                quoted: self.quoted(own.unwrap_or_default()),
            })
    }

    /// Whether database, schema and name are quoted, according to the node, else the project, else
    /// the adapter.
    fn quoted(&self, own: wire::Quoting) -> [bool; 3] {
        [
            own.database.or(self.quoting.database),
            own.schema.or(self.quoting.schema),
            own.identifier.or(self.quoting.identifier),
        ]
        .map(|quoted| quoted.unwrap_or(self.adapter.quotes_names()))
    }
}

/// The parts of a relation as the dbt project spells them.
struct Parts<'a> {
    database: Option<Cow<'a, str>>,
    schema: Option<Cow<'a, str>>,
    name: Cow<'a, str>,
}

impl<'a> Parts<'a> {
    /// The name is the identifier of a source, and the alias of any other node.
    fn new(kind: NodeKind, node: &wire::Node<'a>, name: &Cow<'a, str>) -> Self {
        let own_name = match kind {
            NodeKind::Source => &node.identifier,
            NodeKind::Model | NodeKind::Seed | NodeKind::Snapshot => &node.alias,
        };
        Self {
            database: text(node.database.as_ref()),
            schema: text(node.schema.as_ref()),
            name: text(own_name.as_ref()).unwrap_or_else(|| name.clone()),
        }
    }

    /// The relation as its database stores it.
    fn stored(&self, casing: Casing, rendering: Rendering) -> Relation<'a> {
        let [database, schema, name] = rendering.quoted;
        Relation {
            database: self
                .database
                .as_ref()
                .filter(|_| rendering.has_database)
                .map(|part| casing.stored(part, database)),
            schema: self.schema.as_ref().map(|part| casing.stored(part, schema)),
            name: casing.stored(&self.name, name),
        }
    }

    /// The relation as the project spells it, with its database.
    fn typed(self) -> Relation<'a> {
        let Self {
            database,
            schema,
            name,
        } = self;
        Relation {
            database,
            schema,
            name,
        }
    }
}
