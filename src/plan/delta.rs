//! The exposures that are wanted against those that stand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::baseline::{Baseline, Owned};
use super::fate::{Fate, Judge};
use super::revive;
use super::wanted::{Nodes, Wanted};
use crate::input::manifest::{Existing, Manifest};
use crate::model::exposure::title_of;
use crate::model::settings::Thresholds;
use crate::model::{Code, Diagnostic, Exposure, Settings, Site, SiteId};

/// What changes, each list sorted by `unique_id`.
#[derive(Debug, Default)]
pub struct Plan {
    /// New exposures.
    pub added: Vec<New>,
    /// Exposures that stand and are to be different.
    pub changed: Vec<Changed>,
    /// Exposures whose workbook has another title, perhaps among other changes.
    pub renamed: Vec<Changed>,
    /// Exposures to be taken out, with the reason.
    pub removed: Vec<Stayed>,
    /// Exposures of ours that this run can say nothing of, with the reason.
    pub kept: Vec<Stayed>,
    /// Exposures that already are as wanted.
    pub unchanged: Vec<String>,
    /// Every exposure that `patch` is to leave in the manifest under our name, by id.
    pub desired: BTreeMap<String, Value>,
    /// Sites of which more than half of the exposures would be removed.
    pub mass_removals: Vec<MassRemoval>,
}

/// An exposure with its JSON.
#[derive(Debug, Clone)]
pub struct New {
    /// dbt's id.
    pub unique_id: String,
    /// Its node as it is to stand in the manifest.
    pub node: Value,
}

/// An exposure before and after.
#[derive(Debug, Clone)]
pub struct Changed {
    /// As it stands.
    pub before: Existing,
    /// As it is wanted.
    pub after: New,
}

/// An exposure that is removed or kept.
#[derive(Debug, Clone)]
pub struct Stayed {
    /// As it stands.
    pub existing: Existing,
    /// Why.
    pub reason: String,
}

/// A removal that looks like a mistake: an export of a part, or of another site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MassRemoval {
    /// The site.
    pub site: SiteId,
    /// How many of its exposures would be removed.
    pub removed: usize,
    /// How many it has.
    pub of: usize,
}

impl MassRemoval {
    fn diagnostic(&self) -> Diagnostic {
        let Self { site, removed, of } = self;
        let message = format!(
            "{removed} of {of} exposures of this site would be removed; is the export the right one, and whole?"
        );
        let help = "if this is meant, give `--allow-mass-removal`";
        Diagnostic::warning(Code::MassRemoval, site.place(), message).help(help)
    }
}

/// What dbt compares of two exposures for `state:modified`, beside their dependencies and the
/// place where they stand.
const COMPARED_BY_DBT: [&str; 5] = ["type", "owner", "url", "description", "label"];

fn stands_in_yaml(owned: &Owned) -> String {
    let file = owned.yaml_file().unwrap_or_default();
    format!("it stands in {file}, which is not edited here")
}

