//! Links into the exposures that this run wants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{markdown, naming};
use crate::input::manifest::{Existing, Manifest};
use crate::link::{Links, Outcome, WorkbookLinks};
use crate::model::{Code, Dependency, Diagnostic, Exposure, Marker, Owner, Site, SiteId, Workbook};

/// The virtual folder of all imported exposures, as dbt's own automatic ones have it.
pub const VIRTUAL_FOLDER: &str = "imported_from_tableau";

/// What this run wants.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Exposures by the position of their workbook.
    pub exposures: BTreeMap<usize, Exposure>,
    /// What there is to say about them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether a workbook is to be exposed at all. Personal spaces are nobody else's business.
pub fn is_selected(workbook: &Workbook) -> bool {
    !workbook.is_personal
}

/// The exposures of all selected workbooks that read something of this project.
pub fn wanted(manifest: &Manifest, site: &Site, links: &Links) -> Wanted {
    let baseline = Baseline::new(&manifest.exposures);
    let mut wanted = Wanted::default();
    for (position, (workbook, links)) in site.workbooks.iter().zip(&links.workbooks).enumerate() {
        if !is_selected(workbook) {
            continue;
        }
        let before = baseline.of(workbook);
        let complete = links.is_complete() && workbook.doubts.is_empty();
        let mut dependencies = dependencies(manifest, links);
        if let (Some(before), false) = (before, complete) {
            keep_dependencies(manifest, before, &mut dependencies, &mut wanted.diagnostics);
        }
        if !dependencies.is_empty() {
            let name = before.and_then(name_of).map(str::to_owned);
            let exposure = exposure(
                manifest,
                workbook,
                known_site(workbook, before),
                complete,
                dependencies.into_values().collect(),
                name,
            );
            wanted.exposures.insert(position, exposure);
        }
    }
    note_doubts(site, &mut wanted.diagnostics);
    settle_names(&mut wanted.exposures, &baseline);
    leave_disabled_out(&mut wanted, manifest);
    note_missing_urls(&mut wanted);
    wanted
}

/// Says why workbooks may read more than is known, where no table of theirs shows it.
fn note_doubts(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let selected = site
        .workbooks
        .iter()
        .filter(|workbook| is_selected(workbook));
    let mut counts: BTreeMap<(&SiteId, &str), usize> = BTreeMap::new();
    for workbook in selected.clone() {
        for doubt in &workbook.doubts {
            *counts.entry((&workbook.site, doubt)).or_default() += 1;
        }
    }
    for ((id, doubt), count) in counts {
        let all = selected.clone().filter(|workbook| workbook.site == *id);
        let message = format!(
            "{count} of {} workbooks may read more than is known: {doubt}",
            all.count()
        );
        let code = Code::WorkbookIncomplete;
        diagnostics.push(Diagnostic::warning(code, id.to_string(), message));
    }
}

/// The exposures that stand already: ours by luid, and the names of all others.
struct Baseline<'e> {
    owned: BTreeMap<String, Vec<(Marker, &'e Existing)>>,
    foreign_names: BTreeSet<&'e str>,
}

impl<'e> Baseline<'e> {
    fn new(existing: &'e [Existing]) -> Self {
        let mut baseline = Self {
            owned: BTreeMap::new(),
            foreign_names: BTreeSet::new(),
        };
        for exposure in existing {
            match Marker::of(&exposure.value) {
                Some(marker) => baseline
                    .owned
                    .entry(marker.luid.clone())
                    .or_default()
                    .push((marker, exposure)),
                None => baseline.foreign_names.extend(name_of(exposure)),
            }
        }
        baseline
    }

    fn of(&self, workbook: &Workbook) -> Option<&'e Existing> {
        let owned = self.owned.get(workbook.luid.as_ref())?;
        owned
            .iter()
            .find(|(marker, _)| !marker.site.contradicts(&workbook.site))
            .map(|(_, existing)| *existing)
    }
}

fn name_of(existing: &Existing) -> Option<&str> {
    existing.value.get("name").and_then(Value::as_str)
}

/// The linked nodes by id, each with the rule and path of its best table: the first rule, then
/// the shortest path.
fn dependencies(manifest: &Manifest, links: &WorkbookLinks) -> BTreeMap<String, Dependency> {
    let mut best = BTreeMap::new();
    for table in &links.tables {
        let Outcome::Linked { node, rule } = table.outcome else {
            continue;
        };
        let path = table.paths.first();
        let rank = (
            rule,
            path.map_or(0, |path| path.0.len()),
            path.map(crate::model::Path::kinds).unwrap_or_default(),
        );
        let id = manifest.nodes[node].unique_id.clone().into_owned();
        let entry = best.entry(id).or_insert_with(|| (rank.clone(), node));
        if rank < entry.0 {
            entry.0 = rank;
        }
    }
    let dependency =
        |((rule, _, path), node): ((crate::link::Rule, usize, String), usize)| Dependency {
            node,
            rule: rule.as_str().to_owned(),
            path,
        };
    best.into_iter()
        .map(|(id, best)| (id, dependency(best)))
        .collect()
}

