//! What is asked of Tableau, in order, and what the bodies of answers say.

use serde::Deserialize;
use serde_json::{Value, json};

use super::heard::{Lists, Names, Person, Settings, Upstreams, Warned};
use super::unknown::Unknown;
use crate::input::tableau::{EnvelopeUser, Errors, GraphqlError};
use crate::remote::{answer, rest};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Which server it is.
    Greeting,
    /// For a session.
    SignIn,
    /// Who the user is.
    User,
    /// How the site is set.
    Site,
    /// How many objects the REST API lists: the name of the list, and of one of its items.
    Listed(&'static str, &'static str),
    /// Whether the metadata store is built.
    Backfill,
    /// How many objects the Metadata API has.
    Totals,
    /// A page of workbooks, as `fetch` asks for it.
    Page,
    /// The names of the first tables.
    Names,
    /// What is upstream of the first workbooks and flows.
    Upstream,
}

/// All of them, in the order in which they are asked. What asks the Metadata API comes last.
pub(super) const QUESTIONS: [Question; 13] = [
    Question::Greeting,
    Question::SignIn,
    Question::User,
    Question::Site,
    Question::Listed("workbooks", "workbook"),
    Question::Listed("datasources", "datasource"),
    Question::Listed("flows", "flow"),
    Question::Listed("tables", "table"),
    Question::Backfill,
    Question::Totals,
    Question::Page,
    Question::Names,
    Question::Upstream,
];

impl Question {
    /// What its calls are for, as in `cannot sign in`.
    pub(super) fn purpose(self) -> String {
        match self {
            Self::Greeting => "ask the server for its version".to_owned(),
            Self::SignIn => "sign in".to_owned(),
            Self::User => "ask who the user is".to_owned(),
            Self::Site => "ask how the site is set".to_owned(),
            Self::Listed(list, _) => format!("count the {list} by REST"),
            Self::Backfill => "ask whether the metadata store is built".to_owned(),
            Self::Totals => "ask the Metadata API for its totals".to_owned(),
            Self::Page => "read a page of workbooks".to_owned(),
            Self::Names => "read the names of tables".to_owned(),
            Self::Upstream => "read what is upstream of workbooks".to_owned(),
        }
    }

    /// Whether the Metadata API answers it.
    pub(super) fn is_of_metadata(self) -> bool {
        matches!(
            self,
            Self::Totals | Self::Page | Self::Names | Self::Upstream
        )
    }

    /// Its query without what the server does not know; `None` if it is not one, or comes from elsewhere.
    pub(super) fn query(self, unknown: &Unknown) -> Option<String> {
        let query = match self {
            Self::Totals => unknown.totals(),
            Self::Names => unknown.names(),
            Self::Upstream => unknown.upstream(),
            _ => return None,
        };
        Some(json!({ "query": query }).to_string())
    }
}

/// The user of an answer.
pub(super) fn person(body: &[u8]) -> Option<Person> {
    let body = serde_json::from_slice::<Value>(body).ok()?;
    let user = EnvelopeUser::of(body.get("user")?);
    Some(Person {
        name: user.name,
        role: user.site_role,
    })
}

/// The settings of a site, each of which may be missing.
pub(super) fn settings(body: &[u8]) -> Option<Settings> {
    let body = serde_json::from_slice::<Value>(body).ok()?;
    let site = body.get("site")?;
    Some(Settings {
        catalog: flag(site, "catalogingEnabled"),
        derived_permissions: flag(site, "derivedPermissionsEnabled"),
        obfuscates: flag(site, "catalogObfuscationEnabled"),
    })
}

/// A boolean, which may be a text.
fn flag(object: &Value, key: &str) -> Option<bool> {
    match object.get(key)? {
        Value::Bool(is) => Some(*is),
        Value::String(text) => text.to_lowercase().parse().ok(),
        _ => None,
    }
}

/// How many objects a list of the REST API has.
pub(super) fn total(body: &[u8], list: &str, item: &str) -> Option<u64> {
    rest::page(body, list, item)?.total
}

/// What an answer of the Metadata API is.
pub(super) enum Graphql {
    /// Data, with what was warned of beside it.
    Data(Value, Vec<Warned>),
    /// Tableau asks to wait.
    TooOften,
    /// The server does not know something of the query.
    Unknown(Unknown, Warned),
    /// Errors alone, of which this is the first.
    Refused(Warned),
    /// It is not an answer of the Metadata API.
    NotAnAnswer,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    data: Option<Value>,
    #[serde(default)]
    errors: Option<Errors>,
}

