//! Tableau URLs: which workbook or view they open, and on which server and site.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::model::SiteId;

/// A parsed Tableau URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The host, without port.
    pub host: String,
    /// The content URL of the site; `None` often means the default site.
    pub site: Option<String>,
    /// The workbook or view that it opens.
    pub place: Place,
}

/// A workbook or view of a site, the same for every form of its URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A workbook, by the number in its URL (`vizportalUrlId` in the Metadata API).
    Workbook(String),
    /// A view, by its path (`Workbook/View`), decoded.
    View(String),
}

impl Place {
    /// The view with this path, as the Metadata API returns it.
    pub fn view(path: &str) -> Self {
        Self::View(decoded(path))
    }
}

impl Address {
    /// Reads `…/#/site/x/workbooks/42/views`, `…/t/x/views/Sales/Overview` and the like.
    pub fn parse(url: &str) -> Option<Self> {
        let url = Url::parse(url.trim()).ok()?;
        let host = url.host_str()?.trim_end_matches('.').to_lowercase();
        let (site, place) = url
            .fragment()
            .and_then(route)
            .or_else(|| route(url.path()))?;
        Some(Self { host, site, place })
    }

    /// Whether host or site differ from those of this site. What is unknown does not differ.
    pub fn contradicts(&self, site: &SiteId) -> bool {
        host(site).is_some_and(|host| host != self.host)
            || matches!((&self.site, &site.content_url), (Some(a), Some(b)) if !a.eq_ignore_ascii_case(b))
    }

    /// How many of host and site are not known to be equal: 0 to 2.
    pub fn distance(&self, site: &SiteId) -> usize {
        let named = self.site.as_deref().unwrap_or_default();
        let is_same_site = site
            .content_url
            .as_deref()
            .is_some_and(|site| site.eq_ignore_ascii_case(named));
        usize::from(host(site).is_none()) + usize::from(!is_same_site)
    }
}

fn host(site: &SiteId) -> Option<String> {
    Url::parse(site.server.as_deref()?)
        .ok()?
        .host_str()
        .map(str::to_lowercase)
}

/// Site and place of a URL's path, or of a fragment in the form of a path.
fn route(route: &str) -> Option<(Option<String>, Place)> {
    let route = route.split(['?', ';', '#']).next().unwrap_or_default();
    let mut parts = route.split('/').filter(|part| !part.is_empty()).peekable();
    let site = match parts.next_if(|part| matches!(*part, "site" | "t")) {
        Some(_) => Some(decoded(parts.next()?)),
        None => None,
    };
    let place = match (parts.next()?, parts.next()?, parts.next(), parts.next()) {
        ("workbooks", number, ..) => Place::Workbook(number.to_owned()),
        ("views", workbook, Some("sheets"), Some(view)) | ("views", workbook, Some(view), _) => {
            Place::view(&format!("{workbook}/{view}"))
        }
        _ => return None,
    };
    Some((site, place))
}

/// Undoes percent-encoding: browsers show the letters of a URL, links encode them.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workbook(site: Option<&str>) -> Option<Address> {
        let (host, site) = ("t.example.com".to_owned(), site.map(str::to_owned));
        Some(Address {
            host,
            site,
            place: Place::Workbook("42".to_owned()),
        })
    }

    fn view(site: Option<&str>, path: &str) -> Option<Address> {
        let (host, site) = ("t.example.com".to_owned(), site.map(str::to_owned));
        Some(Address {
            host,
            site,
            place: Place::View(path.to_owned()),
        })
    }

    #[test]
    fn all_forms_of_a_url_open_the_same_place() {
        assert_eq!(
            Address::parse("https://t.example.com/#/workbooks/42"),
            workbook(None)
        );
        for url in [
            "HTTPS://T.Example.com:443/#/site/x/workbooks/42/views?:iid=1",
            "https://t.example.com:8443/t/x/workbooks/42",
            "https://t.example.com/#/site/x/workbooks/42#y",
            "https://t.example.com/t/x/workbooks/42#/",
        ] {
            assert_eq!(Address::parse(url), workbook(Some("x")), "{url}");
        }
        for url in [
            "https://t.example.com/#/site/x/views/Sales/Overview?:iid=2",
            "https://t.example.com/t/x/views/Sales/Overview",
            "https://t.example.com/#/site/x/views/Sales/sheets/Overview",
            "https://t.example.com/t/x/views/Sales/Overview/ada@example.com/Mine",
        ] {
            assert_eq!(
                Address::parse(url),
                view(Some("x"), "Sales/Overview"),
                "{url}"
            );
        }
        for url in [
            "https://t.example.com/views/Sales",
            "https://t.example.com/#/home",
            "no url",
        ] {
            assert_eq!(Address::parse(url), None, "{url}");
        }
    }

    #[test]
    fn letters_may_be_encoded() {
        for url in [
            "https://t.example.com/views/Größe/Übersicht",
            "https://t.example.com/views/Gr%C3%B6%C3%9Fe/%C3%9Cbersicht",
            "https://t.example.com/#/views/Größe/Übersicht",
            "https://t.example.com/#/views/Gr%C3%B6%C3%9Fe/%C3%9Cbersicht",
        ] {
            assert_eq!(Address::parse(url), view(None, "Größe/Übersicht"), "{url}");
        }
    }

    #[test]
    fn host_and_site_contradict_only_if_both_are_known() {
        let [host, named] = ["t.example.com", "x"].map(str::to_owned);
        let address = Address {
            host,
            site: Some(named),
            place: Place::Workbook(String::new()),
        };
        let site = |server: Option<&str>, content_url: Option<&str>| SiteId {
            server: server.map(str::to_owned),
            content_url: content_url.map(str::to_owned),
        };
        assert!(address.contradicts(&site(Some("https://o.example.com"), None)));
        assert!(address.contradicts(&site(None, Some("y"))));
        assert!(!address.contradicts(&site(Some("https://t.example.com:8443"), Some("X"))));
        assert!(!address.contradicts(&site(None, None)));
        assert_eq!(
            address.distance(&site(Some("https://t.example.com"), Some("x"))),
            0
        );
        assert_eq!(address.distance(&site(None, None)), 2);
    }
}
