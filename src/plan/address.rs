//! Tableau URLs: which workbook or view they open, and on which server and site.
//!
//! People write them by hand, in every form that a browser, an embedded view or a link in a mail
//! shows, and often without `https://`.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::model::SiteId;

/// A parsed Tableau URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The host, without port; `None` if only a path is given.
    pub host: Option<String>,
    /// The content URL of the site; `None` often means the default site.
    pub site: Option<String>,
    /// What it opens. Several places if the form of the URL does not tell a workbook's number from
    /// a name of digits.
    pub places: Vec<Place>,
    /// The workbook that it names, for a view that no export lists.
    pub otherwise: Option<Place>,
}

/// A workbook or view of a site, the same for every form of its URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A workbook, by the number in its URL (`vizportalUrlId` in the Metadata API).
    Number(String),
    /// A workbook, by its content URL, decoded. The paths of its views begin with it.
    ContentUrl(String),
    /// A view, by its path (`Workbook/View`), decoded.
    View(String),
}

impl Place {
    /// The view with this path, as the Metadata API returns it.
    pub fn view(path: &str) -> Self {
        Self::View(decoded(without_ending(path)))
    }

    /// The workbook of the view with this path.
    pub fn workbook_of_view(path: &str) -> Option<Self> {
        let (workbook, _) = path.split_once('/')?;
        Some(Self::ContentUrl(decoded(workbook)))
    }
}

impl Address {
    /// Reads `…/#/site/x/workbooks/42/views`, `…/t/x/views/Sales/Overview` and the like.
    pub fn parse(url: &str) -> Option<Self> {
        let (host, url) = host_and_url(url.trim())?;
        let in_path = route(url.path());
        let Route { site, places } = match url.fragment().map(route) {
            Some(Route { site, places }) if !places.is_empty() => Route {
                site: site.or(in_path.site),
                // Only servers of today have routes in the fragment, and they know numbers alone.
                places: match &places[..] {
                    [number @ Place::Number(_), ..] => vec![number.clone()],
                    _ => places,
                },
            },
            _ => in_path,
        };
        let otherwise = match &places[..] {
            [] => return None,
            [Place::View(path)] => Place::workbook_of_view(path),
            _ => None,
        };
        Some(Self {
            host,
            site,
            places,
            otherwise,
        })
    }

    /// Every place that a workbook may be looked up by.
    pub fn all_places(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().chain(&self.otherwise)
    }

    /// Host and site, to be compared with those of [`Address::comparable`].
    pub fn site_id(&self) -> SiteId {
        SiteId {
            server: self.host.clone(),
            content_url: self.site.clone(),
        }
    }

    /// The host and the content URL of a site.
    pub fn comparable(site: &SiteId) -> SiteId {
        SiteId {
            server: host(site),
            content_url: site.content_url.clone(),
        }
    }

    /// Whether host or site differ from those of this site. What is unknown does not differ.
    pub fn contradicts(&self, site: &SiteId) -> bool {
        matches!((&self.host, host(site)), (Some(a), Some(b)) if *a != b)
            || matches!((&self.site, &site.content_url), (Some(a), Some(b)) if !a.eq_ignore_ascii_case(b))
    }

    /// How many of host and site are not known to be equal: 0 to 2.
    pub fn distance(&self, site: &SiteId) -> usize {
        let named = self.site.as_deref().unwrap_or_default();
        let is_same_site = site
            .content_url
            .as_deref()
            .is_some_and(|site| site.eq_ignore_ascii_case(named));
        let is_same_host = self.host.is_some() && host(site).is_some();
        usize::from(!is_same_host) + usize::from(!is_same_site)
    }
}

fn host(site: &SiteId) -> Option<String> {
    Url::parse(site.server.as_deref()?)
        .ok()?
        .host_str()
        .map(str::to_lowercase)
}

/// The host of a URL, if it has one, and the whole URL. Without `https://` a URL begins with the
/// host, or with its path.
fn host_and_url(text: &str) -> Option<(Option<String>, Url)> {
    let is_path = |text: &str| {
        let first = text.split(['/', '?', '#']).next().unwrap_or_default();
        first.is_empty() || ROUTES.contains(&first)
    };
    let has_scheme = text.split(['/', '?', '#']).next()?.ends_with(':');
    let whole = match text.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None if has_scheme => text.to_owned(),
        None if is_path(text) => {
            let url = Url::parse("https://path.invalid").ok()?.join(text).ok()?;
            return Some((None, url));
        }
        None => format!("https://{text}"),
    };
    let url = Url::parse(&whole).ok()?;
    let host = url.host_str()?.trim_end_matches('.').to_lowercase();
    Some((Some(host), url))
}

