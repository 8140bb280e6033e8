//! Links into the exposures that this run wants.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::baseline::{Baseline, Owned};
use super::look::{self, Facts};
use super::twins::{self, Twin};
use super::{naming, revive};
use crate::input::manifest::Manifest;
use crate::link::{Links, Outcome, Rule, WorkbookLinks};
use crate::model::{
    Code, Dependency, Diagnostic, Exposure, Marker, Node, Path, Settings, Site, SiteId, Verdict,
    Workbook,
};

/// What this run wants.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Exposures by the position of their workbook.
    pub exposures: BTreeMap<usize, Exposure>,
    /// Hand-written exposures of these workbooks, which get no second one.
    pub twins: Vec<Twin>,
    /// Hand-written exposures by the luid of one of ours that they name.
    pub by_hand: BTreeMap<String, String>,
    /// Positions of workbooks of which not everything that they read is known.
    pub incomplete: BTreeSet<usize>,
    /// What there is to say about them.
    pub diagnostics: Vec<Diagnostic>,
}

/// The manifest's nodes by id.
pub struct Nodes<'n> {
    by_id: HashMap<&'n str, usize>,
}

impl<'n> Nodes<'n> {
    /// Builds the look-up.
    pub fn new(nodes: &'n [Node]) -> Self {
        let by_id =
            nodes.iter().enumerate().map(|(position, node)| (node.unique_id.as_ref(), position));
        Self { by_id: by_id.collect() }
    }

    /// The position of the node with this id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }
}

/// The exposures of all selected workbooks that read something of this project.
pub fn wanted(
    manifest: &Manifest,
    nodes: &Nodes,
    baseline: &Baseline,
    site: &Site,
    links: &Links,
    settings: &Settings,
) -> Wanted {
    let by_hand = twins::of_baseline(&manifest.exposures, baseline);
    let mut wanted = Wanted { by_hand, ..Wanted::default() };
    let twins = twins::find(&manifest.exposures, site);
    for (position, (workbook, links)) in site.workbooks.iter().zip(&links.workbooks).enumerate() {
        if settings.selection.judge(workbook) != Verdict::Selected {
            continue;
        }
        let before = baseline.of(&workbook.luid, &workbook.site);
        let is_complete = links.is_complete() && workbook.doubts.is_empty();
        let mut dependencies = dependencies(manifest, links);
        if !is_complete {
            wanted.incomplete.insert(position);
            if let Some(before) = before {
                // What it was known to read before, it still reads as far as anyone knows.
                let earlier = revive::dependencies(before, nodes, &mut wanted.diagnostics);
                for (id, dependency) in earlier {
                    dependencies.entry(id).or_insert(dependency);
                }
            }
        }
        if let Some(by_hand) = twins.get(&position) {
            let reads = dependencies.keys().map(String::as_str).collect::<BTreeSet<_>>();
            let by_hand =
                by_hand.iter().map(|(existing, by)| Twin::new(existing, position, by, &reads));
            wanted.twins.extend(by_hand);
        } else if !dependencies.is_empty() {
            // A workbook keeps the name that it has, whatever its title is now.
            let name = before.and_then(|before| before.name()).map(str::to_owned);
            let dependencies = dependencies.into_values().collect();
            let package = &manifest.root_package;
            let site = known_site(&workbook.site, before);
            let facts = Facts { workbook, site, is_complete, package, dependencies, name };
            let exposure = look::exposure(facts, &settings.look);
            wanted.exposures.insert(position, exposure);
        }
    }
    note_doubts(site, settings, &mut wanted.diagnostics);
    settle_names(&mut wanted.exposures, &foreign_names(manifest), baseline);
    leave_disabled_out(&mut wanted, manifest);
    note_missing_urls(&mut wanted);
    wanted
}

/// The site of a workbook; what this export does not name, an earlier one may have.
fn known_site(site: &SiteId, before: Option<&Owned>) -> SiteId {
    let before = before.map(|before| before.marker.site.clone()).unwrap_or_default();
    let SiteId { server, content_url } = site.clone();
    SiteId { server: server.or(before.server), content_url: content_url.or(before.content_url) }
}

