//! Custom SQL: what it is called, what Tableau knows of its tables, and its query.

use std::borrow::Cow;

use crate::input::tableau::names;
use crate::input::tableau::store::{Content, Intermediate, Merged, Object, ObjectIx, is_made_up};
use crate::model::{ConnectionType, CustomSql, ObjectKey, ObjectKind, TableIx, UnreadableSql};

/// The query of custom SQL, if this is some and the export shows it.
pub(super) fn query<'a>(object: &Object<'a>) -> Option<&'a str> {
    match object.content {
        Content::Intermediate(sql) if object.entity.kind == ObjectKind::CustomSql => {
            sql.query.text()
        }
        _ => None,
    }
}

/// Custom SQL of which the export shows the query.
pub(super) fn describe<'a>(store: &Merged<'_, 'a>, at: ObjectIx) -> Option<CustomSql<'a>> {
    let object = store.object(at);
    let Content::Intermediate(sql) = object.content else {
        return None;
    };
    let tables = tables(store, at);
    let database = sql
        .database
        .map(|database| store.complete_database(database));
    Some(CustomSql {
        name: label(store, at),
        connection: match names::connection(sql.connection_type, database) {
            unknown if unknown.as_str().is_none() => connection_of_all(store, &tables),
            known => known,
        },
        database: database
            .and_then(|database| database.name.text())
            .map(Cow::Borrowed),
        server: names::server(database),
        object: ObjectKey {
            site: 0,
            object: at.index(),
            element: 0,
        },
        query: query(object)?,
        tables,
    })
}

/// The connection of all these tables. A query runs over one, so it is that of the query.
fn connection_of_all<'a>(store: &Merged<'_, 'a>, tables: &[TableIx]) -> ConnectionType<'a> {
    let mut connections = tables.iter().map(|table| &store.tables[table.0].connection);
    match connections.next() {
        Some(first) if connections.all(|other| other == first) => first.clone(),
        Some(_) | None => ConnectionType::default(),
    }
}

/// The tables with a name that Tableau found in custom SQL.
pub(super) fn tables(store: &Merged, at: ObjectIx) -> Vec<TableIx> {
    let links = store.object(at).links.upstream.iter();
    let objects = links.filter_map(|link| store.find(*link));
    let tables = objects.filter_map(|table| match &store.object(table).content {
        Content::Tables(tables) => Some(store.tables_read_by(at, table).unwrap_or(tables)),
        _ => None,
    });
    tables.flatten().flatten().copied().collect()
}

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
pub(super) fn label<'a>(store: &Merged<'_, 'a>, at: ObjectIx) -> Cow<'a, str> {
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
    Cow::Borrowed(shown.unwrap_or("without an id"))
}