/// What the path of a Tableau URL begins with.
const ROUTES: [&str; 7] = [
    "site",
    "t",
    "workbooks",
    "views",
    "authoring",
    "vizql",
    "trusted",
];

/// Site and places of a URL's path, or of a fragment in the form of a path.
struct Route {
    site: Option<String>,
    places: Vec<Place>,
}

fn route(route: &str) -> Route {
    let route = route.split(['?', ';', '#']).next().unwrap_or_default();
    // Some write `&:embed=y` where `?` is meant; names in URLs have no `&`.
    let route = route.split("&:").next().unwrap_or_default();
    let all = route.split('/');
    let parts = all.filter(|part| !matches!(*part, "" | "%23"));
    let parts = parts.collect::<Vec<_>>();
    let parts = match &parts[..] {
        ["trusted", _ticket, rest @ ..] => rest,
        all => all,
    };
    let (is_vizql, parts) = without_vizql(parts);
    let (form, site, parts) = match parts {
        [form @ ("site" | "t"), site, rest @ ..] => (Some(*form), Some(decoded(site)), rest),
        all => (None, None, all),
    };
    let (is_vizql_of_site, parts) = without_vizql(parts);
    let places = match parts {
        ["w", workbook, "v", view, ..] if is_vizql || is_vizql_of_site => {
            vec![Place::view(&format!("{workbook}/{view}"))]
        }
        ["workbooks", workbook, ..] => workbook_places(workbook, form),
        ["views" | "authoring", workbook] => vec![Place::ContentUrl(decoded(workbook))],
        ["views" | "authoring", workbook, "sheets", view, ..]
        | ["views" | "authoring", workbook, view, ..] => {
            vec![Place::view(&format!("{workbook}/{view}"))]
        }
        _ => Vec::new(),
    };
    Route { site, places }
}

