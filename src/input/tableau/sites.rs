//! Finds the site of an export that does not name it.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use crate::model::SiteId;

/// The sites that the exports of one run name, fully or in part, in the form of
/// [`SiteId::identity`].
#[derive(Default)]
pub(super) struct Sites<'a> {
    /// For each that is named in part, the sites that it may be, each named as fully as any. Found
    /// once, since each of thousands of files may name its site in part.
    fullest: BTreeMap<SiteId, BTreeSet<SiteId>>,
    /// The sites whose exports name a luid, by luid.
    by_luid: HashMap<&'a str, BTreeSet<SiteId>>,
}

impl<'a> Sites<'a> {
    /// The sites that each export of the run names.
    pub(super) fn new<'s>(named: impl IntoIterator<Item = &'s SiteId>) -> Self {
        let named = named
            .into_iter()
            .map(|site| site.identity())
            .collect::<BTreeSet<_>>();
        let by_server = grouped(&named, |site| &site.server);
        let by_url = grouped(&named, |site| &site.content_url);
        let all = named.iter().collect::<Vec<_>>();
        let may_be = |site: &SiteId| match (&site.server, &site.content_url) {
            (server @ Some(_), _) => fullest(&by_server[server], site),
            (None, url @ Some(_)) => fullest(&by_url[url], site),
            (None, None) => fullest(&all, site),
        };
        let in_part = named.iter().filter(|site| !site.is_full());
        let fullest = in_part.map(|site| (site.clone(), may_be(site))).collect();
        Self {
            fullest,
            by_luid: HashMap::default(),
        }
    }

    /// Notes luids in an export of a site.
    pub(super) fn add_luids(&mut self, site: &SiteId, luids: impl Iterator<Item = &'a str>) {
        let site = site.identity();
        for luid in luids {
            self.by_luid.entry(luid).or_default().insert(site.clone());
        }
    }

    /// Whether an export that names this much of its site may be from a site that another export
    /// of the run names more fully.
    pub(super) fn is_vague(&self, named: &SiteId) -> bool {
        self.may_be(&named.identity()).next().is_some()
    }

    /// Whether an export that names this much of its site may be from several sites, so that its
    /// luids are needed to find the right one.
    pub(super) fn needs_luids(&self, named: &SiteId) -> bool {
        self.may_be(&named.identity()).nth(1).is_some()
    }

    /// The site of an export that names this much of it: the only site of the run that it may be
    /// from, else the only one of these that shares a luid with it. If it may still be from
    /// several, it is treated as a site of its own.
    pub(super) fn find<'l>(&self, named: &SiteId, luids: impl Iterator<Item = &'l str>) -> SiteId {
        let named = named.identity();
        let only = match self.fullest.get(&named) {
            Some(fullest) if fullest.len() > 1 => only(
                luids
                    .filter_map(|luid| self.by_luid.get(luid))
                    .flatten()
                    .filter(|site| fullest.contains(site)),
            ),
            _ => self.may_be(&named).next(),
        };
        only.cloned().unwrap_or(named)
    }

    /// The sites that an export may be from which names this much.
    fn may_be(&self, named: &SiteId) -> impl Iterator<Item = &SiteId> {
        self.fullest.get(named).into_iter().flatten()
    }
}

/// Sites by one part of their names.
fn grouped(
    sites: &BTreeSet<SiteId>,
    part: fn(&SiteId) -> &Option<String>,
) -> BTreeMap<&Option<String>, Vec<&SiteId>> {
    let mut grouped = BTreeMap::<_, Vec<_>>::new();
    for site in sites {
        grouped.entry(part(site)).or_default().push(site);
    }
    grouped
}

/// Those of some sites that say more than this one, each named as fully as any.
fn fullest(all: &[&SiteId], named: &SiteId) -> BTreeSet<SiteId> {
    let (full, partial) = all
        .iter()
        .copied()
        .filter(|site| says_more(site, named))
        .partition::<BTreeSet<_>, _>(|site| site.is_full());
    let servers = full
        .iter()
        .map(|site| &site.server)
        .collect::<BTreeSet<_>>();
    let urls = full
        .iter()
        .map(|site| &site.content_url)
        .collect::<BTreeSet<_>>();
    let is_fullest =
        |site: &&SiteId| !servers.contains(&site.server) && !urls.contains(&site.content_url);
    full.iter()
        .copied()
        .chain(partial.into_iter().filter(is_fullest))
        .cloned()
        .collect()
}

/// The only different one of some sites; none if there are several.
fn only<'s>(mut sites: impl Iterator<Item = &'s SiteId>) -> Option<&'s SiteId> {
    let first = sites.next()?;
    sites.all(|site| site == first).then_some(first)
}

/// Whether one site has all the parts that the other has, and more.
fn says_more(one: &SiteId, other: &SiteId) -> bool {
    let covers = |one: &Option<String>, other: &Option<String>| other.is_none() || one == other;
    one != other
        && covers(&one.server, &other.server)
        && covers(&one.content_url, &other.content_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> SiteId {
        let part = |text: &str| Some(text.to_owned()).filter(|text| text != "?");
        let (server, content_url) = text.split_once('/').expect(text);
        SiteId {
            server: part(server),
            content_url: part(content_url),
        }
    }

    #[track_caller]
    fn check(named: &str, of_run: &[&str], expected: &str) {
        let sites = Sites::new(&of_run.iter().map(|text| site(text)).collect::<Vec<_>>());
        assert_eq!(
            sites.find(&site(named), std::iter::empty()),
            site(expected),
            "{named} among {of_run:?}"
        );
    }

    #[test]
    fn an_export_belongs_to_the_only_site_that_it_can_be_of() {
        check("?/?", &["?/?"], "?/?");
        check("?/?", &["?/?", "a/x"], "a/x");
        check("?/?", &["?/?", "a/?", "a/x"], "a/x");
        check("a/?", &["a/?", "a/x"], "a/x");
        check("a/x", &["?/?", "a/?", "a/x"], "a/x");
        check("A:80/?", &["a:443/X", "a/?"], "a/x");
    }

    #[test]
    fn where_it_can_be_several_it_stays_apart() {
        check("?/?", &["?/?", "a/x", "b/x"], "?/?");
        check("?/?", &["?/?", "a/x", "a/y"], "?/?");
        check("a/?", &["a/?", "b/x"], "a/?");
        check("?/x", &["?/x", "a/x", "b/y"], "a/x");
        check("?/x", &["?/x", "a/x", "b/x"], "?/x");
    }

    #[test]
    fn its_luids_tell_which_of_several_sites_it_is_of() {
        let mut sites = Sites::new(&[site("?/?"), site("a/x"), site("a/y")]);
        sites.add_luids(&site("a/x"), ["1", "2"].into_iter());
        sites.add_luids(&site("A/Y"), ["2", "3"].into_iter());
        let find = |luids: &[&str]| sites.find(&site("?/?"), luids.iter().copied());
        assert_eq!(find(&["1"]), site("a/x"));
        assert_eq!(find(&["3", "4"]), site("a/y"));
        for luids in [&["2"][..], &["1", "3"], &["4"], &[]] {
            assert_eq!(find(luids), site("?/?"), "{luids:?}");
        }
    }
}
