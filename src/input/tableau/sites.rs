//! Finds the site of an export that does not name it.

use std::collections::BTreeSet;

use crate::model::SiteId;

/// The sites that the exports of one run name, fully or in part.
#[derive(Default)]
pub(super) struct Sites(BTreeSet<SiteId>);

impl Sites {
    /// The sites that each export of the run names.
    pub(super) fn new(named: impl IntoIterator<Item = SiteId>) -> Self {
        Self(named.into_iter().collect())
    }

    /// Whether an export that names this much of its site may be from a site that another export
    /// of the run names more fully.
    pub(super) fn is_vague(&self, named: &SiteId) -> bool {
        self.0.iter().any(|site| says_more(site, named))
    }

    /// The site of an export that names this much of it: the only site of the run that it may be
    /// from. If it may be from several, it is treated as a site of its own.
    pub(super) fn find(&self, named: SiteId) -> SiteId {
        let fuller = self
            .0
            .iter()
            .filter(|site| says_more(site, &named))
            .collect::<Vec<_>>();
        let is_fullest = |site: &&&SiteId| !fuller.iter().any(|other| says_more(other, site));
        let mut fullest = fuller.iter().filter(is_fullest);
        match (fullest.next(), fullest.next()) {
            (Some(only), None) => (*only).clone(),
            (Some(_), Some(_)) | (None, _) => named,
        }
    }
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
        let sites = Sites::new(of_run.iter().map(|text| site(text)));
        assert_eq!(
            sites.find(site(named)),
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
    }

    #[test]
    fn where_it_can_be_several_it_stays_apart() {
        check("?/?", &["?/?", "a/x", "b/x"], "?/?");
        check("?/?", &["?/?", "a/x", "a/y"], "?/?");
        check("a/?", &["a/?", "b/x"], "a/?");
        check("?/x", &["?/x", "a/x", "b/y"], "a/x");
        check("?/x", &["?/x", "a/x", "b/x"], "?/x");
    }
}
