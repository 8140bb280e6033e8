//! An exposure as the dbt version that wrote the manifest would write it.
//!
//! One wrong field in one exposure makes dbt refuse the whole manifest as `--state`, and strict
//! readers refuse unknown keys. Fields and order by version: measured on manifests of dbt 1.0 to
//! 1.13 and 2.0, and read in the JSON schemas of v4 to v12.

use serde_json::{Map, Value, json};

use crate::input::manifest::Manifest;
use crate::model::exposure::{MARKER_KEY, MARKER_SOURCE};
use crate::model::{Exposure, Node, NodeKind};

/// The name of the virtual file that exposures are said to come from.
const VIRTUAL_FILE: &str = "exposures.yml";

/// How a manifest's dbt writes exposures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The schema version, 4 to 12.
    schema: u32,
    /// Whether `config` repeats tags and meta (dbt Core from 1.10 on, and dbt 2).
    has_config_meta: bool,
    /// Whether dbt 2 or Fusion wrote it.
    pub is_v2: bool,
}

impl Shape {
    /// Whether exposures have a label to hold the workbook's title.
    fn has_label(self) -> bool {
        self.schema >= 7
    }

    /// The shape of a manifest. Where the version says nothing, what else dbt wrote tells
    /// whether it is 1.10 or later.
    pub fn of(manifest: &Manifest) -> Self {
        let version = manifest.dbt_version.as_deref().unwrap_or_default();
        let version = version.strip_prefix('v').unwrap_or(version);
        let mut numbers = version.split('.').map(|part| part.parse::<u32>().ok());
        let (major, minor) = (numbers.next().flatten(), numbers.next().flatten());
        // A year in front (`2026.5.1`) is the release track of the dbt platform, which is Core.
        let is_v2 = manifest.is_v20 || major.is_some_and(|major| (2..2000).contains(&major));
        let is_since_1_10 = match (major, minor) {
            (Some(1), Some(minor)) => minor >= 10,
            _ => manifest.is_since_1_10,
        };
        Self { schema: manifest.schema, has_config_meta: is_v2 || is_since_1_10, is_v2 }
    }
}

/// The JSON of an exposure in a manifest of this shape.
pub fn render(exposure: &Exposure, manifest: &Manifest, shape: Shape) -> Value {
    let fields = Fields::new(exposure, manifest, shape);
    match shape {
        Shape { is_v2: true, .. } => fields.v2(),
        Shape { schema: ..=7, .. } => fields.v4_to_v7(shape),
        Shape { .. } => fields.v8_to_v12(shape),
    }
}

/// The values of all fields; each shape takes what it has, in its own order.
struct Fields<'e> {
    exposure: &'e Exposure,
    root_path: Option<&'e str>,
    fqn: Vec<&'e str>,
    path: String,
    owner: Value,
    meta: Value,
    depends_on: Vec<&'e str>,
    refs: Vec<Value>,
    sources: Vec<Value>,
}

impl<'e> Fields<'e> {
    fn new(exposure: &'e Exposure, manifest: &'e Manifest, shape: Shape) -> Self {
        let nodes = exposure.dependencies.iter().map(|dependency| &manifest.nodes[dependency.node]);
        let (sources, refs): (Vec<&Node>, Vec<&Node>) =
            nodes.partition(|node| node.kind == NodeKind::Source);
        let ids = |nodes: &[&'e Node]| {
            nodes.iter().map(|node| node.unique_id.as_ref()).collect::<Vec<_>>()
        };
        // dbt Core resolves sources before refs, dbt 2 the other way round.
        let depends_on =
            if shape.is_v2 { [ids(&refs), ids(&sources)] } else { [ids(&sources), ids(&refs)] };
        let folders = exposure.folders.iter().map(String::as_str);
        Self {
            root_path: manifest.root_path.as_deref(),
            fqn: std::iter::once(exposure.package.as_str())
                .chain(folders)
                .chain([exposure.name.as_str()])
                .collect(),
            path: format!("{}/{VIRTUAL_FILE}", exposure.folders.join("/")),
            owner: owner(exposure, shape),
            meta: meta(exposure, manifest, shape),
            depends_on: depends_on.concat(),
            refs: refs.iter().map(|node| reference(node, shape)).collect(),
            sources: sources
                .iter()
                .map(|node| json!([node.source_name.as_deref().unwrap_or_default(), node.name]))
                .collect(),
            exposure,
        }
    }

    fn created_at(&self) -> Option<f64> {
        // Seconds of this and the next millennia are exact in a double.
        self.exposure.created_at.map(|seconds| seconds as f64)
    }

