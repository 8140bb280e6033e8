//! Pages that are cut, that are too large, or that contradict each other.

use super::*;

const WORKBOOKS: &str = "workbooks";

/// Answers so to calls for workbooks.
fn workbooks(
    answer: impl Fn(&Called) -> Option<Outcome>,
) -> impl Fn(&Called, usize) -> Option<Outcome> {
    move |call, _| {
        let is_of_them = call.section() == Some(WORKBOOKS);
        is_of_them.then(|| answer(call)).flatten()
    }
}

fn message(message: &str) -> Outcome {
    let error = json!({"message": message, "path": null, "extensions": null});
    json(&json!({"data": null, "errors": [error]}))
}

/// The errors that a smaller page makes go away, with an object that came all the same.
fn too_much() -> [Value; 8] {
    let coded = |code: &str, severity: Option<&str>| json!({"message": "m", "extensions": {"code": code, "severity": severity}});
    let plain = |message: &str| json!({"message": message, "path": null, "extensions": null});
    [
        coded("NODE_LIMIT_EXCEEDED", Some("WARNING")),
        coded("TIME_LIMIT_EXCEEDED", Some("WARNING")),
        coded("MAX_PAGE_SIZE_EXCEEDED", Some("WARNING")),
        plain(
            "Reached time limit of PT5S for query execution. Try filtering or simplifying your query",
        ),
        plain("Execution canceled because timeout of 30000 millis was reached"),
        plain("Internal Server Error(s) while executing query"),
        json!({"message": "Unexpected error occurred"}),
        json!({"message": "m", "extensions": {"classification": "NullValueInNonNullableField"}}),
    ]
}

#[test]
fn a_page_that_is_too_large_is_thrown_away_and_asked_for_in_smaller_ones() {
    for error in too_much() {
        for limit in [1, 7, 60] {
            let told = run(
                30,
                workbooks(|call| {
                    let cut = json!({"nodes": [{"id": "cut"}], "pageInfo": {"hasNextPage": false}});
                    let answer = json!({"data": {"workbooksConnection": cut}, "errors": [error]});
                    (call.first() > limit).then(|| json(&answer))
                }),
            );
            told.assert_whole();
            assert_eq!(told.export()["sections"][WORKBOOKS]["count"], 30);
            assert!(!told.export()["answers"].to_string().contains("\"cut\""));
            // Larger pages are tried now and then, not each time.
            assert!(told.of_section(WORKBOOKS).count() <= 60, "{error}");
        }
    }
}

#[test]
fn an_object_that_cannot_be_shown_whole_is_passed_in_every_list() {
    for section in [WORKBOOKS, "customSQLTables", "databaseTables", "flows"] {
        let has_luid = section != "customSQLTables";
        let told = run(3, |call, _| {
            if call.section() != Some(section) {
                return None;
            }
            let is_light =
                call.query().contains("nodes{id luid}") || call.query().contains("nodes{id}");
            if call.query().contains("nodes{id luid}") && !has_luid {
                let path = format!("{section}Connection/nodes/luid");
                return Some(message(&format!(
                    "Validation error of type FieldUndefined: Field 'luid' in type 'T' is undefined @ '{path}'"
                )));
            }
            let is_heavy = (call.from()..call.from() + call.first()).contains(&0);
            (is_heavy && !is_light).then(|| graphql_error("NODE_LIMIT_EXCEEDED", Some("WARNING")))
        });
        let named = if has_luid {
            luid(section, 0)
        } else {
            format!("{section} 0")
        };
        told.assert_incomplete(section, &format!("could not show all of {named}"));
    }
}

#[test]
fn what_cannot_be_passed_ends_its_list_and_the_others_come() {
    let told = run(
        300,
        workbooks(|call| {
            let is_behind = call.from() + call.first() > 250;
            is_behind.then(|| message("Unexpected error occurred"))
        }),
    );
    told.assert_incomplete(
        WORKBOOKS,
        "one of them cannot be passed: Unexpected error occurred",
    );
    assert!(told.waited() <= 30.0, "{:?}", told.waits);
    assert_eq!(told.export()["sections"]["flows"]["complete"], true);
    // Where not one comes, an earlier export is better.
    let told = run(
        300,
        workbooks(|_| Some(message("Unexpected error occurred"))),
    );
    told.assert_failed("not one came");
}

