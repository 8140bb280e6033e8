//! The site of a workbook, as the url of its exposure shows it.

use crate::model::SiteId;

/// Server and site of the url of a workbook in the form that exposures have it:
/// `https://server/#/site/<content URL>/workbooks/<number>`, for the default site
/// `https://server/#/workbooks/<number>`. `None` for other urls, and for content URLs that are encoded
/// in it.
pub(super) fn site_of(url: &str) -> Option<SiteId> {
    let (server, place) = url.split_once("/#/")?;
    let content_url = match place.strip_prefix("site/") {
        Some(rest) => rest.split_once("/workbooks/")?.0,
        None => place.strip_prefix("workbooks/").map(|_| "")?,
    };
    (!content_url.contains(['%', '/'])).then(|| SiteId {
        server: Some(server.to_owned()),
        content_url: Some(content_url.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::site_of;

    #[test]
    fn sites_are_read_from_urls() {
        for (url, expected) in [
            ("https://t.x/#/site/a-1/workbooks/7", Some("a-1")),
            ("https://t.x/#/workbooks/7", Some("")),
            ("https://t.x/#/site/a%20b/workbooks/7", None),
            ("https://t.x/#/site/a/views/v", None),
            ("https://x.y", None),
        ] {
            let site = site_of(url).map(|site| {
                assert_eq!(site.server.as_deref(), Some("https://t.x"));
                site.content_url.expect("a site")
            });
            assert_eq!(site.as_deref(), expected, "{url}");
        }
    }
}