/// What an incomplete workbook was known to read before, it still reads as far as anyone knows.
fn keep_dependencies(
    manifest: &Manifest,
    before: &Existing,
    dependencies: &mut BTreeMap<String, Dependency>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let nodes = before
        .value
        .pointer("/depends_on/nodes")
        .and_then(Value::as_array);
    for id in nodes.into_iter().flatten().filter_map(Value::as_str) {
        if dependencies.contains_key(id) {
            continue;
        }
        let Some(node) = manifest.nodes.iter().position(|node| node.unique_id == id) else {
            let message = format!(
                "{} no longer exists and was dropped from {}",
                id, before.unique_id
            );
            diagnostics.push(Diagnostic::warning(
                Code::DependencyGone,
                before.unique_id.clone(),
                message,
            ));
            continue;
        };
        let noted = |key: &str| {
            let metas = [
                before.value.get("meta"),
                before.value.pointer("/config/meta"),
            ];
            let marker = metas
                .into_iter()
                .flatten()
                .find_map(|meta| meta.get(crate::model::exposure::MARKER_KEY))?;
            marker
                .get("depends_on")?
                .get(id)?
                .get(key)?
                .as_str()
                .map(str::to_owned)
        };
        let dependency = Dependency {
            node,
            rule: noted("rule").unwrap_or_default(),
            path: noted("path").unwrap_or_default(),
        };
        dependencies.insert(id.to_owned(), dependency);
    }
}

/// The site of a workbook; what this export does not name, an earlier one may have.
fn known_site(workbook: &Workbook, before: Option<&Existing>) -> SiteId {
    let before = before.and_then(|before| Marker::of(&before.value));
    let before = before.map(|marker| marker.site).unwrap_or_default();
    let SiteId {
        server,
        content_url,
    } = workbook.site.clone();
    SiteId {
        server: server.or(before.server),
        content_url: content_url.or(before.content_url),
    }
}

fn exposure(
    manifest: &Manifest,
    workbook: &Workbook,
    site: SiteId,
    is_complete: bool,
    dependencies: Vec<Dependency>,
    name: Option<String>,
) -> Exposure {
    let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
    let project = workbook
        .project
        .iter()
        .map(|name| name.clone().into_owned())
        .collect::<Vec<_>>();
    let slugs = project
        .iter()
        .map(|name| naming::slug(name))
        .filter(|slug| !slug.is_empty());
    Exposure {
        name: name.unwrap_or_else(|| naming::name(&workbook.name, &workbook.luid)),
        package: manifest.root_package.clone(),
        label: Some(workbook.name.clone().into_owned()).filter(|name| !name.is_empty()),
        folders: std::iter::once(VIRTUAL_FOLDER.to_owned())
            .chain(slugs)
            .collect(),
        owner: Owner {
            name: owned(&workbook.owner_name),
            email: owned(&workbook.owner_email),
        },
        description: markdown::inert(workbook.description.as_deref().unwrap_or_default()),
        tags: workbook
            .tags
            .iter()
            .map(|tag| tag.clone().into_owned())
            .collect(),
        url: url(workbook, &site),
        created_at: workbook.created_at,
        marker: Marker {
            site,
            luid: workbook.luid.clone().into_owned(),
            project,
            is_complete,
        },
        dependencies,
    }
}

/// Where the workbook opens (facts of Tableau's web addresses: the default site has no `/site`).
fn url(workbook: &Workbook, site: &SiteId) -> Option<String> {
    let server = site.server.as_deref()?;
    let id = workbook.url_id.as_deref()?;
    Some(match site.content_url.as_deref()? {
        "" => format!("{server}/#/workbooks/{id}"),
        site => format!("{server}/#/site/{site}/workbooks/{id}"),
    })
}

/// Gives long names to exposures that would share a name with another one or a hand-written one.
fn settle_names(exposures: &mut BTreeMap<usize, Exposure>, baseline: &Baseline) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for exposure in exposures.values() {
        *count.entry(exposure.name.clone()).or_default() += 1;
    }
    for exposure in exposures.values_mut() {
        if count[&exposure.name] > 1 || baseline.foreign_names.contains(exposure.name.as_str()) {
            exposure.name = naming::long_name(
                exposure.label.as_deref().unwrap_or_default(),
                &exposure.marker.site,
                &exposure.marker.luid,
            );
        }
    }
}

/// A name under `disabled` was switched off by hand, and stays off.
fn leave_disabled_out(wanted: &mut Wanted, manifest: &Manifest) {
    let Wanted {
        exposures,
        diagnostics,
    } = wanted;
    exposures.retain(|_, exposure| {
        let is_disabled = manifest.disabled_exposures.contains(&exposure.name);
        if is_disabled {
            let label = exposure.label.as_deref().unwrap_or(&exposure.name);
            let message = format!(
                "workbook {label:?} gets no exposure: {} is disabled in the project",
                exposure.name
            );
            diagnostics.push(
                Diagnostic::note(Code::ExposureDisabled, exposure.unique_id(), message)
                    .help("remove the disabled exposure to have it again"),
            );
        }
        !is_disabled
    });
}

fn note_missing_urls(wanted: &mut Wanted) {
    let without = wanted
        .exposures
        .values()
        .filter(|exposure| exposure.url.is_none());
    let unknown = without.filter(|exposure| {
        exposure.marker.site.server.is_none() || exposure.marker.site.content_url.is_none()
    });
    let count = unknown.count();
    if count > 0 {
        let message = format!(
            "{count} of {} exposures have no url, since the export does not name its server and site",
            wanted.exposures.len()
        );
        let help =
            "give `--server https://…` and `--site <content URL>` (empty for the default site)";
        wanted
            .diagnostics
            .push(Diagnostic::note(Code::ServerUnknown, "", message).help(help));
    }
}
