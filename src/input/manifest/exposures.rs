//! Parses the exposures of a manifest, once. No other module reads their keys.

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde_json::Value;

use super::fingerprint::fingerprints;
use super::members::{Member, Members};
use super::{REGENERATE, tolerant};
use crate::input::json;
use crate::model::exposure::{
    DisabledExposure, DisabledVersion, MARKER_KEY, MARKER_SOURCE, Marker, Origin, Owner,
    REFERENCED_COLUMNS_KEY, ReferencedColumn, StandingDependency, StandingExposure, VIRTUAL_FOLDER,
    Withholding,
};
use crate::model::{Failure, SiteId, luid};

/// How the ids of exposures begin; package and name follow.
const PREFIX: &str = "exposure.";

/// The exposures of a document in its order, and for each the project folder that it names (before
/// v8).
pub(super) struct Standing {
    pub exposures: Vec<StandingExposure>,
    root_paths: Vec<Option<String>>,
}

impl Standing {
    /// Parses the exposures at `members` of the parsed text. Their syntax was checked before, so
    /// that only values that are not objects can still fail.
    pub(super) fn read(file: &str, text: &str, members: &Members) -> Result<Self, Failure> {
        let members = members.iter().collect::<Vec<_>>();
        let parsed = members
            .into_par_iter()
            .map(|member| parse(file, text, &member))
            .collect::<Vec<_>>();
        // If several fail, the first one in the file is reported.
        let parsed = parsed.into_iter().collect::<Result<Vec<_>, _>>()?;
        let (exposures, root_paths) = parsed.into_iter().unzip();
        Ok(Self {
            exposures,
            root_paths,
        })
    }

    /// The ids of the exposures that are not ours. Only they prove anything about the project, since
    /// ours may be gone after this run.
    pub(super) fn ids_of_others(&self) -> impl Iterator<Item = &str> {
        let others = self.exposures.iter().filter(|other| !other.is_ours());
        others.map(|exposure| exposure.unique_id.as_str())
    }

    /// The exposures, of which only those of the root package are ours: we write no others. They
    /// have the name of their key, since everything else refers to them by the key.
    pub(super) fn of_project(self, root_package: &str) -> Vec<StandingExposure> {
        let start = format!("{PREFIX}{root_package}.");
        let mut exposures = self.exposures;
        for exposure in &mut exposures {
            let Origin::Ours(marker) = &exposure.origin else {
                continue;
            };
            match exposure.unique_id.strip_prefix(&start) {
                Some(name) if !name.is_empty() => name.clone_into(&mut exposure.name),
                Some(_) | None => {
                    let luids = luid::collect(&marker.luid).collect();
                    exposure.origin = Origin::HandWritten { luids };
                }
            }
        }
        exposures
    }

    /// The first project folder that an exposure of the root package names.
    pub(super) fn root_path(&self, is_of_root: impl Fn(&str) -> bool) -> Option<&str> {
        let named = self.exposures.iter().zip(&self.root_paths);
        named
            .filter(|(exposure, _)| is_of_root(&exposure.unique_id))
            .find_map(|(_, root_path)| root_path.as_deref())
    }
}

fn parse(
    file: &str,
    text: &str,
    member: &Member,
) -> Result<(StandingExposure, Option<String>), Failure> {
    let value = tolerant::value(&text[member.value.clone()]);
    if !value.is_object() {
        let (line, column) = json::position(&text.as_bytes()[..member.value.start]);
        let place = format!("{file}:{line}:{column}");
        let key = member.key.escape_debug();
        let message = format!("exposures.{key}: an exposure must be an object");
        return Err(Failure::new(place, message).help(REGENERATE));
    }
    Ok((one(member.key, &value), text_at(&value, "/root_path")))
}

