//! Exposures that somebody switched off in the project. What is off stays off, also under
//! another title of its workbook.

use std::collections::BTreeSet;

use super::{naming, twins};
use crate::input::manifest::Existing;
use crate::model::{Marker, SiteId};

/// The disabled exposures of a project.
pub struct Disabled<'m> {
    all: &'m [Existing],
    /// Names that are some exposure's own. They switch that one off, and no other.
    own: BTreeSet<&'m str>,
}

impl<'m> Disabled<'m> {
    /// Prepares the question. `names` are those that exposures of ours have or would get.
    pub fn new<'n>(all: &'m [Existing], names: impl Iterator<Item = &'n str>) -> Self {
        let names = names.collect::<BTreeSet<_>>();
        Self { all, own: all.iter().map(name).filter(|name| names.contains(name)).collect() }
    }

    /// The disabled exposure that stands for a workbook: it has the name of ours, the workbook's
    /// luid in its meta, or the digits of the luid in its name.
    pub fn of(&self, own_name: &str, luid: &str, site: &SiteId) -> Option<&'m str> {
        let is_off = |existing: &&Existing| {
            let name = name(existing);
            let has_digits = || !self.own.contains(name) && naming::has_hash(name, luid, site);
            name == own_name || names_luid(existing, luid, site) || has_digits()
        };
        self.all.iter().find(is_off).map(name)
    }
}

/// The name, which is the last part of the id.
fn name(existing: &Existing) -> &str {
    existing.unique_id.rsplit('.').next().unwrap_or_default()
}

/// dbt keeps disabled nodes of one id as a list.
fn names_luid(existing: &Existing, luid: &str, site: &SiteId) -> bool {
    let nodes =
        existing.value.as_array().map_or(std::slice::from_ref(&existing.value), Vec::as_slice);
    nodes.iter().any(|node| {
        let is_elsewhere = Marker::of(node).is_some_and(|marker| marker.site.contradicts(site));
        !is_elsewhere && twins::luids(node).contains(&luid.to_lowercase())
    })
}
