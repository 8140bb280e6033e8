//! Hand-written exposures, with what may identify their workbooks.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::address::Address;
use crate::model::{NodeKind, Origin, SiteId, StandingExposure};

/// A hand-written exposure with what may identify its workbook.
pub(super) struct HandWritten<'e> {
    pub(super) standing: &'e StandingExposure,
    pub(super) luids: &'e BTreeSet<String>,
    pub(super) address: Option<Address>,
    named: OnceLock<BTreeSet<&'e str>>,
}

impl<'e> HandWritten<'e> {
    pub(super) fn new(standing: &'e StandingExposure) -> Option<Self> {
        match &standing.origin {
            Origin::HandWritten { luids } => Some(Self {
                standing,
                luids,
                address: address(standing),
                named: OnceLock::new(),
            }),
            Origin::Ours(_) | Origin::Yaml { .. } => None,
        }
    }

    /// The ids of the nodes that it names, except for metrics and the like, which have no table.
    pub(super) fn named(&self) -> &BTreeSet<&'e str> {
        self.named.get_or_init(|| {
            let named = self.standing.depends_on.iter();
            named
                .map(|dependency| dependency.unique_id.as_str())
                .filter(|id| NodeKind::from_unique_id(id).is_some())
                .collect()
        })
    }

    /// The host and the site that its URL names.
    pub(super) fn site(&self) -> SiteId {
        self.address
            .as_ref()
            .map(Address::site_id)
            .unwrap_or_default()
    }
}

/// The parsed URL of an exposure.
pub(super) fn address(standing: &StandingExposure) -> Option<Address> {
    Address::parse(standing.url.as_deref()?)
}
