//! Fills the fields of each shape with the values of an exposure.

use serde_json::Value;

use super::fields::{Config, DependsOn, Empty, Owner, Ref, V2, V2Config, V4ToV7, V8ToV12};
use super::meta::{ConfigMeta, Meta};
use super::shape::Shape;
use crate::model::{Exposure, Node, NodeKind};

/// The name of the virtual file that our exposures give as their origin.
const VIRTUAL_FILE: &str = "exposures.yml";
/// dbt's exposure type for ours.
const TYPE: &str = "dashboard";
/// dbt's resource type of exposures.
const RESOURCE_TYPE: &str = "exposure";

/// The values of all fields; each shape uses those that it has.
pub(super) struct Facts<'e> {
    exposure: &'e Exposure,
    nodes: &'e [Node<'e>],
    shape: Shape,
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
    pub(super) fn new(exposure: &'e Exposure, nodes: &'e [Node<'e>], shape: Shape) -> Self {
        let (sources, refs): (Vec<&'e Node>, Vec<&'e Node>) = exposure
            .dependencies
            .iter()
            .map(|dependency| &nodes[dependency.node])
            .partition(|node| node.kind == NodeKind::Source);
        // dbt Core resolves sources before refs, dbt 2 the other way round.
        let depends_on = if shape.is_v2 {
            refs.iter().chain(&sources)
        } else {
            sources.iter().chain(&refs)
        };
        let folders = exposure.folders.iter().map(String::as_str);
        Self {
            unique_id: exposure.unique_id(),
            fqn: std::iter::once(exposure.package.as_str())
                .chain(folders)
                .chain([exposure.name.as_str()])
                .collect(),
            path: format!("{}/{VIRTUAL_FILE}", exposure.folders.join("/")),
            owner: owner(exposure, shape),
            meta: Meta::new(exposure, nodes, shape),
            depends_on: depends_on.map(|node| node.unique_id.as_ref()).collect(),
            refs: refs.iter().map(|node| reference(node, shape)).collect(),
            sources: sources.iter().map(|node| source(node)).collect(),
            // A double holds whole seconds exactly, for millions of years.
            created_at: exposure.created_at.map(|seconds| seconds as f64),
            exposure,
            nodes,
            shape,
        }
    }

    fn config(&self) -> Config<'e> {
        let tags = self.shape.has_config_tags;
        Config {
            enabled: true,
            tags: tags.then_some(self.exposure.tags.as_slice()),
            meta: self.config_meta(),
        }
    }

    fn config_meta(&self) -> ConfigMeta<'e> {
        ConfigMeta::new(self.exposure, self.nodes, self.shape)
    }

    pub(super) fn v8_to_v12(self) -> V8ToV12<'e> {
        let (exposure, config) = (self.exposure, self.config());
        V8ToV12 {
            name: &exposure.name,
            resource_type: RESOURCE_TYPE,
            package_name: &exposure.package,
            path: self.path.clone(),
            original_file_path: self.path,
            unique_id: self.unique_id,
            fqn: self.fqn,
            r#type: TYPE,
            owner: self.owner,
            description: &exposure.description,
            label: &exposure.label,
            maturity: &exposure.maturity,
            meta: self.meta,
            tags: &exposure.tags,
            config,
            unrendered_config: Empty {},
            url: &exposure.url,
            depends_on: DependsOn::core(self.depends_on),
            refs: self.refs,
            sources: self.sources,
            metrics: [],
            created_at: self.created_at,
        }
    }

    pub(super) fn v4_to_v7(self, root_path: &'e str) -> V4ToV7<'e> {
        let (exposure, shape) = (self.exposure, self.shape);
        let config = shape.has_config().then(|| self.config());
        V4ToV7 {
            fqn: self.fqn,
            unique_id: self.unique_id,
            package_name: &exposure.package,
            root_path,
            path: self.path.clone(),
            original_file_path: self.path,
            name: &exposure.name,
            r#type: TYPE,
            owner: self.owner,
            resource_type: RESOURCE_TYPE,
            description: &exposure.description,
            label: shape.has_label().then_some(&exposure.label),
            maturity: &exposure.maturity,
            meta: self.meta,
            tags: &exposure.tags,
            unrendered_config: config.as_ref().map(|_| Empty {}),
            config,
            url: &exposure.url,
            depends_on: DependsOn::core(self.depends_on),
            refs: self.refs,
            sources: self.sources,
            created_at: self.created_at,
        }
    }

    pub(super) fn v2(self) -> V2<'e> {
        let exposure = self.exposure;
        let config = V2Config {
            enabled: true,
            meta: self.config_meta(),
            tags: &exposure.tags,
        };
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
            meta: self.meta,
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
            r#type: TYPE,
            url: &exposure.url,
            config,
            resource_type: RESOURCE_TYPE,
        }
    }
}

impl<'e> DependsOn<'e> {
    fn core(nodes: Vec<&'e str>) -> Self {
        Self {
            macros: [],
            nodes,
            nodes_with_ref_location: None,
        }
    }
}

/// The owner. In v4 to v8 an unknown e-mail is an empty string: strict readers refuse null there.
fn owner(exposure: &Exposure, shape: Shape) -> Owner<'_> {
    let unknown = (shape.schema <= 8).then_some("");
    Owner {
        email: exposure.owner.email.as_deref().or(unknown),
        name: &exposure.owner.name,
    }
}

/// The arguments of `source()` for a node.
fn source<'e>(node: &'e Node) -> [&'e str; 2] {
    [node.source_name.as_deref().unwrap_or_default(), &node.name]
}

/// The arguments of `ref()` for a node.
fn reference<'e>(node: &'e Node, shape: Shape) -> Ref<'e> {
    if shape.schema <= 8 {
        return Ref::UpToV8([&node.package, &node.name]);
    }
    let version = node
        .version
        .as_deref()
        .and_then(|version| serde_json::from_str::<Value>(version).ok());
    Ref::SinceV9 {
        name: &node.name,
        package: &node.package,
        version,
    }
}
