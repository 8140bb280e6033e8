//! A dbt project as its manifest describes it, without the manifest's text.

use std::borrow::Cow;

use super::adapter::Adapter;
use super::exposure::{DisabledExposure, StandingExposure};
use super::node::Node;

/// What linking and planning need to know of a dbt project.
#[derive(Debug, Clone)]
pub struct Project<'a> {
    /// The package of the project itself.
    pub root_package: String,
    /// The name of the adapter, such as `snowflake`; empty if the manifest does not name it.
    pub adapter_name: Cow<'a, str>,
    /// The version of dbt that wrote the manifest, if it names one.
    pub dbt_version: Option<Cow<'a, str>>,
    /// Models, seeds, snapshots and sources.
    pub nodes: Vec<Node<'a>>,
    /// The exposures in the manifest, in its order.
    pub exposures: Vec<StandingExposure>,
    /// The ids of models, seeds, snapshots and sources that somebody switched off, in any order.
    pub disabled_nodes: Vec<String>,
    /// Exposures that somebody switched off.
    pub disabled_exposures: Vec<DisabledExposure>,
    /// The names of exposures that stay and that the run withholds: no other exposure may get them, and
    /// nothing shows them.
    pub withheld_names: Vec<String>,
}

impl Project<'_> {
    /// What is known of the adapter.
    pub fn adapter(&self) -> Adapter<'_> {
        Adapter::from_name(&self.adapter_name)
    }
}
