//! Puts together the name of a table, which Tableau spreads over several fields.

use std::borrow::Cow;

use super::store;
use crate::model::relation::{self, Relation};
use crate::model::{ConnectionType, NameProblem, SchemaHints, Table, UnreadableName};

/// The table that these fields name; `None` if both `name` and `fullName` are hidden.
///
/// In order of trust: `fullName` with three parts; with two, and `database.name`; without
/// `fullName`, `schema`, `name` and `database.name`; else only the name is known.
pub(super) fn table<'a>(fields: &store::Table<'a>) -> Option<Table<'a>> {
    let connection = connection(fields.connection_type, fields.database);
    let shown = fields.full_name.text().or_else(|| fields.name.text())?;
    let parts = match fields.full_name.text() {
        Some(full_name) => relation::split(full_name),
        None => from_fields(fields, &connection),
    };
    let relation = match parts {
        Err(error) => Err(NameProblem::Malformed(error)),
        Ok(parts) if parts.len() > 3 => Err(NameProblem::TooManyParts(parts.len())),
        Ok(parts) => Ok(relation(parts, fields, &connection)),
    };
    let hints = relation
        .as_ref()
        .ok()
        .and_then(|relation| hints(relation, fields));
    let whole_name = whole_name(&relation, fields);
    Some(Table {
        hints,
        whole_name,
        name: relation.map_err(|reason| UnreadableName {
            shown: Cow::Borrowed(shown),
            reason,
        }),
        connection,
        server: server(fields.database),
        has_stored_name: false,
        has_typed_database: false,
    })
}

/// The host of a database server. Other kinds of databases have none.
pub(super) fn server<'a>(database: Option<store::Database<'a>>) -> Option<Cow<'a, str>> {
    let host = database?.host_name?.trim();
    (!host.is_empty()).then_some(Cow::Borrowed(host))
}

/// What Tableau shows of the schema of a table whose name has none.
fn hints<'a>(relation: &Relation<'a>, fields: &store::Table<'a>) -> Option<SchemaHints<'a>> {
    relation.schema.is_none().then(|| SchemaHints {
        shown: fields.schema.text().map(unquoted),
        has_full_name: fields.full_name.text().is_some(),
    })
}

/// The field `name`, where the name is only what follows the schema at its start.
fn whole_name<'a>(
    relation: &Result<Relation, NameProblem>,
    fields: &store::Table<'a>,
) -> Option<Cow<'a, str>> {
    let relation = relation.as_ref().ok()?;
    let whole = fields.name.text()?;
    let is_shorter = fields.full_name.text().is_none()
        && relation.schema.is_some()
        && fields.schema.text().is_some()
        && whole != relation.name;
    is_shorter.then_some(Cow::Borrowed(whole))
}

/// The connection type of a table or custom SQL: its own, else its database's.
pub(super) fn connection<'a>(
    own: Option<&'a str>,
    database: Option<store::Database<'a>>,
) -> ConnectionType<'a> {
    let inherited = database.and_then(|database| database.connection_type);
    let known = [own, inherited]
        .into_iter()
        .flatten()
        .find(|text| !text.trim().is_empty());
    ConnectionType::new(known.map(Cow::Borrowed))
}

type Parts<'a> = Result<Vec<Cow<'a, str>>, relation::NameError>;

/// The parts in `schema` and `name`; those in `name` alone if `schema` is unreliable.
fn from_fields<'a>(fields: &store::Table<'a>, connection: &ConnectionType) -> Parts<'a> {
    let name = fields.name.text().unwrap_or_default();
    let schema = fields
        .schema
        .text()
        .filter(|_| !connection.has_unreliable_schema());
    let Some(schema) = schema else {
        return relation::split(name);
    };
    let schema = unquoted(schema);
    // Next to a schema, `name` is one identifier as it is, with its dots, quotes and blanks.
    let own_name = if connection.repeats_schema() {
        without_schema(name, &schema)
    } else {
        name
    };
    Ok(vec![schema, Cow::Borrowed(own_name)])
}

/// The name behind the schema that is repeated before it.
fn without_schema<'a>(name: &'a str, schema: &str) -> &'a str {
    name.strip_prefix(schema)
        .and_then(|rest| rest.strip_prefix('.'))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name)
}

/// A field that holds one identifier, which may still be in quotes.
fn unquoted(field: &str) -> Cow<'_, str> {
    match relation::split(field) {
        Ok(mut parts) if parts.len() == 1 => parts.remove(0),
        Ok(_) | Err(_) => Cow::Borrowed(field),
    }
}

