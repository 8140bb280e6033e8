//! What a patch leaves beside the manifest for the next run.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::value::{RawValue, to_raw_value};

use super::shapes::Shaper;
use crate::input::manifest::Manifest;
use crate::input::remembered;
use crate::model::exposure::DesiredExposure;
use crate::model::{Findings, Node, Origin, StandingExposure};

/// The text of the file: findings, every owned exposure that the patched manifest has, and the nodes
/// that these depend on.
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
    let nodes = nodes(manifest, desired);
    remembered::write(&manifest.project, findings, &nodes, exposures)
}

/// The nodes that owned exposures of the patched manifest depend on, sorted by id.
fn nodes<'m>(
    manifest: &'m Manifest,
    desired: &BTreeMap<String, DesiredExposure>,
) -> Vec<&'m Node<'m>> {
    let nodes = &manifest.project.nodes;
    let dependencies = desired.values().flat_map(|one| &one.exposure.dependencies);
    let mut ids = dependencies
        .map(|dependency| nodes[dependency.node].unique_id.as_ref())
        .collect::<BTreeSet<_>>();
    let in_yaml = manifest.project.exposures.iter();
    let in_yaml = in_yaml.filter(|one| matches!(one.origin, Origin::Yaml { .. }));
    let dependencies = in_yaml.flat_map(|one| &one.depends_on);
    ids.extend(dependencies.map(|dependency| dependency.unique_id.as_str()));
    let by_id = nodes.iter().map(|node| (node.unique_id.as_ref(), node));
    let needed = by_id.filter(|(id, _)| ids.contains(id));
    needed.collect::<BTreeMap<_, _>>().into_values().collect()
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
