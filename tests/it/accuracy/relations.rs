//! What a manifest says about its relations, worked out apart from the program: nothing here may
//! be shared with it, or both would be wrong together.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::spans;

/// Adapters whose relations have no database, whatever their nodes say.
const WITHOUT_DATABASE: [&str; 5] = ["oracle", "clickhouse", "mysql", "hive", "spark"];

/// What dbt wrote, as far as relations need it.
#[derive(Deserialize)]
pub(crate) struct Document {
    metadata: Metadata,
    pub(crate) nodes: BTreeMap<String, Node>,
    pub(crate) sources: BTreeMap<String, Node>,
    pub(crate) disabled: Option<BTreeMap<String, Vec<Node>>>,
}

#[derive(Deserialize)]
struct Metadata {
    dbt_schema_version: String,
    adapter_type: String,
}

#[derive(Deserialize)]
pub(crate) struct Node {
    pub(crate) resource_type: String,
    pub(crate) name: String,
    pub(crate) database: Option<String>,
    pub(crate) schema: Option<String>,
    pub(crate) alias: Option<String>,
    pub(crate) identifier: Option<String>,
    pub(crate) relation_name: Option<String>,
    version: Option<Value>,
    latest_version: Option<Value>,
    defer_relation: Option<Deferred>,
    config: Option<Config>,
}

/// Where dbt reads a node from when it defers.
#[derive(Deserialize)]
struct Deferred {
    database: Option<String>,
    schema: String,
    alias: String,
    relation_name: Option<String>,
}

#[derive(Deserialize)]
struct Config {
    materialized: Option<String>,
    latest_version_pointer: Option<Pointer>,
}

#[derive(Deserialize)]
struct Pointer {
    enabled: Option<bool>,
    alias: Option<String>,
}

impl Node {
    /// The last part of the relation, as typed.
    pub(crate) fn last(&self) -> &str {
        let last = self.alias.as_deref().or(self.identifier.as_deref());
        last.unwrap_or(&self.name)
    }

    pub(crate) fn is_ephemeral(&self) -> bool {
        let config = self.config.as_ref();
        config.and_then(|config| config.materialized.as_deref()) == Some("ephemeral")
    }

    /// A node that is like this one, but for what is given.
    fn with(&self, schema: Option<&str>, alias: &str, relation_name: Option<String>) -> Self {
        Self {
            resource_type: self.resource_type.clone(),
            name: self.name.clone(),
            database: self.database.clone(),
            schema: schema.map(str::to_owned),
            alias: Some(alias.to_owned()),
            identifier: None,
            relation_name,
            version: None,
            latest_version: None,
            defer_relation: None,
            config: None,
        }
    }

    /// The view of the latest version, if this is it, and whether there surely is one. It is quoted
    /// as the node's own relation is.
    fn pointer(&self) -> Option<(Self, bool)> {
        let is_latest = self.version.is_some() && self.version == self.latest_version;
        if !is_latest || self.is_ephemeral() {
            return None;
        }
        let pointer = self.config.as_ref()?.latest_version_pointer.as_ref();
        let alias = pointer.and_then(|pointer| pointer.alias.as_deref());
        let alias = alias.unwrap_or(&self.name);
        let is_sure = pointer.is_some_and(|pointer| pointer.enabled == Some(true));
        let own = self.relation_name.as_deref();
        let renamed = own.map(|own| replace_last(own, self.last(), alias));
        let node = self.with(self.schema.as_deref(), alias, renamed);
        Some((node, is_sure))
    }

    /// The node as it is in the state that dbt defers to.
    fn deferred(&self) -> Option<Self> {
        let deferred = self.defer_relation.as_ref()?;
        let name = deferred.relation_name.clone();
        let mut node = self.with(Some(&deferred.schema), &deferred.alias, name);
        node.database.clone_from(&deferred.database);
        Some(node)
    }

    fn has_relation(&self, schema_version: u32) -> bool {
        match self.resource_type.as_str() {
            "source" => true,
            "model" | "seed" | "snapshot" => {
                !self.is_ephemeral() && (self.relation_name.is_some() || schema_version < 8)
            }
            _ => false,
        }
    }
}

