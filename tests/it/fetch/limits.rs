//! What a server refuses, cuts, or does not know, and what becomes of the export.

use serde_json::json;

use super::server::{Answer, Plan, StandIn};
use super::site::{Site, luid};
use super::{Run, first, is_section};

#[test]
fn pages_that_are_too_large_are_thrown_away_and_halved() {
    for code in [
        "NODE_LIMIT_EXCEEDED",
        "TIME_LIMIT_EXCEEDED",
        "SOMETHING_NEW",
    ] {
        let plan: Plan = Box::new(move |got, _| {
            let is_large = got.section() == Some("workbooks") && got.first() > 50;
            is_large.then(|| Answer::graphql(code, None))
        });
        let stand_in = StandIn::start(Site::new(120), plan);
        let run = Run::new(&stand_in, &[]);
        run.assert_whole();
        assert!(!run.export().to_string().contains(code), "thrown away");
    }
}

#[test]
fn what_cannot_be_shown_whole_is_passed_and_named() {
    let plan: Plan = Box::new(|got, _| {
        let from = got.body["variables"]["after"].as_str();
        let from = from.map_or(0, |from| from.parse::<usize>().unwrap());
        let has = got.section() == Some("workbooks") && (from..from + got.first()).contains(&2);
        let is_light = got.query().contains("nodes{id luid}");
        (has && !is_light).then(|| Answer::graphql("NODE_LIMIT_EXCEEDED", Some("WARNING")))
    });
    let stand_in = StandIn::start(Site::new(5), plan);
    let run = Run::new(&stand_in, &[]);
    run.assert_incomplete("workbooks", &luid('w', 2));
    assert_eq!(run.export()["sections"]["workbooks"]["count"], 5);
    let run = Run::new(&stand_in, &["--allow-incomplete"]);
    assert_eq!(run.code(), Some(0));
}

#[test]
fn what_passes_is_waited_for() {
    let answers = [
        Answer::Status(503, String::new()),
        Answer::Headed(429, "Retry-After", "1".to_owned(), String::new()),
        Answer::graphql("RATE_EXCEEDED", None),
        Answer::Broken,
    ];
    for answer in answers {
        let name = format!("{answer:?}");
        let stand_in = StandIn::start(Site::new(2), first(1, is_section("flows"), answer));
        let run = Run::new(&stand_in, &["--verbose"]);
        assert!(run.stderr().contains("waits "), "{name}: {}", run.stderr());
        run.assert_whole();
    }
}

#[test]
fn warnings_beside_data_make_the_export_incomplete() {
    for code in [
        "BACKFILL_RUNNING",
        "PERMISSIONS_MODE_SWITCHED",
        "INHERITANCE_INCOMPLETE",
    ] {
        let site = Site::new(1);
        let page = json!({
            "data": {"flowsConnection": {
                "nodes": [],
                "pageInfo": {"hasNextPage": false, "endCursor": null},
                "totalCount": 0,
            }},
            "errors": [{"message": "m", "extensions": {"code": code, "severity": "WARNING"}}],
        });
        let plan = first(1, is_section("flows"), Answer::json(&page));
        let stand_in = StandIn::start(site, plan);
        let run = Run::new(&stand_in, &[]);
        run.assert_incomplete("flows", code);
        assert!(
            run.export()["answers"].to_string().contains(code),
            "kept as it came"
        );
    }
}

#[test]
fn older_servers_are_asked_without_what_they_do_not_know() {
    let undefined = |path: &[&str]| {
        let field = path.last().unwrap();
        json!({
            "message": format!("Validation error of type FieldUndefined: Field '{field}' in type 'T' is undefined @ '{}'", path.join("/")),
            "validationErrorType": "FieldUndefined",
            "queryPath": path,
            "errorType": "ValidationError",
            "extensions": null,
        })
    };
    let plan: Plan = Box::new(move |got, _| {
        let list = [
            &["workbooksConnection", "nodes", "projectLuid"][..],
            &[
                "workbooksConnection",
                "nodes",
                "upstreamVirtualConnectionTables",
            ],
        ];
        match got.section()? {
            "workbooks" if got.query().contains("projectLuid") => {
                let errors = list.map(undefined);
                Some(Answer::json(&json!({"errors": errors})))
            }
            "virtualConnections" => {
                let error = undefined(&["virtualConnectionsConnection"]);
                Some(Answer::json(&json!({"errors": [error]})))
            }
            _ => None,
        }
    });
    let stand_in = StandIn::of_version(Site::new(2), "3.6", plan);
    let run = Run::new(&stand_in, &[]);
    run.assert_whole();
    let without = &run.export()["sections"]["workbooks"]["without"];
    assert_eq!(
        *without,
        json!(["projectLuid", "upstreamVirtualConnectionTables"])
    );
    assert!(run.stderr().contains("too old to list virtual connections"));
}
