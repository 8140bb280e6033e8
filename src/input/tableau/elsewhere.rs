//! Objects that only files describe which may be from another site.
//!
//! A file that may be from several sites of the run is read as a site of its own, so nothing in it is
//! found from those sites, and nothing of theirs from it. Where a reference leads nowhere for this
//! reason, the object is not missing from the export, and the report must not say so.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;

use crate::model::SiteId;

/// Ids and luids of objects that are described elsewhere than in the exports of their site.
pub(super) struct Elsewhere<'a> {
    /// What the files describe that may be from several sites, by what they name of their site.
    in_doubt: BTreeMap<SiteId, HashSet<&'a str>>,
    /// For each of these, what the sites describe that it may be.
    of_sites: BTreeMap<SiteId, HashSet<&'a str>>,
}

impl<'a> Elsewhere<'a> {
    /// Nothing yet. `in_doubt`: what files name of their site that may be from several.
    pub(super) fn new<'s>(in_doubt: impl Iterator<Item = &'s SiteId>) -> Self {
        let in_doubt = in_doubt.map(|site| (site.identity(), HashSet::default()));
        Self {
            in_doubt: in_doubt.collect(),
            of_sites: BTreeMap::new(),
        }
    }

    /// Notes what the exports of a site describe.
    pub(super) fn add(&mut self, site: &SiteId, described: impl Iterator<Item = &'a str> + Clone) {
        let site = site.identity();
        for wider in wider(&site)
            .into_iter()
            .filter(|wider| self.in_doubt.contains_key(wider))
        {
            self.of_sites
                .entry(wider)
                .or_default()
                .extend(described.clone());
        }
        if let Some(ids) = self.in_doubt.get_mut(&site) {
            ids.extend(described);
        }
    }

    /// What is described elsewhere of a site.
    pub(super) fn of(&self, site: &SiteId) -> OfSite<'_> {
        let site = site.identity();
        let in_doubt = wider(&site).into_iter();
        let in_doubt = in_doubt.filter_map(|wider| self.in_doubt.get(&wider));
        OfSite(in_doubt.chain(self.of_sites.get(&site)).collect())
    }
}

/// What is described elsewhere of one site.
#[derive(Default)]
pub(super) struct OfSite<'e>(Vec<&'e HashSet<&'e str>>);

impl OfSite<'_> {
    /// Whether the object of any of these ids is among it.
    pub(super) fn has<'i>(&self, ids: impl Iterator<Item = &'i str> + Clone) -> bool {
        let mut sets = self.0.iter();
        sets.any(|set| ids.clone().any(|id| set.contains(id)))
    }
}

/// What else a file may name of this site, saying less.
fn wider(site: &SiteId) -> BTreeSet<SiteId> {
    let SiteId {
        server,
        content_url,
    } = site;
    let parts = [
        (None, None),
        (server.clone(), None),
        (None, content_url.clone()),
    ];
    let sites = parts.map(|(server, content_url)| SiteId {
        server,
        content_url,
    });
    sites.into_iter().filter(|wider| wider != site).collect()
}