    fn v8_to_v12(self, shape: Shape) -> Value {
        let config = if shape.has_config_meta {
            json!({"enabled": true, "tags": self.exposure.tags, "meta": self.meta})
        } else {
            json!({"enabled": true})
        };
        let created_at = self.created_at();
        let node = json!({
            "name": self.exposure.name,
            "resource_type": "exposure",
            "package_name": self.exposure.package,
            "path": self.path,
            "original_file_path": self.path,
            "unique_id": self.exposure.unique_id(),
            "fqn": self.fqn,
            "type": "dashboard",
            "owner": self.owner,
            "description": self.exposure.description,
            "label": self.exposure.label,
            "maturity": self.exposure.maturity,
            "meta": self.meta,
            "tags": self.exposure.tags,
            "config": config,
            "unrendered_config": {},
            "url": self.exposure.url,
            "depends_on": {"macros": [], "nodes": self.depends_on},
            "refs": self.refs,
            "sources": self.sources,
            "metrics": [],
        });
        with(node, "created_at", created_at)
    }

    fn v4_to_v7(self, shape: Shape) -> Value {
        let created_at = self.created_at();
        let mut node = json!({
            "fqn": self.fqn,
            "unique_id": self.exposure.unique_id(),
            "package_name": self.exposure.package,
            "root_path": self.root_path.unwrap_or_default(),
            "path": self.path,
            "original_file_path": self.path,
            "name": self.exposure.name,
            "type": "dashboard",
            "owner": self.owner,
            "resource_type": "exposure",
            "description": self.exposure.description,
            "label": self.exposure.label,
            "maturity": self.exposure.maturity,
            "meta": self.meta,
            "tags": self.exposure.tags,
            "config": {"enabled": true},
            "unrendered_config": {},
            "url": self.exposure.url,
            "depends_on": {"macros": [], "nodes": self.depends_on},
            "refs": self.refs,
            "sources": self.sources,
        });
        if let (Value::Object(fields), false) = (&mut node, shape.has_label()) {
            for since_v7 in ["label", "config", "unrendered_config"] {
                fields.shift_remove(since_v7);
            }
        }
        with(node, "created_at", created_at)
    }

    fn v2(self) -> Value {
        let node = json!({
            "unique_id": self.exposure.unique_id(),
            "name": self.exposure.name,
            "package_name": self.exposure.package,
            "fqn": self.fqn,
            "path": self.path,
            "original_file_path": self.path,
            "description": self.exposure.description,
            "tags": self.exposure.tags,
            "classifiers": [],
            "meta": self.meta,
            "depends_on": {"macros": [], "nodes": self.depends_on, "nodes_with_ref_location": []},
            "refs": self.refs,
            "sources": self.sources,
            "unrendered_config": {},
            "metrics": [],
        });
        let node = with(node, "created_at", self.created_at());
        let rest = json!({
            "owner": self.owner,
            "label": self.exposure.label,
            "maturity": self.exposure.maturity,
            "type": "dashboard",
            "url": self.exposure.url,
            "config": {"enabled": true, "meta": self.meta, "tags": self.exposure.tags},
            "resource_type": "exposure",
        });
        joined(node, rest)
    }
}

fn with<T: Into<Value>>(mut node: Value, key: &str, value: Option<T>) -> Value {
    if let (Value::Object(fields), Some(value)) = (&mut node, value) {
        fields.insert(key.to_owned(), value.into());
    }
    node
}

fn joined(mut first: Value, second: Value) -> Value {
    if let (Value::Object(first), Value::Object(second)) = (&mut first, second) {
        first.extend(second);
    }
    first
}

/// Strict readers of v4 to v8 need an e-mail that is a text.
fn owner(exposure: &Exposure, shape: Shape) -> Value {
    let email = match &exposure.owner.email {
        None if shape.schema <= 8 => json!(""),
        email => json!(email),
    };
    json!({"email": email, "name": exposure.owner.name})
}

/// How dbt notes a `ref`: with its package, since two packages may have models of one name.
fn reference(node: &Node, shape: Shape) -> Value {
    if shape.schema <= 8 {
        return json!([node.package, node.name]);
    }
    let version = node.version.and_then(|version| serde_json::from_str::<Value>(version).ok());
    json!({"name": node.name, "package": node.package, "version": version})
}

/// Our marker, which makes the exposure ours and tells why each link is there.
fn meta(exposure: &Exposure, manifest: &Manifest, shape: Shape) -> Value {
    let marker = &exposure.marker;
    let dependency = |dependency: &crate::model::Dependency| {
        let id = manifest.nodes[dependency.node].unique_id.clone().into_owned();
        (id, json!({"rule": dependency.rule, "path": dependency.path}))
    };
    let mut ours = json!({
        "source": MARKER_SOURCE,
        "server": marker.site.server,
        "site": marker.site.content_url,
        "luid": marker.luid,
        "project": marker.project,
        "complete": marker.is_complete,
        "depends_on": exposure.dependencies.iter().map(dependency).collect::<Map<_, _>>(),
    });
    if !shape.has_label() {
        ours["title"] = json!(exposure.label);
    }
    json!({MARKER_KEY: ours})
}