/// The parts behind `vizql`, which the server puts before or behind the site, and whether it is
/// there.
fn without_vizql<'p>(parts: &'p [&'p str]) -> (bool, &'p [&'p str]) {
    match parts {
        ["vizql", rest @ ..] => (true, rest),
        all => (false, all),
    }
}

/// The workbook behind `/workbooks/`: its number or its content URL, which may be digits, too.
/// Behind `/site/x` it is always the number.
fn workbook_places(name: &str, form: Option<&str>) -> Vec<Place> {
    let name = decoded(without_ending(name));
    let content_url = Place::ContentUrl(name.clone());
    if !name.bytes().all(|byte| byte.is_ascii_digit()) {
        vec![content_url]
    } else if form == Some("site") {
        vec![Place::Number(name)]
    } else {
        vec![Place::Number(name), content_url]
    }
}

/// A path without the ending that asks for a file of what it opens, such as `.png`.
fn without_ending(path: &str) -> &str {
    const ENDINGS: [&str; 6] = ["twb", "twbx", "png", "pdf", "csv", "xlsx"];
    match path.rsplit_once('.') {
        Some((path, ending)) if ENDINGS.contains(&ending) => path,
        _ => path,
    }
}

/// Undoes percent-encoding: browsers show the letters of a URL, links encode them.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: Option<&str> = Some("x");

    fn address(site: Option<&str>, places: Vec<Place>, otherwise: Option<Place>) -> Address {
        Address {
            host: Some("t.example.com".to_owned()),
            site: site.map(str::to_owned),
            places,
            otherwise,
        }
    }

    fn number(site: Option<&str>) -> Address {
        address(site, vec![Place::Number("42".to_owned())], None)
    }

    fn content_url(site: Option<&str>, name: &str) -> Address {
        address(site, vec![Place::ContentUrl(name.to_owned())], None)
    }

    fn view(site: Option<&str>, path: &str) -> Address {
        let view = Place::View(path.to_owned());
        address(site, vec![view], Place::workbook_of_view(path))
    }

    #[track_caller]
    fn opens(expected: &Address, urls: &[&str]) {
        for url in urls {
            assert_eq!(Address::parse(url).as_ref(), Some(expected), "{url}");
        }
    }

    #[test]
    fn a_number_behind_workbooks_is_of_the_workbook() {
        opens(&number(None), &["https://t.example.com/#/workbooks/42"]);
        opens(
            &number(SITE),
            &[
                "HTTPS://T.Example.com:443/#/site/x/workbooks/42/views?:iid=1",
                "https://t.example.com./#/site/x/workbooks/42#y",
                "https://t.example.com/?:iid=1#/site/x/workbooks/42/",
                "https://t.example.com/%23/site/x/workbooks/42/connections",
                "https://t.example.com/site/x/workbooks/42",
                "https://t.example.com/t/x/#/workbooks/42",
                "t.example.com:8443/#/site/x/workbooks/42",
                "//t.example.com/#/site/x/workbooks/42",
            ],
        );
    }

    #[test]
    fn digits_in_the_oldest_form_may_be_a_number_or_a_name() {
        let either = [Place::Number, Place::ContentUrl].map(|place| place("42".to_owned()));
        opens(
            &address(SITE, either.to_vec(), None),
            &[
                "https://t.example.com:8443/t/x/workbooks/42",
                "https://t.example.com/t/x/workbooks/42#/",
                "t.example.com/t/x/workbooks/42.twbx",
            ],
        );
    }

    #[test]
    fn a_name_behind_workbooks_is_its_content_url() {
        opens(
            &content_url(SITE, "Sales_1"),
            &[
                "t.example.com/t/x/workbooks/Sales_1",
                "https://t.example.com/t/x/workbooks/Sales_1.twb?x=1",
                "https://t.example.com/#/site/x/workbooks/Sales_1/views",
                "https://t.example.com/t/x/views/Sales_1/",
                "https://t.example.com/#/site/x/views/Sales_1?:iid=2",
                "https://t.example.com/t/x/authoring/Sales_1",
            ],
        );
    }

    #[test]
    fn all_forms_of_a_url_open_the_same_view() {
        opens(
            &view(SITE, "Sales/Overview"),
            &[
                "https://t.example.com/#/site/x/views/Sales/Overview?:iid=2",
                "https://t.example.com/t/x/views/Sales/Overview",
                "https://t.example.com/t/x/views/Sales/Overview/?:embed=yes&:toolbar=no",
                "https://t.example.com/t/x/views/Sales/Overview&:embed=yes",
                "https://t.example.com/t/x/views/Sales/Overview;jsessionid=1",
                "https://t.example.com/t/x/views/Sales/Overview.png",
                "https://t.example.com/#/site/x/views/Sales/sheets/Overview",
                "https://t.example.com/t/x/views/Sales/Overview/ada@example.com/Mine",
                "https://t.example.com/t/x/authoring/Sales/Overview#1",
                "https://t.example.com/#/site/x/authoring/Sales/Overview",
                "https://t.example.com/vizql/t/x/w/Sales/v/Overview/viewing",
                "https://t.example.com/t/x/vizql/w/Sales/v/Overview",
                "https://t.example.com/trusted/2_mJ5t==/t/x/views/Sales/Overview",
                "t.example.com/t/x/views/Sales/Overview",
            ],
        );
        opens(
            &view(None, "Sales/Overview"),
            &["https://t.example.com/vizql/w/Sales/v/Overview/bootstrapSession/sessions/1"],
        );
    }

    #[test]
    fn a_path_alone_has_no_host() {
        let expected = Address {
            host: None,
            ..view(SITE, "Sales/Overview")
        };
        opens(
            &expected,
            &[
                "/t/x/views/Sales/Overview",
                "t/x/views/Sales/Overview",
                "#/site/x/views/Sales/Overview",
            ],
        );
    }

    #[test]
    fn other_urls_open_nothing() {
        for url in [
            "https://t.example.com/views",
            "https://t.example.com/t/x",
            "https://t.example.com/#/home",
            "https://t.example.com/w/Sales/v/Overview",
            "https://t.example.com/authoringNewWorkbook/1/Sales",
            "mailto:ada@example.com",
            "no url",
            "",
        ] {
            assert_eq!(Address::parse(url), None, "{url}");
        }
    }

    #[test]
    fn letters_may_be_encoded() {
        opens(
            &view(None, "Größe/Übersicht"),
            &[
                "https://t.example.com/views/Größe/Übersicht",
                "https://t.example.com/views/Gr%C3%B6%C3%9Fe/%C3%9Cbersicht",
                "https://t.example.com/#/views/Größe/Übersicht",
                "https://t.example.com/#/views/Gr%C3%B6%C3%9Fe/%C3%9Cbersicht",
            ],
        );
    }

    #[test]
    fn host_and_site_contradict_only_if_both_are_known() {
        let address = number(SITE);
        let site = |server: Option<&str>, content_url: Option<&str>| SiteId {
            server: server.map(str::to_owned),
            content_url: content_url.map(str::to_owned),
        };
        assert!(address.contradicts(&site(Some("https://o.example.com"), None)));
        assert!(address.contradicts(&site(None, Some("y"))));
        assert!(!address.contradicts(&site(Some("https://t.example.com:8443"), Some("X"))));
        assert!(!address.contradicts(&site(None, None)));
        let known = site(Some("https://t.example.com"), Some("x"));
        assert_eq!(address.distance(&known), 0);
        assert_eq!(address.distance(&site(None, None)), 2);
        let without_host = Address {
            host: None,
            ..address
        };
        assert_eq!(without_host.distance(&known), 1);
        assert!(!without_host.contradicts(&known));
    }
}
