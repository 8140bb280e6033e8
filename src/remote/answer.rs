//! What a page of the Metadata API means: taken, asked for again, or the end of the run.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::input::tableau::{Errors, GraphqlError};

/// One page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The objects; `None` for those that came as null.
    pub(super) nodes: Vec<Option<Node>>,
    /// Where the next page begins; `None` after the last one.
    pub(super) next: Option<String>,
    /// Whether the page says if there is another one.
    pub(super) is_told: bool,
    /// How many objects the site has.
    pub(super) total: Option<u64>,
    /// Codes and words of errors beside the data.
    pub(super) warnings: Vec<(String, String)>,
}

/// What is needed here of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Node {
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) luid: Option<String>,
}

/// What to do with an answer.
#[derive(Debug)]
pub(super) enum Meaning {
    /// It is a page.
    Page(Page),
    /// It asked for too much. With what came all the same, and why.
    TooMuch(Page, String),
    /// Tableau asks to wait.
    TooOften,
    /// The server does not know these fields: paths below the list.
    Unknown(Vec<Vec<String>>),
    /// The server does not know the list.
    UnknownSection,
    /// It will not get better.
    Refused { message: String, help: &'static str },
    /// It is not JSON of the Metadata API.
    NotAnAnswer,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    data: Option<BTreeMap<String, Option<&'a RawValue>>>,
    #[serde(default)]
    errors: Option<Errors>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePage {
    #[serde(default)]
    nodes: Option<Vec<Option<Node>>>,
    #[serde(default)]
    page_info: Option<PageInfo>,
    #[serde(default)]
    total_count: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    #[serde(default)]
    has_next_page: Option<bool>,
    #[serde(default)]
    end_cursor: Option<String>,
}

/// Reads an answer to a query for one list.
pub(super) fn read(body: &[u8], edge: &str) -> Meaning {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return Meaning::NotAnAnswer;
    };
    let errors = answer.errors.map(|Errors(errors)| errors);
    let errors = errors.unwrap_or_default();
    if answer.data.is_none() && errors.is_empty() {
        return Meaning::NotAnAnswer;
    }
    let list = answer.data.and_then(|mut data| data.remove(edge).flatten());
    let page = list.map(|list| serde_json::from_str::<WirePage>(list.get()));
    let (page, is_readable) = match page {
        Some(Ok(page)) => (page.into(), true),
        Some(Err(_)) | None => (Page::default(), false),
    };
    judge(page, is_readable, &errors, edge)
}

impl From<WirePage> for Page {
    fn from(wire: WirePage) -> Self {
        let info = wire.page_info;
        let has_next = info.as_ref().and_then(|info| info.has_next_page);
        let cursor = info.and_then(|info| info.end_cursor);
        Self {
            nodes: wire.nodes.unwrap_or_default(),
            next: cursor.filter(|_| has_next == Some(true)),
            is_told: has_next.is_some(),
            total: wire.total_count,
            warnings: Vec::new(),
        }
    }
}

/// What the errors beside a page make of it. The worst of them decides.
fn judge(mut page: Page, is_readable: bool, errors: &[GraphqlError], edge: &str) -> Meaning {
    let unknown = errors.iter().filter_map(GraphqlError::undefined_field);
    let unknown = unknown.collect::<Vec<_>>();
    if let Some(refused) = errors.iter().find(|error| is_final(error)) {
        return Meaning::Refused {
            message: format!("{}: {}", refused.code(), refused.message()),
            help: refused.advice(),
        };
    }
    if !unknown.is_empty() {
        return undefined(unknown, edge);
    }
    if errors.iter().any(|error| error.code() == "RATE_EXCEEDED") {
        return Meaning::TooOften;
    }
    if let Some(too_much) = errors.iter().find(|error| is_too_much(error)) {
        return Meaning::TooMuch(page, too_much.code().to_owned());
    }
    if !is_readable && errors.is_empty() {
        return Meaning::TooMuch(page, "the list is null".to_owned());
    }
    let warnings = errors.iter();
    let warnings = warnings.map(|error| (error.code().to_owned(), error.message().to_owned()));
    page.warnings = warnings.collect();
    Meaning::Page(page)
}

/// The fields that a server does not know, below the objects of a list.
fn undefined(paths: Vec<Vec<String>>, edge: &str) -> Meaning {
    let mut below = Vec::new();
    for path in paths {
        match path.as_slice() {
            [list, nodes, rest @ ..] if list == edge && nodes == "nodes" && !rest.is_empty() => {
                below.push(rest.to_vec());
            }
            [list, ..] if list == edge => return Meaning::UnknownSection,
            _ => {
                return Meaning::Refused {
                    message: format!("this server does not know `{}`", path.join("/")),
                    help: "the Metadata API needs Tableau 2019.3 or newer",
                };
            }
        }
    }
    Meaning::Unknown(below)
}

/// Whether an error stays whatever is asked for.
fn is_final(error: &GraphqlError) -> bool {
    let is_wrong = error.is_of_validation() && error.undefined_field().is_none();
    is_wrong
        || matches!(
            error.code(),
            "ACCESS_DENIED"
                | "FEATURE_DISABLED"
                | "FILTER_REQUIRED"
                | "INVALID_ARGUMENT"
                | "SITE_DISABLED"
        )
}

/// Whether an error may be away with a smaller page. What is not called a warning has cut the page, so
/// what came of it is not trusted.
fn is_too_much(error: &GraphqlError) -> bool {
    match error.code() {
        "BACKFILL_RUNNING"
        | "PERMISSIONS_MODE_SWITCHED"
        | "LINKED_RESULTS_INCOMPLETE"
        | "INHERITANCE_INCOMPLETE"
        | "USER_VISIBILITY_IS_LIMITED" => false,
        "NODE_LIMIT_EXCEEDED" | "TIME_LIMIT_EXCEEDED" | "MAX_PAGE_SIZE_EXCEEDED" => true,
        _ => !error.is_warning(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const EDGE: &str = "workbooksConnection";

    /// What an answer with one object and these errors means, in one word.
    fn means(errors: &Value) -> &'static str {
        let page = json!({
            "nodes": [{"id": "1"}],
            "pageInfo": {"hasNextPage": false, "endCursor": null},
            "totalCount": 1,
        });
        means_beside(&json!({ EDGE: page }), errors)
    }

    fn means_beside(data: &Value, errors: &Value) -> &'static str {
        let answer = json!({"data": data, "errors": errors}).to_string();
        word(read(answer.as_bytes(), EDGE))
    }

    fn word(meaning: Meaning) -> &'static str {
        match meaning {
            Meaning::Page(page) if page.warnings.is_empty() => "whole",
            Meaning::Page(_) => "warned",
            Meaning::TooMuch(..) => "too much",
            Meaning::TooOften => "too often",
            Meaning::Unknown(_) => "unknown field",
            Meaning::UnknownSection => "unknown list",
            Meaning::Refused { .. } => "refused",
            Meaning::NotAnAnswer => "not an answer",
        }
    }

