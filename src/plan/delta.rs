//! Compares planned exposures with the baseline; the result is the [`Plan`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::baseline::Owned;
use super::guard::MassRemoval;
use super::reason::{KeepReason, RemovalReason};
use super::same::says_the_same;
use super::twins::Twin;
use crate::model::exposure::{DesiredExposure, Fingerprint, Fingerprints, Withholding};
use crate::model::{Code, Diagnostic, Exposure, Node, StandingExposure, WorkbookIx};

/// What changes in one project. Each list is sorted by `unique_id`.
#[derive(Debug, Default)]
pub struct Plan<'k> {
    /// New exposures.
    pub added: Vec<New>,
    /// Exposures that differ from the baseline, under the same title.
    pub changed: Vec<Changed<'k>>,
    /// Exposures whose workbook was retitled, perhaps with other changes.
    pub renamed: Vec<Changed<'k>>,
    /// Exposures that are removed.
    pub removed: Vec<Removed<'k>>,
    /// Owned exposures that this run does not want and keeps all the same.
    pub kept: Vec<Kept<'k>>,
    /// The ids of exposures that do not change.
    pub unchanged: Vec<String>,
    /// Every owned exposure that the patched manifest will contain, by id.
    pub desired: BTreeMap<String, DesiredExposure>,
    /// Hand-written exposures of workbooks, and how they compare with what the workbooks read.
    pub twins: Vec<Twin>,
    /// The ids of the exposures that cover each workbook, whoever wrote them; empty unless a link is
    /// lost.
    pub covering: BTreeMap<WorkbookIx, BTreeSet<String>>,
    /// Sites that would lose more exposures than the thresholds allow.
    pub mass_removals: Vec<MassRemoval>,
    /// Whether an earlier run left exposures to compare with.
    pub has_baseline: bool,
    /// How many exposures say what they should, but stand in the manifest in another form.
    pub in_other_form: usize,
}

/// An exposure as it will be in the manifest.
#[derive(Debug, Clone)]
pub struct New {
    /// dbt's id, `exposure.<package>.<name>`.
    pub unique_id: String,
    /// The exposure, shared with [`Plan::desired`].
    pub exposure: Arc<Exposure>,
}

/// An exposure before and after.
#[derive(Debug, Clone)]
pub struct Changed<'k> {
    /// The exposure in the baseline.
    pub before: &'k StandingExposure,
    /// The exposure that replaces it.
    pub after: New,
    /// The workbook that it covers.
    pub workbook: Option<WorkbookIx>,
}

/// An exposure that is removed.
#[derive(Debug, Clone)]
pub struct Removed<'k> {
    /// The exposure in the baseline.
    pub standing: &'k StandingExposure,
    /// Why it is removed.
    pub reason: RemovalReason,
    /// The workbook that it covered, if an export lists it.
    pub workbook: Option<WorkbookIx>,
}

/// An exposure that is kept.
#[derive(Debug, Clone)]
pub struct Kept<'k> {
    /// The exposure in the baseline; in YAML, the one in the manifest.
    pub standing: &'k StandingExposure,
    /// The exposure that replaces it, if it cannot stay as it is: its name is taken, or a
    /// dependency no longer exists.
    pub after: Option<New>,
    /// Why it is kept.
    pub reason: KeepReason,
    /// The workbook that it covers, if an export lists it.
    pub workbook: Option<WorkbookIx>,
}

/// An exposure that will be in the manifest, perhaps under another name (see
/// [`super::unique_names`]).
pub(super) struct Planned<'k> {
    pub exposure: Exposure,
    /// The workbook that it covers, if an export lists it.
    pub workbook: Option<WorkbookIx>,
    before: Option<Owned<'k>>,
    /// Why it is kept, if this run does not want it.
    kept: Option<KeepReason>,
}

impl<'k> Planned<'k> {
    /// An exposure that this run wants.
    pub(super) fn wanted(
        workbook: WorkbookIx,
        before: Option<Owned<'k>>,
        exposure: Exposure,
    ) -> Self {
        Self {
            exposure,
            workbook: Some(workbook),
            before,
            kept: None,
        }
    }

    /// An earlier exposure that this run does not want and keeps.
    pub(super) fn kept(before: Owned<'k>, exposure: Exposure, reason: KeepReason) -> Self {
        Self {
            exposure,
            workbook: before.workbook,
            before: Some(before),
            kept: Some(reason),
        }
    }

