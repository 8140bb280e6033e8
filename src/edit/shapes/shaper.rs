//! Renders the exposures of one manifest.

use super::facts::Facts;
use super::fields::ExposureJson;
use super::shape::Shape;
use crate::input::manifest::{Manifest, fingerprints};
use crate::model::exposure::Fingerprints;
use crate::model::{Exposure, Node};

/// Renders exposures as the dbt that wrote a manifest would.
#[derive(Clone, Copy)]
pub struct Shaper<'m> {
    /// How that dbt writes exposures.
    pub shape: Shape,
    /// The nodes of the manifest, which dependencies point to.
    pub nodes: &'m [Node<'m>],
    root_path: &'m str,
}

impl<'m> Shaper<'m> {
    /// A shaper for exposures of this manifest.
    pub fn new(manifest: &'m Manifest<'m>) -> Self {
        Self {
            shape: Shape::new(&manifest.document.version),
            nodes: &manifest.project.nodes,
            root_path: manifest.document.root_path.as_deref().unwrap_or_default(),
        }
    }

    /// An exposure as it would be in the manifest.
    pub fn render<'e>(&self, exposure: &'e Exposure) -> ExposureJson<'e>
    where
        'm: 'e,
    {
        let Self {
            shape,
            nodes,
            root_path,
        } = *self;
        let facts = Facts::new(exposure, nodes, shape);
        match shape {
            Shape { is_v2: true, .. } => ExposureJson::V2(Box::new(facts.v2())),
            Shape { schema: ..=7, .. } => ExposureJson::V4ToV7(Box::new(facts.v4_to_v7(root_path))),
            Shape { .. } => ExposureJson::V8ToV12(Box::new(facts.v8_to_v12())),
        }
    }

    /// The fingerprints that an exposure would have in the manifest.
    pub fn fingerprints(&self, exposure: &Exposure) -> Fingerprints {
        fingerprints(&self.render(exposure).to_value())
    }
}
