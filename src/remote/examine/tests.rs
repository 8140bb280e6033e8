//! The questions against answers that are made up: none of them in vain hides another one.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::*;
use crate::remote::call::{Body, NoReply, NoReplyKind};

const SECRET: &str = "the secret of the token";

/// What a run hears, the calls that it made with their tokens, and how long it waited.
struct Talk {
    heard: Heard,
    calls: Vec<(String, Option<String>, Value)>,
    waited: f64,
}

impl Talk {
    fn count(&self, part: &str) -> usize {
        self.calls
            .iter()
            .filter(|(url, ..)| url.contains(part))
            .count()
    }
}

/// A run. An answer other than the usual one is by the address of a call and its query.
fn run(mut change: impl FnMut(&str, &str) -> Option<Outcome>) -> Talk {
    let mut examine = Examine::new(Consultation {
        server: "https://t.example".to_owned(),
        site: "sales".to_owned(),
        credentials: Some(Credentials::Token {
            name: "dbt".to_owned(),
            secret: SecretString::from(SECRET),
        }),
        time_limit: Duration::from_secs(1800),
        allows_http: false,
    });
    let mut calls = Vec::new();
    let mut waited = Duration::ZERO;
    let mut event = Event::Ready;
    loop {
        let moment = Moment {
            since_start: waited,
            unix_seconds: 1_800_000_000,
            random: [511, 0],
        };
        event = match examine.next(event, &moment) {
            Action::Over(heard) => {
                let text = format!("{heard:?}");
                assert!(
                    !text.contains(SECRET) && !text.contains("session-1"),
                    "{text}"
                );
                let waited = waited.as_secs_f64();
                return Talk {
                    heard,
                    calls,
                    waited,
                };
            }
            Action::Wait(time) => {
                waited += time;
                Event::Ready
            }
            Action::Send(call) => {
                let body = match &call.body {
                    Some(Body::Plain(text)) => serde_json::from_str(text).expect("JSON"),
                    _ => Value::Null,
                };
                assert!(calls.len() < 100, "{calls:?}");
                let query = body["query"].as_str().unwrap_or_default();
                let answer = change(&call.url, query).unwrap_or_else(|| usual(&call.url, query));
                let token = call
                    .token
                    .as_ref()
                    .map(|token| token.expose_secret().to_owned());
                calls.push((call.url, token, body));
                match answer {
                    Ok(reply) => Event::Reply(reply),
                    Err(lost) => Event::NoReply(lost),
                }
            }
        };
    }
}