/// One relation in stored form, with every node that has it.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    pub(crate) database: Option<String>,
    /// Whether the database is a part of the relation, and not only a note on the node.
    pub(crate) in_database: bool,
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) owners: Vec<String>,
    pub(crate) sources: Vec<String>,
    /// The rule by which a table is found that is this, unless it is a node's own relation.
    pub(crate) rule: Option<&'static str>,
}

impl Relation {
    /// The nodes that a link may lead to: a source only if nothing in the project builds it.
    pub(crate) fn candidates(&self) -> &[String] {
        if self.owners.is_empty() {
            &self.sources
        } else {
            &self.owners
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        let parts = |relation: &Self| {
            let Self {
                database,
                schema,
                name,
                ..
            } = relation;
            (database.clone(), schema.clone(), name.clone())
        };
        parts(self) == parts(other)
    }

    /// What two relations have in common that differ only in case or database.
    pub(crate) fn key(&self) -> String {
        key(&self.schema, &self.name)
    }
}

pub(crate) fn key(schema: &str, name: &str) -> String {
    format!("{}\n{}", schema.to_lowercase(), name.to_lowercase())
}

/// The relations of one manifest.
pub(crate) struct Facts {
    pub(crate) adapter: String,
    pub(crate) document: Document,
    pub(crate) relations: Vec<Relation>,
    /// Relations beside those: views of latest versions, and those of a state that dbt defers to.
    pub(crate) others: Vec<Relation>,
    /// Views of latest versions of which nobody knows whether they exist.
    pub(crate) perhaps: Vec<Relation>,
    /// Positions in `relations` by `key`.
    by_key: BTreeMap<String, Vec<usize>>,
}

impl Facts {
    pub(crate) fn read(manifest: &[u8]) -> Self {
        let document: Document =
            serde_json::from_slice(&spans::without_specials(manifest)).unwrap();
        let adapter = document.metadata.adapter_type.clone();
        let version = document
            .metadata
            .dbt_schema_version
            .rsplit_once("/v")
            .unwrap();
        let version = version.1.trim_end_matches(".json").parse().unwrap();
        let mut relations: BTreeMap<_, Relation> = BTreeMap::new();
        let nodes = document.nodes.iter().chain(&document.sources);
        for (id, node) in nodes.filter(|(_, node)| node.has_relation(version)) {
            let parts = stored(node, &adapter);
            let same = [
                parts.database.clone().unwrap_or_default(),
                parts.schema.clone(),
                parts.name.clone(),
            ];
            let same = match ignores_case(&adapter) {
                true => same.map(|part| part.to_lowercase()),
                false => same,
            };
            let relation = relations.entry(same).or_insert(parts);
            if node.resource_type == "source" {
                relation.sources.push(id.clone());
            } else {
                relation.owners.push(id.clone());
            }
        }
        let relations: Vec<Relation> = relations.into_values().collect();
        let (mut others, mut perhaps) = others(&document, version, &adapter);
        // What a node has of its own is that node's.
        let is_own = |other: &Relation| relations.iter().any(|own| own.is_same(other));
        others.retain(|other| !is_own(other));
        perhaps.retain(|other| !is_own(other));
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, relation) in relations.iter().enumerate() {
            by_key.entry(relation.key()).or_default().push(at);
        }
        Self {
            adapter,
            document,
            relations,
            others,
            perhaps,
            by_key,
        }
    }

    /// The other relations that have this schema and name, but for case.
    pub(crate) fn others_alike(&self, schema: &str, name: &str) -> Vec<&Relation> {
        let others = self.others.iter();
        others
            .filter(|other| other.key() == key(schema, name))
            .collect()
    }

    /// The relations that have this schema and name, but for case.
    pub(crate) fn alike(&self, schema: &str, name: &str) -> Vec<&Relation> {
        let found = self.by_key.get(&key(schema, name));
        let found = found.map(Vec::as_slice).unwrap_or_default();
        found.iter().map(|at| &self.relations[*at]).collect()
    }
}