/// The exposures of these ids as if they stood in a manifest of this root package.
pub fn standing(exposures: Vec<(String, Value)>, root_package: &str) -> Vec<StandingExposure> {
    let exposures = exposures.into_par_iter();
    let standing = Standing {
        exposures: exposures
            .map(|(id, exposure)| one(&id, &exposure))
            .collect(),
        root_paths: Vec::new(),
    };
    standing.of_project(root_package)
}

fn one(unique_id: &str, exposure: &Value) -> StandingExposure {
    if !unique_id.starts_with(PREFIX) {
        return no_exposure(unique_id, exposure);
    }
    let noted = noted(exposure);
    let fqn = texts_at(exposure, "/fqn");
    let folders = fqn.get(1..fqn.len().saturating_sub(1)).unwrap_or_default();
    StandingExposure {
        unique_id: unique_id.to_owned(),
        name: text_at(exposure, "/name").unwrap_or_default(),
        title: title(exposure, noted),
        folders: folders.to_vec(),
        owner: Owner {
            name: text_at(exposure, "/owner/name"),
            email: text_at(exposure, "/owner/email").filter(|email| !email.is_empty()),
        },
        description: text_at(exposure, "/description").unwrap_or_default(),
        tags: texts_at(exposure, "/tags"),
        maturity: text_at(exposure, "/maturity"),
        url: text_at(exposure, "/url"),
        created_at: exposure
            .get("created_at")
            .and_then(Value::as_f64)
            .map(|seconds| seconds as i64),
        depends_on: depends_on(exposure, noted),
        referenced_columns: referenced_columns(exposure),
        origin: origin(exposure, noted),
        fingerprints: fingerprints(exposure),
        withholding: Withholding::Nothing,
    }
}

/// What stands under the id of something else. It is not ours and covers no workbook, whatever it
/// says; only its name may be taken.
fn no_exposure(unique_id: &str, value: &Value) -> StandingExposure {
    StandingExposure {
        unique_id: unique_id.to_owned(),
        name: text_at(value, "/name").unwrap_or_default(),
        title: None,
        folders: Vec::new(),
        owner: Owner::default(),
        description: String::new(),
        tags: Vec::new(),
        maturity: None,
        url: None,
        created_at: None,
        depends_on: Vec::new(),
        referenced_columns: Vec::new(),
        origin: Origin::HandWritten {
            luids: BTreeSet::new(),
        },
        fingerprints: fingerprints(value),
        withholding: Withholding::Nothing,
    }
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    Some(value.pointer(pointer)?.as_str()?.to_owned())
}

fn texts_at(value: &Value, pointer: &str) -> Vec<String> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// The title; before v7, which has no labels, our marker has it.
fn title(exposure: &Value, noted: Option<&Value>) -> Option<String> {
    let in_marker = || noted?.get("title");
    let title = exposure.get("label").or_else(in_marker)?.as_str()?;
    Some(title.to_owned())
}

/// Where an exposure may have our marker: `config.meta`, and `meta`, where it stands before v7 and
/// where earlier versions of autoexpose wrote it. dbt copies `config.meta` into `meta` when it reads
/// YAML.
fn metas(exposure: &Value) -> impl Iterator<Item = &Value> {
    [exposure.pointer("/config/meta"), exposure.get("meta")]
        .into_iter()
        .flatten()
}

/// What our marker notes: the first valid one of the exposure.
fn noted(exposure: &Value) -> Option<&Value> {
    let markers = metas(exposure).filter_map(|meta| meta.get(MARKER_KEY));
    markers.into_iter().find(|marker| is_ours(marker))
}

fn is_ours(marker: &Value) -> bool {
    let text = |key: &str| marker.get(key).and_then(Value::as_str);
    text("source") == Some(MARKER_SOURCE) && text("luid").is_some()
}

fn origin(exposure: &Value, noted: Option<&Value>) -> Origin {
    let Some(marker) = noted.and_then(marker) else {
        let luids = luids(exposure);
        return Origin::HandWritten { luids };
    };
    match text_at(exposure, "/original_file_path") {
        Some(file) if !file.starts_with(VIRTUAL_FOLDER) => Origin::Yaml { marker, file },
        Some(_) | None => Origin::Ours(marker),
    }
}

