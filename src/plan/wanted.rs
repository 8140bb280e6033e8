//! Links into the exposures that this run wants.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;
use rayon::prelude::*;

use super::baseline::{Baseline, Owned};
use super::build::{self, ExposureParts};
use super::twins::{self, Twin, Twins};
use super::{disabled, revive};
use crate::input::manifest::{Existing, Manifest};
use crate::link::{Links, Outcome, Rule, WorkbookLinks};
use crate::model::{
    Code, Dependency, Diagnostic, Exposure, Node, NodeIx, Path, Site, SiteId, Workbook, WorkbookGap,
};
use crate::settings::Settings;

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
    by_id: HashMap<&'n str, NodeIx>,
}

impl<'n> Nodes<'n> {
    /// Builds the look-up.
    pub fn new(nodes: &'n [Node]) -> Self {
        let by_id = NodeIx::enumerate(nodes).map(|(ix, node)| (node.unique_id.as_ref(), ix));
        Self {
            by_id: by_id.collect(),
        }
    }

    /// The node with this id.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
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
    let context = Context {
        manifest,
        nodes,
        baseline,
        twins: &twins,
        settings,
    };
    let workbooks = site.workbooks.par_iter().zip(&links.workbooks).enumerate();
    let all = workbooks.map(|(at, (workbook, links))| context.of_workbook(at, workbook, links));
    let all = all.collect::<Vec<_>>();
    let by_hand = twins
        .of_baseline
        .into_iter()
        .map(|(at, id)| (at, id.to_owned()))
        .collect();
    let mut wanted = Wanted {
        by_hand,
        ..Wanted::default()
    };
    for (position, one) in all.into_iter().enumerate() {
        wanted
            .exposures
            .extend(one.exposure.map(|exposure| (position, *exposure)));
        wanted
            .incomplete
            .extend(one.is_incomplete.then_some(position));
        wanted.twins.extend(one.twins);
        wanted.diagnostics.extend(one.diagnostics);
    }
    note_gaps(site, settings, &mut wanted.diagnostics);
    twins::only_extra_for_all(&mut wanted.twins);
    leave_disabled_out(&mut wanted, manifest, baseline);
    note_missing_urls(&mut wanted);
    wanted
}

/// What is wanted of one workbook.
#[derive(Default)]
struct OfOne {
    exposure: Option<Box<Exposure>>,
    is_incomplete: bool,
    twins: Vec<Twin>,
    diagnostics: Vec<Diagnostic>,
}

/// What must be known to say what is wanted of a workbook.
struct Context<'c> {
    manifest: &'c Manifest<'c>,
    nodes: &'c Nodes<'c>,
    baseline: &'c Baseline<'c>,
    twins: &'c Twins<'c>,
    settings: &'c Settings,
}

impl Context<'_> {
    fn of_workbook(&self, position: usize, workbook: &Workbook, links: &WorkbookLinks) -> OfOne {
        let mut one = OfOne::default();
        if !self.settings.selection.select(workbook).is_yes() {
            return one;
        }
        let before = self.baseline.of(position);
        let is_complete = links.is_complete() && workbook.gaps.is_empty();
        one.is_incomplete = !is_complete;
        let mut dependencies = dependencies(self.manifest, links);
        if let Some(before) = before.filter(|_| !is_complete) {
            // What it was known to read before, it still reads as far as anyone knows.
            for earlier in revive::dependencies(before, self.nodes, &mut one.diagnostics) {
                let id = self.manifest.nodes[earlier.node].unique_id.as_ref();
                dependencies.entry(id).or_insert(earlier);
            }
        }
        if let Some(by_hand) = self.twins.of_workbooks.get(&position) {
            let reads = dependencies.keys().copied().collect::<BTreeSet<_>>();
            let twin = |(existing, by): &(&Existing, &'static str)| {
                Twin::new(existing, position, by, &reads)
            };
            one.twins = by_hand.iter().map(twin).collect();
        } else if !dependencies.is_empty() {
            let dependencies = dependencies.into_values().collect();
            let exposure = self.exposure(workbook, before, is_complete, dependencies);
            one.exposure = Some(Box::new(exposure));
        }
        one
    }

    fn exposure(
        &self,
        workbook: &Workbook,
        before: Option<&Owned>,
        is_complete: bool,
        dependencies: Vec<Dependency>,
    ) -> Exposure {
        // A workbook keeps the name that it has, whatever its title is now.
        let name = before.and_then(Owned::name).map(str::to_owned);
        let package = &self.manifest.root_package;
        // What this export does not name, an earlier one may have.
        let site = before.map(|before| &before.marker.site);
        let site = workbook.site.clone().or(site.unwrap_or(&SiteId::default()));
        let parts = ExposureParts {
            workbook,
            site,
            is_complete,
            package,
            dependencies,
            name,
        };
        let mut exposure = build::exposure(parts, &self.settings.exposure);
        if let Some(before) = before.filter(|_| workbook.is_kept_back()) {
            revive::kept_back(&mut exposure, before, workbook);
        }
        exposure
    }
}

