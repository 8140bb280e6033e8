//! What a patch leaves beside the manifest for the next run.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::value::{RawValue, to_raw_value};

use super::shapes::Shaper;
use crate::input::manifest::Manifest;
use crate::input::remembered;
use crate::model::exposure::DesiredExposure;
use crate::model::{Findings, Origin, StandingExposure};

/// The text of the file: findings, and every owned exposure that the patched manifest has.
///
/// # Errors
/// A value that cannot be written as JSON, which does not happen.
pub fn remembered(
    manifest: &Manifest,
    desired: &BTreeMap<String, DesiredExposure>,
    shaper: &Shaper,
    findings: &Findings,
) -> serde_json::Result<String> {
    let ours = desired.par_iter().map(|(id, desired)| {
        let node = to_raw_value(&shaper.render(&desired.exposure))?;
        Ok((id.clone(), node))
    });
    let mut exposures = ours.collect::<serde_json::Result<BTreeMap<_, _>>>()?;
    for exposure in &manifest.project.exposures {
        exposures.extend(in_yaml(manifest, exposure)?);
    }
    let exposures = exposures.into_iter().collect();
    remembered::write(&manifest.project, findings, exposures)
}

/// An exposure that a YAML file of the project defines, as the manifest has it.
fn in_yaml(
    manifest: &Manifest,
    exposure: &StandingExposure,
) -> serde_json::Result<Option<(String, Box<RawValue>)>> {
    if !matches!(exposure.origin, Origin::Yaml { .. }) {
        return Ok(None);
    }
    let id = &exposure.unique_id;
    let Some(node) = manifest.document.exposure(id) else {
        return Ok(None);
    };
    Ok(Some((id.clone(), to_raw_value(&node)?)))
}
