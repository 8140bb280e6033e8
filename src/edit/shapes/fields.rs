//! The fields of an exposure in each shape, in the order in which dbt writes them.

use serde::Serialize;
use serde_json::Value;

use super::meta::{ConfigMeta, Meta};

/// An exposure ready to serialise, in one of the shapes.
#[derive(Serialize)]
#[serde(untagged)]
pub enum ExposureJson<'e> {
    /// The shape of dbt Core 1.0 to 1.3.
    V4ToV7(Box<V4ToV7<'e>>),
    /// The shape of dbt Core 1.4 and later.
    V8ToV12(Box<V8ToV12<'e>>),
    /// The shape of dbt 2 and Fusion.
    V2(Box<V2<'e>>),
}

impl ExposureJson<'_> {
    /// The exposure as a JSON value, in which the order of keys is lost.
    pub fn to_value(&self) -> Value {
        // Strings, numbers, and lists and maps of them always serialise.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The fields of v4 to v7.
#[derive(Serialize)]
pub struct V4ToV7<'e> {
    pub(super) fqn: Vec<&'e str>,
    pub(super) unique_id: String,
    pub(super) package_name: &'e str,
    pub(super) root_path: &'e str,
    pub(super) path: String,
    pub(super) original_file_path: String,
    pub(super) name: &'e str,
    pub(super) r#type: &'static str,
    pub(super) owner: Owner<'e>,
    pub(super) resource_type: &'static str,
    pub(super) description: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<&'e Option<String>>,
    pub(super) maturity: &'e Option<String>,
    pub(super) meta: Meta<'e>,
    pub(super) tags: &'e [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) config: Option<Config<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unrendered_config: Option<Empty>,
    pub(super) url: &'e Option<String>,
    pub(super) depends_on: DependsOn<'e>,
    pub(super) refs: Vec<Ref<'e>>,
    pub(super) sources: Vec<[&'e str; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<f64>,
}

/// The fields of v8 to v12.
#[derive(Serialize)]
pub struct V8ToV12<'e> {
    pub(super) name: &'e str,
    pub(super) resource_type: &'static str,
    pub(super) package_name: &'e str,
    pub(super) path: String,
    pub(super) original_file_path: String,
    pub(super) unique_id: String,
    pub(super) fqn: Vec<&'e str>,
    pub(super) r#type: &'static str,
    pub(super) owner: Owner<'e>,
    pub(super) description: &'e str,
    pub(super) label: &'e Option<String>,
    pub(super) maturity: &'e Option<String>,
    pub(super) meta: Meta<'e>,
    pub(super) tags: &'e [String],
    pub(super) config: Config<'e>,
    pub(super) unrendered_config: Empty,
    pub(super) url: &'e Option<String>,
    pub(super) depends_on: DependsOn<'e>,
    pub(super) refs: Vec<Ref<'e>>,
    pub(super) sources: Vec<[&'e str; 2]>,
    pub(super) metrics: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<f64>,
}

/// The fields of dbt 2.
#[derive(Serialize)]
pub struct V2<'e> {
    pub(super) unique_id: String,
    pub(super) name: &'e str,
    pub(super) package_name: &'e str,
    pub(super) fqn: Vec<&'e str>,
    pub(super) path: String,
    pub(super) original_file_path: String,
    pub(super) description: &'e str,
    pub(super) tags: &'e [String],
    pub(super) classifiers: [(); 0],
    pub(super) meta: Meta<'e>,
    pub(super) depends_on: DependsOn<'e>,
    pub(super) refs: Vec<Ref<'e>>,
    pub(super) sources: Vec<[&'e str; 2]>,
    pub(super) unrendered_config: Empty,
    pub(super) metrics: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<f64>,
    pub(super) owner: Owner<'e>,
    pub(super) label: &'e Option<String>,
    pub(super) maturity: &'e Option<String>,
    pub(super) r#type: &'static str,
    pub(super) url: &'e Option<String>,
    pub(super) config: V2Config<'e>,
    pub(super) resource_type: &'static str,
}

/// `{}`.
#[derive(Serialize)]
pub(super) struct Empty {}

#[derive(Serialize)]
pub(super) struct Config<'e> {
    pub(super) enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tags: Option<&'e [String]>,
    pub(super) meta: ConfigMeta<'e>,
}

#[derive(Serialize)]
pub(super) struct V2Config<'e> {
    pub(super) enabled: bool,
    pub(super) meta: ConfigMeta<'e>,
    pub(super) tags: &'e [String],
}

#[derive(Serialize)]
pub(super) struct Owner<'e> {
    pub(super) email: Option<&'e str>,
    pub(super) name: &'e Option<String>,
}

#[derive(Serialize)]
pub(super) struct DependsOn<'e> {
    pub(super) macros: [(); 0],
    pub(super) nodes: Vec<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nodes_with_ref_location: Option<[(); 0]>,
}

/// A `ref()` as dbt writes it: with the package, since several may have a model of the same name.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Ref<'e> {
    UpToV8([&'e str; 2]),
    SinceV9 {
        name: &'e str,
        package: &'e str,
        version: Option<Value>,
    },
}
