//! Workbooks without a response around them, as scripts save them: `[{"luid": …, "upstreamTables":
//! […]}]`. They show nothing of completeness.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Whether an object with these keys is a workbook. Other kinds of objects have some of its keys.
pub(super) fn looks_like_workbook<'k>(
    typename: Option<&str>,
    keys: impl IntoIterator<Item = &'k String> + Clone,
) -> bool {
    const OF_WORKBOOKS: [&str; 9] = [
        "dashboards",
        "embeddedDatasources",
        "sheets",
        "upstreamDatasources",
        "upstreamFlows",
        "upstreamTables",
        "upstreamVirtualConnectionTables",
        "upstreamVirtualConnections",
        "vizportalUrlId",
    ];
    const OF_OTHERS: [&str; 11] = [
        "columns",
        "connectionType",
        "fields",
        "fullName",
        "hasExtracts",
        "isCertified",
        "isUnsupportedCustomSql",
        "parentPublishedDatasources",
        "query",
        "tables",
        "workbook",
    ];
    let base = |key: &'k String| key.strip_suffix("Connection").unwrap_or(key);
    let is_of_other = |key: &str| OF_OTHERS.contains(&key) || key.starts_with("downstream");
    typename.is_none_or(|name| name == "Workbook")
        && keys
            .clone()
            .into_iter()
            .any(|key| OF_WORKBOOKS.contains(&base(key)))
        && !keys.into_iter().any(|key| is_of_other(base(key)))
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
    fn workbooks_are_told_from_other_objects() {
        let looks = |typename: Option<&str>, keys: &[&str]| {
            let keys = keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
            looks_like_workbook(typename, &keys)
        };
        assert!(looks(None, &["luid", "upstreamTables"]));
        assert!(looks(None, &["luid", "upstreamTablesConnection"]));
        assert!(looks(Some("Workbook"), &["id", "embeddedDatasources"]));
        assert!(!looks(None, &["luid", "name"]));
        assert!(!looks(
            Some("PublishedDatasource"),
            &["luid", "upstreamTables"]
        ));
        assert!(!looks(
            None,
            &["luid", "upstreamTables", "downstreamWorkbooks"]
        ));
        assert!(!looks(
            None,
            &["luid", "upstreamTables", "fieldsConnection"]
        ));
    }
}
