//! The exposures that are wanted against those that stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::baseline::Owned;
use super::guard::MassRemoval;
use super::reason::{KeepReason, RemovalReason};
use super::twins::Twin;
use crate::model::exposure::{DesiredExposure, Fingerprint, Fingerprints};
use crate::model::{Exposure, StandingExposure};

/// What changes, each list sorted by `unique_id`.
#[derive(Debug, Default)]
pub struct Plan<'k> {
    /// New exposures.
    pub added: Vec<New>,
    /// Exposures that stand and are to be different.
    pub changed: Vec<Changed<'k>>,
    /// Exposures whose workbook has another title, perhaps among other changes.
    pub renamed: Vec<Changed<'k>>,
    /// Exposures that go.
    pub removed: Vec<Removed<'k>>,
    /// Exposures of ours that stay although this run does not want them.
    pub kept: Vec<Kept<'k>>,
    /// Exposures that already are as wanted.
    pub unchanged: Vec<String>,
    /// Every exposure that `patch` is to leave in the manifest under our name, by id.
    pub desired: BTreeMap<String, DesiredExposure>,
    /// Hand-written exposures of workbooks, which get no second one.
    pub twins: Vec<Twin>,
    /// Sites that would lose more exposures than is removed unasked.
    pub mass_removals: Vec<MassRemoval>,
    /// Whether an earlier run left exposures to compare with.
    pub has_baseline: bool,
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
pub struct Changed<'k> {
    /// As it stands.
    pub before: &'k StandingExposure,
    /// As it is wanted.
    pub after: New,
}

/// An exposure that is removed.
#[derive(Debug, Clone)]
pub struct Removed<'k> {
    /// As it stood.
    pub standing: &'k StandingExposure,
    /// Why.
    pub reason: RemovalReason,
}

/// An exposure that is kept.
#[derive(Debug, Clone)]
pub struct Kept<'k> {
    /// As it stands.
    pub standing: &'k StandingExposure,
    /// As it is to stand, if that is not the same: its name may be taken, or a dependency gone.
    pub after: Option<New>,
    /// Why.
    pub reason: KeepReason,
}

/// An exposure that is to stand in the manifest. It may yet need another name.
pub(super) struct Planned<'k> {
    pub exposure: Exposure,
    before: Option<Owned<'k>>,
    /// Why it stands there although this run does not want it.
    kept: Option<KeepReason>,
}

impl<'k> Planned<'k> {
    /// One that this run wants.
    pub(super) fn wanted(before: Option<Owned<'k>>, exposure: Exposure) -> Self {
        Self {
            exposure,
            before,
            kept: None,
        }
    }

    /// One that this run does not want and keeps.
    pub(super) fn kept(before: Owned<'k>, exposure: Exposure, reason: KeepReason) -> Self {
        Self {
            exposure,
            before: Some(before),
            kept: Some(reason),
        }
    }

    /// Whether it has no name yet that others may know it by.
    pub(super) fn is_new(&self) -> bool {
        self.before.as_ref().and_then(Owned::name).is_none()
    }

    /// Whether it stands in the manifest itself.
    pub(super) fn stands_in_manifest(&self) -> bool {
        self.before
            .as_ref()
            .is_some_and(|owned| owned.standing.is_some())
    }
}

/// Compares what is to stand in the manifest with what stood there.
pub(super) fn compare<'k>(
    plan: &mut Plan<'k>,
    planned: Vec<Planned<'k>>,
    fingerprints: impl Fn(&Exposure) -> Fingerprints + Sync,
) {
    let compared = planned.into_par_iter().map(|planned| {
        let is_compared = planned.before.is_some();
        let fingerprint = is_compared.then(|| fingerprints(&planned.exposure).whole);
        (planned, fingerprint)
    });
    let compared = compared.collect::<Vec<_>>();
    for (planned, fingerprint) in compared {
        plan.add(planned, fingerprint);
    }
}

impl<'k> Plan<'k> {
    fn add(&mut self, planned: Planned<'k>, fingerprint: Option<Fingerprint>) {
        let new = New {
            unique_id: planned.exposure.unique_id(),
            exposure: Arc::new(planned.exposure),
        };
        let desired = DesiredExposure {
            exposure: Arc::clone(&new.exposure),
            fingerprint,
        };
        self.desired.insert(new.unique_id.clone(), desired);
        let Some(before) = planned.before.map(|owned| owned.before) else {
            self.added.push(new);
            return;
        };
        let is_same =
            before.unique_id == new.unique_id && Some(before.fingerprints.whole) == fingerprint;
        if let Some(reason) = planned.kept {
            self.kept.push(Kept {
                standing: before,
                after: (!is_same).then_some(new),
                reason,
            });
        } else if is_same {
            self.unchanged.push(new.unique_id);
        } else if before.title != new.exposure.label {
            self.renamed.push(Changed { before, after: new });
        } else {
            self.changed.push(Changed { before, after: new });
        }
    }

    pub(super) fn remove(&mut self, owned: &Owned<'k>, reason: RemovalReason) {
        self.removed.push(Removed {
            standing: owned.before,
            reason,
        });
    }

    pub(super) fn sort(&mut self) {
        self.added.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
        for changed in [&mut self.changed, &mut self.renamed] {
            changed.sort_by(|a, b| a.after.unique_id.cmp(&b.after.unique_id));
        }
        self.removed
            .sort_by(|a, b| a.standing.unique_id.cmp(&b.standing.unique_id));
        self.kept
            .sort_by(|a, b| a.standing.unique_id.cmp(&b.standing.unique_id));
        self.unchanged.sort();
    }
}