/// Says why workbooks may read more than is known, where no table of theirs shows it.
fn note_doubts(site: &Site, settings: &Settings, diagnostics: &mut Vec<Diagnostic>) {
    let mut workbooks: BTreeMap<&SiteId, usize> = BTreeMap::new();
    let mut doubts: BTreeMap<(&SiteId, &str), usize> = BTreeMap::new();
    let is_selected =
        |workbook: &&Workbook| settings.selection.judge(workbook) == Verdict::Selected;
    for workbook in site.workbooks.iter().filter(is_selected) {
        *workbooks.entry(&workbook.site).or_default() += 1;
        for doubt in &workbook.doubts {
            *doubts.entry((&workbook.site, doubt)).or_default() += 1;
        }
    }
    for ((site, doubt), count) in doubts {
        let all = workbooks[site];
        let message = format!("{count} of {all} workbooks may read more than is known: {doubt}");
        diagnostics.push(Diagnostic::warning(Code::WorkbookIncomplete, site.place(), message));
    }
}

/// The names of exposures that are not ours.
fn foreign_names<'m>(manifest: &'m Manifest) -> BTreeSet<&'m str> {
    let foreign =
        manifest.exposures.iter().filter(|existing| Marker::of(&existing.value).is_none());
    foreign.filter_map(|existing| existing.value.get("name").and_then(Value::as_str)).collect()
}

/// The linked nodes by id, each with the rule and path of its best table: the first rule, then
/// the shortest path.
fn dependencies(manifest: &Manifest, links: &WorkbookLinks) -> BTreeMap<String, Dependency> {
    let mut best: BTreeMap<usize, (Rule, usize, String)> = BTreeMap::new();
    for table in &links.tables {
        let Outcome::Linked { node, rule } = table.outcome else { continue };
        let path = table.paths.first();
        let kinds = path.map(Path::kinds).unwrap_or_default();
        let rank = (rule, path.map_or(0, |path| path.0.len()), kinds);
        let best = best.entry(node).or_insert_with(|| rank.clone());
        if rank < *best {
            *best = rank;
        }
    }
    let dependency = |(node, (rule, _, path)): (usize, (Rule, usize, String))| {
        let id = manifest.nodes[node].unique_id.clone().into_owned();
        (id, Dependency { node, rule: rule.as_str().to_owned(), path })
    };
    best.into_iter().map(dependency).collect()
}

/// Gives long names to exposures that would share a name with another one or a hand-written one.
/// Names that stand already are for life, unless somebody wrote an exposure of that name by hand.
fn settle_names(
    exposures: &mut BTreeMap<usize, Exposure>,
    foreign: &BTreeSet<&str>,
    baseline: &Baseline,
) {
    let standing = baseline.iter().filter_map(Owned::name).collect::<BTreeSet<_>>();
    let has_its_name = |exposure: &Exposure| {
        let before = baseline.of(&exposure.marker.luid, &exposure.marker.site);
        before.and_then(Owned::name) == Some(exposure.name.as_str())
    };
    let mut new: BTreeMap<String, usize> = BTreeMap::new();
    for exposure in exposures.values().filter(|exposure| !has_its_name(exposure)) {
        *new.entry(exposure.name.clone()).or_default() += 1;
    }
    for exposure in exposures.values_mut() {
        let name = exposure.name.as_str();
        let is_taken = !has_its_name(exposure) && (new[name] > 1 || standing.contains(name));
        if is_taken || foreign.contains(name) {
            let title = exposure.label.as_deref().unwrap_or_default();
            exposure.name = naming::long_name(title, &exposure.marker.site, &exposure.marker.luid);
        }
    }
}

/// A name under `disabled` was switched off by hand, and stays off.
fn leave_disabled_out(wanted: &mut Wanted, manifest: &Manifest) {
    let Wanted { exposures, diagnostics, .. } = wanted;
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
    let without = wanted.exposures.values().filter(|exposure| exposure.url.is_none());
    let unknown = without.filter(|exposure| {
        exposure.marker.site.server.is_none() || exposure.marker.site.content_url.is_none()
    });
    let count = unknown.count();
    if count > 0 {
        let all = wanted.exposures.len();
        let which = if count == all {
            "no exposure has".to_owned()
        } else {
            format!("{count} of {all} exposures lack")
        };
        let message = format!("{which} a url, since the export does not name its server and site");
        let help =
            "give `--server https://…` and `--site <content URL>` (empty for the default site)";
        wanted.diagnostics.push(Diagnostic::note(Code::ServerUnknown, "", message).help(help));
    }
}
