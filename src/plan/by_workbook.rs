//! Finds what belongs to a workbook, by luid and site.
//!
//! Equal luids mean the same workbook unless server or site are known on both sides and differ
//! ([`SiteId::contradicts`]). Copies of a server share luids, so one luid may be on thousands of
//! sites, and comparing each with each would take too long.

use std::borrow::{Borrow, Cow};
use std::hash::Hash;

use foldhash::{HashMap, HashMapExt};

use crate::model::{Site, SiteId, luid};

/// Positions of what belongs to workbooks, by luid or by what else identifies a workbook on its site.
#[derive(Debug)]
pub(super) struct ByWorkbook<K>(HashMap<K, HashMap<[Part; 2], Vec<usize>>>);

/// A server or a site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    /// This one.
    Is(String),
    /// Any that is known.
    Known,
    NotKnown,
}

impl<K> Default for ByWorkbook<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> ByWorkbook<K> {
    /// Sorts positions, which come in order, by what identifies their workbook and by its site.
    pub(super) fn new<'s>(all: impl Iterator<Item = (K, &'s SiteId, usize)>) -> Self {
        let mut by_workbook = Self::default();
        for (key, site, at) in all {
            by_workbook.add(key, site, at);
        }
        by_workbook
    }

    /// Adds a position behind the others.
    pub(super) fn add(&mut self, key: K, site: &SiteId, at: usize) {
        let lists = self.0.entry(key).or_default();
        let parts = parts(site).map(|part| match part {
            Part::NotKnown => vec![part],
            known => vec![known, Part::Known],
        });
        for parts in combined(parts) {
            lists.entry(parts).or_default().push(at);
        }
    }

    /// The positions of what may belong to this workbook: lists that have nothing in common, each in
    /// order.
    pub(super) fn lists<'f, Q: Hash + Eq + ?Sized>(
        &'f self,
        key: &Q,
        site: &SiteId,
    ) -> impl Iterator<Item = &'f [usize]> + use<'f, Q, K>
    where
        K: Borrow<Q>,
    {
        let asked = combined(asked(site));
        let lists = self.0.get(key).into_iter();
        lists.flat_map(move |lists| {
            let found = asked.clone().into_iter();
            found.filter_map(|parts| Some(lists.get(&parts)?.as_slice()))
        })
    }

    /// The only one of these positions; `None` if there are several.
    pub(super) fn only<Q: Hash + Eq + ?Sized>(&self, key: &Q, site: &SiteId) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        let mut fitting = self.lists(key, site).flatten().copied();
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) | (None, _) => None,
        }
    }

    /// The first of these positions.
    pub(super) fn first<Q: Hash + Eq + ?Sized>(&self, key: &Q, site: &SiteId) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        self.lists(key, site)
            .filter_map(|list| list.first())
            .min()
            .copied()
    }
}

impl<'w> ByWorkbook<Cow<'w, str>> {
    /// The workbooks of the exports by luid ([`luid::identity`]).
    pub(super) fn listed(site: &'w Site) -> Self {
        let workbooks = site.workbooks.iter().enumerate();
        Self::new(
            workbooks.map(|(at, workbook)| (luid::identity(&workbook.luid), &workbook.site, at)),
        )
    }
}

/// What is asked for a site: the known parts, or what is not known.
fn asked(site: &SiteId) -> [Vec<Part>; 2] {
    parts(site).map(|part| match part {
        Part::NotKnown => vec![part, Part::Known],
        known => vec![known, Part::NotKnown],
    })
}

/// Server and content URL as they are compared, as far as they are known.
fn parts(site: &SiteId) -> [Part; 2] {
    let SiteId {
        server,
        content_url,
    } = site.identity();
    [server, content_url].map(|part| part.map_or(Part::NotKnown, Part::Is))
}

/// Each server with each site.
fn combined([servers, sites]: [Vec<Part>; 2]) -> Vec<[Part; 2]> {
    let pairs = servers.into_iter().flat_map(|server| {
        let sites = sites.iter().cloned();
        sites.map(move |site| [server.clone(), site])
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_contradicts_nothing() {
        let parts = [None, Some("a"), Some("B")];
        let sites = parts
            .into_iter()
            .flat_map(|server| parts.map(|site| [server, site]))
            .map(|[server, site]| SiteId {
                server: server.map(str::to_owned),
                content_url: site.map(str::to_owned),
            })
            .collect::<Vec<_>>();
        let numbered = sites.iter().enumerate();
        let by_workbook = ByWorkbook::new(numbered.map(|(at, site)| ("luid", site, at)));
        for site in &sites {
            let mut found = by_workbook
                .lists("luid", site)
                .flatten()
                .copied()
                .collect::<Vec<_>>();
            found.sort_unstable();
            let others = sites.iter().enumerate();
            let expected = others
                .filter(|(_, other)| !other.contradicts(site))
                .map(|(at, _)| at)
                .collect::<Vec<_>>();
            assert_eq!(found, expected, "{site}");
            assert_eq!(by_workbook.first("luid", site), expected.first().copied());
            assert_eq!(by_workbook.first("other", site), None);
        }
    }
}
