//! What the slices of a node say.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::raw::NAMES;
use crate::input::manifest::graph::raw::{is_true, object, raw_objects, text};
use crate::input::manifest::pairs::Pairs;
use crate::input::manifest::tolerant;
use crate::input::manifest::wire::Text;
use crate::model::definition::{DeclaredColumn, Details, Members, PARTS};

raw_objects! {
    /// A column.
    Column { name, data_type, constraints }
    /// What dbt does about columns.
    Contract { enforced }
    /// What is hashed.
    Checksum { name, checksum }
}

/// How many of the slices, from the end, no reader sees.
const UNSEEN: usize = 8;

/// Reads the slices of a node.
pub(super) fn details<'a>(parts: &[&'a str; PARTS]) -> Details<'a> {
    let part = |name: &str| {
        let at = NAMES.iter().position(|other| *other == name);
        at.map_or("", |at| parts[at])
    };
    let raw = |name: &str| raw_value(part(name));
    let not_null = |name: &str| Some(part(name)).filter(|json| !json.is_empty() && *json != "null");
    let contract = object::<Contract>(raw("contract"));
    let checksum = object::<Checksum>(raw("checksum"));
    let config = members(part("config"));
    let in_config = config.iter().find(|(key, _)| key == "contract");
    let in_config = in_config.is_some_and(|(_, json)| {
        let contract = raw_value(json);
        is_true(object::<Contract>(contract).enforced)
    });
    let unseen = (PARTS - UNSEEN..PARTS).map(|at| (NAMES[at], parts[at]));
    Details {
        language: text(raw("language")),
        checksum: text(checksum.name).zip(text(checksum.checksum)),
        has_contract: is_true(contract.enforced) || in_config,
        columns: columns(part("columns")),
        latest_version: not_null("latest_version"),
        deprecation_date: not_null("deprecation_date"),
        unrendered_schema: written(part("unrendered_schema")),
        unrendered_database: written(part("unrendered_database")),
        description: part("description"),
        unrendered_config: members(part("unrendered_config")),
        config,
        others: unseen.collect(),
    }
}

fn raw_value(json: &str) -> Option<&RawValue> {
    serde_json::from_str(json).ok()
}

/// A text of a manifest, which may be any value.
pub(super) fn value_text(json: &str) -> Cow<'_, str> {
    match serde_json::from_str::<Text>(json) {
        Ok(Text(text)) => text,
        Err(_) => match tolerant::value(json) {
            serde_json::Value::String(text) => text.into(),
            _ => Cow::Borrowed(""),
        },
    }
}

/// A text that may not be written: `None` if the manifest does not say it, empty for null.
fn written(json: &str) -> Option<Cow<'_, str>> {
    (!json.is_empty()).then(|| value_text(json))
}

/// The members of an object in the order of their keys, of those that come twice the last one, and
/// each value in one spelling: another dbt puts blanks elsewhere.
fn members(json: &str) -> Members<'_> {
    let Pairs(pairs) = serde_json::from_str::<Pairs<Text>>(json).unwrap_or_default();
    let mut members = Members::new();
    for (Text(key), value) in pairs {
        let value = in_one_spelling(value.get());
        match members.binary_search_by(|(other, _)| other.cmp(&key)) {
            Ok(at) => members[at].1 = value,
            Err(at) => members.insert(at, (key, value)),
        }
    }
    members
}

/// Texts and numbers stay as they are; lists and objects are written anew.
fn in_one_spelling(json: &str) -> Cow<'_, str> {
    if json.starts_with(['{', '[']) || json.contains('\\') {
        Cow::Owned(tolerant::value(json).to_string())
    } else {
        Cow::Borrowed(json)
    }
}

fn columns(json: &str) -> Vec<DeclaredColumn<'_>> {
    let Pairs(pairs) = serde_json::from_str::<Pairs<Text>>(json).unwrap_or_default();
    let columns = pairs.into_iter().map(|(Text(key), value)| {
        let raw = object::<Column>(Some(value));
        let constraints = raw.constraints.map_or("", RawValue::get);
        DeclaredColumn {
            name: text(raw.name).unwrap_or(key),
            data_type: text(raw.data_type),
            constraints: if constraints == "[]" || constraints == "null" {
                ""
            } else {
                constraints
            },
        }
    });
    columns.collect()
}