/// A server in trouble for a moment.
#[test]
fn what_fails_for_a_moment_is_waited_for() {
    let mut left = 13;
    let told = run(3, |call, _| {
        call.section()?;
        left -= 1;
        (left > 0).then(|| message("Unexpected error occurred"))
    });
    told.assert_incomplete(WORKBOOKS, &luid(WORKBOOKS, 0));
    assert_eq!(told.export()["sections"][WORKBOOKS]["count"], 3);
}

#[test]
fn null_in_place_of_objects_is_never_whole() {
    let whole = json!({"hasNextPage": false, "endCursor": null});
    let told = run(
        2,
        workbooks(|_| {
            let nodes = json!([null, {"id": "1", "luid": "workbooks-0"}, null]);
            Some(list(
                WORKBOOKS,
                &json!({"nodes": nodes, "pageInfo": whole, "totalCount": null}),
            ))
        }),
    );
    told.assert_incomplete(WORKBOOKS, "Tableau hides 2 of them");
    for null in [
        json!(null),
        json!({"nodes": null, "pageInfo": whole, "totalCount": 0}),
        json!({"pageInfo": whole}),
        json!({"nodes": "none", "pageInfo": whole}),
    ] {
        let told = run(2, |call, _| {
            (call.section() == Some("flows")).then(|| list("flows", &null))
        });
        told.assert_incomplete("flows", "the list is null");
    }
    for body in [
        r#"{"data": null}"#,
        r#"{"data": null, "errors": []}"#,
        "{}",
        "[]",
        "\"x\"",
    ] {
        let told = run(2, |call, _| {
            (call.section() == Some("flows")).then(|| status(200, body))
        });
        told.assert_incomplete("flows", "is not an answer of it");
    }
}

#[test]
fn cursors_that_go_in_circles_end() {
    // Where a page says that the next one begins.
    for way in ["the same", "back", "never the same"] {
        let mut sent = 0;
        let told = run(5, |call, _| {
            if call.section() != Some(WORKBOOKS) {
                return None;
            }
            sent += 1;
            let (object, next) = match (way, call.from()) {
                ("the same", _) => (0, 0),
                ("back", 0) => (0, 1),
                ("back", _) => (1, 0),
                _ => (0, sent),
            };
            Some(list(
                WORKBOOKS,
                &json!({
                    "nodes": [{"id": format!("{object}"), "luid": luid(WORKBOOKS, object)}],
                    "pageInfo": {"hasNextPage": true, "endCursor": next.to_string()},
                    "totalCount": 5,
                }),
            ))
        });
        told.assert_incomplete(WORKBOOKS, "the same pages again and again");
        assert!(told.of_section(WORKBOOKS).count() < 30);
    }
}

#[test]
fn a_page_that_does_not_say_what_follows_is_the_last_one_and_not_whole() {
    for info in [
        json!(null),
        json!({}),
        json!({"hasNextPage": null, "endCursor": "1"}),
        json!({"hasNextPage": true, "endCursor": null}),
        json!({"hasNextPage": true, "endCursor": ""}),
        json!({"hasNextPage": true}),
    ] {
        let told = run(
            1,
            workbooks(|_| {
                let nodes = json!([{"id": "1", "luid": "workbooks-0"}]);
                Some(list(WORKBOOKS, &json!({"nodes": nodes, "pageInfo": info})))
            }),
        );
        told.assert_incomplete(WORKBOOKS, "a page ");
    }
}

#[test]
fn pages_may_be_shorter_than_asked_for_and_repeat_objects() {
    let told = run(
        10,
        workbooks(|call| {
            let from = call.from();
            Some(page(
                WORKBOOKS,
                from.saturating_sub(1)..from + 2,
                from + 2 < 10,
                Some(10),
            ))
        }),
    );
    told.assert_whole();
    assert_eq!(told.export()["sections"][WORKBOOKS]["count"], 10);
    // One object in the place of another.
    let told = run(
        10,
        workbooks(|call| {
            let from = call.from();
            let objects = if from == 0 { 0..5 } else { 4..9 };
            let (next, end) = (from == 0, objects.end);
            let Ok(reply) = page(WORKBOOKS, objects, next, Some(10)) else {
                return None;
            };
            let text = String::from_utf8_lossy(&reply.body);
            let cursor = format!("\"endCursor\":\"{end}\"");
            Some(status(200, &text.replace(&cursor, "\"endCursor\":\"5\"")))
        }),
    );
    told.assert_incomplete(WORKBOOKS, "9 of 10 came");
}

