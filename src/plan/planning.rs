//! The steps from links to a plan.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::baseline::{Baseline, Owned};
use super::delta::{self, Plan, Planned};
use super::disabled::Disabled;
use super::elsewhere;
use super::guard::{self, MassRemoval};
use super::known::Known;
use super::nodes::NodesById;
use super::other_target;
use super::previous;
use super::reason::{KeepReason, Otherwise};
use super::referable::Taken;
use super::removal::{Decision, RemovalPolicy};
use super::twins::Twin;
use super::unique_names::make_unique;
use super::wanted::{self, Wanted};
use crate::link::Endings;
use crate::model::exposure::Fingerprints;
use crate::model::{Diagnostic, Exposure, WorkbookIx};

/// Plans what changes in a project. `fingerprints` returns those of an exposure as this manifest's
/// dbt would write it.
pub fn plan<'k>(
    known: &Known<'k, '_>,
    fingerprints: impl Fn(&Exposure) -> Fingerprints + Sync,
) -> (Plan<'k>, Vec<Diagnostic>) {
    let Known { project, site, .. } = *known;
    let nodes = NodesById::new(&project.nodes);
    let disabled = Disabled::new(&project.disabled_exposures);
    let baseline = Baseline::new(project, known.state, &site.workbooks, |standing| {
        disabled.contains(standing)
    });
    let mut wanted = wanted::wanted(known, &nodes, &baseline, &disabled);
    let mut taken = Taken::default();
    if let Some(left_out) = known.left_out {
        wanted.leave_out(left_out, &mut taken);
    }
    let mut diagnostics = std::mem::take(&mut wanted.diagnostics);
    let mut plan = Plan {
        has_baseline: !baseline.is_empty(),
        ..Plan::default()
    };
    let mut planned = plan_earlier(
        known,
        &nodes,
        &baseline,
        &wanted,
        &mut plan,
        &mut diagnostics,
    );
    for (workbook, exposure) in wanted.exposures {
        let before = baseline.find(workbook);
        match before.and_then(|before| Some((before, before.yaml_file()?))) {
            Some((before, file)) => {
                let root = &project.root_package;
                plan.compare_yaml(before, file, root, fingerprints(&exposure));
            }
            None => planned.push(Planned::wanted(workbook, before.cloned(), exposure)),
        }
    }
    diagnostics.extend(leave_out(known, &mut planned, taken));
    make_unique(&mut planned, project);
    if !known.lost.is_empty() {
        plan.covering = covering(&baseline, &planned, &wanted.twins);
    }
    delta::compare(&mut plan, planned, &project.nodes, fingerprints);
    // A hand-written exposure names a workbook, so none of one that is withheld is reported.
    let mut twins = wanted.twins;
    twins.retain(|twin| site.workbook(twin.workbook).withheld.is_none());
    plan.twins = twins;
    let removed = plan.removed.iter();
    let removed = removed
        .map(|removed| (removed.standing.unique_id.as_str(), &removed.reason))
        .collect();
    plan.mass_removals = guard::mass_removals(known, &baseline, &removed);
    diagnostics.extend(plan.mass_removals.iter().map(MassRemoval::diagnostic));
    let of_target = other_target::diagnostic(&plan, &wanted.elsewhere);
    diagnostics.extend(of_target.or_else(|| elsewhere::diagnostic(known)));
    diagnostics.extend(plan.note_other_forms());
    plan.sort();
    (plan, diagnostics)
}

/// Takes out of all exposures, also out of those of earlier runs, what YAML cannot refer to, and the
/// columns unless the settings ask for them.
fn leave_out(known: &Known, planned: &mut [Planned], mut taken: Taken) -> Vec<Diagnostic> {
    if !known.settings.exposure.referenced_columns {
        planned.iter_mut().for_each(Planned::forget_columns);
    }
    let Some(left_out) = known.left_out else {
        return Vec::new();
    };
    for planned in planned {
        left_out.take_from(&mut planned.exposure, &mut taken);
    }
    left_out.diagnostics(known.project, &taken)
}

/// Decides about the exposures of earlier runs that this run does not want; returns those that are
/// kept in the manifest.
fn plan_earlier<'k>(
    known: &Known<'k, '_>,
    nodes: &NodesById,
    baseline: &Baseline<'k>,
    wanted: &Wanted,
    plan: &mut Plan<'k>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Planned<'k>> {
    let mut planned = Vec::new();
    if baseline.is_empty() {
        return planned;
    }
    let policy = RemovalPolicy::new(known, wanted);
    let root = &known.project.root_package;
    for (at, owned) in baseline.enumerate() {
        if is_wanted(owned, wanted) {
            continue;
        }
        match (policy.decide(at, owned), owned.yaml_file()) {
            (Decision::Remove(reason), Some(file)) => {
                plan.keep_yaml(owned, file, root, Otherwise::Remove(reason));
            }
            (Decision::Keep(reason), Some(file)) => {
                plan.keep_yaml(owned, file, root, Otherwise::Keep(Box::new(reason)));
            }
            (Decision::Remove(reason), None) => plan.remove(owned, reason),
            (Decision::Keep(reason), None) => {
                let endings = LazyCell::new(|| Some(Endings::new(known.lost, owned.workbook?)));
                let ended = |id: &str| Some(endings.as_ref()?.of(id));
                let exposure = previous::exposure(owned, root, nodes, ended, diagnostics);
                planned.push(Planned::kept(owned.clone(), exposure, reason));
            }
        }
    }
    planned
}

/// The exposures that cover each workbook: ours as they will be, else as they are, and hand-written
/// ones.
fn covering(
    baseline: &Baseline,
    planned: &[Planned],
    twins: &[Twin],
) -> BTreeMap<WorkbookIx, BTreeSet<String>> {
    let mut covering: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for planned in planned {
        if let Some(at) = planned.workbook {
            let ids = covering.entry(at).or_default();
            ids.insert(planned.exposure.unique_id());
        }
    }
    for owned in baseline.iter() {
        if let Some(at) = owned.workbook {
            let id = || BTreeSet::from([owned.latest().unique_id.clone()]);
            covering.entry(at).or_insert_with(id);
        }
    }
    for twin in twins {
        let ids = covering.entry(twin.workbook).or_default();
        ids.insert(twin.unique_id.clone());
    }
    covering
}

fn is_wanted(owned: &Owned, wanted: &Wanted) -> bool {
    owned
        .workbook
        .is_some_and(|workbook| wanted.exposures.contains_key(&workbook))
}

impl<'k> Plan<'k> {
    /// Compares an exposure that a YAML file defines, by what dbt compares. It is never changed.
    fn compare_yaml(&mut self, owned: &Owned<'k>, file: &str, root: &str, new: Fingerprints) {
        let standing = owned.latest();
        if standing.fingerprints.compared_by_dbt == new.compared_by_dbt {
            self.unchanged.push(standing.unique_id.clone());
        } else {
            self.keep_yaml(owned, file, root, Otherwise::Change);
        }
    }

    /// Keeps an exposure that a YAML file of the project `root` or of an installed package defines.
    fn keep_yaml(&mut self, owned: &Owned<'k>, file: &str, root: &str, otherwise: Otherwise) {
        let file = file.to_owned();
        let package = owned.latest().unique_id.split('.').nth(1);
        let reason = match package.filter(|package| *package != root) {
            Some(package) => KeepReason::InPackage(otherwise, file, package.to_owned()),
            None => KeepReason::InYaml(otherwise, file),
        };
        self.kept.push(delta::Kept {
            standing: owned.latest(),
            after: None,
            reason,
            workbook: owned.workbook,
        });
    }
}
