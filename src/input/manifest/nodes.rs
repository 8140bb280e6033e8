//! Nodes with the relations that they stand for.

use std::borrow::Cow;

use rayon::prelude::*;

use super::wire;
use crate::model::relation::{Rendering, rendering};
use crate::model::{Adapter, Casing, Node, NodeKind, Relation};

/// From this schema version on, every node with a relation has a `relation_name`.
const RELATION_NAME_SINCE: u32 = 8;

/// The models, seeds, snapshots and sources that are not disabled.
pub(super) fn relations<'a>(
    nodes: Vec<Vec<wire::Node<'a>>>,
    sources: Vec<Vec<wire::Node<'a>>>,
    adapter: Adapter,
    schema: u32,
    project: Option<&wire::Quoting>,
) -> Vec<Node<'a>> {
    let context = Context {
        adapter,
        schema,
        project: project.copied().unwrap_or_default(),
    };
    let enabled =
        |node: &wire::Node| node.config.as_ref().and_then(|config| config.enabled) != Some(false);
    let all = nodes.into_par_iter().chain(sources).flatten();
    all.filter(enabled)
        .filter_map(|node| context.node(node))
        .collect()
}

struct Context<'c> {
    adapter: Adapter<'c>,
    schema: u32,
    project: wire::Quoting,
}

impl Context<'_> {
    fn node<'a>(&self, node: wire::Node<'a>) -> Option<Node<'a>> {
        let kind = NodeKind::of_resource_type(node.unique_id.split('.').next()?)?;
        let text = |text: &Option<wire::Text<'a>>| {
            text.as_ref()
                .map(|text| text.0.clone())
                .filter(|text| !text.is_empty())
        };
        let name = text(&node.name)?;
        let own_name = if kind == NodeKind::Source {
            &node.identifier
        } else {
            &node.alias
        };
        let parts = Parts {
            database: text(&node.database),
            schema: text(&node.schema),
            name: text(own_name).unwrap_or_else(|| name.clone()),
        };
        let relation_name = text(&node.relation_name);
        let has_relation = self.has_relation(kind, &node, relation_name.is_some());
        let rendering = self.rendering(&parts, relation_name.as_deref(), node.quoting);
        Some(Node {
            kind,
            package: text(&node.package_name).unwrap_or_default(),
            source_name: text(&node.source_name).filter(|_| kind == NodeKind::Source),
            version: node
                .version
                .map(serde_json::value::RawValue::get)
                .filter(|version| *version != "null"),
            unrendered_database: parts
                .database
                .as_ref()
                .filter(|_| !rendering.has_database)
                .map(|part| self.adapter.casing().stored(part, rendering.quoted[0])),
            typed: Relation {
                database: parts.database.clone(),
                schema: parts.schema.clone(),
                name: parts.name.clone(),
            },
            relation: has_relation.then(|| parts.stored(self.adapter.casing(), rendering)),
            unique_id: node.unique_id,
            name,
        })
    }

    /// Whether dbt builds or reads a relation here. Ephemeral models carry all parts of one.
    fn has_relation(&self, kind: NodeKind, node: &wire::Node, is_named: bool) -> bool {
        let materialized = node
            .config
            .as_ref()
            .and_then(|config| config.materialized.as_ref())
            .map(|text| text.0.as_ref());
        materialized != Some("ephemeral")
            && (is_named || kind == NodeKind::Source || self.schema < RELATION_NAME_SINCE)
    }

    fn rendering(
        &self,
        parts: &Parts,
        relation_name: Option<&str>,
        own: Option<wire::Quoting>,
    ) -> Rendering {
        let found = relation_name.and_then(|text| {
            rendering(
                text,
                parts.database.as_deref(),
                parts.schema.as_deref(),
                &parts.name,
            )
        });
        found.unwrap_or_else(|| {
            let by_default = self.adapter.quotes_names();
            let own = own.unwrap_or_default();
            let quoted =
                |own: Option<bool>, project: Option<bool>| own.or(project).unwrap_or(by_default);
            Rendering {
                has_database: parts.database.is_some() && self.adapter.renders_database(),
                quoted: [
                    quoted(own.database, self.project.database),
                    quoted(own.schema, self.project.schema),
                    quoted(own.identifier, self.project.identifier),
                ],
            }
        })
    }
}

/// The parts of a relation as dbt's project spells them.
struct Parts<'a> {
    database: Option<Cow<'a, str>>,
    schema: Option<Cow<'a, str>>,
    name: Cow<'a, str>,
}

impl<'a> Parts<'a> {
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
}