#[test]
fn totals_that_change_are_not_whole_if_something_may_be_missing() {
    let counted = |totals: [usize; 2], last: usize| {
        run(4, move |call, _| {
            if call.section() != Some(WORKBOOKS) {
                return None;
            }
            let from = call.from();
            let (end, total) = if from == 0 {
                (2, totals[0])
            } else {
                (last, totals[1])
            };
            Some(page(WORKBOOKS, from..end, from == 0, Some(total)))
        })
    };
    counted([3, 4], 4).assert_whole();
    counted([5, 4], 4).assert_incomplete(WORKBOOKS, "4 of 5 came");
    counted([4, 5], 4).assert_incomplete(WORKBOOKS, "4 of 5 came");
}

#[test]
fn numbers_may_be_texts_and_texts_numbers() {
    let told = run(
        2,
        workbooks(|_| {
            Some(list(
                WORKBOOKS,
                &json!({
                    "nodes": [{"id": 1, "luid": "workbooks-0"}, {"id": 2, "luid": "workbooks-1"}],
                    "pageInfo": {"hasNextPage": "false", "endCursor": 2},
                    "totalCount": "2",
                }),
            ))
        }),
    );
    told.assert_whole();
    assert_eq!(told.export()["sections"][WORKBOOKS]["total"], 2);
}

/// What is wrong with a query may come with a status that says so.
#[test]
fn errors_count_whatever_the_status_is() {
    let body = |error: &Value| json!({"errors": [error]}).to_string();
    let denied = json!({"message": "m", "extensions": {"code": "ACCESS_DENIED"}});
    let told = run(2, |call, _| {
        call.section().map(|_| status(403, &body(&denied)))
    });
    told.assert_failed("ACCESS_DENIED");
    let slow = json!({"message": "Internal Server Error(s) while executing query"});
    let told = run(
        30,
        workbooks(|call| (call.first() > 10).then(|| status(500, &body(&slow)))),
    );
    told.assert_whole();
    assert!(told.waits.is_empty());
}

#[test]
fn what_is_switched_off_is_said_with_what_to_do() {
    for (code, help) in [
        (
            "FEATURE_DISABLED",
            "tsm maintenance metadata-services enable",
        ),
        ("SITE_DISABLED", "off for this site"),
        ("ACCESS_DENIED", "allowed to use the Metadata API"),
        ("FILTER_REQUIRED", "with a filter"),
        ("INVALID_ARGUMENT", "the query is not valid"),
    ] {
        let told = run(2, |call, _| {
            call.section().map(|_| graphql_error(code, None))
        });
        told.assert_failed(help);
        assert!(told.waits.is_empty(), "{code}");
    }
    let told = run(2, |call, _| call.section().map(|_| rest_error("404003")));
    told.assert_failed("tsm maintenance metadata-services enable");
}

#[test]
fn what_tableau_warns_of_is_missing() {
    for code in [
        "BACKFILL_RUNNING",
        "PERMISSIONS_MODE_SWITCHED",
        "LINKED_RESULTS_INCOMPLETE",
        "INHERITANCE_INCOMPLETE",
        "USER_VISIBILITY_IS_LIMITED",
        "SOMETHING_NEW",
    ] {
        let warning = json!({"message": "m", "extensions": {"code": code, "severity": "WARNING"}});
        let whole = json!({"nodes": [], "pageInfo": {"hasNextPage": false}, "totalCount": 0});
        for data in [
            json!({"flowsConnection": whole}),
            json!({"flows": []}),
            json!(null),
        ] {
            let told = run(2, |call, _| {
                let answer = json!({"data": data, "errors": [warning]});
                (call.section() == Some("flows")).then(|| json(&answer))
            });
            told.assert_incomplete("flows", code);
            assert!(told.export()["answers"].to_string().contains(code));
        }
        let told = run(2, |call, _| {
            let answer = json!({"errors": [warning]});
            (call.section() == Some("flows")).then(|| json(&answer))
        });
        told.assert_incomplete("flows", code);
    }
}
