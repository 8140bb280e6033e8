//! What answers of the Metadata API mean.

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
    assert_eq!(page.has_next, None);
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
