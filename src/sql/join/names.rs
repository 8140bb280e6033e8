//! Makes a table of a name in a query, as if Tableau had listed it.

use std::borrow::Cow;

use crate::model::{CustomSql, Dialect, NameProblem, Relation, SchemaHints, Table, UnreadableName};
use crate::sql::{Local, LocalKind, Part, TableReference, Usage};

/// The table that custom SQL names. What its name leaves out is that of the custom SQL.
pub(super) fn table<'a>(
    reference: &TableReference<'a>,
    sql: &CustomSql<'a>,
    dialect: Dialect,
) -> Table<'a> {
    let name = relation(reference, sql, dialect);
    let lacks_schema = name.as_ref().is_ok_and(|name| name.schema.is_none());
    Table {
        // Tableau has nothing more to show of it.
        hints: lacks_schema.then_some(SchemaHints {
            shown: None,
            has_full_name: true,
        }),
        name: name.map_err(|reason| UnreadableName {
            shown: Cow::Owned(as_typed(&reference.parts)),
            reason,
        }),
        connection: sql.connection.clone(),
        whole_name: None,
        server: sql.server.clone(),
        has_stored_name: dialect.heeds_case(),
        has_typed_database: reference.parts.len() == 3 && !reference.parts[0].text.is_empty(),
    }
}

/// Functions that ask another database in a text of its own.
const ASKING: &[&str] = &[
    "dblink",
    "external_query",
    "opendatasource",
    "openquery",
    "openrowset",
    "remote",
    "remotesecure",
];

/// What stands for the tables that a function asks another database for, and where it is called.
pub(super) fn asked<'a>(local: &Local<'a>, sql: &CustomSql<'a>) -> Option<(Table<'a>, usize)> {
    let name = local.parts.last()?.text.as_ref();
    let is_asking = local.kind == LocalKind::Function
        && ASKING
            .iter()
            .any(|function| function.eq_ignore_ascii_case(name));
    is_asking.then(|| {
        let table = Table {
            name: Err(UnreadableName {
                shown: Cow::Owned(format!("{}(…)", as_typed(&local.parts))),
                reason: NameProblem::Elsewhere,
            }),
            connection: sql.connection.clone(),
            hints: None,
            whole_name: None,
            server: sql.server.clone(),
            has_stored_name: false,
            has_typed_database: false,
        };
        (table, local.position)
    })
}

fn relation<'a>(
    reference: &TableReference<'a>,
    sql: &CustomSql<'a>,
    dialect: Dialect,
) -> Result<Relation<'a>, NameProblem> {
    if reference.usage == Usage::Remote {
        return Err(NameProblem::Elsewhere);
    }
    let mut parts = reference.parts.iter().rev();
    let mut next = || parts.next().map(|part| stored(part, dialect));
    let (name, schema, database) = (next().unwrap_or_default(), next(), next());
    if parts.next().is_some() {
        return Err(NameProblem::TooManyParts(reference.parts.len()));
    }
    let schema = match schema {
        Some(left_out) if left_out.is_empty() => dialect.schema_left_out().map(Cow::Borrowed),
        schema => schema,
    };
    let database = database.filter(|database| !database.is_empty());
    let database = database.or_else(|| sql.database.clone());
    Ok(sql.connection.relation(database, schema, name))
}

/// A part in the form in which its database stores it.
fn stored<'a>(part: &Part<'a>, dialect: Dialect) -> Cow<'a, str> {
    dialect.casing().stored(&part.text, part.quoted)
}

/// A name as people know it from the query, but without quotes.
fn as_typed(parts: &[Part]) -> String {
    let parts = parts.iter().map(|part| part.text.as_ref());
    parts.collect::<Vec<_>>().join(".")
}
