//! The errors that Tableau sends beside its data, and what to do about each.
//!
//! Codes: the Metadata API's page of errors. Severity as on the wire; an error without one is
//! not taken for a warning.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::{Value, json};

/// The `errors` of an answer. GraphQL gives a list; a proxy or a script may leave one error on
/// its own or as a text, and none may be lost, since nothing is removed on account of a list that
/// an error cut short.
#[derive(Debug, Default)]
pub(super) struct Errors(pub(super) Vec<GraphqlError>);

impl<'de> Deserialize<'de> for Errors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Null => Vec::new(),
            Value::Array(entries) => entries.into_iter().map(GraphqlError::of_entry).collect(),
            entry => vec![GraphqlError::of_entry(entry)],
        }))
    }
}

/// One entry of `errors` in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GraphqlError {
    message: Option<String>,
    path: Value,
    extensions: Value,
}

/// How the names of sections and fields begin that tell what a workbook reads.
const LINEAGE: [&str; 11] = [
    "customSQLTables",
    "databaseTables",
    "databases",
    "databaseServers",
    "datasources",
    "embeddedDatasources",
    "flows",
    "publishedDatasources",
    "tables",
    "upstream",
    "virtualConnection",
];

/// What the codes of calls that failed as a whole begin with.
const HTTP: &str = "HTTP status ";
const REST: &str = "REST API error ";

impl GraphqlError {
    /// A call to the Metadata API that failed as a whole, with the status and its text.
    pub(super) fn of_status(status: u64, text: &str) -> Self {
        Self::of_call(format!("{HTTP}{status}"), text)
    }

    /// An error of the REST API, with its code and text.
    pub(super) fn of_rest(code: &str, text: &str) -> Self {
        Self::of_call(format!("{REST}{code}"), text)
    }

    /// One entry, whatever it is: what cannot be read of it says less, and is an error all the same.
    fn of_entry(mut entry: Value) -> Self {
        let mut take = |key| entry.get_mut(key).map(Value::take).unwrap_or_default();
        let (message, path, extensions) = (take("message"), take("path"), take("extensions"));
        let message = match (message, entry) {
            (Value::String(text), _) | (Value::Null, Value::String(text)) => Some(text),
            (Value::Null, _) => None,
            (other, _) => Some(other.to_string()),
        };
        Self {
            message,
            path,
            extensions,
        }
    }

    fn of_call(code: String, text: &str) -> Self {
        Self {
            message: Some(text.to_owned()).filter(|text| !text.is_empty()),
            path: Value::Null,
            extensions: json!({ "code": code }),
        }
    }

    /// Tableau's code, else what the message tells, else the class that the GraphQL library gives.
    pub(super) fn code(&self) -> &str {
        let given = |key: &str| self.extensions.get(key)?.as_str();
        given("code").unwrap_or_else(|| {
            let message = self.message();
            if message.contains("time limit") || message.contains("timeout") {
                "TIME_LIMIT_EXCEEDED"
            } else if message.contains("FieldUndefined") {
                "FIELD_UNDEFINED"
            } else {
                given("classification").unwrap_or("UNKNOWN")
            }
        })
    }

    /// Tableau's own words.
    pub(super) fn message(&self) -> &str {
        self.message.as_deref().unwrap_or("no message")
    }

    /// The sections of `data` that it is about; empty if it may be about all.
    pub(super) fn sections(&self) -> Vec<&str> {
        let named = self.extensions.get("properties").and_then(Value::as_object);
        let named = named.into_iter().flat_map(|properties| {
            properties
                .iter()
                .filter(|(_, value)| value.is_array())
                .map(|(key, _)| key.as_str())
        });
        let first = self.path.get(0).and_then(Value::as_str);
        first
            .into_iter()
            .chain(named)
            .map(|section| section.strip_suffix("Connection").unwrap_or(section))
            .collect()
    }

    /// Whether the list of workbooks may lack some because of it.
    pub(super) fn concerns_workbooks(&self) -> bool {
        let sections = self.sections();
        sections.is_empty() || sections.contains(&"workbooks")
    }

    /// Whether something that workbooks read may be missing because of it.
    pub(super) fn concerns_lineage(&self) -> bool {
        let path = self.path.as_array().into_iter().flatten();
        let fields = path.filter_map(Value::as_str);
        let sections = self.sections();
        sections.is_empty()
            || sections
                .into_iter()
                .chain(fields)
                .any(|name| LINEAGE.iter().any(|part| name.starts_with(part)))
    }

    /// What to do about it.
    pub(super) fn advice(&self) -> &'static str {
        let code = self.code();
        let of = |prefix: &str| code.strip_prefix(prefix).unwrap_or_default();
        if of(HTTP) == "401" || of(REST).starts_with("401") {
            return "the token had expired or was not accepted; sign in and export again";
        }
        if !of(REST).is_empty() {
            return "export from the Metadata API: `POST /api/metadata/graphql`";
        }
        match code {
            "ACCESS_DENIED" => "use a token of a user who may use the Metadata API",
            "BACKFILL_RUNNING" => {
                "Tableau is still building its metadata store, which can take days; export again later"
            }
            "FEATURE_DISABLED" => {
                "a server administrator must run `tsm maintenance metadata-services enable`"
            }
            "SITE_DISABLED" => "the Metadata API is off for this site; ask its administrator",
            "FILTER_REQUIRED" => {
                "this token may only query with a filter; use one of a site administrator"
            }
            "PERMISSIONS_MODE_SWITCHED" | "USER_VISIBILITY_IS_LIMITED" => {
                "the token may not see everything; use one of a site administrator, or leave the filter on sensitive fields out"
            }
            "INHERITANCE_INCOMPLETE" | "LINKED_RESULTS_INCOMPLETE" => {
                "the token may not see everything; use one of a site administrator"
            }
            "NODE_LIMIT_EXCEEDED" | "NullValueInNonNullableField" => {
                "ask for fewer objects at once: a smaller `first` in the query"
            }
            "MAX_PAGE_SIZE_EXCEEDED" => {
                "Tableau gives at most 1000 objects a page; ask for the following pages as well"
            }
            "TIME_LIMIT_EXCEEDED" => "the query took too long; ask for fewer objects at once",
            "RATE_EXCEEDED" => "too many requests; wait and export again",
            "INVALID_ARGUMENT" => "the query is not valid; correct it and export again",
            "FIELD_UNDEFINED" => "this Tableau version lacks a field of the query; leave it out",
            _ => "export again; if it stays, ask for fewer objects at once",
        }
    }
}