/// Says why workbooks may read more than is known, where no table of theirs shows it.
fn note_gaps(site: &Site, settings: &Settings, diagnostics: &mut Vec<Diagnostic>) {
    let mut workbooks: BTreeMap<&SiteId, usize> = BTreeMap::new();
    let mut gaps: BTreeMap<(&SiteId, &WorkbookGap), usize> = BTreeMap::new();
    let is_selected = |workbook: &&Workbook| settings.selection.select(workbook).is_yes();
    for workbook in site.workbooks.iter().filter(is_selected) {
        *workbooks.entry(&workbook.site).or_default() += 1;
        for gap in &workbook.gaps {
            *gaps.entry((&workbook.site, gap)).or_default() += 1;
        }
    }
    for ((site, gap), count) in gaps {
        let all = workbooks[site];
        let message = format!("{count} of {all} workbooks may read more than is known: {gap}");
        diagnostics.push(Diagnostic::warning(
            Code::WorkbookIncomplete,
            site.place(),
            message,
        ));
    }
}

/// The linked nodes by id, each with the rule and path of its best table: the first rule, then
/// the shortest path.
fn dependencies<'m>(
    manifest: &'m Manifest,
    links: &WorkbookLinks,
) -> BTreeMap<&'m str, Dependency> {
    let mut best: BTreeMap<NodeIx, (Rule, usize, Cow<'static, str>)> = BTreeMap::new();
    for read in &links.tables {
        let Outcome::Linked { node, rule } = read.table.outcome else {
            continue;
        };
        let path = read.paths.first();
        let kinds = path.map(Path::kinds).unwrap_or_default();
        let rank = (rule, path.map_or(0, |path| path.0.len()), kinds);
        match best.entry(node) {
            Entry::Vacant(place) => drop(place.insert(rank)),
            Entry::Occupied(best) if rank < *best.get() => *best.into_mut() = rank,
            Entry::Occupied(_) => {}
        }
    }
    let dependency = |(node, (rule, _, path)): (NodeIx, (Rule, usize, Cow<'static, str>))| {
        let id = manifest.nodes[node].unique_id.as_ref();
        (
            id,
            Dependency {
                node,
                rule: Cow::Borrowed(rule.text()),
                path,
            },
        )
    };
    best.into_iter().map(dependency).collect()
}

/// What was switched off by hand stays off, unless it stands in YAML and so is on again.
fn leave_disabled_out(wanted: &mut Wanted, manifest: &Manifest, baseline: &Baseline) {
    let disabled = &manifest.disabled_exposures;
    if disabled.is_empty() {
        return;
    }
    for (at, owned) in baseline
        .iter()
        .enumerate()
        .filter(|(_, owned)| owned.yaml_file().is_none())
    {
        if disabled::of(disabled, owned.name().unwrap_or_default(), &owned.marker).is_some() {
            wanted.switched_off.insert(at);
        }
    }
    let Wanted {
        exposures,
        diagnostics,
        ..
    } = wanted;
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
    let without = wanted
        .exposures
        .values()
        .filter(|exposure| exposure.url.is_none());
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
        wanted
            .diagnostics
            .push(Diagnostic::note(Code::ServerUnknown, "", message).help(help));
    }
}
