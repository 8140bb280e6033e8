//! Turns an exposure of an earlier run back into one that can be written, in the shape of this
//! manifest.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::baseline::Owned;
use super::nodes::NodesById;
use super::{html, naming, referenced};
use crate::link::Ended;
use crate::model::exposure::{StandingExposure, VIRTUAL_FOLDER};
use crate::model::{Code, Dependency, Diagnostic, Exposure, Workbook};

/// The exposure as it was, in this root package. Dependencies that no longer exist are dropped and
/// reported, with how the workbook's link to them ended.
pub fn exposure(
    owned: &Owned,
    package: &str,
    nodes: &NodesById,
    ended: impl Fn(&str) -> Option<Ended>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Exposure {
    Exposure {
        dependencies: dependencies(owned, nodes, ended, diagnostics),
        ..facts(owned, package)
    }
}

/// Completes the exposure of a workbook that Tableau hides now with what an earlier run saw.
pub fn fill_hidden(exposure: &mut Exposure, owned: &Owned, workbook: &Workbook) {
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
        // A rule may have set the maturity because of the tags.
        exposure.maturity = earlier.maturity;
    }
    exposure.url = exposure.url.take().or(earlier.url);
    exposure.created_at = exposure.created_at.or(earlier.created_at);
}

/// The exposure as it was, without its dependencies.
fn facts(owned: &Owned, package: &str) -> Exposure {
    let latest = owned.latest();
    html::inert_exposure(Exposure {
        name: owned
            .name()
            .map_or_else(|| new_name(latest, &owned.marker.luid), str::to_owned),
        package: package.to_owned(),
        label: latest.title.clone(),
        folders: folders(latest),
        owner: latest.owner.clone(),
        description: latest.description.clone(),
        tags: latest.tags.clone(),
        maturity: latest.maturity.clone(),
        url: latest.url.clone(),
        created_at: latest.created_at,
        marker: owned.marker.clone().into_owned(),
        dependencies: Vec::new(),
        is_withheld: latest.withholding.is_any(),
    })
}

fn new_name(standing: &StandingExposure, luid: &str) -> String {
    naming::name(standing.title.as_deref().unwrap_or_default(), luid)
}

/// The folders of an exposure, if they are our virtual ones; else only the virtual root.
fn folders(standing: &StandingExposure) -> Vec<String> {
    match standing.folders.first() {
        Some(first) if first == VIRTUAL_FOLDER => standing.folders.clone(),
        Some(_) | None => vec![VIRTUAL_FOLDER.to_owned()],
    }
}

/// The dependencies of an exposure that still exist, in the order of their ids. The others are
/// reported, with how the workbook's link to them ended if that is known.
pub fn dependencies(
    owned: &Owned,
    nodes: &NodesById,
    ended: impl Fn(&str) -> Option<Ended>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Dependency> {
    let latest = owned.latest();
    let mut dependencies = BTreeMap::new();
    for earlier in &latest.depends_on {
        let id = earlier.unique_id.as_str();
        if let Some(node) = nodes.find(id) {
            let dependency = Dependency {
                node,
                rule: Cow::Owned(earlier.rule.clone()),
                path: Cow::Owned(earlier.path.clone()),
                place: None,
                columns: referenced::earlier(latest, &nodes.nodes[node]),
            };
            dependencies.insert(id, dependency);
        } else {
            let mut message = format!("its dependency {id} no longer exists and was dropped");
            let ended = ended(id);
            if let Some(ended) = &ended {
                message.push_str(&format!("; {}", ended.aside(str::to_owned)));
            }
            let place = latest.unique_id.as_str();
            let is_told = ended.is_some_and(|ended| ended.is_still_read());
            let diagnostic = Diagnostic::new(Code::DependencyGone, place, message);
            diagnostics.push(diagnostic.told(is_told));
        }
    }
    dependencies.into_values().collect()
}