    fn error(code: &str, severity: Option<&str>) -> Value {
        json!([{"message": "m", "extensions": {"code": code, "severity": severity}}])
    }

    /// The codes of <https://help.tableau.com/current/api/metadata_api/en-us/docs/meta_api_errors.html>.
    #[test]
    fn each_code_of_tableau_means_something() {
        for (code, severity, expected) in [
            ("ACCESS_DENIED", None, "refused"),
            ("BACKFILL_RUNNING", Some("WARNING"), "warned"),
            ("FEATURE_DISABLED", None, "refused"),
            ("FILTER_REQUIRED", None, "refused"),
            ("INHERITANCE_INCOMPLETE", Some("WARNING"), "warned"),
            ("INVALID_ARGUMENT", None, "refused"),
            ("LINKED_RESULTS_INCOMPLETE", Some("WARNING"), "warned"),
            ("MAX_PAGE_SIZE_EXCEEDED", Some("WARNING"), "too much"),
            ("NODE_LIMIT_EXCEEDED", Some("WARNING"), "too much"),
            ("PERMISSIONS_MODE_SWITCHED", Some("WARNING"), "warned"),
            ("PERMISSIONS_MODE_SWITCHED", None, "warned"),
            ("RATE_EXCEEDED", None, "too often"),
            ("SITE_DISABLED", None, "refused"),
            ("TIME_LIMIT_EXCEEDED", Some("WARNING"), "too much"),
            ("USER_VISIBILITY_IS_LIMITED", Some("WARNING"), "warned"),
            ("SOMETHING_NEW", Some("WARNING"), "warned"),
            ("SOMETHING_NEW", None, "too much"),
        ] {
            assert_eq!(means(&error(code, severity)), expected, "{code}");
        }
    }

