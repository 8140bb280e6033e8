//! Links into the exposures that this run wants.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::baseline::{Baseline, Owned, OwnedIx};
use super::build::{self, ExposureParts};
use super::known::Known;
use super::nodes::NodesById;
use super::twins::{self, Twin, Twins};
use super::{disabled, previous};
use crate::link::{Outcome, Rule, WorkbookLinks};
use crate::model::{
    Code, Dependency, Diagnostic, Exposure, NodeIx, Path, Project, Site, SiteId, Workbook,
    WorkbookGap, WorkbookIx,
};
use crate::settings::SelectedWorkbooks;

/// What this run wants.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Exposures by workbook. Their names may yet prove to be taken.
    pub exposures: BTreeMap<WorkbookIx, Exposure>,
    /// Hand-written exposures of these workbooks, which get no second one.
    pub twins: Vec<Twin>,
    /// Hand-written exposures that take the place of one of ours.
    pub by_hand: BTreeMap<OwnedIx, String>,
    /// Those of the baseline that the project has switched off.
    pub switched_off: BTreeSet<OwnedIx>,
    /// Workbooks of which the export does not show everything that they read.
    pub incomplete: BTreeSet<WorkbookIx>,
    /// What the user should know of them.
    pub diagnostics: Vec<Diagnostic>,
}

/// The exposures of all selected workbooks that read something of this project.
pub(super) fn wanted(known: &Known, nodes: &NodesById, baseline: &Baseline) -> Wanted {
    let Known { project, site, .. } = *known;
    let twins = twins::find(&project.exposures, site, baseline);
    let context = Context {
        known,
        nodes,
        baseline,
        twins: &twins,
    };
    let all = (0..site.workbooks.len())
        .into_par_iter()
        .map(|at| context.wanted_of(WorkbookIx(at)))
        .collect::<Vec<_>>();
    let mut wanted = Wanted {
        by_hand: twins
            .by_owned
            .iter()
            .map(|(at, id)| (*at, (*id).to_owned()))
            .collect(),
        ..Wanted::default()
    };
    for (at, one) in site.workbook_positions().zip(all) {
        wanted
            .exposures
            .extend(one.exposure.map(|exposure| (at, *exposure)));
        wanted.incomplete.extend(one.is_incomplete.then_some(at));
        wanted.twins.extend(one.twins);
        wanted.diagnostics.extend(one.diagnostics);
    }
    note_gaps(site, known.selection, &mut wanted.diagnostics);
    twins::only_extra_for_all(&mut wanted.twins);
    wanted.switched_off = disabled::switched_off(project, baseline);
    let left_out = disabled::leave_out(&mut wanted.exposures, project, baseline);
    wanted.diagnostics.extend(left_out);
    note_missing_urls(&mut wanted);
    wanted
}

/// What is wanted of one workbook.
#[derive(Default)]
struct WantedOfOne {
    exposure: Option<Box<Exposure>>,
    is_incomplete: bool,
    twins: Vec<Twin>,
    diagnostics: Vec<Diagnostic>,
}

/// What must be known to say what is wanted of a workbook.
struct Context<'c, 'n> {
    known: &'c Known<'c, 'c>,
    nodes: &'c NodesById<'n>,
    baseline: &'c Baseline<'c>,
    twins: &'c Twins<'c>,
}

