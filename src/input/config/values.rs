//! Single values: servers, patterns, connection types, schemas.

use std::collections::BTreeSet;

use super::invalid_value::{InvalidReason, InvalidValue};
use super::located::Located;
use crate::model::ConnectionType;
use crate::model::connection::Reach;
use crate::model::server::origin;
use crate::settings::{CHOICE, Pattern};

/// The address of a Tableau server.
///
/// # Errors
/// A text that is not such an address, without repeating it.
pub fn server_from_flag(text: &str) -> Result<String, InvalidValue> {
    server(&text.to_owned().into())
}

/// The address of a Tableau server.
pub(super) fn server(text: &Located<String>) -> Result<String, InvalidValue> {
    origin(&text.value).map_err(|reason| InvalidValue::new(text, InvalidReason::Server(reason)))
}

/// A path, folder or pattern of exports. Standard input belongs to the command, not to a file.
pub(super) fn export(text: &Located<String>) -> Result<String, InvalidValue> {
    if text.value.trim().is_empty() || text.value == "-" {
        return Err(InvalidValue::new(text, InvalidReason::NotAnExport));
    }
    Ok(text.value.clone())
}

/// A pattern of any text.
pub(super) fn pattern(text: &Located<String>) -> Result<Pattern, InvalidValue> {
    Pattern::new(&text.value)
        .map_err(|reason| InvalidValue::new(text, InvalidReason::Pattern(reason)))
}

/// A pattern of any text, or a regular expression between slashes.
pub(super) fn glob_or_regex(text: &Located<String>) -> Result<Pattern, InvalidValue> {
    Pattern::glob_or_regex(&text.value)
        .map_err(|reason| InvalidValue::new(text, InvalidReason::Pattern(reason)))
}

/// A pattern of projects.
pub(super) fn project_pattern(text: &Located<String>) -> Result<Pattern, InvalidValue> {
    Pattern::for_projects(&text.value)
        .map_err(|reason| InvalidValue::new(text, InvalidReason::Pattern(reason)))
}

/// Patterns of projects.
///
/// # Errors
/// Texts that are not globs.
#[cfg(feature = "fetch")]
pub fn projects_from_flag(texts: &[String]) -> Result<Vec<Pattern>, InvalidValue> {
    let texts = texts.iter().cloned().map(Located::from);
    projects(&texts.collect::<Vec<_>>())
}

/// Patterns of projects.
pub(super) fn projects<'t>(
    texts: impl IntoIterator<Item = &'t Located<String>>,
) -> Result<Vec<Pattern>, InvalidValue> {
    texts.into_iter().map(project_pattern).collect()
}

/// The connection types for which a name alone may link, each without its driver.
///
/// # Errors
/// Unknown types, and those that do not read one warehouse.
pub fn name_only_from_flag(types: &[String]) -> Result<BTreeSet<String>, InvalidValue> {
    let types = types.iter().cloned().map(Located::from);
    name_only(&types.collect::<Vec<_>>())
}

/// The connection types for which a name alone may link, each without its driver.
pub(super) fn name_only<'t>(
    types: impl IntoIterator<Item = &'t Located<String>>,
) -> Result<BTreeSet<String>, InvalidValue> {
    types.into_iter().map(warehouse_type).collect()
}

/// A connection type of one warehouse, without its driver.
fn warehouse_type(text: &Located<String>) -> Result<String, InvalidValue> {
    let connection = connection_type(text);
    match (connection.reach(), connection.base()) {
        (Reach::Warehouse(_), Some(base)) => Ok(base.to_owned()),
        _ => Err(InvalidValue::new(
            text,
            InvalidReason::NotOneWarehouse(text.value.clone()),
        )),
    }
}

/// A connection type that is known here.
pub(super) fn known_type(text: &Located<String>) -> Result<String, InvalidValue> {
    match connection_type(text).reach() {
        Reach::Warehouse(_) | Reach::NotWarehouse => Ok(text.value.clone()),
        Reach::Anything => Err(InvalidValue::new(
            text,
            InvalidReason::UnknownConnectionType(text.value.clone()),
        )),
    }
}

fn connection_type(text: &Located<String>) -> ConnectionType<'_> {
    ConnectionType::new(Some(text.value.as_str().into()))
}

/// Refuses what a proposed line has in the place of a value that the user must choose.
pub(super) fn chosen(text: &Located<String>) -> Result<(), InvalidValue> {
    match text.value.trim() {
        CHOICE => Err(InvalidValue::new(text, InvalidReason::OpenChoice)),
        _ => Ok(()),
    }
}

/// The name of a schema.
pub(super) fn schema(text: Located<String>) -> Result<String, InvalidValue> {
    if text.value.trim().is_empty() {
        return Err(InvalidValue::new(&text, InvalidReason::EmptySchema));
    }
    chosen(&text)?;
    Ok(text.value)
}
