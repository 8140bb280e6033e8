//! The errors that Tableau returns along with data, and what to do about each.
//!
//! Codes: the Metadata API's page of errors.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::{Value, json};

/// The `errors` of a response. GraphQL returns a list; a proxy or a script may leave a single error
/// or a text. None may be lost: a list that an error cut short does not prove that anything is gone.
#[derive(Debug, Default)]
pub(crate) struct Errors(pub(crate) Vec<GraphqlError>);

impl<'de> Deserialize<'de> for Errors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Null => Vec::new(),
            Value::Array(entries) => entries.into_iter().map(GraphqlError::from_entry).collect(),
            entry => vec![GraphqlError::from_entry(entry)],
        }))
    }
}

/// The `error` of a call that failed as a whole. The REST API has an object with a code, the
/// Metadata API a text with the HTTP status next to it.
pub(super) struct CallError {
    code: Option<String>,
    text: String,
}

impl<'de> Deserialize<'de> for CallError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let part = |key: &str| value.get(key).and_then(Value::as_str);
        let parts = [value.as_str(), part("summary"), part("detail")];
        Ok(Self {
            code: part("code").map(str::to_owned),
            text: parts.into_iter().flatten().collect::<Vec<_>>().join(": "),
        })
    }
}

impl CallError {
    /// The error with its REST code, else with this HTTP status; `None` without either, since it
    /// may be any other object.
    pub(super) fn with_status(&self, status: Option<u64>) -> Option<GraphqlError> {
        let code = match (&self.code, status) {
            (Some(code), _) => format!("{REST}{code}"),
            (None, Some(status)) => format!("{HTTP}{status}"),
            (None, None) => return None,
        };
        Some(GraphqlError {
            message: Some(self.text.clone()).filter(|text| !text.is_empty()),
            path: Value::Null,
            extensions: json!({ "code": code }),
            validation: Value::Null,
            query_path: Value::Null,
        })
    }
}

/// What the codes of calls that failed as a whole begin with.
const HTTP: &str = "HTTP status ";
const REST: &str = "REST API error ";
/// The class of a field that the server does not know.
const UNDEFINED: &str = "FieldUndefined";

/// The beginnings of the names of sections and fields that show what a workbook reads.
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

/// One entry of `errors` in a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GraphqlError {
    message: Option<String>,
    path: Value,
    extensions: Value,
    /// Of what was wrong with a query: its class, and the way to the field.
    validation: Value,
    query_path: Value,
}

impl GraphqlError {
    /// One entry in any form: an error without readable fields is still an error.
    fn from_entry(mut entry: Value) -> Self {
        let mut take = |key| entry.get_mut(key).map(Value::take).unwrap_or_default();
        let (message, path, extensions) = (take("message"), take("path"), take("extensions"));
        let (validation, query_path) = (take("validationErrorType"), take("queryPath"));
        let message = match (message, entry) {
            (Value::String(text), _) | (Value::Null, Value::String(text)) => Some(text),
            (Value::Null, _) => None,
            (other, _) => Some(other.to_string()),
        };
        Self {
            message,
            path,
            extensions,
            validation,
            query_path,
        }
    }

    #[cfg(feature = "fetch")]
    /// The path of a field of the query that the server does not know: from `queryPath`, else from the
    /// message, which ends in `… is undefined @ 'workbooksConnection/nodes/x'` or, as newer versions of
    /// graphql-java write it, begins with `… (FieldUndefined@[workbooksConnection/nodes/x])`.
    pub(crate) fn undefined_field(&self) -> Option<Vec<String>> {
        if self.validation.as_str() != Some(UNDEFINED) && !self.message().contains(UNDEFINED) {
            return None;
        }
        let path = self.query_path.as_array().into_iter().flatten();
        let path = path.filter_map(|part| Some(part.as_str()?.to_owned()));
        let path = path.collect::<Vec<_>>();
        if !path.is_empty() {
            return Some(path);
        }
        let between = |open: &str, close: char| {
            let (_, rest) = self.message().split_once(open)?;
            Some(rest.split_once(close)?.0)
        };
        let path = between("@ '", '\'').or_else(|| between("@[", ']'))?;
        Some(path.split('/').map(str::to_owned).collect())
    }

    #[cfg(feature = "fetch")]
    /// Whether the query itself is wrong.
    pub(crate) fn is_of_validation(&self) -> bool {
        self.validation.is_string() || self.message().starts_with("Validation error")
    }

