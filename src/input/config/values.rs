//! Single values: servers, patterns, filters, connection types.

use std::collections::BTreeSet;

use super::located::Located;
use super::raw::RawFilter;
use super::wrong::{Wrong, did_you_mean};
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
pub fn server(text: &Located<String>) -> Result<String, Wrong> {
    origin(&text.value)
        .map_err(|invalid| Wrong::new(text, invalid.to_string()).help(Some(invalid.help())))
}

/// A filter of the file or of a flag, which stands at `place`.
///
/// # Errors
/// Invalid patterns, and a filter without any pattern.
pub fn filter(place: String, raw: &Located<RawFilter>) -> Result<WorkbookFilter, Wrong> {
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
        return Err(Wrong::new(
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
) -> Result<Vec<WorkbookFilter>, Wrong> {
    let raw = raw.into_iter().flatten().enumerate();
    raw.map(|(number, raw)| filter(format!("{place}[{number}]"), raw))
        .collect()
}

pub(super) fn maybe_pattern(text: Option<&Located<String>>) -> Result<Option<Pattern>, Wrong> {
    text.map(pattern).transpose()
}

pub(super) fn pattern(text: &Located<String>) -> Result<Pattern, Wrong> {
    Pattern::new(&text.value).map_err(|error| Wrong::new(text, error.to_string()))
}

fn project_pattern(text: &Located<String>) -> Result<Pattern, Wrong> {
    Pattern::for_projects(&text.value).map_err(|error| Wrong::new(text, error.to_string()))
}

/// The connection types for which a name alone may link, each without its driver.
///
/// # Errors
/// Types that are not known, and those of no warehouse.
pub fn name_only<'t>(
    types: impl IntoIterator<Item = &'t Located<String>>,
) -> Result<BTreeSet<String>, Wrong> {
    let base = |text: &Located<String>| {
        let connection = ConnectionType::new(Some(text.value.as_str().into()));
        match (connection.reach(), connection.base()) {
            (Reach::Warehouse(_), Some(base)) => Ok(base.to_owned()),
            _ => Err(wrong_type(text, "is no connection type of one warehouse")),
        }
    };
    types.into_iter().map(base).collect()
}

/// A connection type that is known here.
pub(super) fn known_type(text: &Located<String>) -> Result<String, Wrong> {
    match ConnectionType::new(Some(text.value.as_str().into())).reach() {
        Reach::Anything => Err(wrong_type(text, "is no connection type that is known here")),
        Reach::Warehouse(_) | Reach::NotWarehouse => Ok(text.value.clone()),
    }
}

fn wrong_type(text: &Located<String>, what: &str) -> Wrong {
    let help = did_you_mean(&text.value.to_ascii_lowercase(), warehouse_types());
    Wrong::new(text, format!("{:?} {what}", text.value))
        .help(Some(help.unwrap_or_else(|| TYPE_HELP.to_owned())))
}

/// The name of a schema.
pub(super) fn schema(text: Located<String>) -> Result<String, Wrong> {
    if text.value.trim().is_empty() {
        return Err(Wrong::new(&text, "a schema has a name"));
    }
    Ok(text.value)
}
