//! Which exposures that docs hold of earlier runs go, since a run wants others for their workbooks.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::exposure::DesiredExposure;
use crate::model::{Marker, SiteId, StandingExposure, luid};

/// What a run makes of exposures: those that it wants, the workbooks of these, and those that it removes.
pub struct Covered<'d> {
    desired: &'d BTreeMap<String, DesiredExposure>,
    removed: &'d BTreeSet<&'d str>,
    /// Whether the audience of the run may see what an exposure of ours covers.
    may_show: &'d dyn Fn(&Marker) -> bool,
    workbooks: BTreeMap<Cow<'d, str>, &'d SiteId>,
}

impl<'d> Covered<'d> {
    /// `desired` is every owned exposure that the patched manifest contains, by id; `removed` are the ids
    /// of those that the plan removes.
    pub fn new(
        desired: &'d BTreeMap<String, DesiredExposure>,
        removed: &'d BTreeSet<&'d str>,
        may_show: &'d dyn Fn(&Marker) -> bool,
    ) -> Self {
        let workbooks = desired.values().map(|one| {
            let marker = &one.exposure.marker;
            (luid::identity(&marker.luid), &marker.site)
        });
        Self {
            desired,
            removed,
            may_show,
            workbooks: workbooks.collect(),
        }
    }

    /// Whether an exposure of ours goes: the plan removes it, another one comes for it or for its
    /// workbook, or the audience may not see it. Of any other nothing proves that it should.
    pub fn goes(&self, exposure: &StandingExposure) -> bool {
        if exposure
            .marker()
            .is_some_and(|marker| !(self.may_show)(marker))
        {
            return true;
        }
        let id = exposure.unique_id.as_str();
        let is_covered = exposure.marker().is_some_and(|marker| {
            let site = self.workbooks.get(&luid::identity(&marker.luid));
            site.is_some_and(|site| !site.contradicts(&marker.site))
        });
        self.desired.contains_key(id) || self.removed.contains(id) || is_covered
    }
}