/// Relations that stand for a node beside its own one, and those that may.
fn others(document: &Document, version: u32, adapter: &str) -> (Vec<Relation>, Vec<Relation>) {
    let (mut others, mut perhaps) = (Vec::new(), Vec::new());
    let of = |id: &String, node: &Node, rule| Relation {
        owners: vec![id.clone()],
        rule: Some(rule),
        ..stored(node, adapter)
    };
    for (id, node) in &document.nodes {
        if !node.has_relation(version) {
            continue;
        }
        if let Some((view, is_sure)) = node.pointer() {
            let found = of(id, &view, "latest");
            if is_sure { &mut others } else { &mut perhaps }.push(found);
        }
        others.extend(node.deferred().map(|state| of(id, &state, "deferred")));
    }
    (others, perhaps)
}

/// A text in which the last place of a part is replaced.
fn replace_last(text: &str, part: &str, by: &str) -> String {
    match text.rfind(part) {
        Some(at) => format!("{}{by}{}", &text[..at], &text[at + part.len()..]),
        None => text.to_owned(),
    }
}

/// Whether names that differ only in case are one to this database, which keeps them as written.
fn ignores_case(adapter: &str) -> bool {
    matches!(adapter, "duckdb" | "spark")
}

/// Whether a database keeps every name in lower case, quoted or not.
pub(crate) fn folds_all(adapter: &str) -> bool {
    matches!(adapter, "databricks" | "athena" | "trino" | "redshift")
}

/// The relation of one node as its database keeps it.
fn stored(node: &Node, adapter: &str) -> Relation {
    let database = node.database.as_deref().filter(|name| !name.is_empty());
    let schema = node.schema.as_deref().unwrap_or_default();
    let (quoted, rendered) = quoting(node, database, adapter);
    let fold = |part: &str, quoted: bool| match (adapter, quoted) {
        ("snowflake" | "oracle", false) => part.to_uppercase(),
        ("postgres", false) => part.to_lowercase(),
        (adapter, _) if folds_all(adapter) => part.to_lowercase(),
        _ => part.to_owned(),
    };
    Relation {
        database: database.map(|name| fold(name, quoted[0])),
        in_database: rendered && !WITHOUT_DATABASE.contains(&adapter),
        schema: fold(schema, quoted[1]),
        name: fold(node.last(), quoted[2]),
        owners: Vec::new(),
        sources: Vec::new(),
        rule: None,
    }
}

/// Which parts dbt quotes, and whether it writes the database. `relation_name` cannot be split,
/// since dbt escapes nothing in it, but every way of writing the parts can be compared with it.
fn quoting(node: &Node, database: Option<&str>, adapter: &str) -> ([bool; 3], bool) {
    let by_default = !matches!(adapter, "snowflake" | "oracle" | "spark");
    let Some(written) = &node.relation_name else {
        return ([by_default; 3], database.is_some());
    };
    let parts = [database, node.schema.as_deref(), Some(node.last())];
    for bits in 0..8 {
        let quoted = [bits & 1 > 0, bits & 2 > 0, bits & 4 > 0];
        for skipped in [0, 1] {
            for (open, close) in [("\"", "\""), ("`", "`"), ("[", "]")] {
                for closer in [close.to_owned(), close.repeat(2)] {
                    let rendered = parts.iter().zip(quoted).skip(skipped);
                    let rendered = rendered.filter_map(|(part, quoted)| {
                        let part = part.filter(|part| !part.is_empty())?;
                        let inner = part.replace(close, &closer);
                        Some(match quoted {
                            true => format!("{open}{inner}{close}"),
                            false => part.to_owned(),
                        })
                    });
                    let rendered = rendered.collect::<Vec<_>>().join(".");
                    if rendered.to_lowercase() == written.to_lowercase() {
                        return (quoted, skipped == 0 && database.is_some());
                    }
                }
            }
        }
    }
    panic!("no way of quoting gives {written}");
}
