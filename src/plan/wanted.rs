//! Links into the exposures that this run wants.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::baseline::{Baseline, Owned};
use super::look::{self, Facts};
use super::twins::{self, Twin};
use super::{disabled, revive};
use crate::input::manifest::Manifest;
use crate::link::{Links, Outcome, Rule, WorkbookLinks};
use crate::model::{
    Code, Dependency, Diagnostic, Exposure, Node, Path, Settings, Site, SiteId, Verdict, Workbook,
};

/// What this run wants.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Exposures by the position of their workbook. Their names may yet prove to be taken.
    pub exposures: BTreeMap<usize, Exposure>,
    /// Hand-written exposures of these workbooks, which get no second one.
    pub twins: Vec<Twin>,
    /// Hand-written exposures that take the place of one of ours, by its position in the baseline.
    pub by_hand: BTreeMap<usize, String>,
    /// Those of the baseline that the project has switched off, by position.
    pub switched_off: BTreeSet<usize>,
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
    let twins = twins::find(&manifest.exposures, site, baseline);
    let by_hand = twins.of_baseline.into_iter().map(|(at, id)| (at, id.to_owned())).collect();
    let mut wanted = Wanted { by_hand, ..Wanted::default() };
    for (position, (workbook, links)) in site.workbooks.iter().zip(&links.workbooks).enumerate() {
        if settings.selection.judge(workbook) != Verdict::Selected {
            continue;
        }
        let before = baseline.of(position);
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
        if let Some(by_hand) = twins.of_workbooks.get(&position) {
            let reads = dependencies.keys().map(String::as_str).collect::<BTreeSet<_>>();
            let by_hand =
                by_hand.iter().map(|(existing, by)| Twin::new(existing, position, by, &reads));
            wanted.twins.extend(by_hand);
        } else if !dependencies.is_empty() {
            // A workbook keeps the name that it has, whatever its title is now.
            let name = before.and_then(Owned::name).map(str::to_owned);
            let dependencies = dependencies.into_values().collect();
            let package = &manifest.root_package;
            // What this export does not name, an earlier one may have.
            let site = before.map(|before| &before.marker.site);
            let site = workbook.site.clone().or(site.unwrap_or(&SiteId::default()));
            let facts = Facts { workbook, site, is_complete, package, dependencies, name };
            let mut exposure = look::exposure(facts, &settings.look);
            if let Some(before) = before.filter(|_| workbook.is_kept_back()) {
                revive::kept_back(&mut exposure, before, workbook);
            }
            wanted.exposures.insert(position, exposure);
        }
    }
    note_doubts(site, settings, &mut wanted.diagnostics);
    twins::only_extra_for_all(&mut wanted.twins);
    leave_disabled_out(&mut wanted, manifest, baseline);
    note_missing_urls(&mut wanted);
    wanted
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

/// What was switched off by hand stays off, unless it stands in YAML and so is on again.
fn leave_disabled_out(wanted: &mut Wanted, manifest: &Manifest, baseline: &Baseline) {
    let disabled = &manifest.disabled_exposures;
    for (at, owned) in baseline.iter().enumerate().filter(|(_, owned)| owned.yaml_file().is_none())
    {
        if disabled::of(disabled, owned.name().unwrap_or_default(), &owned.marker).is_some() {
            wanted.switched_off.insert(at);
        }
    }
    let Wanted { exposures, diagnostics, .. } = wanted;
    exposures.retain(|position, exposure| {
        let name = match baseline.of(*position) {
            Some(before) if before.yaml_file().is_some() => None,
            Some(_) => disabled::of(disabled, &exposure.name, &exposure.marker),
            None => disabled::of_new(disabled, &exposure.name, &exposure.marker),
        };
        let Some(name) = name else { return true };
        let label = exposure.label.as_deref().unwrap_or(&exposure.name);
        let message =
            format!("workbook {label:?} gets no exposure: {name} is disabled in the project");
        diagnostics.push(
            Diagnostic::note(Code::ExposureDisabled, exposure.unique_id(), message)
                .help("remove the disabled exposure to have it again"),
        );
        false
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
