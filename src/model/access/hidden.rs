//! Tables whose names Tableau hides from the user who made an export.

use std::collections::BTreeSet;

/// What is left of a table whose name Tableau hides: its ids and its kind of connection stay
/// (<https://help.tableau.com/current/api/metadata_api/en-us/docs/meta_api_permissions.html>).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HiddenTable {
    /// All ids by which exports mention it, in lower case: a luid, an id of the Metadata API, or both.
    pub ids: BTreeSet<String>,
    /// Its kind of connection, as Tableau calls it.
    pub connection: Option<String>,
    /// The name of its database, if Tableau shows it.
    pub database: Option<String>,
    /// The names of the custom SQL that reads it, empty for custom SQL without a name.
    pub custom_sql: BTreeSet<String>,
}
