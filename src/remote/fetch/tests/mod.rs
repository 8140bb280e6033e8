//! The run against answers that are made up: what is asked, what is waited for, and what is written.

mod access;
mod lost;
mod old;
mod pages;
mod sessions;

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::*;
use crate::remote::access::AccessAsked;
use crate::remote::call::{Body, NoReply, NoReplyKind};
use crate::remote::credentials::Credentials;

const SECRET: &str = "the secret of the token";

/// A call that was made.
#[derive(Debug, Clone)]
struct Called {
    url: String,
    token: Option<String>,
    body: Value,
}

impl Called {
    fn of(call: &Call) -> Self {
        let body = match &call.body {
            Some(Body::Plain(text)) => serde_json::from_str(text).expect("JSON"),
            _ => Value::Null,
        };
        Self {
            url: call.url.clone(),
            token: call
                .token
                .as_ref()
                .map(|token| token.expose_secret().to_owned()),
            body,
        }
    }

    fn is(&self, part: &str) -> bool {
        self.url.contains(part)
    }

    fn query(&self) -> &str {
        self.body["query"].as_str().unwrap_or_default()
    }

    /// The list that a query asks for.
    fn section(&self) -> Option<&str> {
        self.query().strip_prefix("query ")?.split('(').next()
    }

    fn first(&self) -> usize {
        self.body["variables"]["first"].as_u64().expect("a number") as usize
    }

    fn from(&self) -> usize {
        let after = self.body["variables"]["after"].as_str();
        after.map_or(0, |after| after.parse().expect("a cursor"))
    }
}

/// What a run came to.
struct Told {
    ending: Ending,
    calls: Vec<Called>,
    waits: Vec<f64>,
    written: Vec<u8>,
}

impl Told {
    #[track_caller]
    fn fetched(&self) -> &Fetched {
        match &self.ending {
            Ending::Fetched(fetched) => fetched,
            Ending::Failed(failure) => panic!("{failure}"),
        }
    }

    #[track_caller]
    fn failure(&self) -> String {
        match &self.ending {
            Ending::Fetched(fetched) => panic!("{fetched:?}"),
            Ending::Failed(failure) => failure.to_string(),
        }
    }

    #[track_caller]
    fn assert_whole(&self) {
        assert!(self.fetched().missing.is_empty(), "{:?}", self.fetched());
        for (name, section) in self.export()["sections"].as_object().expect("an object") {
            assert_eq!(section["complete"], true, "{name}: {section}");
        }
        self.assert_over();
    }

    #[track_caller]
    fn assert_incomplete(&self, section: &str, why: &str) {
        let export = self.export();
        let said = &export["sections"][section];
        assert_eq!(said["complete"], false, "{said}");
        let reason = said["reason"].as_str().expect("a reason");
        assert!(reason.contains(why), "{reason}");
        let missing = &self.fetched().missing;
        assert!(missing.iter().any(|what| what.contains(why)), "{missing:?}");
        self.assert_over();
    }

    #[track_caller]
    fn assert_failed(&self, why: &str) {
        assert!(self.failure().contains(why), "{}", self.failure());
        self.assert_over();
    }

    /// The session has ended, and nothing secret was told.
    #[track_caller]
    fn assert_over(&self) {
        let signed_in = self.calls.iter().any(|call| call.token.is_some());
        let last = self.calls.last().expect("calls");
        assert!(!signed_in || last.is("/auth/signout"), "{last:?}");
        let told = format!(
            "{:?}{}",
            self.ending,
            String::from_utf8_lossy(&self.written)
        );
        for secret in [SECRET, "session-"] {
            assert!(!told.contains(secret), "{told}");
        }
    }

    fn export(&self) -> Value {
        serde_json::from_slice(&self.written).expect("an envelope")
    }

    /// How many calls were made of which this is a part.
    fn count(&self, part: &str) -> usize {
        self.calls.iter().filter(|call| call.is(part)).count()
    }

    fn of_section<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t Called> {
        let calls = self.calls.iter();
        calls.filter(move |call| call.section() == Some(name))
    }

    fn waited(&self) -> f64 {
        self.waits.iter().sum()
    }
}

/// A run on a site of so many workbooks. An answer other than the usual one is by the call and by how
/// many were made before.
fn run(workbooks: usize, change: impl FnMut(&Called, usize) -> Option<Outcome>) -> Told {
    run_as(|asked| asked, workbooks, change)
}

fn run_as(
    ask: impl FnOnce(Asked) -> Asked,
    workbooks: usize,
    mut change: impl FnMut(&Called, usize) -> Option<Outcome>,
) -> Told {
    let mut fetch = Fetch::new(ask(Asked {
        server: "https://t.example".to_owned(),
        site: "sales".to_owned(),
        projects: Vec::new(),
        with_columns: false,
        access: AccessAsked::default(),
        credentials: Credentials::Token {
            name: "dbt".to_owned(),
            secret: SecretString::from(SECRET),
        },
        captured_at: "2026-05-04T06:00:00Z".to_owned(),
        time_limit: Duration::from_secs(1800),
        allows_http: false,
    }));
    let mut told = Told {
        ending: Ending::Fetched(Fetched::default()),
        calls: Vec::new(),
        waits: Vec::new(),
        written: Vec::new(),
    };
    let mut since_start = Duration::ZERO;
    let mut event = Event::Ready;
    loop {
        let moment = Moment {
            since_start,
            unix_seconds: 1_800_000_000 + since_start.as_secs(),
            random: [511, 0],
        };
        let action = fetch.next(event, &moment);
        told.written.extend(fetch.take_written());
        event = match action {
            Action::Over(ending) => {
                assert!(fetch.sign_out().is_none(), "nobody is signed in");
                told.ending = ending;
                return told;
            }
            Action::Wait(time) => {
                told.waits.push(time.as_secs_f64().round());
                since_start += time;
                Event::Ready
            }
            Action::Send(call) => {
                let called = Called::of(&call);
                let before = told.calls.len();
                assert!(before < 5_000, "{:?}", told.calls.last());
                let answer = change(&called, before).unwrap_or_else(|| {
                    let sessions = told.count("/auth/signin");
                    usual(&called, workbooks, sessions)
                });
                told.calls.push(called);
                match answer {
                    Ok(reply) => Event::Reply(reply),
                    Err(lost) => Event::NoReply(lost),
                }
            }
        };
    }
}