    /// Takes out what an earlier run listed of columns.
    pub(super) fn forget_columns(&mut self) {
        let dependencies = self.exposure.dependencies.iter_mut();
        dependencies.for_each(|dependency| dependency.columns.clear());
    }

    /// Whether it has no earlier name that others may refer to.
    pub(super) fn is_new(&self) -> bool {
        self.before.as_ref().and_then(Owned::name).is_none()
    }

    /// Whether the state has it under its name.
    pub(super) fn is_in_state(&self) -> bool {
        self.before.as_ref().is_some_and(|owned| {
            let in_state = owned.in_state;
            in_state.is_some_and(|in_state| std::ptr::eq(in_state, owned.before))
        })
    }
}

/// An exposure compared with the baseline. An exposure that only changes its form is the same.
struct Compared<'k> {
    planned: Planned<'k>,
    /// Its fingerprint; `None` if there is nothing to compare it with.
    fingerprint: Option<Fingerprint>,
    /// Whether it says what it said in the baseline.
    is_same: bool,
    /// Whether it also says that in the manifest, but in another form.
    is_in_other_form: bool,
}

impl<'k> Compared<'k> {
    fn new(
        planned: Planned<'k>,
        nodes: &[Node],
        fingerprints: impl Fn(&Exposure) -> Fingerprints,
    ) -> Self {
        let Planned {
            exposure, before, ..
        } = &planned;
        let fingerprint = before.as_ref().map(|_| fingerprints(exposure).whole);
        let has_form =
            |standing: &StandingExposure| Some(standing.fingerprints.whole) == fingerprint;
        let is_same_as = |standing: &StandingExposure| {
            standing.unique_id == exposure.unique_id()
                && (has_form(standing) || says_the_same(standing, exposure, nodes))
        };
        let standing = before.as_ref().and_then(|owned| owned.standing);
        // The manifest itself says more than the run may show.
        let is_withheld_now =
            standing.is_some_and(|standing| standing.withholding == Withholding::Now);
        let is_same = !is_withheld_now
            && before
                .as_ref()
                .is_some_and(|owned| is_same_as(owned.before));
        let is_in_other_form = standing.is_some_and(|standing| {
            is_same && standing.is_ours() && !has_form(standing) && is_same_as(standing)
        });
        Self {
            planned,
            fingerprint,
            is_same,
            is_in_other_form,
        }
    }
}

/// Adds each planned exposure to the plan's list that it belongs to. `fingerprints` are those of
/// an exposure as this manifest's dbt would write it.
pub(super) fn compare<'k>(
    plan: &mut Plan<'k>,
    planned: Vec<Planned<'k>>,
    nodes: &[Node],
    fingerprints: impl Fn(&Exposure) -> Fingerprints + Sync,
) {
    let compared = planned
        .into_par_iter()
        .map(|planned| Compared::new(planned, nodes, &fingerprints))
        .collect::<Vec<_>>();
    for compared in compared {
        plan.add(compared);
    }
}

impl<'k> Plan<'k> {
    fn add(&mut self, compared: Compared<'k>) {
        let Compared {
            planned,
            fingerprint,
            is_same,
            is_in_other_form,
        } = compared;
        self.in_other_form += usize::from(is_in_other_form);
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
        if let Some(reason) = planned.kept {
            self.kept.push(Kept {
                standing: before,
                after: (!is_same).then_some(new),
                reason,
                workbook: planned.workbook,
            });
        } else if is_same {
            self.unchanged.push(new.unique_id);
        } else {
            // A workbook that is withheld is not retitled by that.
            let is_title_same = before.title == new.exposure.label || new.exposure.is_withheld;
            let list = if is_title_same {
                &mut self.changed
            } else {
                &mut self.renamed
            };
            list.push(Changed {
                before,
                after: new,
                workbook: planned.workbook,
            });
        }
    }

    pub(super) fn remove(&mut self, owned: &Owned<'k>, reason: RemovalReason) {
        self.removed.push(Removed {
            standing: owned.before,
            reason,
            workbook: owned.workbook,
        });
    }

    /// Tells of exposures that are written anew although the report calls them unchanged.
    pub(super) fn note_other_forms(&self) -> Option<Diagnostic> {
        let (count, all) = (self.in_other_form, self.desired.len());
        (count > 0).then(|| {
            let message = format!(
                "{count} of {all} exposures say what they should, but in the form of an earlier version of autoexpose or edited by hand: `patch` writes them anew, and they do not count as changed"
            );
            Diagnostic::new(Code::FormDiffers, "", message)
        })
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
