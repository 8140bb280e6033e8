//! Tables as the configuration reads them.

use crate::model::Table;
use crate::settings::{Matching, Rewritten};

/// The table with the connection type that it reads as, and with the schema that it has by default.
pub fn as_configured<'a>(table: &Table<'a>, matching: &Matching) -> Table<'a> {
    let mut table = table.clone();
    if let Some(found) = matching.find_default_schema(&table)
        && let Ok(relation) = &mut table.name
    {
        relation.schema = Some(found.schema.clone().into());
    }
    table.connection = matching.read_as(&table.connection);
    table
}

/// The name that a table is read as beside its own one, if there is one.
pub fn rewritten<'a>(
    table: &Table,
    configured: &Table<'a>,
    matching: &Matching,
) -> Option<Rewritten<'a>> {
    matching.rewritten(table, configured.name.as_ref().ok()?)
}
