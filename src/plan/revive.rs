//! An exposure of an earlier run read back, to be written anew in this manifest's shape.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::baseline::Owned;
use super::build::VIRTUAL_FOLDER;
use super::naming;
use super::wanted::Nodes;
use crate::model::exposure::{MARKER_KEY, title_of};
use crate::model::{Code, Dependency, Diagnostic, Exposure, Owner, Workbook};

/// The exposure as it was, in the root package of this manifest. Dependencies that no longer
/// exist are dropped and reported.
pub fn exposure(
    owned: &Owned,
    package: &str,
    nodes: &Nodes,
    diagnostics: &mut Vec<Diagnostic>,
) -> Exposure {
    let dependencies = dependencies(owned, nodes, diagnostics);
    Exposure {
        dependencies,
        ..facts(owned, package)
    }
}

/// Takes over what an earlier run saw of a workbook of which Tableau now keeps it back.
pub fn kept_back(exposure: &mut Exposure, owned: &Owned, workbook: &Workbook) {
    let earlier = facts(owned, &exposure.package);
    exposure.label = earlier.label;
    if workbook.project.is_empty() {
        exposure.folders = earlier.folders;
        exposure.marker.project = earlier.marker.project;
    }
    if workbook.owner_name.is_none() && workbook.owner_email.is_none() {
        exposure.owner = earlier.owner;
    }
    if workbook.description.is_none() {
        exposure.description = earlier.description;
    }
    if workbook.tags.is_empty() {
        exposure.tags = earlier.tags;
        // Maturity may hang on tags.
        exposure.maturity = earlier.maturity;
    }
    exposure.url = exposure.url.take().or(earlier.url);
    exposure.created_at = exposure.created_at.or(earlier.created_at);
}

/// All of it but its dependencies.
fn facts(owned: &Owned, package: &str) -> Exposure {
    let node = &owned.latest().value;
    let text = |pointer: &str| {
        node.pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let texts = |pointer: &str| {
        let list = node
            .pointer(pointer)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        list.filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let fqn = texts("/fqn");
    let folders = fqn
        .get(1..fqn.len().saturating_sub(1))
        .unwrap_or_default()
        .to_vec();
    let is_virtual = folders
        .first()
        .is_some_and(|folder| folder == VIRTUAL_FOLDER);
    // dbt Core writes microseconds; ours are whole seconds.
    let created_at = node
        .get("created_at")
        .and_then(Value::as_f64)
        .map(|seconds| seconds as i64);
    let (title, name) = (title_of(node), owned.name().map(str::to_owned));
    Exposure {
        name: name.unwrap_or_else(|| naming::name(title.unwrap_or_default(), &owned.marker.luid)),
        package: package.to_owned(),
        label: title.map(str::to_owned),
        folders: if is_virtual {
            folders
        } else {
            vec![VIRTUAL_FOLDER.to_owned()]
        },
        owner: Owner {
            name: text("/owner/name"),
            email: text("/owner/email").filter(|email| !email.is_empty()),
        },
        description: text("/description").unwrap_or_default(),
        tags: texts("/tags"),
        maturity: text("/maturity"),
        url: text("/url"),
        created_at,
        marker: owned.marker.clone(),
        dependencies: Vec::new(),
    }
}

/// What an exposure depended on, as far as it still exists, in the order of ids.
pub fn dependencies(
    owned: &Owned,
    nodes: &Nodes,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Dependency> {
    let node = &owned.latest().value;
    let noted = [
        format!("/meta/{MARKER_KEY}/depends_on"),
        format!("/config/meta/{MARKER_KEY}/depends_on"),
    ];
    let noted = noted.iter().find_map(|pointer| node.pointer(pointer));
    let note = |id: &str, key: &str| {
        let note = noted.and_then(|noted| noted.get(id)?.get(key)?.as_str());
        Cow::Owned(note.unwrap_or_default().to_owned())
    };
    let ids = node
        .pointer("/depends_on/nodes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let mut dependencies = BTreeMap::new();
    for id in ids.filter_map(Value::as_str) {
        if let Some(node) = nodes.find(id) {
            let dependency = Dependency {
                node,
                rule: note(id, "rule"),
                path: note(id, "path"),
            };
            dependencies.insert(id, dependency);
        } else {
            let place = owned.latest().unique_id.as_str();
            let message = format!("its dependency {id} no longer exists and was dropped");
            diagnostics.push(Diagnostic::warning(Code::DependencyGone, place, message));
        }
    }
    dependencies.into_values().collect()
}
