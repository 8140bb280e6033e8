//! Custom SQL: what it is called, and whether all of its tables are known.

use crate::input::tableau::store::{Content, Intermediate, Merged, Object, ObjectIx, is_made_up};
use crate::model::{ObjectKind, UnreadableSql};

/// Whether an object has tables upstream, also hidden ones.
pub(super) fn has_tables(object: &Object) -> bool {
    object.links.has_tables() || object.links.nulls.contains_key(&ObjectKind::Table)
}

/// Why the tables of custom SQL are not all known, unless they are.
pub(super) fn unreadable(object: &Object, sql: &Intermediate) -> Option<UnreadableSql> {
    let unsupported = sql.unsupported_sql == Some(true);
    match (has_tables(object), unsupported) {
        (true, true) => Some(UnreadableSql::PartlyRead),
        (true, false) => None,
        (false, true) => Some(UnreadableSql::Unsupported),
        (false, false) if sql.has_tables => Some(UnreadableSql::NoTables),
        (false, false) => Some(UnreadableSql::TablesNotListed),
    }
}

/// What messages call custom SQL.
pub(super) fn label(store: &Merged, at: ObjectIx) -> String {
    let object = store.object(at);
    let described = match object.content {
        Content::Intermediate(sql) => sql.name,
        Content::Unknown | Content::Workbook(_) | Content::Tables(_) | Content::TooManyTables => {
            None
        }
    };
    let shown = [described, object.entity.label()]
        .into_iter()
        .flatten()
        .find(|text| !text.trim().is_empty() && !is_made_up(text));
    shown.unwrap_or("without an id").to_owned()
}
