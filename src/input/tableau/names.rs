//! A table's name out of the fields in which Tableau spreads it.

use std::borrow::Cow;

use super::store;
use crate::model::relation::{self, Relation};
use crate::model::tableau::UnreadableName;
use crate::model::{ConnectionType, NameProblem, Table};

/// The table behind Tableau's fields; `None` if neither `name` nor `fullName` is to be seen.
///
/// In order of trust: `fullName` with three parts; with two, and `database.name`; without
/// `fullName`, `schema`, `name` and `database.name`; else only the name is known.
pub(super) fn table<'a>(facts: &store::Table<'a>) -> Option<Table<'a>> {
    let connection = connection(facts.connection_type, facts.database);
    let shown = facts.full_name.text().or_else(|| facts.name.text())?;
    let parts = match facts.full_name.text() {
        Some(full_name) => relation::split(full_name),
        None => of_fields(facts, &connection),
    };
    let name = match parts {
        Err(error) => Err(NameProblem::Malformed(error)),
        Ok(parts) if parts.len() > 3 => Err(NameProblem::TooManyParts(parts.len())),
        Ok(parts) => Ok(relation(parts, facts, &connection)),
    };
    let name = name.map_err(|reason| UnreadableName {
        shown: Cow::Borrowed(shown),
        reason,
    });
    Some(Table { name, connection })
}

/// The connection type of a table or custom SQL: its own, else its database's.
pub(super) fn connection<'a>(
    own: Option<&'a str>,
    database: Option<store::Database<'a>>,
) -> ConnectionType<'a> {
    let of_database = database.and_then(|database| database.connection_type);
    let given = [own, of_database]
        .into_iter()
        .flatten()
        .find(|text| !text.trim().is_empty());
    ConnectionType::new(given.map(Cow::Borrowed))
}

type Parts<'a> = Result<Vec<Cow<'a, str>>, relation::NameError>;

/// `schema` and `name`; `name` alone where `schema` is not to be trusted.
fn of_fields<'a>(facts: &store::Table<'a>, connection: &ConnectionType) -> Parts<'a> {
    let name = facts.name.text().unwrap_or_default();
    let schema = facts
        .schema
        .text()
        .filter(|_| !connection.has_unreliable_schema());
    let Some(schema) = schema else {
        return relation::split(name);
    };
    let name = match relation::split(name) {
        // Redshift repeats the schema in front of the name.
        Ok(parts) if parts.len() == 2 && parts[0] == *schema => return Ok(parts),
        Ok(mut parts) if parts.len() == 1 => parts.remove(0),
        // Beside a schema, a bare name is the name as it is, dots and all.
        _ => Cow::Borrowed(name),
    };
    Ok(vec![unquoted(schema), name])
}

/// A field that holds one identifier, which may still be in quotes.
fn unquoted(field: &str) -> Cow<'_, str> {
    match relation::split(field) {
        Ok(mut parts) if parts.len() == 1 => parts.remove(0),
        _ => Cow::Borrowed(field),
    }
}

/// One to three parts into a relation, completed by `database.name` where it fits.
fn relation<'a>(
    mut parts: Vec<Cow<'a, str>>,
    facts: &store::Table<'a>,
    connection: &ConnectionType,
) -> Relation<'a> {
    let name = parts.pop().unwrap_or_default();
    let mut schema = parts.pop();
    let beside = facts
        .database
        .and_then(|database| database.name.text())
        .map(unquoted);
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
    Relation {
        database,
        schema,
        name,
    }
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
            "its name has 4 parts, as of a linked server",
        );
        check(
            r#"{"fullName":"[a","name":"a"}"#,
            "its name cannot be read: ] is not closed",
        );
    }

    #[test]
    fn fields_stand_in_for_a_full_name() {
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