/// The relation of one to three parts, with `database.name` if they lack a database.
fn relation<'a>(
    mut parts: Vec<Cow<'a, str>>,
    fields: &store::Table<'a>,
    connection: &ConnectionType,
) -> Relation<'a> {
    let name = parts.pop().unwrap_or_default();
    let schema = parts.pop();
    let shown = fields.database.and_then(|database| database.name.text());
    let database = parts.pop().or(shown.map(unquoted));
    connection.relation(database, schema, name)
}

#[cfg(test)]
mod tests {
    use super::super::wire;
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let wire: wire::Table<'_> = serde_json::from_str(json).expect(json);
        let shown = match table(&store::Table::from(&wire)) {
            None => "hidden".to_owned(),
            Some(Table {
                name:
                    Ok(Relation {
                        database,
                        schema,
                        name,
                    }),
                ..
            }) => {
                format!(
                    "{}|{}|{name}",
                    database.unwrap_or_default(),
                    schema.unwrap_or_default()
                )
            }
            Some(Table {
                name: Err(unreadable),
                ..
            }) => unreadable.reason.to_string(),
        };
        assert_eq!(shown, expected, "{json}");
    }

    #[test]
    fn full_name_is_trusted_before_the_fields() {
        check(
            r#"{"fullName":"[D].[S].[T]","schema":"X","name":"Y","database":{"name":"Z"}}"#,
            "D|S|T",
        );
        check(
            r#"{"fullName":"[S].[T]","schema":"X","name":"Y","database":{"name":"D"}}"#,
            "D|S|T",
        );
        check(
            r#"{"fullName":"[public].[actor]","schema":"public1","name":"actor","database":{"name":"dvd"}}"#,
            "dvd|public|actor",
        );
        check(
            r#"{"fullName":"[T]","schema":"S","name":"T","database":{"name":"D"}}"#,
            "D||T",
        );
        check(
            r#"{"fullName":"a.b.c.d","name":"d"}"#,
            "its name has 4 parts, as with a linked server",
        );
        check(
            r#"{"fullName":"[a","name":"a"}"#,
            "its name cannot be read: ] is not closed",
        );
    }

    #[test]
    fn fields_replace_a_missing_full_name() {
        check(
            r#"{"schema":"S","name":"T","database":{"name":"D"}}"#,
            "D|S|T",
        );
        check(
            r#"{"schema":"","fullName":"","name":"T","database":null}"#,
            "||T",
        );
        check(
            r#"{"schema":"S","name":"odd.name","database":{"name":"D"}}"#,
            "D|S|odd.name",
        );
        check(
            r#"{"schema":"S","name":"odd..name","database":{"name":"D"}}"#,
            "D|S|odd..name",
        );
        check(
            r#"{"schema":"S","name":" [T] ","database":{"name":"D"}}"#,
            "D|S| [T] ",
        );
        check(
            r#"{"schema":"S","name":"S.T","connectionType":"sqlserver","database":{"name":"D"}}"#,
            "D|S|S.T",
        );
        check(r#"{"name":null,"fullName":null}"#, "hidden");
        check(
            r#"{"schema":"last","name":"T","connectionType":"athena","database":{"name":"D"}}"#,
            "D||T",
        );
        check(
            r#"{"schema":"last","name":"T","connectionType":"exasol","database":{"name":"D"}}"#,
            "D||T",
        );
    }

    #[test]
    fn redshift_repeats_the_schema() {
        check(
            r#"{"schema":"dw","name":"dw.client","fullName":"dw.client","connectionType":"redshift","database":{"name":"D"}}"#,
            "D|dw|client",
        );
        check(
            r#"{"schema":"dw","name":"dw.client","connectionType":"redshift","database":{"name":"D"}}"#,
            "D|dw|client",
        );
        check(
            r#"{"schema":"dw","name":"dw.","connectionType":"redshift_odbc","database":{"name":"D"}}"#,
            "D|dw|dw.",
        );
        check(
            r#"{"schema":"dw","name":"dwh.client","connectionType":"redshift_odbc","database":{"name":"D"}}"#,
            "D|dw|dwh.client",
        );
    }

    #[test]
    fn two_level_platforms_have_no_database() {
        check(
            r#"{"fullName":"[T]","connectionType":"mysql","database":{"name":"shop"}}"#,
            "|shop|T",
        );
        check(
            r#"{"fullName":"[shop].[T]","connectionType":"clickhouse","database":{"name":"SHOP"}}"#,
            "|shop|T",
        );
        check(
            r#"{"fullName":"[awsdatacatalog].[shop].[T]","connectionType":"athena"}"#,
            "awsdatacatalog|shop|T",
        );
    }
}
