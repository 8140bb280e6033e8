//! An exposure as the dbt version that wrote the manifest would write it.
//!
//! One wrong field in one exposure makes dbt refuse the whole manifest as `--state`, and strict
//! readers refuse unknown keys. Fields and order by version: measured on manifests of dbt 1.0 to
//! 1.13 and 2.0, and read in the JSON schemas of v4 to v12.

mod fields;

use serde_json::Value;

pub use self::fields::Written;
use self::fields::{Config, DependsOn, Empty, Meta, Owner, Ref, V2, V2Config, V4ToV7, V8ToV12};
use crate::input::manifest::Manifest;
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
        Self {
            schema: manifest.schema,
            has_config_meta: is_v2 || is_since_1_10,
            is_v2,
        }
    }
}

/// An exposure as it stands in a manifest of this shape.
pub fn written<'e>(exposure: &'e Exposure, manifest: &'e Manifest, shape: Shape) -> Written<'e> {
    let facts = Facts::new(exposure, manifest, shape);
    match shape {
        Shape { is_v2: true, .. } => Written::V2(Box::new(facts.v2())),
        Shape { schema: ..=7, .. } => Written::V4ToV7(Box::new(facts.v4_to_v7(manifest, shape))),
        Shape { .. } => Written::V8ToV12(Box::new(facts.v8_to_v12(shape))),
    }
}

/// The facts of all fields; each shape takes what it has.
struct Facts<'e> {
    exposure: &'e Exposure,
    unique_id: String,
    fqn: Vec<&'e str>,
    path: String,
    owner: Owner<'e>,
    meta: Meta<'e>,
    depends_on: Vec<&'e str>,
    refs: Vec<Ref<'e>>,
    sources: Vec<[&'e str; 2]>,
    created_at: Option<f64>,
}

impl<'e> Facts<'e> {
    fn new(exposure: &'e Exposure, manifest: &'e Manifest, shape: Shape) -> Self {
        let nodes = exposure
            .dependencies
            .iter()
            .map(|dependency| &manifest.nodes[dependency.node]);
        let (sources, refs): (Vec<&Node>, Vec<&Node>) =
            nodes.partition(|node| node.kind == NodeKind::Source);
        let ids = |nodes: &[&'e Node]| {
            nodes
                .iter()
                .map(|node| node.unique_id.as_ref())
                .collect::<Vec<_>>()
        };
        // dbt Core resolves sources before refs, dbt 2 the other way round.
        let depends_on = if shape.is_v2 {
            [ids(&refs), ids(&sources)]
        } else {
            [ids(&sources), ids(&refs)]
        };
        let folders = exposure.folders.iter().map(String::as_str);
        let source = |node: &&'e Node| {
            [
                node.source_name.as_deref().unwrap_or_default(),
                node.name.as_ref(),
            ]
        };
        Self {
            unique_id: exposure.unique_id(),
            fqn: std::iter::once(exposure.package.as_str())
                .chain(folders)
                .chain([exposure.name.as_str()])
                .collect(),
            path: format!("{}/{VIRTUAL_FILE}", exposure.folders.join("/")),
            owner: owner(exposure, shape),
            meta: Meta {
                exposure,
                nodes: &manifest.nodes,
                has_title: !shape.has_label(),
            },
            depends_on: depends_on.concat(),
            refs: refs.iter().map(|node| reference(node, shape)).collect(),
            sources: sources.iter().map(source).collect(),
            // Seconds of this and the next millennia are exact in a double.
            created_at: exposure.created_at.map(|seconds| seconds as f64),
            exposure,
        }
    }

    fn v8_to_v12(self, shape: Shape) -> V8ToV12<'e> {
        let Self { exposure, meta, .. } = self;
        V8ToV12 {
            name: &exposure.name,
            resource_type: "exposure",
            package_name: &exposure.package,
            path: self.path.clone(),
            original_file_path: self.path,
            unique_id: self.unique_id,
            fqn: self.fqn,
            r#type: "dashboard",
            owner: self.owner,
            description: &exposure.description,
            label: &exposure.label,
            maturity: &exposure.maturity,
            meta,
            tags: &exposure.tags,
            config: Config {
                enabled: true,
                tags: shape.has_config_meta.then_some(exposure.tags.as_slice()),
                meta: shape.has_config_meta.then_some(meta),
            },
            unrendered_config: Empty {},
            url: &exposure.url,
            depends_on: DependsOn::of_core(self.depends_on),
            refs: self.refs,
            sources: self.sources,
            metrics: [],
            created_at: self.created_at,
        }
    }

    fn v4_to_v7(self, manifest: &'e Manifest, shape: Shape) -> V4ToV7<'e> {
        let Self { exposure, meta, .. } = self;
        let config = Config {
            enabled: true,
            tags: None,
            meta: None,
        };
        V4ToV7 {
            fqn: self.fqn,
            unique_id: self.unique_id,
            package_name: &exposure.package,
            root_path: manifest.root_path.as_deref().unwrap_or_default(),
            path: self.path.clone(),
            original_file_path: self.path,
            name: &exposure.name,
            r#type: "dashboard",
            owner: self.owner,
            resource_type: "exposure",
            description: &exposure.description,
            label: shape.has_label().then_some(&exposure.label),
            maturity: &exposure.maturity,
            meta,
            tags: &exposure.tags,
            config: shape.has_label().then_some(config),
            unrendered_config: shape.has_label().then_some(Empty {}),
            url: &exposure.url,
            depends_on: DependsOn::of_core(self.depends_on),
            refs: self.refs,
            sources: self.sources,
            created_at: self.created_at,
        }
    }

    fn v2(self) -> V2<'e> {
        let Self { exposure, meta, .. } = self;
        V2 {
            unique_id: self.unique_id,
            name: &exposure.name,
            package_name: &exposure.package,
            fqn: self.fqn,
            path: self.path.clone(),
            original_file_path: self.path,
            description: &exposure.description,
            tags: &exposure.tags,
            classifiers: [],
            meta,
            depends_on: DependsOn {
                macros: [],
                nodes: self.depends_on,
                nodes_with_ref_location: Some([]),
            },
            refs: self.refs,
            sources: self.sources,
            unrendered_config: Empty {},
            metrics: [],
            created_at: self.created_at,
            owner: self.owner,
            label: &exposure.label,
            maturity: &exposure.maturity,
            r#type: "dashboard",
            url: &exposure.url,
            config: V2Config {
                enabled: true,
                meta,
                tags: &exposure.tags,
            },
            resource_type: "exposure",
        }
    }
}

impl<'e> DependsOn<'e> {
    fn of_core(nodes: Vec<&'e str>) -> Self {
        Self {
            macros: [],
            nodes,
            nodes_with_ref_location: None,
        }
    }
}

/// Strict readers of v4 to v8 need an e-mail that is a text.
fn owner(exposure: &Exposure, shape: Shape) -> Owner<'_> {
    let unknown = (shape.schema <= 8).then_some("");
    Owner {
        email: exposure.owner.email.as_deref().or(unknown),
        name: &exposure.owner.name,
    }
}

fn reference<'e>(node: &'e Node, shape: Shape) -> Ref<'e> {
    if shape.schema <= 8 {
        return Ref::UpToV8([&node.package, &node.name]);
    }
    let version = node
        .version
        .and_then(|version| serde_json::from_str::<Value>(version).ok());
    Ref::SinceV9 {
        name: &node.name,
        package: &node.package,
        version,
    }
}
