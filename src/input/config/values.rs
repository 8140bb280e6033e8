//! Single values: servers, patterns, filters, connection types.

use std::collections::BTreeSet;

use super::invalid_value::{InvalidValue, did_you_mean};
use super::located::Located;
use super::raw::RawFilter;
use crate::model::ConnectionType;
use crate::model::connection::{Reach, warehouse_types};
use crate::model::server::origin;
use crate::settings::{Pattern, WorkbookFilter};

const TYPE_HELP: &str =
    "give one as Tableau's `connectionType` has it, such as snowflake or postgres";

/// The address of a Tableau server.
///
/// # Errors
/// A text that is none, without repeating it.
pub fn server(text: &Located<String>) -> Result<String, InvalidValue> {
    origin(&text.value)
        .map_err(|invalid| InvalidValue::new(text, invalid.to_string()).help(Some(invalid.help())))
}

/// A filter of the file or of a flag, which stands at `place`.
///
/// # Errors
/// Invalid patterns, and a filter without any pattern.
pub fn filter(place: String, raw: &Located<RawFilter>) -> Result<WorkbookFilter, InvalidValue> {
    let RawFilter {
        project,
        name,
        tag,
        owner,
        luid,
    } = &raw.value;
    if [project, name, tag, owner, luid]
        .into_iter()
        .all(Option::is_none)
    {
        return Err(InvalidValue::new(
            raw,
            "it says nothing: give project, name, tag, owner or luid",
        ));
    }
    Ok(WorkbookFilter {
        place,
        project: project.as_ref().map(project_pattern).transpose()?,
        name: maybe_pattern(name.as_ref())?,
        tag: maybe_pattern(tag.as_ref())?,
        owner: maybe_pattern(owner.as_ref())?,
        luid: maybe_pattern(luid.as_ref())?,
    })
}

pub(super) fn filters(
    place: &str,
    raw: Option<&Vec<Located<RawFilter>>>,
) -> Result<Vec<WorkbookFilter>, InvalidValue> {
    let raw = raw.into_iter().flatten().enumerate();
    raw.map(|(number, raw)| filter(format!("{place}[{number}]"), raw))
        .collect()
}

pub(super) fn maybe_pattern(
    text: Option<&Located<String>>,
) -> Result<Option<Pattern>, InvalidValue> {
    text.map(pattern).transpose()
}

pub(super) fn pattern(text: &Located<String>) -> Result<Pattern, InvalidValue> {
    Pattern::new(&text.value).map_err(|error| InvalidValue::new(text, error.to_string()))
}

fn project_pattern(text: &Located<String>) -> Result<Pattern, InvalidValue> {
    Pattern::for_projects(&text.value).map_err(|error| InvalidValue::new(text, error.to_string()))
}

/// The connection types for which a name alone may link, each without its driver.
///
/// # Errors
/// Types that are not known, and those of no warehouse.
pub fn name_only<'t>(
    types: impl IntoIterator<Item = &'t Located<String>>,
) -> Result<BTreeSet<String>, InvalidValue> {
    let base = |text: &Located<String>| {
        let connection = ConnectionType::new(Some(text.value.as_str().into()));
        match (connection.reach(), connection.base()) {
            (Reach::Warehouse(_), Some(base)) => Ok(base.to_owned()),
            _ => Err(invalid_type(text, "is no connection type of one warehouse")),
        }
    };
    types.into_iter().map(base).collect()
}

/// A connection type that is known here.
pub(super) fn known_type(text: &Located<String>) -> Result<String, InvalidValue> {
    match ConnectionType::new(Some(text.value.as_str().into())).reach() {
        Reach::Anything => Err(invalid_type(
            text,
            "is no connection type that is known here",
        )),
        Reach::Warehouse(_) | Reach::NotWarehouse => Ok(text.value.clone()),
    }
}

fn invalid_type(text: &Located<String>, what: &str) -> InvalidValue {
    let help = did_you_mean(&text.value.to_ascii_lowercase(), warehouse_types());
    InvalidValue::new(text, format!("{:?} {what}", text.value))
        .help(Some(help.unwrap_or_else(|| TYPE_HELP.to_owned())))
}

/// The name of a schema.
pub(super) fn schema(text: Located<String>) -> Result<String, InvalidValue> {
    if text.value.trim().is_empty() {
        return Err(InvalidValue::new(&text, "a schema has a name"));
    }
    Ok(text.value)
}
