//! The exports of a run, by what is known of the site of an exposure.

use std::collections::HashMap;

use super::address::Address;
use super::by_workbook::ByWorkbook;
use crate::model::{Evidence, SiteId};

/// The exports of a run. There may be thousands, and as many exposures that ask for theirs.
pub(super) struct Exports<'e> {
    all: &'e [Evidence],
    /// The first of each site.
    by_site: HashMap<SiteId, usize>,
    /// Those that are complete, and those that are not, by site.
    by_completeness: ByWorkbook<bool>,
}

/// The exports that may be of the site of an exposure.
pub(super) struct Found<'e> {
    /// Whether there is one.
    pub(super) any: bool,
    /// The first one that need not list every workbook.
    pub(super) incomplete: Option<&'e Evidence>,
}

impl<'e> Exports<'e> {
    pub(super) fn new(all: &'e [Evidence]) -> Self {
        let mut by_site = HashMap::with_capacity(all.len());
        let mut by_completeness = ByWorkbook::default();
        for (at, export) in all.iter().enumerate() {
            by_site.entry(export.site.identity()).or_insert(at);
            by_completeness.add(export.is_complete(), &export.site, at);
        }
        Self {
            all,
            by_site,
            by_completeness,
        }
    }

    /// The export of this very site.
    pub(super) fn of(&self, site: &SiteId) -> Option<&'e Evidence> {
        self.by_site.get(&site.identity()).map(|at| &self.all[*at])
    }

    /// The exports that contradict neither this site nor this address.
    pub(super) fn may_be(&self, site: &SiteId, address: Option<&Address>) -> Found<'e> {
        let first = |is_complete: bool| match address {
            None => self.by_completeness.first(&is_complete, site),
            Some(address) => {
                let fitting = self.by_completeness.lists(&is_complete, site).flatten();
                let fitting = fitting.filter(|at| !address.contradicts(&self.all[**at].site));
                fitting.min().copied()
            }
        };
        let incomplete = first(false).map(|at| &self.all[at]);
        Found {
            any: incomplete.is_some() || first(true).is_some(),
            incomplete,
        }
    }
}

impl<'e> From<Option<&'e Evidence>> for Found<'e> {
    fn from(export: Option<&'e Evidence>) -> Self {
        Self {
            any: export.is_some(),
            incomplete: export.filter(|export| !export.is_complete()),
        }
    }
}