/// Compares. `render` writes an exposure as this manifest's dbt would.
pub fn plan(
    manifest: &Manifest,
    nodes: &Nodes,
    baseline: &Baseline,
    site: &Site,
    wanted: &Wanted,
    settings: &Settings,
    render: impl Fn(&Exposure) -> Value,
) -> (Plan, Vec<Diagnostic>) {
    let mut plan = Plan::default();
    let mut diagnostics = Vec::new();
    let mut met = BTreeSet::new();
    let in_yaml = Baseline::in_yaml(&manifest.exposures);
    for exposure in wanted.exposures.values() {
        let (luid, site) = (&exposure.marker.luid, &exposure.marker.site);
        let new = New { unique_id: exposure.unique_id(), node: render(exposure) };
        if let Some(written) = in_yaml.of(luid, site) {
            met.insert(written.existing.unique_id.as_str());
            plan.leave_in_yaml(written, &new);
            continue;
        }
        let before = baseline.of(luid, site);
        let before = before.filter(|before| met.insert(before.existing.unique_id.as_str()));
        plan.want(before, new);
    }
    let judge = Judge::new(site, wanted, &settings.selection);
    for owned in baseline.iter().filter(|owned| !met.contains(owned.existing.unique_id.as_str())) {
        let existing = owned.existing.clone();
        let is_in_yaml = in_yaml.of(&owned.marker.luid, &owned.marker.site).is_some();
        match (judge.fate(&owned.marker), is_in_yaml) {
            (Fate::Remove(reason) | Fate::Keep(reason), true) => {
                let reason = format!("{reason}, but {}", stands_in_yaml(owned));
                plan.kept.push(Stayed { existing, reason });
            }
            (Fate::Remove(reason), false) => plan.removed.push(Stayed { existing, reason }),
            (Fate::Keep(reason), false) => {
                let revived =
                    revive::exposure(owned, &manifest.root_package, nodes, &mut diagnostics);
                if !manifest.disabled_exposures.contains(&revived.name) {
                    plan.desired.insert(revived.unique_id(), render(&revived));
                }
                plan.kept.push(Stayed { existing, reason });
            }
        }
    }
    plan.mass_removals = mass_removals(baseline, &plan.removed, settings.thresholds);
    diagnostics.extend(plan.mass_removals.iter().map(MassRemoval::diagnostic));
    plan.sort();
    (plan, diagnostics)
}

impl Plan {
    fn want(&mut self, before: Option<&Owned>, new: New) {
        self.desired.insert(new.unique_id.clone(), new.node.clone());
        let Some(before) = before.map(|before| before.existing.clone()) else {
            self.added.push(new);
            return;
        };
        if before.unique_id == new.unique_id && before.value == new.node {
            self.unchanged.push(new.unique_id);
        } else if title_of(&before.value) != title_of(&new.node) {
            self.renamed.push(Changed { before, after: new });
        } else {
            self.changed.push(Changed { before, after: new });
        }
    }

    /// An exposure that stands in YAML is compared on what dbt compares, and left alone.
    fn leave_in_yaml(&mut self, written: &Owned, new: &New) {
        let same = |key: &str| written.existing.value.get(key) == new.node.get(key);
        let parents = |node: &Value| {
            let nodes = node.pointer("/depends_on/nodes").and_then(Value::as_array);
            nodes
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<BTreeSet<_>>()
        };
        let is_same = COMPARED_BY_DBT.iter().all(|key| same(key))
            && parents(&written.existing.value) == parents(&new.node);
        if is_same {
            self.unchanged.push(written.existing.unique_id.clone());
        } else {
            let reason = format!("it differs from its workbook, but {}", stands_in_yaml(written));
            self.kept.push(Stayed { existing: written.existing.clone(), reason });
        }
    }

    fn sort(&mut self) {
        self.added.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
        for changed in [&mut self.changed, &mut self.renamed] {
            changed.sort_by(|a, b| a.after.unique_id.cmp(&b.after.unique_id));
        }
        for stayed in [&mut self.removed, &mut self.kept] {
            stayed.sort_by(|a, b| a.existing.unique_id.cmp(&b.existing.unique_id));
        }
        self.unchanged.sort();
    }
}

/// The sites that would lose more than half of their exposures, and more than a few.
fn mass_removals(
    baseline: &Baseline,
    removed: &[Stayed],
    thresholds: Thresholds,
) -> Vec<MassRemoval> {
    let removed =
        removed.iter().map(|removed| removed.existing.unique_id.as_str()).collect::<BTreeSet<_>>();
    let mut counts: BTreeMap<&SiteId, (usize, usize)> = BTreeMap::new();
    for owned in baseline.iter() {
        let (gone, all) = counts.entry(&owned.marker.site).or_default();
        *gone += usize::from(removed.contains(owned.existing.unique_id.as_str()));
        *all += 1;
    }
    let is_mass = |gone: usize, all: usize| {
        gone > thresholds.mass_removal_count
            && gone as f64 > all as f64 * thresholds.mass_removal_share
    };
    let masses = counts.into_iter().filter(|(_, (gone, all))| is_mass(*gone, *all));
    masses.map(|(site, (removed, of))| MassRemoval { site: site.clone(), removed, of }).collect()
}