impl Context<'_, '_> {
    fn wanted_of(&self, at: WorkbookIx) -> WantedOfOne {
        let mut one = WantedOfOne::default();
        let Known { project, site, .. } = *self.known;
        if !self.known.selection.get(at).is_yes() {
            return one;
        }
        let workbook = site.workbook(at);
        let links = &self.known.links.workbooks[at.0];
        let before = self.baseline.find(at);
        one.is_incomplete = !(links.is_complete() && workbook.gaps.is_empty());
        let mut dependencies = dependencies(project, links);
        if let Some(before) = before.filter(|_| one.is_incomplete) {
            // What it was known to read before, it still reads as far as anyone knows.
            for earlier in previous::dependencies(before, self.nodes, &mut one.diagnostics) {
                let id = project.nodes[earlier.node].unique_id.as_ref();
                dependencies.entry(id).or_insert(earlier);
            }
        }
        if let Some(by_hand) = self.twins.by_workbook.get(&at) {
            let reads = dependencies.keys().copied().collect::<BTreeSet<_>>();
            one.twins = by_hand
                .iter()
                .map(|(standing, by)| Twin::new(standing, at, *by, &reads))
                .collect();
        } else if !dependencies.is_empty() {
            let dependencies = dependencies.into_values().collect();
            let exposure = self.exposure(workbook, before, !one.is_incomplete, dependencies);
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
        // What this export does not name, an earlier one may have.
        let earlier_site = before.map(|before| before.marker.site.clone());
        let parts = ExposureParts {
            workbook,
            site: workbook.site.clone().or(&earlier_site.unwrap_or_default()),
            is_complete,
            package: &self.known.project.root_package,
            dependencies,
            // A workbook keeps the name that it has, whatever its title is now.
            name: before.and_then(Owned::name).map(str::to_owned),
        };
        let mut exposure = build::exposure(parts, &self.known.settings.exposure);
        if let Some(before) = before.filter(|_| workbook.is_hidden()) {
            previous::fill_hidden(&mut exposure, before, workbook);
        }
        exposure
    }
}

/// Says why workbooks may read more than is known, where no table of theirs shows it.
fn note_gaps(site: &Site, selection: &SelectedWorkbooks, diagnostics: &mut Vec<Diagnostic>) {
    let mut workbooks: BTreeMap<&SiteId, usize> = BTreeMap::new();
    let mut gaps: BTreeMap<(&SiteId, &WorkbookGap), usize> = BTreeMap::new();
    let selected = site
        .workbooks
        .iter()
        .zip(selection.iter())
        .filter(|(_, selected)| selected.is_yes());
    for (workbook, _) in selected {
        *workbooks.entry(&workbook.site).or_default() += 1;
        for gap in &workbook.gaps {
            *gaps.entry((&workbook.site, gap)).or_default() += 1;
        }
    }
    for ((site, gap), count) in gaps {
        let all = workbooks[site];
        let message = format!(
            "{count} of {all} workbooks may read tables that the export does not show: {gap}"
        );
        let diagnostic = Diagnostic::new(Code::WorkbookIncomplete, site.place(), message);
        diagnostics.push(diagnostic);
    }
}

/// How well a link is proven: the rule, the length of the path, its kinds.
type Rank = (Rule, usize, Cow<'static, str>);

/// The linked nodes by id, each with the rule and path of its best table: the first rule, then
/// the shortest path.
fn dependencies<'m>(project: &'m Project, links: &WorkbookLinks) -> BTreeMap<&'m str, Dependency> {
    let mut best: BTreeMap<NodeIx, Rank> = BTreeMap::new();
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
    let by_id = best.into_iter().map(|(node, (rule, _, path))| {
        let rule = Cow::Borrowed(rule.text());
        let id = project.nodes[node].unique_id.as_ref();
        (id, Dependency { node, rule, path })
    });
    by_id.collect()
}

fn note_missing_urls(wanted: &mut Wanted) {
    let unknown = wanted.exposures.values().filter(|exposure| {
        let site = &exposure.marker.site;
        exposure.url.is_none() && (site.server.is_none() || site.content_url.is_none())
    });
    let count = unknown.count();
    if count == 0 {
        return;
    }
    let all = wanted.exposures.len();
    let which = if count == all {
        "no exposure has".to_owned()
    } else {
        format!("{count} of {all} exposures lack")
    };
    let message = format!("{which} a url, since the export does not name its server and site");
    let help = "pass `--server https://…` and `--site <content URL>` (empty for the default site)";
    let diagnostic = Diagnostic::new(Code::ServerUnknown, "", message).help(help);
    wanted.diagnostics.push(diagnostic);
}