fn marker(noted: &Value) -> Option<Marker> {
    let text = |key: &str| noted.get(key).and_then(Value::as_str).map(str::to_owned);
    let is_complete = noted.get("complete").and_then(Value::as_bool);
    Some(Marker {
        site: SiteId {
            server: text("server"),
            content_url: text("site"),
        },
        luid: text("luid")?,
        project: texts_at(noted, "/project"),
        is_complete: is_complete.unwrap_or(true),
    })
}

fn depends_on(exposure: &Value, noted: Option<&Value>) -> Vec<StandingDependency> {
    let note = |id: &str, key: &str| {
        let note = noted.and_then(|noted| noted.get("depends_on")?.get(id)?.get(key)?.as_str());
        note.unwrap_or_default().to_owned()
    };
    let ids = texts_at(exposure, "/depends_on/nodes").into_iter();
    ids.map(|unique_id| StandingDependency {
        rule: note(&unique_id, "rule"),
        path: note(&unique_id, "path"),
        unique_id,
    })
    .collect()
}

fn referenced_columns(exposure: &Value) -> Vec<ReferencedColumn> {
    let mut lists = metas(exposure).filter_map(|meta| meta.get(REFERENCED_COLUMNS_KEY)?.as_array());
    let columns = lists.next().into_iter().flatten();
    let columns = columns.filter_map(|column| {
        Some(ReferencedColumn {
            column_name: text_at(column, "/column_name")?,
            node: text_at(column, "/node"),
        })
    });
    columns.collect()
}

/// All texts in the meta of an exposure that may be luids, in keys and values of any depth.
fn luids(exposure: &Value) -> BTreeSet<String> {
    let mut luids = BTreeSet::new();
    for meta in metas(exposure) {
        collect_luids(meta, &mut luids);
    }
    luids
}

fn collect_luids(value: &Value, luids: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => luids.extend(luid::collect(text)),
        Value::Array(items) => items.iter().for_each(|item| collect_luids(item, luids)),
        Value::Object(members) => {
            for (key, member) in members {
                luids.extend(luid::collect(key));
                collect_luids(member, luids);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The disabled exposures of these ids. dbt has a list of them under each.
pub fn disabled(exposures: Vec<(String, Value)>) -> Vec<DisabledExposure> {
    let exposures = exposures.into_iter().map(|(unique_id, value)| {
        let nodes = match &value {
            Value::Array(nodes) => nodes.as_slice(),
            node => std::slice::from_ref(node),
        };
        let versions = nodes.iter().map(|node| DisabledVersion {
            marker: noted(node).and_then(marker),
            luids: luids(node),
        });
        DisabledExposure {
            unique_id,
            versions: versions.collect(),
        }
    });
    exposures.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::luids;

    #[test]
    fn luids_are_found_in_every_form_of_meta() {
        const LUID: &str = "65a404a8-48a2-4c2a-9eb0-14ee5e78b22b";
        const OTHER: &str = "00000001-1111-4111-8111-111111111111";
        for meta in [
            json!({"tableau": LUID.to_uppercase()}),
            json!({"a": [{"b": [LUID]}]}),
            json!({"workbooks": {LUID: {}}}),
            json!({"open": format!("https://t.example.com/api/workbooks/{LUID}/content")}),
            json!({"luids": format!("{OTHER}, {LUID}")}),
            json!({"luid": format!("größe:{LUID}")}),
        ] {
            assert!(luids(&json!({"meta": meta})).contains(LUID), "{meta}");
            let in_config = json!({"config": {"meta": meta}});
            assert!(luids(&in_config).contains(LUID), "{meta}");
        }
        let longer = json!({"meta": {"x": format!("a{LUID}"), "y": format!("{LUID}0")}});
        assert!(!luids(&longer).contains(LUID));
    }
}
