//! The exposures that are wanted against those that stand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet};
use serde_json::Value;

use super::baseline::{self, Baseline, Owned};
use super::fate::{Fate, Judge};
use super::wanted::{Nodes, Wanted};
use super::{naming, revive};
use crate::input::manifest::{Existing, Manifest};
use crate::model::exposure::title_of;
use crate::model::{Code, Diagnostic, Exposure, Marker, Site, SiteId};
use crate::settings::{Settings, Thresholds};

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
    pub removed: Vec<Gone>,
    /// Exposures of ours that this run can say nothing of, with the reason.
    pub kept: Vec<Kept>,
    /// Exposures that already are as wanted.
    pub unchanged: Vec<String>,
    /// Every exposure that `patch` is to leave in the manifest under our name, by id.
    pub desired: BTreeMap<String, Arc<Exposure>>,
    /// Sites of which more than half of the exposures would be removed.
    pub mass_removals: Vec<MassRemoval>,
}

/// An exposure as it is to stand in the manifest.
#[derive(Debug, Clone)]
pub struct New {
    /// dbt's id.
    pub unique_id: String,
    /// What it is to be.
    pub exposure: Arc<Exposure>,
}

/// An exposure before and after.
#[derive(Debug, Clone)]
pub struct Changed {
    /// As it stands.
    pub before: Existing,
    /// As it is wanted.
    pub after: New,
}

/// An exposure that is removed.
#[derive(Debug, Clone)]
pub struct Gone {
    /// As it stood.
    pub existing: Existing,
    /// Why.
    pub reason: String,
}

/// An exposure that is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// As it stands.
    pub existing: Existing,
    /// As it is to stand, if that is not the same: its name may be taken, or a dependency gone.
    pub after: Option<New>,
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
const COMPARED_BY_DBT: [&str; 6] = ["type", "owner", "maturity", "url", "description", "label"];

fn stands_in_yaml(file: &str) -> String {
    format!("it stands in {file}, which is not edited here")
}

/// An exposure that is to stand in the manifest. It may yet need another name.
struct Draft<'b> {
    before: Option<&'b Owned<'b>>,
    exposure: Exposure,
    /// Why it stands there although this run does not want it.
    kept: Option<String>,
}

/// Compares. `render` writes an exposure as this manifest's dbt would.
pub fn plan(
    manifest: &Manifest,
    nodes: &Nodes,
    baseline: &Baseline,
    site: &Site,
    wanted: &mut Wanted,
    settings: &Settings,
    render: impl Fn(&Exposure) -> Value,
) -> (Plan, Vec<Diagnostic>) {
    let mut plan = Plan::default();
    let mut diagnostics = Vec::new();
    let mut drafts = Vec::new();
    let judge = Judge::new(site, wanted, &settings.selection);
    let is_wanted = |owned: &Owned| {
        owned
            .workbook
            .is_some_and(|workbook| wanted.exposures.contains_key(&workbook))
    };
    for (at, owned) in baseline
        .iter()
        .enumerate()
        .filter(|(_, owned)| !is_wanted(owned))
    {
        match (judge.fate(at, owned), owned.yaml_file()) {
            (Fate::Remove(reason) | Fate::Keep(reason), Some(file)) => {
                let existing = owned.latest().clone();
                let reason = format!("{reason}, but {}", stands_in_yaml(file));
                plan.kept.push(Kept {
                    existing,
                    after: None,
                    reason,
                });
            }
            (Fate::Remove(reason), None) => {
                plan.removed.push(Gone {
                    existing: owned.before.clone(),
                    reason,
                });
            }
            (Fate::Keep(reason), None) => {
                let package = &manifest.root_package;
                let exposure = revive::exposure(owned, package, nodes, &mut diagnostics);
                drafts.push(Draft {
                    before: Some(owned),
                    exposure,
                    kept: Some(reason),
                });
            }
        }
    }
    for (position, exposure) in std::mem::take(&mut wanted.exposures) {
        let before = baseline.of(position);
        match before.and_then(|before| Some((before, before.yaml_file()?))) {
            Some((written, file)) => plan.leave_in_yaml(written, file, &render(&exposure)),
            None => drafts.push(Draft {
                before,
                exposure,
                kept: None,
            }),
        }
    }
    settle_names(&mut drafts, manifest);
    drafts
        .into_iter()
        .for_each(|draft| plan.write(draft, &render));
    plan.mass_removals = mass_removals(baseline, &plan.removed, settings.thresholds);
    diagnostics.extend(plan.mass_removals.iter().map(MassRemoval::diagnostic));
    plan.sort();
    (plan, diagnostics)
}