/// What Tableau answers when all is well.
fn usual(call: &Called, workbooks: usize, sessions: usize) -> Outcome {
    if let Some(section) = call.section() {
        let count = if section == "workbooks" { workbooks } else { 1 };
        let from = call.from();
        let to = (from + call.first()).min(count);
        return page(section, from..to, to < count, Some(count));
    }
    let listed = |list: &str, items: Vec<Value>| {
        let item = list.trim_end_matches('s');
        json(&json!({
            "pagination": {"totalAvailable": items.len().to_string()},
            list: {item: items},
        }))
    };
    if call.is("/serverinfo") {
        json(
            &json!({"serverInfo": {"restApiVersion": "3.25", "productVersion": {"value": "2025.1"}}}),
        )
    } else if call.is("/auth/signin") {
        json(&json!({"credentials": {
            "token": format!("session-{sessions}"),
            "site": {"id": "s"},
            "user": {"id": "u"},
        }}))
    } else if call.is("/auth/signout") {
        status(204, "")
    } else if call.is("/users/u") {
        json(&json!({"user": {"id": "u", "name": "ada", "siteRole": "SiteAdministratorExplorer"}}))
    } else if call.is("/projects?") {
        listed("projects", vec![json!({"id": "p", "name": "Finance"})])
    } else if call.is("/workbooks?") {
        let all = (0..workbooks).map(|at| json!({"id": luid("workbooks", at)}));
        listed("workbooks", all.collect())
    } else {
        panic!("{call:?}");
    }
}

fn luid(section: &str, at: usize) -> String {
    format!("{section}-{at}")
}

/// A page of some objects of a list, whose cursor is the number of the next one.
fn page(
    section: &str,
    objects: std::ops::Range<usize>,
    next: bool,
    total: Option<usize>,
) -> Outcome {
    let cursor = objects.end.to_string();
    let nodes = objects.map(|at| {
        let id = format!("{section} {at}");
        match section {
            // Tableau does not know of a luid of these.
            "customSQLTables" => json!({"id": id}),
            _ => json!({"id": id, "luid": luid(section, at)}),
        }
    });
    list(
        section,
        &json!({
            "nodes": nodes.collect::<Vec<_>>(),
            "pageInfo": {"hasNextPage": next, "endCursor": cursor},
            "totalCount": total,
        }),
    )
}

/// An answer with this in place of a list.
fn list(section: &str, list: &Value) -> Outcome {
    json(&json!({"data": {format!("{section}Connection"): list}}))
}

fn json(body: &Value) -> Outcome {
    status(200, &body.to_string())
}

fn status(status: u16, body: &str) -> Outcome {
    Ok(Reply {
        status,
        body: body.as_bytes().to_vec(),
        ..Reply::default()
    })
}

fn later(code: u16, body: &str, retry_after: &str) -> Outcome {
    let reply = status(code, body)?;
    Ok(Reply {
        retry_after: Some(retry_after.to_owned()),
        ..reply
    })
}

fn rest_error(code: &str) -> Outcome {
    let body = json!({"error": {"code": code, "summary": "s", "detail": "d"}});
    status(code[..3].parse().expect("a status"), &body.to_string())
}

/// An answer of the Metadata API with this error alone.
fn graphql_error(code: &str, severity: Option<&str>) -> Outcome {
    let error = json!({"message": "m", "extensions": {"code": code, "severity": severity}});
    json(&json!({"data": null, "errors": [error]}))
}

fn lost(kind: NoReplyKind) -> Outcome {
    Err(NoReply {
        kind,
        text: "x".to_owned(),
    })
}

/// The answer that a call gets the first times, if it is of this part.
fn first(
    times: usize,
    part: &'static str,
    answer: impl Fn() -> Outcome,
) -> impl FnMut(&Called, usize) -> Option<Outcome> {
    let mut left = times;
    move |call, _| {
        if left == 0 || !call.is(part) {
            return None;
        }
        left -= 1;
        Some(answer())
    }
}

/// A call of each kind, but for the sign-out.
const CALLS: [&str; 6] = [
    "/serverinfo",
    "/auth/signin",
    "/users/u",
    "/projects?",
    "/workbooks?",
    "/graphql",
];

#[test]
fn a_large_site_comes_in_few_calls() {
    let told = run(2_000, |_, _| None);
    told.assert_whole();
    assert_eq!(told.of_section("workbooks").count(), 10);
    assert_eq!(told.calls.len(), 21);
    assert!(told.waits.is_empty());
}
