//! What was asked of the REST API: the path and the page of a `get`.

use percent_encoding::percent_decode_str;

use crate::model::access::AssetKind;

/// What a `get` asks, in whatever way its address is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// The parts of its path behind the site.
    pub(super) path: Vec<String>,
    /// `pageSize`.
    pub(super) page_size: Option<u64>,
    /// `pageNumber`.
    pub(super) page_number: Option<u64>,
    /// `filter`: a list with one has not everything.
    pub(super) filter: Option<String>,
}

impl Question {
    /// The question of a `get`: a path behind the site, as in the documentation, or all of the address.
    pub(super) fn of(get: &str) -> Self {
        let address = get.trim();
        let address = address.strip_prefix("GET ").unwrap_or(address).trim();
        let address = match address.split_once("://") {
            Some((_, behind)) => behind.split_once('/').map_or("", |(_, path)| path),
            None => address,
        };
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let parts = path.split('/').filter(|part| !part.is_empty());
        let decoded = parts.map(decoded).collect::<Vec<_>>();
        let values = query.split('&').filter_map(|pair| pair.split_once('='));
        let values = values.map(|(key, value)| (key.to_ascii_lowercase(), decoded_value(value)));
        let values = values.collect::<Vec<_>>();
        let value = |key: &str| values.iter().find(|(known, _)| known == key);
        let number = |key: &str| value(key)?.1.trim().parse().ok();
        Self {
            path: behind_site(decoded),
            page_size: number("pagesize"),
            page_number: number("pagenumber"),
            filter: value("filter").map(|(_, filter)| filter.clone()),
        }
    }

    /// The value that a filter demands of a field, as in `userId:eq:…`.
    pub(super) fn filtered_to(&self, field: &str) -> Option<String> {
        let filters = self.filter.as_deref()?.split(',');
        let mut demanded = filters.filter_map(|filter| {
            let (known, rest) = filter.trim().split_once(':')?;
            let value = rest.strip_prefix("eq:")?;
            known
                .eq_ignore_ascii_case(field)
                .then(|| value.to_lowercase())
        });
        demanded.next()
    }
}

fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

fn decoded_value(value: &str) -> String {
    decoded(&value.replace('+', " "))
}

/// The parts of a path behind `api/VERSION/sites/SITE`, as far as it has these.
fn behind_site(parts: Vec<String>) -> Vec<String> {
    let is = |at: usize, word: &str| {
        let part = parts.get(at);
        part.is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    let version = if is(0, "api") { 2 } else { 0 };
    let from = version + if is(version, "sites") { 2 } else { 0 };
    parts.into_iter().skip(from).collect()
}

/// The kind of asset that a part of a path names.
pub(super) fn kind_of(part: &str) -> Option<AssetKind> {
    Some(match part.to_ascii_lowercase().as_str() {
        "projects" => AssetKind::Project,
        "workbooks" => AssetKind::Workbook,
        "views" => AssetKind::View,
        "datasources" => AssetKind::Datasource,
        "flows" => AssetKind::Flow,
        "virtualconnections" => AssetKind::VirtualConnection,
        "databases" => AssetKind::Database,
        "tables" => AssetKind::Table,
        _ => return None,
    })
}

/// The names of the key of a list of assets and of one asset in an answer.
pub(super) fn keys_of(kind: AssetKind) -> (&'static str, &'static str) {
    match kind {
        AssetKind::Project => ("projects", "project"),
        AssetKind::Workbook => ("workbooks", "workbook"),
        AssetKind::View => ("views", "view"),
        AssetKind::Datasource => ("datasources", "datasource"),
        AssetKind::Flow => ("flows", "flow"),
        AssetKind::VirtualConnection => ("virtualConnections", "virtualConnection"),
        AssetKind::Database => ("databases", "database"),
        AssetKind::Table => ("tables", "table"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_every_form() {
        let path = |get: &str| Question::of(get).path.join("/");
        for get in [
            "workbooks/A/permissions",
            "/workbooks/A/permissions",
            "GET /api/3.29/sites/S/workbooks/A/permissions",
            "sites/S/workbooks/A/permissions",
            "https://tableau.example.com/api/3.29/sites/S/workbooks/A/permissions?x=1",
        ] {
            assert_eq!(path(get), "workbooks/A/permissions");
        }
        for get in [
            "",
            "/",
            "sites/S",
            "https://tableau.example.com/api/3.4/sites/S",
        ] {
            assert_eq!(path(get), "", "{get}");
        }
        let paged = Question::of("users?pageSize=10&pageNumber=2");
        assert_eq!((paged.page_size, paged.page_number), (Some(10), Some(2)));
        for get in [
            "flows/runs?filter=flowId:eq:F,userId:eq:U",
            "flows/runs?filter=flowId%3Aeq%3AF%2CuserId%3Aeq%3AU",
        ] {
            let runs = Question::of(get);
            assert_eq!(runs.filtered_to("flowId").as_deref(), Some("f"));
            assert_eq!(runs.filtered_to("userid").as_deref(), Some("u"));
            assert_eq!(runs.filtered_to("status"), None);
        }
    }
}
