//! Workbooks and data sources without a response around them, as scripts save them: `[{"luid": …,
//! "upstreamTables": […]}]`. They show nothing of completeness.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// What an object without a response around it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    Workbook,
    /// An embedded or published data source.
    Datasource,
    /// A workbook or a published data source: it has nothing that only one of both has.
    Either,
}

/// What an object with these keys is. Both kinds have other keys as well, and other kinds of objects
/// some of these.
pub(super) fn what_is<'k>(
    typename: Option<&str>,
    uri: Option<&str>,
    keys: impl IntoIterator<Item = &'k String>,
) -> Option<Bare> {
    const UPSTREAM: [&str; 5] = [
        "upstreamDatasources",
        "upstreamFlows",
        "upstreamTables",
        "upstreamVirtualConnectionTables",
        "upstreamVirtualConnections",
    ];
    const OF_WORKBOOKS: [&str; 4] = ["dashboards", "embeddedDatasources", "sheets", "views"];
    const OF_DATASOURCES: [&str; 7] = [
        "datasourceFilters",
        "extractLastIncrementalUpdateTime",
        "extractLastRefreshTime",
        "extractLastUpdateTime",
        "hasExtracts",
        "hasUserReference",
        "parentPublishedDatasources",
    ];
    const OF_OTHERS: [&str; 8] = [
        "columns",
        "connectionType",
        "fullName",
        "isCertified",
        "isUnsupportedCustomSql",
        "query",
        "tables",
        "workbook",
    ];
    let keys = keys
        .into_iter()
        .map(|key| key.strip_suffix("Connection").unwrap_or(key));
    let keys = keys.collect::<Vec<_>>();
    let has = |known: &[&str]| keys.iter().any(|key| known.contains(key));
    let is_at = |place: &str| uri.is_some_and(|uri| uri.contains(place));
    let is_of_workbooks = has(&OF_WORKBOOKS) || is_at("/workbooks/");
    let is_of_datasources = has(&OF_DATASOURCES) || is_at("/datasources/");
    let has_readers = keys.iter().any(|key| key.starts_with("downstream"));
    match typename {
        Some("Workbook") if has(&UPSTREAM) || is_of_workbooks => Some(Bare::Workbook),
        Some("PublishedDatasource" | "EmbeddedDatasource") => Some(Bare::Datasource),
        Some(_) => None,
        None if is_of_datasources && !is_of_workbooks => Some(Bare::Datasource),
        None if has(&OF_OTHERS) || has(&["fields"]) || has_readers => None,
        None if is_of_workbooks => Some(Bare::Workbook),
        None => has(&[&UPSTREAM[..], &["vizportalUrlId"]].concat()).then_some(Bare::Either),
    }
}

/// The text of a value, or of each value in an array.
pub(super) struct RawValues<'a>(pub(super) Vec<&'a str>);

impl<'a> RawValues<'a> {
    /// The texts of the values in a text, in the order of [`super::top_level::OneOrMany`].
    ///
    /// # Errors
    /// A text that is not JSON.
    pub(super) fn of(text: &'a str) -> serde_json::Result<Self> {
        if text.trim_start().starts_with('[') {
            serde_json::from_str(text)
        } else {
            Ok(Self(vec![text]))
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawValues<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RawVisitor;
        impl<'de> Visitor<'de> for RawVisitor {
            type Value = RawValues<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawValues<'de>, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element::<&'de RawValue>()? {
                    match RawValues::of(value.get()) {
                        Ok(RawValues(more)) => values.extend(more),
                        Err(error) => return Err(serde::de::Error::custom(error)),
                    }
                }
                Ok(RawValues(values))
            }
        }
        deserializer.deserialize_seq(RawVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workbooks_and_data_sources_are_told_from_other_objects() {
        let is = |typename: Option<&str>, uri: Option<&str>, keys: &[&str]| {
            let keys = keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
            what_is(typename, uri, &keys)
        };
        let (workbook, datasource) = (Some(Bare::Workbook), Some(Bare::Datasource));
        let either = Some(Bare::Either);
        let tables = ["luid", "upstreamTables"];
        assert_eq!(is(None, None, &tables), either);
        assert_eq!(
            is(None, None, &["luid", "upstreamTablesConnection"]),
            either
        );
        assert_eq!(is(None, None, &["luid", "vizportalUrlId"]), either);
        assert_eq!(is(None, Some("sites/1/workbooks/2"), &tables), workbook);
        assert_eq!(is(None, Some("sites/1/datasources/2"), &tables), datasource);
        assert_eq!(
            is(None, None, &["luid", "upstreamTables", "sheets"]),
            workbook
        );
        assert_eq!(is(None, None, &["luid", "embeddedDatasources"]), workbook);
        assert_eq!(is(Some("Workbook"), None, &tables), workbook);
        assert_eq!(is(Some("Workbook"), None, &["luid", "name"]), None);
        assert_eq!(is(Some("PublishedDatasource"), None, &tables), datasource);
        assert_eq!(is(Some("VirtualConnection"), None, &tables), None);
        let of_datasources = [
            "luid",
            "upstreamTables",
            "hasExtracts",
            "isCertified",
            "fields",
        ];
        assert_eq!(is(None, None, &of_datasources), datasource);
        assert_eq!(is(None, None, &["luid", "name"]), None);
        for of_others in ["downstreamWorkbooks", "fieldsConnection", "isCertified"] {
            let keys = ["luid", "upstreamTables", of_others];
            assert_eq!(is(None, None, &keys), None, "{of_others}");
        }
    }
}