/// Reads an answer of the Metadata API.
pub(super) fn graphql(body: &[u8]) -> Graphql {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return Graphql::NotAnAnswer;
    };
    let errors = answer.errors.map(|Errors(errors)| errors);
    let errors = errors.unwrap_or_default();
    if errors.iter().any(|error| error.code() == "RATE_EXCEEDED") {
        return Graphql::TooOften;
    }
    let warned = |error: &GraphqlError| Warned {
        code: error.code().to_owned(),
        message: error.message().to_owned(),
        advice: error.advice(),
    };
    if let Some(error) = errors.iter().find(|error| answer::is_unknown(error)) {
        return Graphql::Unknown(Unknown::of(&errors), warned(error));
    }
    let worst = errors.iter().find(|error| !error.is_warning());
    match (
        answer.data.filter(Value::is_object),
        worst.or(errors.first()),
    ) {
        (Some(data), _)
            if data
                .as_object()
                .is_some_and(|data| data.values().any(Value::is_object)) =>
        {
            Graphql::Data(data, errors.iter().map(warned).collect())
        }
        (_, Some(error)) => Graphql::Refused(warned(error)),
        (_, None) => Graphql::NotAnAnswer,
    }
}

/// The totals of an answer.
pub(super) fn totals(data: &Value) -> Lists<Option<u64>> {
    let total = |list: &str| data.get(list)?.get("totalCount")?.as_u64();
    Lists {
        workbooks: total("workbooksConnection"),
        datasources: total("publishedDatasourcesConnection"),
        flows: total("flowsConnection"),
        tables: total("databaseTablesConnection"),
    }
}

/// How many tables have a name. A null element is a table without one.
pub(super) fn names(data: &Value) -> Names {
    let tables = nodes(data, "databaseTablesConnection");
    let has_name = |table: &&Value| {
        let mut names = ["name", "fullName"].iter();
        names.any(|key| table.get(*key).is_some_and(Value::is_string))
    };
    let named = tables.iter().filter(has_name).count();
    Names {
        all: tables.len(),
        nameless: tables.len() - named,
    }
}

/// What is upstream of workbooks and flows.
pub(super) fn upstream(data: &Value) -> Upstreams {
    let workbooks = nodes(data, "workbooksConnection");
    let fewer = workbooks.iter().filter(|workbook| {
        let sources = list(workbook, "embeddedDatasources").iter();
        let of_sources = sources.flat_map(|source| ids(source, "upstreamDatabases"));
        let own = ids(workbook, "upstreamDatabases").collect::<Vec<_>>();
        of_sources.into_iter().any(|id| !own.contains(&id))
    });
    let fewer_databases = fewer.count();
    let flows = nodes(data, "flowsConnection");
    let without = flows
        .iter()
        .filter(|flow| list(flow, "upstreamTables").is_empty());
    Upstreams {
        workbooks: workbooks.len(),
        fewer_databases,
        flows: flows.len(),
        flows_without: without.count(),
    }
}

fn nodes<'v>(data: &'v Value, connection: &str) -> &'v [Value] {
    data.get(connection)
        .map_or(&[], |connection| list(connection, "nodes"))
}

fn list<'v>(object: &'v Value, key: &str) -> &'v [Value] {
    let items = object.get(key).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

fn ids<'v>(object: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    list(object, key)
        .iter()
        .filter_map(|one| one.get("id")?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_may_be_texts_or_missing() {
        let body = br#"{"site":{"catalogingEnabled":"true","derivedPermissionsEnabled":false}}"#;
        let read = settings(body).expect("a site");
        assert_eq!(read.catalog, Some(true));
        assert_eq!(read.derived_permissions, Some(false));
        assert_eq!(read.obfuscates, None);
        assert_eq!(settings(b"{}"), None);
    }

    #[test]
    fn null_in_place_of_all_lists_is_not_data() {
        let null = br#"{"data":{"workbooksConnection":null},"errors":[{"message":"m","extensions":{"code":"X"}}]}"#;
        assert!(matches!(graphql(null), Graphql::Refused(warned) if warned.code == "X"));
        assert!(matches!(graphql(br#"{"data":null}"#), Graphql::NotAnAnswer));
        let rate = br#"{"errors":[{"message":"m","extensions":{"code":"RATE_EXCEEDED"}}]}"#;
        assert!(matches!(graphql(rate), Graphql::TooOften));
    }

    #[test]
    fn names_and_databases_that_are_missing_are_counted() {
        let data = json!({"databaseTablesConnection": {"nodes": [
            {"name": "a"}, {"name": null, "fullName": null}, null, {"fullName": "[s].[b]"},
        ]}});
        assert_eq!(
            names(&data),
            Names {
                all: 4,
                nameless: 2
            }
        );
        let data = json!({
            "workbooksConnection": {"nodes": [
                {"upstreamDatabases": [{"id": "1"}], "embeddedDatasources": [{"upstreamDatabases": [{"id": "1"}, {"id": "2"}]}]},
                {"upstreamDatabases": [{"id": "1"}], "embeddedDatasources": [{"upstreamDatabases": [{"id": "1"}]}]},
            ]},
            "flowsConnection": {"nodes": [{"upstreamTables": []}]},
        });
        let read = upstream(&data);
        assert_eq!((read.workbooks, read.fewer_databases), (2, 1));
        assert_eq!((read.flows, read.flows_without), (1, 1));
    }
}
