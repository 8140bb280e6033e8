//! The keys of a manifest that are needed, as serde types that borrow from the text. Nodes without
//! a relation, such as tests, are skipped.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use foldhash::{HashSet, HashSetExt};
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::tolerant;
use crate::model::NodeKind;

/// A string that borrows from the document unless it has escapes.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// The document.
#[derive(Default)]
pub(super) struct Top<'a> {
    pub metadata: Option<Metadata<'a>>,
    pub nodes: Option<Nodes<'a>>,
    pub sources: Option<Nodes<'a>>,
    pub macros: Option<&'a RawValue>,
    pub exposures: Option<&'a RawValue>,
    pub parent_map: Option<&'a RawValue>,
    pub child_map: Option<&'a RawValue>,
    pub disabled: Option<Disabled>,
    /// Whether the document is pure ASCII. Set after parsing.
    pub is_ascii: bool,
}

#[derive(Deserialize)]
pub(super) struct Metadata<'a> {
    #[serde(borrow, default)]
    pub dbt_schema_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub dbt_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub adapter_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub project_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub project_id: Option<Text<'a>>,
    #[serde(default)]
    pub quoting: Option<Quoting>,
    #[serde(default)]
    pub invocation_started_at: Option<IgnoredAny>,
}

/// Which parts of a relation are quoted; null means the inherited value.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quoting {
    pub database: Option<bool>,
    pub schema: Option<bool>,
    pub identifier: Option<bool>,
}

/// A model, seed, snapshot or source. All fields are optional; required ones are checked later.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Node<'a> {
    #[serde(skip)]
    pub unique_id: Cow<'a, str>,
    #[serde(borrow)]
    pub package_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub source_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub database: Option<Text<'a>>,
    #[serde(borrow)]
    pub schema: Option<Text<'a>>,
    #[serde(borrow)]
    pub alias: Option<Text<'a>>,
    #[serde(borrow)]
    pub identifier: Option<Text<'a>>,
    #[serde(borrow)]
    pub relation_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub version: Option<&'a RawValue>,
    #[serde(borrow)]
    pub latest_version: Option<&'a RawValue>,
    /// A [`DeferRelation`], which few nodes have.
    #[serde(borrow)]
    pub defer_relation: Option<&'a RawValue>,
    #[serde(borrow)]
    pub config: Option<Config<'a>>,
    pub quoting: Option<Quoting>,
    #[serde(borrow)]
    pub root_path: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Config<'a> {
    #[serde(borrow, default)]
    pub materialized: Option<Text<'a>>,
    #[serde(default)]
    pub enabled: Option<bool>,
    /// A [`VersionPointer`], which says something of versioned models alone.
    #[serde(borrow, default)]
    pub latest_version_pointer: Option<&'a RawValue>,
}

/// Whether dbt makes a view of the latest version of a model, and its name.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct VersionPointer<'a> {
    pub enabled: Option<bool>,
    #[serde(borrow)]
    pub alias: Option<Text<'a>>,
}

/// The relation that dbt reads for a node when it defers to a state.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct DeferRelation<'a> {
    #[serde(borrow)]
    pub database: Option<Text<'a>>,
    #[serde(borrow)]
    pub schema: Option<Text<'a>>,
    #[serde(borrow)]
    pub alias: Option<Text<'a>>,
    #[serde(borrow)]
    pub relation_name: Option<Text<'a>>,
}

impl<'a> Node<'a> {
    /// The folder of its project, before v8.
    pub(super) fn root_path(&self) -> Option<Cow<'a, str>> {
        self.root_path.as_ref().map(|text| text.0.clone())
    }
}

/// `nodes` or `sources`, in the chunks in which they were parsed.
#[derive(Default)]
pub(super) struct Nodes<'a> {
    /// The nodes that can have a relation.
    pub nodes: Vec<Vec<Node<'a>>>,
    /// The ids of all nodes, also of those that were skipped.
    pub ids: Vec<Vec<Cow<'a, str>>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Nodes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NodesVisitor;
        impl<'de> Visitor<'de> for NodesVisitor {
            type Value = Nodes<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("nodes by id")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Nodes<'de>, A::Error> {
                let (mut nodes, mut ids) = (Vec::new(), HashSet::new());
                while let Some(Text(id)) = map.next_key::<Text<'de>>()? {
                    if NodeKind::from_unique_id(&id).is_some() {
                        let node = map.next_value::<Node<'de>>()?;
                        nodes.push(Node {
                            unique_id: id.clone(),
                            ..node
                        });
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                    if let Some(duplicate) = ids.replace(id) {
                        return Err(duplicate_error(&duplicate));
                    }
                }
                Ok(Nodes {
                    nodes: vec![nodes],
                    ids: vec![ids.into_iter().collect()],
                })
            }
        }
        deserializer.deserialize_map(NodesVisitor)
    }
}

fn duplicate_error<E: de::Error>(key: &str) -> E {
    E::custom(format_args!("duplicate key `{}`", key.escape_debug()))
}

/// What is disabled, by id.
#[derive(Debug, Default)]
pub(super) struct Disabled {
    /// The exposures, each a list of nodes.
    pub exposures: Vec<(String, Value)>,
    /// The ids of what could have a relation.
    pub nodes: Vec<String>,
}

impl<'de> Deserialize<'de> for Disabled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DisabledVisitor;
        impl<'de> Visitor<'de> for DisabledVisitor {
            type Value = Disabled;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("disabled nodes by id")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Disabled, A::Error> {
                let mut disabled = Disabled::default();
                while let Some(Text(id)) = map.next_key::<Text<'de>>()? {
                    if id.starts_with("exposure.") {
                        let raw = map.next_value::<&RawValue>()?;
                        let exposure = (id.into_owned(), tolerant::value(raw.get()));
                        disabled.exposures.push(exposure);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                        if NodeKind::from_unique_id(&id).is_some() {
                            disabled.nodes.push(id.into_owned());
                        }
                    }
                }
                Ok(disabled)
            }
        }
        deserializer.deserialize_map(DisabledVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Top<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TopVisitor<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for TopVisitor<'a> {
            type Value = Top<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a dbt manifest (an object)")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Top<'a>, A::Error> {
                let mut top = Top::default();
                let mut keys = HashSet::new();
                while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
                    match key.as_ref() {
                        "metadata" => top.metadata = map.next_value()?,
                        "nodes" => top.nodes = map.next_value()?,
                        "sources" => top.sources = map.next_value()?,
                        "macros" => top.macros = map.next_value()?,
                        "exposures" => top.exposures = map.next_value()?,
                        "parent_map" => top.parent_map = map.next_value()?,
                        "child_map" => top.child_map = map.next_value()?,
                        "disabled" => top.disabled = map.next_value()?,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                    if let Some(duplicate) = keys.replace(key) {
                        return Err(duplicate_error(&duplicate));
                    }
                }
                Ok(top)
            }
        }
        deserializer.deserialize_map(TopVisitor(PhantomData))
    }
}