    /// Seen with `extensions: null`, beside data that is cut.
    #[test]
    fn errors_without_a_code_have_cut_the_page() {
        for message in [
            "Reached time limit of PT5S for query execution. Try filtering or simplifying your query",
            "Execution canceled because timeout of 30000 millis was reached",
            "Internal Server Error(s) while executing query",
            "Unexpected error occurred",
            "NullValueInNonNullableField",
        ] {
            let errors = json!([{"message": message, "path": null, "extensions": null}]);
            assert_eq!(means(&errors), "too much", "{message}");
            assert_eq!(means_beside(&Value::Null, &errors), "too much", "{message}");
        }
    }

    #[test]
    fn the_worst_error_decides() {
        let both = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|code| error(code, None)[0].clone());
            means(&json!([one, other]))
        };
        assert_eq!(both("NODE_LIMIT_EXCEEDED", "ACCESS_DENIED"), "refused");
        assert_eq!(both("NODE_LIMIT_EXCEEDED", "RATE_EXCEEDED"), "too often");
        assert_eq!(
            both("PERMISSIONS_MODE_SWITCHED", "NODE_LIMIT_EXCEEDED"),
            "too much"
        );
    }

    #[test]
    fn null_where_something_should_be_is_not_a_whole_page() {
        let none = json!([]);
        assert_eq!(means(&none), "whole");
        assert_eq!(means_beside(&json!({ EDGE: null }), &none), "too much");
        assert_eq!(means_beside(&Value::Null, &none), "not an answer");
        for broken in [
            "",
            "null",
            "[]",
            r#"{"data": {"workbooksConnection": {"no"#,
            "<html>",
        ] {
            assert_eq!(
                word(read(broken.as_bytes(), EDGE)),
                "not an answer",
                "{broken}"
            );
        }
        let answer = json!({"data": {EDGE: {"nodes": [null, {"id": "1"}]}}}).to_string();
        let Meaning::Page(page) = read(answer.as_bytes(), EDGE) else {
            panic!("not a page");
        };
        assert_eq!(
            page.nodes,
            [
                None,
                Some(Node {
                    id: Some("1".to_owned()),
                    luid: None
                })
            ]
        );
        assert!(!page.is_told);
    }

    #[test]
    fn fields_that_a_server_does_not_know_are_named_by_their_path() {
        let undefined = |path: &[&str]| {
            json!([{
                "message": format!("Validation error of type FieldUndefined: Field 'x' in type 'T' is undefined @ '{}'", path.join("/")),
                "validationErrorType": "FieldUndefined",
                "queryPath": path,
                "errorType": "ValidationError",
                "extensions": null,
            }])
        };
        assert_eq!(
            means(&undefined(&[EDGE, "nodes", "projectLuid"])),
            "unknown field"
        );
        assert_eq!(means(&undefined(&[EDGE])), "unknown list");
        assert_eq!(means(&undefined(&["elsewhere"])), "refused");
        let other = json!([{"message": "Validation error of type WrongType", "errorType": "ValidationError", "validationErrorType": "WrongType"}]);
        assert_eq!(means(&other), "refused");
    }
}
