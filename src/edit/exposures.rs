//! The exposures of a plan on their own, for programs that put them into a manifest themselves.

use std::collections::BTreeMap;

use serde::Serialize;

use super::shapes::{ExposureJson, Shaper};
use crate::model::exposure::DesiredExposure;

/// Every owned exposure that patched manifests would contain, each as `patch` would write it there;
/// those of one manifest are sorted by id.
#[derive(Default, Serialize)]
pub struct Exposures<'e> {
    exposures: Vec<ExposureJson<'e>>,
}

impl<'e> Exposures<'e> {
    /// Adds the desired exposures of a manifest, as the dbt that wrote it would write them.
    pub fn add(&mut self, desired: &'e BTreeMap<String, DesiredExposure>, shaper: &Shaper<'e>) {
        let desired = desired.values();
        let rendered = desired.map(|one| shaper.render(&one.exposure));
        self.exposures.extend(rendered);
    }
}
