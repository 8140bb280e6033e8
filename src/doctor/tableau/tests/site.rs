//! A site that answers without a socket, and what is found there.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};

use crate::doctor::tableau::{Given, findings};
use crate::doctor::{Check, Finding, Outcome};
use crate::remote::{
    Action, Body, Call, Consultation, Credentials, Event, Examine, Machine, Moment, NoReply,
    NoReplyKind, Reply,
};

pub(super) const SERVER: &str = "https://t.example";
pub(super) const SECRET: &str = "S3cretOfTheToken";

/// What a site answers when all is well.
pub(super) fn usual(call: &Call) -> Value {
    let path = call.url.strip_prefix(SERVER).expect("the server");
    let query = match &call.body {
        Some(Body::Plain(body)) => body.as_str(),
        _ => "",
    };
    let total = |count: u64| json!({"totalCount": count});
    let counted = |list: &str, item: &str, count: u64| json!({"pagination": {"totalAvailable": count.to_string()}, list: {item: [{"id": "1"}]}});
    match path {
        "/api/2.4/serverinfo" => json!({"serverInfo": {
            "productVersion": {"value": "2024.3.0"}, "restApiVersion": "3.25",
        }}),
        "/api/3.25/auth/signin" => json!({"credentials": {
            "site": {"id": "s"}, "user": {"id": "u"}, "token": "token-of-the-session",
        }}),
        "/api/3.25/auth/signout" => json!({}),
        "/api/3.25/sites/s/users/u" => {
            json!({"user": {"name": "ada", "siteRole": "SiteAdministratorExplorer"}})
        }
        "/api/3.25/sites/s" => json!({"site": {
            "catalogingEnabled": true,
            "derivedPermissionsEnabled": "true",
            "catalogObfuscationEnabled": true,
        }}),
        "/api/metadata/v1/control/backfill/status" => json!({"status": "COMPLETED"}),
        path if path.starts_with("/api/3.25/sites/s/workbooks") => {
            counted("workbooks", "workbook", 7)
        }
        path if path.starts_with("/api/3.25/sites/s/datasources") => {
            counted("datasources", "datasource", 2)
        }
        path if path.starts_with("/api/3.25/sites/s/flows") => counted("flows", "flow", 1),
        path if path.starts_with("/api/3.25/sites/s/tables") => counted("tables", "table", 9),
        "/api/metadata/graphql" if query.contains("query totals") => json!({"data": {
            "workbooksConnection": total(7),
            "publishedDatasourcesConnection": total(2),
            "flowsConnection": total(1),
            "databaseTablesConnection": total(9),
        }}),
        "/api/metadata/graphql" if query.contains("query workbooks") => page(),
        "/api/metadata/graphql" if query.contains("query names") => {
            json!({"data": {"databaseTablesConnection": {"nodes": [{"name": "a"}, {"name": "b"}]}}})
        }
        "/api/metadata/graphql" if query.contains("query upstream") => json!({"data": {
            "workbooksConnection": {"nodes": []}, "flowsConnection": {"nodes": []},
        }}),
        other => panic!("nobody asks {other}"),
    }
}

pub(super) fn page() -> Value {
    json!({"data": {"workbooksConnection": {
        "nodes": [{"id": "w", "luid": "w"}],
        "pageInfo": {"hasNextPage": false, "endCursor": null},
        "totalCount": 1,
    }}})
}

pub(super) fn graphql(code: &str, severity: Option<&str>, data: &Value) -> Event {
    let error = json!({
        "message": format!("this is {code}"),
        "extensions": {"code": code, "severity": severity},
    });
    answer(200, &json!({"data": data, "errors": [error]}))
}

pub(super) fn answer(status: u16, body: &Value) -> Event {
    body_of(status, &body.to_string())
}

pub(super) fn body_of(status: u16, body: &str) -> Event {
    Event::Reply(Reply {
        status,
        body: body.as_bytes().to_vec(),
        ..Reply::default()
    })
}

pub(super) fn lost(kind: NoReplyKind) -> Event {
    Event::NoReply(NoReply {
        kind,
        text: "these are the words".to_owned(),
    })
}

pub(super) fn refused(status: u16, code: &str, detail: &str) -> Event {
    answer(
        status,
        &json!({"error": {"code": code, "summary": "Refused", "detail": detail}}),
    )
}

pub(super) fn given() -> Given {
    Given {
        server: SERVER.to_owned(),
        site: "sales".to_owned(),
        proxy: None,
        sign_in: Ok("variable TABLEAU_PAT_NAME".to_owned()),
    }
}

/// What the checks come to where a site answers as `change` says, and else as usual. Nothing is ever
/// left signed in, and nothing secret is in what is found.
pub(super) fn found(change: impl Fn(&Call) -> Option<Event>) -> Vec<Finding> {
    found_with(&given(), change)
}

pub(super) fn found_with(given: &Given, change: impl Fn(&Call) -> Option<Event>) -> Vec<Finding> {
    let credentials = given.sign_in.is_ok().then(|| Credentials::Token {
        name: "dbt".to_owned(),
        secret: SecretString::from(SECRET),
    });
    let mut machine = Examine::new(Consultation {
        server: given.server.clone(),
        site: given.site.clone(),
        credentials,
        time_limit: Duration::from_secs(600),
        allows_http: false,
    });
    let moment = Moment::default();
    let mut event = Event::Ready;
    let (mut is_in, mut steps) = (false, 0);
    let heard = loop {
        steps += 1;
        assert!(steps < 200, "it goes on for ever");
        event = match machine.next(event, &moment) {
            Action::Over(heard) => break heard,
            Action::Wait(_) => Event::Ready,
            Action::Send(call) => {
                let event = change(&call).unwrap_or_else(|| answer(200, &usual(&call)));
                let is_good = matches!(&event, Event::Reply(reply) if reply.status == 200);
                is_in = match call.url.rsplit('/').next() {
                    Some("signin") => is_good,
                    Some("signout") => false,
                    _ => is_in,
                };
                event
            }
        };
    };
    assert!(!is_in, "the session is left");
    let findings = findings(&heard, given);
    let text = format!("{findings:?}");
    assert!(
        !text.contains(SECRET) && !text.contains("token-of-the-session"),
        "{text}"
    );
    let checks = Check::ALL
        .iter()
        .filter(|check| check.part() == crate::doctor::Part::Tableau);
    for check in checks {
        let is_there = findings.iter().any(|finding| finding.check == *check);
        assert!(is_there, "{} is missing", check.as_str());
    }
    findings
}

#[track_caller]
pub(super) fn assert_found(findings: &[Finding], check: Check, outcome: Outcome, words: &str) {
    let of_check = findings.iter().filter(|finding| finding.check == check);
    let of_check = of_check.collect::<Vec<_>>();
    let is_there = of_check.iter().any(|finding| {
        let cure = finding.cure.as_deref().unwrap_or_default();
        let about = finding.about.as_deref().unwrap_or_default();
        finding.outcome == outcome && format!("{about}: {} -> {cure}", finding.seen).contains(words)
    });
    assert!(is_there, "{outcome:?} {words:?} in {of_check:#?}");
}

pub(super) fn at(part: &'static str, event: impl Fn() -> Event) -> impl Fn(&Call) -> Option<Event> {
    move |call| {
        let body = match &call.body {
            Some(Body::Plain(body)) => body.as_str(),
            _ => "",
        };
        (call.url.contains(part) || body.contains(part)).then(&event)
    }
}