/// Gives long names to exposures whose name is taken: by one that is not ours to change, in
/// whatever package, or by another one of ours. Names that stand are for life where they can be,
/// in the manifest before those of the state. New exposures that would share a name all get long
/// ones, so that it does not matter which comes first.
fn settle_names(drafts: &mut [Draft], manifest: &Manifest) {
    let is_ours = |existing: &&Existing| {
        Marker::of(&existing.value).is_some() && baseline::yaml_file(existing).is_none()
    };
    let foreign = manifest
        .exposures
        .iter()
        .filter(|existing| !is_ours(existing));
    let names = foreign.flat_map(|existing| {
        let of_id = existing.unique_id.rsplit('.').next();
        [existing.value.get("name").and_then(Value::as_str), of_id]
    });
    let mut taken = names.flatten().map(str::to_owned).collect::<HashSet<_>>();
    let mut new: HashMap<String, usize> = HashMap::new();
    for draft in drafts.iter().filter(|draft| draft.is_new()) {
        *new.entry(draft.exposure.name.clone()).or_default() += 1;
    }
    let is_standing = |draft: &Draft| draft.before.is_some_and(|owned| owned.standing.is_some());
    let mut by_rank = drafts.iter_mut().collect::<Vec<_>>();
    by_rank.sort_by_key(|draft| (draft.is_new(), !is_standing(draft)));
    for draft in by_rank {
        let is_shared = draft.is_new() && new[&draft.exposure.name] > 1;
        let Exposure {
            name,
            label,
            marker,
            ..
        } = &mut draft.exposure;
        let mut digits = naming::FEWEST_LONG_DIGITS;
        let mut is_taken = is_shared || taken.contains(name);
        while is_taken {
            let title = label.as_deref().unwrap_or_default();
            *name = naming::long_name(title, &marker.site, &marker.luid, digits);
            is_taken = taken.contains(name);
            digits += 4;
        }
        taken.insert(name.clone());
    }
}

impl Draft<'_> {
    /// Whether it has no name yet that others may know it by.
    fn is_new(&self) -> bool {
        self.before.and_then(Owned::name).is_none()
    }
}

impl Plan {
    fn write(&mut self, draft: Draft, render: impl Fn(&Exposure) -> Value) {
        let Draft {
            before,
            exposure,
            kept,
        } = draft;
        let new = New {
            unique_id: exposure.unique_id(),
            exposure: Arc::new(exposure),
        };
        self.desired
            .insert(new.unique_id.clone(), Arc::clone(&new.exposure));
        let Some(before) = before.map(|owned| owned.before.clone()) else {
            self.added.push(new);
            return;
        };
        let is_same = before.unique_id == new.unique_id && before.value == render(&new.exposure);
        if let Some(reason) = kept {
            let after = (!is_same).then_some(new);
            self.kept.push(Kept {
                existing: before,
                after,
                reason,
            });
        } else if is_same {
            self.unchanged.push(new.unique_id);
        } else if title_of(&before.value) != new.exposure.label.as_deref() {
            self.renamed.push(Changed { before, after: new });
        } else {
            self.changed.push(Changed { before, after: new });
        }
    }

    /// An exposure that stands in YAML is compared on what dbt compares, and left alone.
    fn leave_in_yaml(&mut self, written: &Owned, file: &str, new: &Value) {
        let existing = written.latest();
        let same = |key: &str| existing.value.get(key) == new.get(key);
        let parents = |node: &Value| {
            let nodes = node.pointer("/depends_on/nodes").and_then(Value::as_array);
            nodes
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<BTreeSet<_>>()
        };
        let is_same =
            COMPARED_BY_DBT.iter().all(|key| same(key)) && parents(&existing.value) == parents(new);
        if is_same {
            self.unchanged.push(existing.unique_id.clone());
        } else {
            let reason = format!("it differs from its workbook, but {}", stands_in_yaml(file));
            self.kept.push(Kept {
                existing: existing.clone(),
                after: None,
                reason,
            });
        }
    }

    fn sort(&mut self) {
        self.added.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
        for changed in [&mut self.changed, &mut self.renamed] {
            changed.sort_by(|a, b| a.after.unique_id.cmp(&b.after.unique_id));
        }
        self.removed
            .sort_by(|a, b| a.existing.unique_id.cmp(&b.existing.unique_id));
        self.kept
            .sort_by(|a, b| a.existing.unique_id.cmp(&b.existing.unique_id));
        self.unchanged.sort();
    }
}

/// The sites that would lose more than half of their exposures, and more than a few.
fn mass_removals(
    baseline: &Baseline,
    removed: &[Gone],
    thresholds: Thresholds,
) -> Vec<MassRemoval> {
    let removed = removed
        .iter()
        .map(|removed| removed.existing.unique_id.as_str())
        .collect::<BTreeSet<_>>();
    let mut counts: BTreeMap<&SiteId, (usize, usize)> = BTreeMap::new();
    for owned in baseline.iter() {
        let (gone, all) = counts.entry(&owned.marker.site).or_default();
        *gone += usize::from(removed.contains(owned.before.unique_id.as_str()));
        *all += 1;
    }
    let is_mass = |gone: usize, all: usize| {
        gone > thresholds.mass_removal_count
            && gone as f64 > all as f64 * thresholds.mass_removal_share
    };
    let masses = counts
        .into_iter()
        .filter(|(_, (gone, all))| is_mass(*gone, *all));
    masses
        .map(|(site, (removed, of))| MassRemoval {
            site: site.clone(),
            removed,
            of,
        })
        .collect()
}
