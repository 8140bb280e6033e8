//! What the exports of a run contain, by their sites.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::access::AccessStore;
use super::captures::Captures;
use super::elsewhere::Elsewhere;
use super::sites::Sites;
use super::store::{Mentions, Store};
use super::undated::Undated;
use crate::model::SiteId;

/// What an export says of its site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ExportKey {
    pub(super) site: SiteId,
    /// The position of its file, if it does not name the site in full: different files may be from
    /// different sites.
    pub(super) file: Option<usize>,
}

/// The content of the exports of one site.
#[derive(Default)]
pub(super) struct SiteExport<'a> {
    pub(super) store: Store<'a>,
    pub(super) captures: Captures,
    pub(super) undated: Undated,
    pub(super) access: AccessStore,
}

/// The sites that exports name. Where an export may be from several of them, its luids decide, so
/// those of the sites are needed.
pub(super) fn known_sites<'a>(
    exports: &BTreeMap<ExportKey, SiteExport<'a>>,
    mentions: &Mentions<'a>,
) -> Sites<'a> {
    let named = exports.keys().map(|key| &key.site).collect::<BTreeSet<_>>();
    let mut sites = Sites::new(named.iter().copied());
    if named.into_iter().any(|site| sites.needs_luids(site)) {
        for (key, export) in exports {
            sites.add_luids(&key.site, export.store.luids(mentions));
        }
    }
    sites
}

/// The exports of each site.
pub(super) struct BySite<'a> {
    pub(super) exports: BTreeMap<SiteId, SiteExport<'a>>,
    /// The positions of files that may be from several sites, by what they name of theirs.
    pub(super) in_doubt: BTreeMap<SiteId, Vec<usize>>,
}

/// The exports of each site. An export that does not name its site may be from one that others
/// name, so all of them must be known first.
pub(super) fn by_site<'a>(
    exports: BTreeMap<ExportKey, SiteExport<'a>>,
    sites: &Sites,
    mentions: &Mentions<'a>,
) -> BySite<'a> {
    // A site may be spelled in several ways, as with http and https: the last one in order is shown.
    let spelled = exports
        .keys()
        .map(|key| (key.site.identity(), key.site.clone()))
        .collect::<BTreeMap<_, _>>();
    let mut by_site = BTreeMap::<SiteId, SiteExport>::new();
    let mut in_doubt = BTreeMap::<SiteId, Vec<usize>>::new();
    // Those that only luids could tell are not among these.
    let mut found = BTreeMap::new();
    for (ExportKey { site, file }, export) in exports {
        let named = site.identity();
        let may_be_several = sites.needs_luids(&site);
        let found = match found.get(&site) {
            Some(found) => SiteId::clone(found),
            None if may_be_several => sites.find(&site, export.store.luids(mentions)),
            None => {
                let only = sites.find(&site, std::iter::empty());
                found.entry(site).or_insert(only).clone()
            }
        };
        let place = &spelled[&found];
        if may_be_several && found == named {
            in_doubt.entry(place.clone()).or_default().extend(file);
        }
        match by_site.entry(place.clone()) {
            Entry::Vacant(place) => drop(place.insert(export)),
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.store.absorb(export.store);
                known.captures.absorb(export.captures);
                known.undated.absorb(export.undated);
                known.access.absorb(export.access);
            }
        }
    }
    BySite {
        exports: by_site,
        in_doubt,
    }
}

/// What is described elsewhere than in the exports of its site.
pub(super) fn elsewhere<'a>(
    exports: &BTreeMap<SiteId, SiteExport<'a>>,
    in_doubt: &BTreeMap<SiteId, Vec<usize>>,
    mentions: &Mentions<'a>,
) -> Elsewhere<'a> {
    let mut elsewhere = Elsewhere::new(in_doubt.keys());
    if !in_doubt.is_empty() {
        for (site, export) in exports {
            elsewhere.add(site, export.store.described(mentions));
        }
    }
    elsewhere
}
