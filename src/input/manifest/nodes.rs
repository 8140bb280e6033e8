//! Makes nodes with their relations.

use std::borrow::Cow;
use std::sync::OnceLock;

use rayon::prelude::*;
use serde_json::value::RawValue;

use super::wire;
use crate::input::json;
use crate::model::relation::{Rendering, rendering};
use crate::model::{Adapter, Casing, Node, NodeKind, OtherRelation, Relation, Role};

/// The schema version since which every node with a relation has a `relation_name`.
const RELATION_NAME_SINCE: u32 = 8;

/// The models, seeds, snapshots and sources that are not disabled.
pub(super) fn relations<'a>(
    nodes: Vec<Vec<wire::Node<'a>>>,
    sources: Vec<Vec<wire::Node<'a>>>,
    adapter: Adapter,
    schema: u32,
    quoting: Option<&wire::Quoting>,
    macros: Option<&RawValue>,
) -> Vec<Node<'a>> {
    let reader = Reader {
        adapter,
        schema,
        quoting: quoting.copied().unwrap_or_default(),
        macros,
        names_pointers: OnceLock::new(),
    };
    nodes
        .into_par_iter()
        .chain(sources)
        .flatten()
        .filter(is_enabled)
        .filter_map(|node| reader.node(node))
        .collect()
}

/// The ids of nodes that are disabled and stand among the others all the same.
pub(super) fn disabled<'n, 'a: 'n>(nodes: impl Iterator<Item = &'n wire::Node<'a>>) -> Vec<String> {
    let disabled = nodes.filter(|node| !is_enabled(node));
    disabled.map(|node| node.unique_id.to_string()).collect()
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
    macros: Option<&'p RawValue>,
    /// Whether a macro of the project names the views of latest versions.
    names_pointers: OnceLock<bool>,
}

impl Reader<'_> {
    fn node<'a>(&self, node: wire::Node<'a>) -> Option<Node<'a>> {
        let kind = NodeKind::from_unique_id(&node.unique_id)?;
        let name = text(node.name.as_ref())?;
        let parts = Parts::new(kind, &node, &name);
        let relation_name = text(node.relation_name.as_ref());
        let is_ephemeral = is_ephemeral(&node);
        let has_relation = !is_ephemeral && self.may_have_relation(kind, relation_name.is_some());
        let rendering = self.rendering(&parts, relation_name.as_deref(), node.quoting);
        let casing = self.adapter.casing();
        let others = if kind == NodeKind::Source {
            Vec::new()
        } else {
            let latest = has_relation.then(|| self.latest(&node, &name, &parts, rendering));
            let both = [latest.flatten(), self.deferred(&node, &parts)];
            both.into_iter().flatten().collect()
        };
        Some(Node {
            kind,
            package: text(node.package_name.as_ref()).unwrap_or_default(),
            source_name: text(node.source_name.as_ref()).filter(|_| kind == NodeKind::Source),
            version: node
                .version
                .map(RawValue::get)
                .filter(|version| *version != "null")
                .map(Cow::Borrowed),
            unrendered_database: parts.unrendered_database(casing, rendering),
            others,
            is_ephemeral,
            relation: has_relation.then(|| parts.stored(casing, rendering)),
            typed: parts.typed(),
            relation_name: relation_name.filter(|_| has_relation),
            unique_id: node.unique_id,
            name,
        })
    }

    /// The view that dbt makes, or may make, of a model if this is its latest version: in the same
    /// schema, with the name of the model if it gets no other.
    fn latest<'a>(
        &self,
        node: &wire::Node<'a>,
        name: &Cow<'a, str>,
        parts: &Parts<'a>,
        rendering: Rendering,
    ) -> Option<OtherRelation<'a>> {
        if !same_version(node.version?, node.latest_version?) {
            return None;
        }
        let config = node.config.as_ref();
        let pointer = config.and_then(|config| config.latest_version_pointer);
        let pointer = pointer.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let wire::VersionPointer { enabled, alias } = pointer.unwrap_or_default();
        let alias = text(alias.as_ref());
        let is_sure = enabled == Some(true) && (alias.is_some() || !self.names_pointers());
        let role = if is_sure {
            Role::Latest
        } else {
            Role::PerhapsLatest
        };
        let parts = Parts {
            name: alias.unwrap_or_else(|| name.clone()),
            ..parts.clone()
        };
        Some(self.other(role, &parts, rendering))
    }

    /// Whether a macro of the project or of a package replaces dbt's own one that names the views
    /// of latest versions.
    fn names_pointers(&self) -> bool {
        let is_own = |id: &String| {
            id.ends_with("generate_latest_version_pointer_alias") && !id.starts_with("macro.dbt.")
        };
        *self.names_pointers.get_or_init(|| {
            let ids = self.macros.map(|raw| serde_json::from_str(raw.get()));
            matches!(ids, Some(Ok(json::Keys(ids))) if ids.iter().any(is_own))
        })
    }

    /// The relation that dbt reads instead of the node's own one when it defers to a state.
    fn deferred<'a>(&self, node: &wire::Node<'a>, own: &Parts<'a>) -> Option<OtherRelation<'a>> {
        let raw = node.defer_relation?.get();
        let deferred: wire::DeferRelation<'a> = serde_json::from_str(raw).ok()?;
        let parts = Parts {
            database: text(deferred.database.as_ref()),
            schema: text(deferred.schema.as_ref()),
            name: text(deferred.alias.as_ref()).unwrap_or_else(|| own.name.clone()),
        };
        let relation_name = text(deferred.relation_name.as_ref());
        let rendering = self.rendering(&parts, relation_name.as_deref(), node.quoting);
        parts.schema.as_ref()?;
        Some(self.other(Role::Deferred, &parts, rendering))
    }

    fn other<'a>(&self, role: Role, parts: &Parts<'a>, rendering: Rendering) -> OtherRelation<'a> {
        let casing = self.adapter.casing();
        OtherRelation {
            role,
            relation: parts.stored(casing, rendering),
            unrendered_database: parts.unrendered_database(casing, rendering),
        }
    }

    /// Whether dbt builds or reads a relation for a node of this kind that is not ephemeral.
    fn may_have_relation(&self, kind: NodeKind, is_named: bool) -> bool {
        is_named || kind == NodeKind::Source || self.schema < RELATION_NAME_SINCE
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

/// Whether two versions are one: dbt compares them as values, so that `1` is `1.0`.
fn same_version(one: &RawValue, other: &RawValue) -> bool {
    let number = |version: &RawValue| version.get().parse::<f64>().ok();
    one.get() == other.get() && one.get() != "null"
        || number(one).is_some_and(|one| number(other) == Some(one))
}

/// Whether the configuration says so. Ephemeral models have no relation, although they have a schema
/// and an alias.
fn is_ephemeral(node: &wire::Node) -> bool {
    let config = node.config.as_ref();
    let materialized = config.and_then(|config| config.materialized.as_ref());
    materialized.is_some_and(|text| text.0 == "ephemeral")
}

/// The parts of a relation as the dbt project spells them.
#[derive(Clone)]
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

    /// The database that dbt leaves out of the relation, as it is stored.
    fn unrendered_database(&self, casing: Casing, rendering: Rendering) -> Option<Cow<'a, str>> {
        let database = self.database.as_ref();
        database
            .filter(|_| !rendering.has_database)
            .map(|database| casing.stored(database, rendering.quoted[0]))
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
