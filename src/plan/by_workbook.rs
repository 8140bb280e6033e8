//! Finds what belongs to a workbook, by luid and site.
//!
//! Equal luids mean the same workbook unless server or site are known on both sides and differ
//! ([`SiteId::contradicts`]). Copies of a server share luids, so one luid may be on thousands of
//! sites, and comparing each with each would take too long.

use foldhash::{HashMap, HashMapExt};

use crate::model::SiteId;

/// Positions of what belongs to workbooks.
#[derive(Debug)]
pub(super) struct ByWorkbook<'k>(HashMap<(&'k str, [Part; 2]), Vec<usize>>);

/// A server or a site, as it is or as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    /// This one.
    Is(String),
    NotKnown,
    /// Known or not.
    Any,
}

impl<'k> ByWorkbook<'k> {
    /// Sorts positions by the luid and the site of the workbook.
    pub(super) fn new(all: impl Iterator<Item = (&'k str, &'k SiteId, usize)>) -> Self {
        let mut lists: HashMap<_, Vec<usize>> = HashMap::new();
        for (luid, site, at) in all {
            for parts in combined(known_parts(site).map(|part| [part, Part::Any])) {
                lists.entry((luid, parts)).or_default().push(at);
            }
        }
        Self(lists)
    }

    /// The positions of what may belong to this workbook. Of one site, they are in order.
    pub(super) fn find<'f>(
        &'f self,
        luid: &'f str,
        site: &SiteId,
    ) -> impl Iterator<Item = usize> + use<'f, 'k> {
        let asked = known_parts(site).map(|part| match part {
            Part::NotKnown => vec![Part::Any],
            known => vec![known, Part::NotKnown],
        });
        combined(asked)
            .into_iter()
            .filter_map(move |parts| self.0.get(&(luid, parts)))
            .flatten()
            .copied()
    }

    /// The first of these positions.
    pub(super) fn first(&self, luid: &str, site: &SiteId) -> Option<usize> {
        self.find(luid, site).min()
    }
}

/// Server and content URL, as far as they are known. Servers are compared without case.
fn known_parts(site: &SiteId) -> [Part; 2] {
    let server = site.server.as_deref().map(str::to_ascii_lowercase);
    [server, site.content_url.clone()].map(|part| part.map_or(Part::NotKnown, Part::Is))
}

/// Each of the first with each of the others.
fn combined<P: IntoIterator<Item = Part>>([servers, sites]: [P; 2]) -> Vec<[Part; 2]> {
    let sites = sites.into_iter().collect::<Vec<_>>();
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
            let mut found = by_workbook.find("luid", site).collect::<Vec<_>>();
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