fn usual(url: &str, query: &str) -> Outcome {
    let list = json!({
        "totalCount": 2,
        "nodes": [{"id": "1", "name": "a"}],
        "pageInfo": {"hasNextPage": true, "endCursor": "1"},
    });
    if !query.is_empty() {
        let lists = unknown::COUNTED.map(|name| (name.to_owned(), list.clone()));
        let data = Value::Object(lists.into_iter().collect());
        return json(&json!({ "data": data }));
    }
    let end = url.rsplit('/').next().unwrap_or_default();
    let name = end.split('?').next().unwrap_or_default();
    match name {
        "serverinfo" => json(&json!({"serverInfo": {"restApiVersion": "3.25"}})),
        "signin" => json(&json!({"credentials": {
            "token": "session-1", "site": {"id": "s"}, "user": {"id": "u"},
        }})),
        "signout" => status(204, ""),
        "u" => json(&json!({"user": {"name": "ada", "siteRole": "SiteAdministratorExplorer"}})),
        "s" => json(&json!({"site": {"catalogingEnabled": true}})),
        "status" => json(&json!({"backfillStatus": {"backfillComplete": true}})),
        list => json(&json!({"pagination": {"totalAvailable": "2"}, list: {}})),
    }
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

fn rest_error(code: &str) -> Outcome {
    let body = json!({"error": {"code": code, "summary": "s", "detail": "d"}});
    status(code[..3].parse().expect("a status"), &body.to_string())
}

fn moved(code: u16, to: &str) -> Outcome {
    Ok(Reply {
        status: code,
        location: Some(to.to_owned()),
        ..Reply::default()
    })
}

/// The questions, by a part of the address or of the query of each.
const ASKED: [&str; 13] = [
    "/serverinfo",
    "/signin",
    "/users/u",
    "/sites/s",
    "/workbooks?",
    "/datasources?",
    "/flows?",
    "/tables?",
    "/backfill/status",
    "query totals",
    "query workbooks",
    "query names",
    "query upstream",
];

fn is(part: &str, url: &str, query: &str) -> bool {
    match part {
        "/sites/s" => url.ends_with(part),
        part => url.contains(part) || query.starts_with(part),
    }
}

/// Answers so to one question for ever.
fn always(part: &str, answer: impl Fn() -> Outcome) -> Talk {
    run(|url, query| is(part, url, query).then(&answer))
}

/// How many questions were answered, and how many asked in vain.
fn counts(heard: &Heard) -> (usize, usize) {
    let text = format!("{heard:?}");
    (
        text.matches("Told(").count(),
        text.matches("Refused(").count(),
    )
}

#[test]
fn all_is_heard_where_all_is_well() {
    let told = run(|_, _| None);
    assert_eq!(counts(&told.heard), (13, 0), "{:?}", told.heard);
    assert_eq!(told.calls.len(), 14);
    assert_eq!(told.heard.backfill, Told::Told(Some(true)));
}

#[test]
fn an_answer_that_is_lost_once_is_asked_for_again() {
    let well = run(|_, _| None).heard;
    for part in ASKED {
        let answers: [fn() -> Outcome; 4] = [
            || status(200, ""),
            || status(200, r#"{"data": {"#),
            || status(502, "<html>"),
            || {
                Err(NoReply {
                    kind: NoReplyKind::CutOff,
                    text: "x".to_owned(),
                })
            },
        ];
        for answer in answers {
            let mut left = 1;
            let told = run(|url, query| {
                let is_first = left > 0 && is(part, url, query);
                left -= u32::from(is_first);
                is_first.then(answer)
            });
            assert_eq!(told.heard, well, "{part}");
        }
    }
}

#[test]
fn a_question_in_vain_hides_no_other_one() {
    let answers: [fn() -> Outcome; 6] = [
        || status(200, ""),
        || status(200, "<!DOCTYPE html><html>session</html>"),
        || status(503, "<html>"),
        || rest_error("403004"),
        || rest_error("404003"),
        || rest_error("401002"),
    ];
    for answer in answers {
        for part in &ASKED[2..] {
            let told = always(part, answer);
            // Without totals, nothing else is asked of the Metadata API.
            let heard = if *part == "query totals" {
                (9, 1)
            } else {
                (12, 1)
            };
            assert_eq!(counts(&told.heard), heard, "{part}: {:?}", told.heard);
            assert!(told.waited < 60.0, "{part}");
            assert_eq!(told.count("/auth/signout"), 1, "{part}");
        }
        for (part, told_before) in [("/serverinfo", 0), ("/signin", 1)] {
            let told = always(part, answer);
            assert_eq!(counts(&told.heard), (told_before, 1), "{part}");
        }
    }
}

#[test]
fn a_refused_sign_in_is_not_made_again() {
    for code in ["400000", "401001", "401002", "403004", "404000"] {
        let told = always("/signin", || rest_error(code));
        let Told::Refused(refusal) = &told.heard.session else {
            panic!("{:?}", told.heard);
        };
        assert!(refusal.failure.message.contains(&format!("error {code}")));
        assert_eq!(told.count("/signin"), 1, "{code}");
    }
}

#[test]
fn what_a_sign_in_is_answered_with_is_never_shown() {
    for body in [
        "session-1",
        r#"{"credentials": {"token": "session-1"}}"#,
        "<a t='session-1'/>",
    ] {
        let told = always("/signin", || status(200, body));
        assert_eq!(counts(&told.heard), (1, 1), "{body}");
    }
}

/// As `fetch` does: what it can go around, this does as well.
#[test]
fn a_server_may_send_its_users_to_itself() {
    for part in ASKED {
        let told = run(|url, query| {
            let is_first = is(part, url, query) && !url.contains("again");
            let mark = if url.contains('?') { '&' } else { '?' };
            is_first.then(|| moved(307, &format!("{url}{mark}again=1")))
        });
        assert_eq!(counts(&told.heard), (13, 0), "{part}: {:?}", told.heard);
    }
    let told = always("/serverinfo", || moved(302, "/api/2.4/serverinfo"));
    assert_eq!(
        (counts(&told.heard), told.count("/serverinfo")),
        ((0, 1), 6)
    );
}

#[test]
fn whoever_wants_the_token_gets_nothing() {
    for to in [
        "https://evil.example/x",
        "https://t.example:8443/x",
        "http://t.example/x",
        "https://t.example@evil.example/x",
        "//evil.example/x",
        "https:\\\\evil.example\\x",
        "/\\evil.example/x",
    ] {
        for part in ASKED {
            for code in [301, 302, 303, 307, 308] {
                let told = always(part, || moved(code, to));
                let others = told.calls.iter();
                let mut others = others.filter(|(url, ..)| !url.starts_with("https://t.example/"));
                assert!(others.next().is_none(), "{part} by {code} to {to}");
                assert_eq!(counts(&told.heard).1, 1, "{part} by {code} to {to}");
            }
        }
    }
}

#[test]
fn an_old_server_is_asked_without_what_it_does_not_know() {
    let undefined = |path: &str| json!({"message": format!("Validation error of type FieldUndefined: Field 'x' in type 'Query' is undefined @ '{path}'")});
    let told = run(|_, query| {
        let asks = query.contains("flowsConnection");
        let errors = json!({"errors": [undefined("flowsConnection")]});
        asks.then(|| json(&errors))
    });
    let totals = told.heard.totals.told().expect("totals");
    assert_eq!((totals.workbooks, totals.flows), (Some(2), Some(2)));
    let asked = told
        .calls
        .iter()
        .filter_map(|(.., body)| body["query"].as_str());
    let asked = asked.filter(|query| query.starts_with("query totals"));
    let asked = asked.collect::<Vec<_>>();
    assert!(asked.len() == 2 && !asked[1].contains("flows"), "{asked:?}");
    let order = json!({"message": "Validation error of type UnknownArgument: Unknown field argument orderBy @ 'x'"});
    let told = run(|_, query| {
        let errors = json!({"errors": [order]});
        query.contains("orderBy").then(|| json(&errors))
    });
    assert_eq!(counts(&told.heard), (13, 0), "{:?}", told.heard);
    let told = run(|_, query| {
        let errors = json!({"errors": [undefined("workbooksConnection")]});
        query.contains("workbooksConnection").then(|| json(&errors))
    });
    assert!(told.heard.totals.told().is_none());
    assert_eq!(told.count("graphql"), 1);
}

#[test]
fn too_many_queries_are_an_answer_as_well() {
    let rate = json!({"errors": [{"message": "m", "extensions": {"code": "RATE_EXCEEDED"}}]});
    let told = always("graphql", || json(&rate));
    let Told::Refused(refusal) = &told.heard.totals else {
        panic!("{:?}", told.heard);
    };
    assert_eq!(refusal.reason, Reason::TooOften);
    assert!(told.waited < 5.0);
}