    #[cfg(feature = "fetch")]
    /// Whether Tableau calls it a warning. Silence is not one.
    pub(crate) fn is_warning(&self) -> bool {
        let severity = self.extensions.get("severity").and_then(Value::as_str);
        severity.is_some_and(|severity| severity.eq_ignore_ascii_case("warning"))
    }

    /// Tableau's code, else what the message shows, else the class that the GraphQL library gives.
    pub(crate) fn code(&self) -> &str {
        let given = |key: &str| self.extensions.get(key)?.as_str();
        given("code").unwrap_or_else(|| {
            let message = self.message();
            if message.contains("time limit") || message.contains("timeout") {
                "TIME_LIMIT_EXCEEDED"
            } else if message.contains(UNDEFINED) {
                "FIELD_UNDEFINED"
            } else {
                given("classification").unwrap_or("UNKNOWN")
            }
        })
    }

    /// Tableau's own words.
    pub(crate) fn message(&self) -> &str {
        self.message.as_deref().unwrap_or("no message")
    }

    /// The sections of `data` that it concerns; empty if it may concern all.
    pub(super) fn sections(&self) -> Vec<&str> {
        let properties = self.extensions.get("properties").and_then(Value::as_object);
        let named = properties
            .into_iter()
            .flatten()
            .filter(|(_, value)| value.is_array())
            .map(|(key, _)| key.as_str());
        let first = self.path.get(0).and_then(Value::as_str);
        first
            .into_iter()
            .chain(named)
            .map(|section| section.strip_suffix("Connection").unwrap_or(section))
            .collect()
    }

    /// Whether it may have cut the list of workbooks short.
    pub(super) fn concerns_workbooks(&self) -> bool {
        let sections = self.sections();
        sections.is_empty() || sections.contains(&"workbooks")
    }

    /// Whether it may have left out something that workbooks read.
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
    pub(crate) fn advice(&self) -> &'static str {
        let code = self.code();
        if let Some(advice) = advice_on_call(code) {
            return advice;
        }
        match code {
            "ACCESS_DENIED" => "use the token of a user who is allowed to use the Metadata API",
            "BACKFILL_RUNNING" => {
                "Tableau is still building its metadata store, which can take days; repeat the export later"
            }
            "FEATURE_DISABLED" => {
                "a server administrator must run `tsm maintenance metadata-services enable`"
            }
            "SITE_DISABLED" => "the Metadata API is off for this site; ask its administrator",
            "FILTER_REQUIRED" => {
                "this token is only allowed to query with a filter; use the token of a site administrator"
            }
            "PERMISSIONS_MODE_SWITCHED" | "USER_VISIBILITY_IS_LIMITED" => {
                "the token is not allowed to see everything; use the token of a site administrator, or remove the filter on sensitive fields"
            }
            "INHERITANCE_INCOMPLETE" | "LINKED_RESULTS_INCOMPLETE" => {
                "the token is not allowed to see everything; use the token of a site administrator"
            }
            "NODE_LIMIT_EXCEEDED" | "NullValueInNonNullableField" => {
                "request fewer objects per page: a smaller `first` in the query"
            }
            "MAX_PAGE_SIZE_EXCEEDED" => {
                "Tableau returns at most 1000 objects per page; request the following pages as well"
            }
            "TIME_LIMIT_EXCEEDED" => "the query took too long; request fewer objects per page",
            "RATE_EXCEEDED" => "too many requests; wait and repeat the export",
            "INVALID_ARGUMENT" => "the query is not valid; correct it and repeat the export",
            "FIELD_UNDEFINED" => {
                "this Tableau version does not know a field of the query; remove it"
            }
            _ => "repeat the export; if it persists, request fewer objects per page",
        }
    }
}

/// What to do about a call that failed as a whole.
fn advice_on_call(code: &str) -> Option<&'static str> {
    let status = code.strip_prefix(HTTP).unwrap_or_default();
    let rest = code.strip_prefix(REST).unwrap_or_default();
    if status == "401" || rest.starts_with("401") {
        Some("the token has expired or was not accepted; sign in and repeat the export")
    } else if rest.is_empty() {
        None
    } else {
        Some("export from the Metadata API: `POST /api/metadata/graphql`")
    }
}
