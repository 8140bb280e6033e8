//! The exposures of a project as its property files define them now.
//!
//! A manifest is older than the files wherever somebody has edited them since, so what the files say
//! of exposures of the root package stands in for what the manifest says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::entry::fingerprints_of;
use super::jinja::rendered;
use super::reference::reference;
use super::site::site_of;
use crate::input::manifest::{disabled, standing};
use crate::input::property_file::{DefinedExposure, PropertyFile};
use crate::model::{DisabledExposure, Origin, Project, SiteId, StandingExposure};

/// The exposures of a project.
pub struct Defined {
    /// As they stand in the files, and in the manifest where no file was read that defines them.
    pub exposures: Vec<StandingExposure>,
    /// Those that are switched off.
    pub disabled: Vec<DisabledExposure>,
}

/// The exposures of the root package that carry our marker but are switched off. They are left as they
/// are, or the next run would write what somebody did not want.
pub(super) struct SwitchedOff<'p>(BTreeSet<&'p str>);

impl<'p> SwitchedOff<'p> {
    pub(super) fn new(disabled: &'p [DisabledExposure]) -> Self {
        Self(disabled.iter().map(DisabledExposure::name).collect())
    }

    /// Whether an exposure of a file is ours to change and to remove.
    pub(super) fn are_ours(&self, exposure: &DefinedExposure) -> bool {
        has_marker(exposure) && exposure.is_enabled() && !self.0.contains(exposure.name.as_str())
    }
}

/// Whether an exposure of a file carries our marker.
pub(super) fn has_marker(exposure: &DefinedExposure) -> bool {
    let value = in_manifest(exposure, &BTreeMap::new());
    let id = "exposure.x.x".to_owned();
    let standing = standing(vec![(id, value)], "x");
    standing.iter().any(StandingExposure::is_ours)
}

/// The exposures of a project, with those of the files in place of those that the manifest has of its
/// YAML and of earlier patches.
pub fn defined(files: &[PropertyFile], project: &Project) -> Defined {
    let start = format!("exposure.{}.", project.root_package);
    let ids = references(project);
    let mut in_files = BTreeMap::new();
    for (file, exposure) in all(files) {
        let id = format!("{start}{}", exposure.name);
        in_files.entry(id).or_insert((file, exposure));
    }
    let known_off = SwitchedOff::new(&project.disabled_exposures);
    let mut off = Vec::new();
    let mut on = Vec::new();
    for (id, (file, exposure)) in &in_files {
        let is_marked = has_marker(exposure);
        let mut value = in_manifest(exposure, &ids);
        if !exposure.is_enabled() {
            off.push((id.clone(), value));
        } else if !is_marked || !known_off.0.contains(exposure.name.as_str()) {
            if !is_marked {
                value["original_file_path"] = json!(file.path);
            }
            on.push((id.clone(), value));
        }
    }
    let on = standing(on, &project.root_package).into_iter();
    let on = on.map(|exposure| with_facts(exposure, &in_files));
    let is_kept = |known: &&StandingExposure| {
        let is_of_root = known.unique_id.starts_with(&start);
        !is_of_root
            || matches!(known.origin, Origin::HandWritten { .. })
                && in_files
                    .get(&known.unique_id)
                    .is_none_or(|(_, exposure)| exposure.is_enabled() && !has_marker(exposure))
    };
    let exposures = project.exposures.iter().filter(is_kept).cloned();
    let mut exposures = exposures.collect::<Vec<_>>();
    let known = exposures.iter().map(|known| known.unique_id.clone());
    let known = known.collect::<BTreeSet<_>>();
    exposures.extend(on.filter(|exposure| !known.contains(&exposure.unique_id)));
    let mut all_off = project.disabled_exposures.clone();
    let known = all_off.iter().map(|known| known.unique_id.clone());
    let known = known.collect::<BTreeSet<_>>();
    off.retain(|(id, _)| !known.contains(id));
    all_off.extend(disabled(off));
    Defined {
        exposures,
        disabled: all_off,
    }
}

/// The exposures of all files, each with its file.
fn all<'f, 't>(
    files: &'f [PropertyFile<'t>],
) -> impl Iterator<Item = (&'f PropertyFile<'t>, &'f DefinedExposure)> {
    let of_file = |file: &'f PropertyFile<'t>| file.exposures.iter().map(move |one| (file, one));
    files.iter().flat_map(of_file)
}

/// The ids of nodes, by the call that names them.
fn references(project: &Project) -> BTreeMap<String, String> {
    let nodes = project.nodes.iter();
    let nodes = nodes.map(|node| (reference(node), node.unique_id.to_string()));
    nodes.collect()
}

/// An exposure of a file as it stands in a manifest, as far as that is known.
fn in_manifest(exposure: &DefinedExposure, ids: &BTreeMap<String, String>) -> Value {
    let mut value = rendered_texts(&exposure.value);
    let calls = exposure.value.get("depends_on").and_then(Value::as_array);
    let calls = calls.into_iter().flatten().filter_map(Value::as_str);
    // A call that nobody knows stays as it is, for the report.
    let nodes = calls.map(|call| ids.get(call).map_or(call, String::as_str));
    let nodes = nodes.collect::<Vec<_>>();
    let tags = value.get("tags").or_else(|| value.pointer("/config/tags"));
    let tags = tags.cloned();
    if let Some(members) = value.as_object_mut() {
        members.insert("name".to_owned(), json!(exposure.name));
        members.insert("depends_on".to_owned(), json!({ "nodes": nodes }));
        members.extend(tags.map(|tags| ("tags".to_owned(), tags)));
        members.remove("original_file_path");
    }
    value
}

/// A value with all texts as dbt renders them.
fn rendered_texts(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(rendered(text).into_owned()),
        Value::Array(items) => items.iter().map(rendered_texts).collect(),
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(key, member)| (key.clone(), rendered_texts(member)));
            Value::Object(members.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Completes an exposure by what only a file tells: what it says in YAML, and the site that its url
/// shows.
fn with_facts(
    mut exposure: StandingExposure,
    in_files: &BTreeMap<String, (&PropertyFile, &DefinedExposure)>,
) -> StandingExposure {
    if let Some((_, defined)) = in_files.get(&exposure.unique_id) {
        exposure.fingerprints = fingerprints_of(&defined.value);
    }
    exposure.tags.sort();
    let site = exposure.url.as_deref().and_then(site_of);
    if let (Origin::Ours(marker), Some(site)) = (&mut exposure.origin, site)
        && marker.site == SiteId::UNKNOWN
    {
        marker.site = site;
    }
    exposure
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::exposure::MARKER_KEY;

    #[test]
    fn the_marker_is_found_under_config_and_beside_it() {
        let exposure = |value: Value| DefinedExposure {
            name: "a".to_owned(),
            value,
            line: 1,
            column: 1,
        };
        let marker = json!({MARKER_KEY: {"source": "tableau", "luid": "1"}});
        assert!(has_marker(&exposure(json!({"config": {"meta": marker}}))));
        assert!(has_marker(&exposure(json!({"meta": marker}))));
        assert!(!has_marker(&exposure(
            json!({"meta": {"autoexpose": {"luid": "1"}}})
        )));
        assert!(!has_marker(&exposure(json!("text"))));
    }
}
