//! Which exposures that docs hold of earlier runs go, since a run wants others for their workbooks.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::exposure::DesiredExposure;
use crate::model::{SiteId, StandingExposure, luid};

/// What a run makes of exposures: those that it wants, the workbooks of these, and those that it removes.
pub struct Covered<'d> {
    desired: &'d BTreeMap<String, DesiredExposure>,
    removed: &'d BTreeSet<&'d str>,
    workbooks: BTreeMap<Cow<'d, str>, &'d SiteId>,
}

impl<'d> Covered<'d> {
    /// `desired` is every owned exposure that the patched manifest contains, by id; `removed` are the ids
    /// of those that the plan removes.
    pub fn new(
        desired: &'d BTreeMap<String, DesiredExposure>,
        removed: &'d BTreeSet<&'d str>,
    ) -> Self {
        let workbooks = desired.values().map(|one| {
            let marker = &one.exposure.marker;
            (luid::identity(&marker.luid), &marker.site)
        });
        Self {
            desired,
            removed,
            workbooks: workbooks.collect(),
        }
    }

    /// Whether an exposure of ours goes: the plan removes it, or another one comes for it or for its
    /// workbook. Of any other nothing proves that it should.
    pub fn goes(&self, exposure: &StandingExposure) -> bool {
        let id = exposure.unique_id.as_str();
        let is_covered = exposure.marker().is_some_and(|marker| {
            let site = self.workbooks.get(&luid::identity(&marker.luid));
            site.is_some_and(|site| !site.contradicts(&marker.site))
        });
        self.desired.contains_key(id) || self.removed.contains(id) || is_covered
    }
}
