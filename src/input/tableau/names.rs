//! A table's name out of the fields in which Tableau spreads it.

use std::borrow::Cow;

use super::wire;
use crate::model::relation::{self, Relation};
use crate::model::tableau::UnreadableName;
use crate::model::{ConnectionType, Table};

/// The table behind Tableau's fields; `None` if neither `name` nor `fullName` is to be seen.
///
/// In order of trust: `fullName` with three parts; with two, and `database.name`; without
/// `fullName`, `schema`, `name` and `database.name`; else only the name is known.
pub(super) fn table<'a>(wire: &wire::Table<'a>) -> Option<Table<'a>> {
    let connection = connection(&wire.connection_type, &wire.database);
    let shown = wire.full_name.text().or_else(|| wire.name.text())?.clone();
    let parts = match wire.full_name.text() {
        Some(full_name) => of_full_name(full_name),
        None => of_fields(wire, &connection),
    };
    let unreadable = |reason: String| UnreadableName { shown: shown.clone(), reason };
    let name = match parts {
        Err(error) => Err(unreadable(format!("its name cannot be read: {error}"))),
        Ok(parts) if parts.len() > 3 => {
            Err(unreadable(format!("its name has {} parts, as of a linked server", parts.len())))
        }
        Ok(parts) => Ok(relation(parts, wire, &connection)),
    };
    Some(Table { name, connection })
}

/// The connection type of a table or custom SQL: its own, else its database's.
pub(super) fn connection<'a>(
    own: &Option<wire::Text<'a>>,
    database: &Option<wire::Database<'a>>,
) -> ConnectionType<'a> {
    let of_database = database.as_ref().and_then(|database| database.connection_type.as_ref());
    let given =
        [own.as_ref(), of_database].into_iter().flatten().find(|text| !text.0.trim().is_empty());
    ConnectionType::new(given.map(|text| text.0.clone()))
}

type Parts<'a> = Result<Vec<Cow<'a, str>>, relation::NameError>;

fn of_full_name<'a>(full_name: &Cow<'a, str>) -> Parts<'a> {
    split(full_name)
}

/// `schema` and `name`; `name` alone where `schema` is not to be trusted.
fn of_fields<'a>(wire: &wire::Table<'a>, connection: &ConnectionType) -> Parts<'a> {
    let name = wire.name.text().cloned().unwrap_or_default();
    let schema = wire.schema.text().filter(|_| !connection.has_unreliable_schema());
    let Some(schema) = schema else {
        return split(&name);
    };
    let name = match split(&name) {
        // Redshift repeats the schema in front of the name.
        Ok(parts) if parts.len() == 2 && parts[0] == *schema => return Ok(parts),
        Ok(mut parts) if parts.len() == 1 => parts.remove(0),
        // Beside a schema, a bare name is the name as it is, dots and all.
        _ => name,
    };
    Ok(vec![unquoted(schema), name])
}

/// A field that holds one identifier, which may still be in quotes.
fn unquoted<'a>(field: &Cow<'a, str>) -> Cow<'a, str> {
    match split(field) {
        Ok(mut parts) if parts.len() == 1 => parts.remove(0),
        _ => field.clone(),
    }
}

fn split<'a>(text: &Cow<'a, str>) -> Parts<'a> {
    match text {
        Cow::Borrowed(text) => relation::split(text),
        Cow::Owned(text) => Ok(relation::split(text)?
            .into_iter()
            .map(|part| Cow::Owned(part.into_owned()))
            .collect()),
    }
}

/// One to three parts into a relation, completed by `database.name` where it fits.
fn relation<'a>(
    mut parts: Vec<Cow<'a, str>>,
    wire: &wire::Table<'a>,
    connection: &ConnectionType,
) -> Relation<'a> {
    let name = parts.pop().unwrap_or_default();
    let mut schema = parts.pop();
    let beside = wire.database.as_ref().and_then(|database| database.name.text()).map(unquoted);
    let mut database = parts.pop().or(beside);
    if connection.is_two_level() {
        // Here the database *is* the schema: it stands in for a missing one and says nothing more
        // than a given one.
        if schema.is_none() && !connection.has_unreliable_schema() {
            schema = database.take();
        } else if database.as_deref().map(relation::folded)
            == schema.as_deref().map(relation::folded)
        {
            database = None;
        }
    }
    Relation { database, schema, name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let wire: wire::Table<'_> = serde_json::from_str(json).expect(json);
        let shown = match table(&wire) {
            None => "hidden".to_owned(),
            Some(Table { name: Ok(Relation { database, schema, name }), .. }) => {
                format!("{}|{}|{name}", database.unwrap_or_default(), schema.unwrap_or_default())
            }
            Some(Table { name: Err(unreadable), .. }) => unreadable.reason,
        };
        assert_eq!(shown, expected, "{json}");
    }

    #[test]
    fn full_name_is_trusted_before_the_fields() {
        check(
            r#"{"fullName":"[D].[S].[T]","schema":"X","name":"Y","database":{"name":"Z"}}"#,
            "D|S|T",
        );
        check(r#"{"fullName":"[S].[T]","schema":"X","name":"Y","database":{"name":"D"}}"#, "D|S|T");
        check(
            r#"{"fullName":"[public].[actor]","schema":"public1","name":"actor","database":{"name":"dvd"}}"#,
            "dvd|public|actor",
        );
        check(r#"{"fullName":"[T]","schema":"S","name":"T","database":{"name":"D"}}"#, "D||T");
        check(
            r#"{"fullName":"a.b.c.d","name":"d"}"#,
            "its name has 4 parts, as of a linked server",
        );
        check(r#"{"fullName":"[a","name":"a"}"#, "its name cannot be read: ] is not closed");
    }

    #[test]
    fn fields_stand_in_for_a_full_name() {
        check(r#"{"schema":"S","name":"T","database":{"name":"D"}}"#, "D|S|T");
        check(r#"{"schema":"","fullName":"","name":"T","database":null}"#, "||T");
        check(r#"{"schema":"S","name":"odd.name","database":{"name":"D"}}"#, "D|S|odd.name");
        check(r#"{"schema":"S","name":"odd..name","database":{"name":"D"}}"#, "D|S|odd..name");
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
