//! The run against answers that are made up: what is asked, and what is remembered before that.

mod ways;

use secrecy::SecretString;
use serde_json::json;

use super::*;
use crate::model::refresh::{TargetId, TargetKind};
use crate::remote::call::{NoReply, NoReplyKind};
use crate::remote::credentials::Credentials;

fn wanted(name: &str) -> Wanted {
    Wanted {
        id: TargetId::new(TargetKind::Workbook, name),
        name: name.to_owned(),
        is_time_known: true,
        asked_at: None,
    }
}

/// A run, with the answer of each call by its path.
struct Talk {
    refresh: Refresh,
    /// The ends of the paths that were called.
    called: Vec<String>,
    notes: Vec<Note>,
    /// What is good to know.
    told: Vec<String>,
    seconds: u64,
}

impl Talk {
    fn new(wanted: Vec<Wanted>, wait: Option<u64>) -> Self {
        Self {
            refresh: Refresh::new(RefreshAsked {
                server: "https://t.example".to_owned(),
                site: String::new(),
                credentials: Credentials::Token {
                    name: "dbt".to_owned(),
                    secret: SecretString::from("a long secret"),
                },
                time_limit: Duration::from_secs(1800),
                allows_http: false,
                is_incremental: false,
                wait: wait.map(Duration::from_secs),
                build_after: 1440,
                wanted,
            }),
            called: Vec::new(),
            notes: Vec::new(),
            told: Vec::new(),
            seconds: 0,
        }
    }

    /// Runs to the end. The answer to a call is by its path and how often that was called before.
    fn run(&mut self, answer: impl Fn(&str, usize) -> Outcome) -> Vec<String> {
        let mut event = Event::Ready;
        loop {
            let moment = Moment {
                since_start: Duration::from_secs(self.seconds),
                unix_seconds: 1_800_000_000 + self.seconds,
                random: [511, 0],
            };
            let action = self.refresh.next(event, &moment);
            self.notes.extend(self.refresh.take_notes());
            event = match action {
                Action::Over(RefreshEnding::Failed(failure)) => return vec![failure.to_string()],
                Action::Over(RefreshEnding::Asked(result)) => {
                    self.told = result.notes;
                    let posted = result.posted.iter().map(|(posted, _)| posted.key());
                    return posted.map(str::to_owned).collect();
                }
                Action::Wait(time) => {
                    self.seconds += time.as_secs().max(1);
                    Event::Ready
                }
                Action::Send(call) => {
                    let path = path(&call.url);
                    let before = self.called.iter().filter(|one| **one == path).count();
                    self.called.push(path.clone());
                    self.seconds += 1;
                    match usual(&path).unwrap_or_else(|| answer(&path, before)) {
                        Ok(reply) => Event::Reply(reply),
                        Err(lost) => Event::NoReply(lost),
                    }
                }
            };
        }
    }

    fn calls(&self, path: &str) -> usize {
        self.called.iter().filter(|one| *one == path).count()
    }
}

/// The path behind the site, without its query.
fn path(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    let of_site = url.split_once("/sites/s/").map(|(_, path)| path);
    let path = of_site.or_else(|| url.rsplit('/').next());
    path.unwrap_or_default().to_owned()
}

fn reply(status: u16, body: &serde_json::Value) -> Outcome {
    Ok(Reply {
        status,
        body: body.to_string().into_bytes(),
        ..Reply::default()
    })
}

fn usual(path: &str) -> Option<Outcome> {
    Some(match path {
        "serverinfo" => reply(200, &json!({"serverInfo": {"restApiVersion": "3.24"}})),
        "signin" => reply(
            200,
            &json!({"credentials": {"token": "the token", "site": {"id": "s"}, "user": {"id": "u"}}}),
        ),
        "signout" => reply(204, &json!({})),
        _ => return None,
    })
}

fn job(id: &str) -> Outcome {
    reply(202, &json!({"job": {"id": id}}))
}

fn error(status: u16, code: &str) -> Outcome {
    reply(status, &json!({"error": {"code": code, "summary": "x"}}))
}

fn lost() -> Outcome {
    Err(NoReply {
        kind: NoReplyKind::TimedOut,
        text: "it took too long".to_owned(),
    })
}

fn jobs(titles: &[&str]) -> Outcome {
    let jobs = titles
        .iter()
        .map(|title| json!({"id": format!("job of {title}"), "title": title}));
    let jobs = jobs.collect::<Vec<_>>();
    reply(200, &json!({"backgroundJobs": {"backgroundJob": jobs}}))
}

fn taken(notes: &[Note]) -> usize {
    let taken = notes.iter().filter(|note| matches!(note, Note::Taken(..)));
    taken.count()
}

#[test]
fn one_that_is_refused_does_not_keep_the_others() {
    let mut talk = Talk::new(["a", "b", "c", "d"].map(wanted).into(), None);
    let posted = talk.run(|path, _| match path {
        "workbooks/a/refresh" => error(409, "409093"),
        "workbooks/b/refresh" => error(403, "403076"),
        "workbooks/c/refresh" => error(404, "404006"),
        _ => job("j"),
    });
    assert_eq!(posted, ["already-queued", "forbidden", "gone", "queued"]);
    assert_eq!(talk.called.last().map(String::as_str), Some("signout"));
    assert_eq!(
        taken(&talk.notes),
        1,
        "what runs already may have begun before the build"
    );
}

#[test]
fn that_it_is_asked_for_is_remembered_before() {
    let mut talk = Talk::new(vec![wanted("a")], None);
    talk.run(|_, _| job("j"));
    let id = TargetId::new(TargetKind::Workbook, "a");
    let [Note::Asked(asked, at), Note::Taken(taken, taken_at, job)] = talk.notes.as_slice() else {
        panic!("{:?}", talk.notes);
    };
    assert_eq!((asked, taken, at), (&id, &id, taken_at));
    assert_eq!(job.as_deref(), Some("j"));
}

#[test]
fn after_a_lost_answer_the_job_is_looked_for_and_nothing_is_asked_twice() {
    let answers: [(&str, Outcome, Outcome); 3] = [
        ("found-queued", lost(), jobs(&["a"])),
        ("not-known", error(504, ""), jobs(&["b"])),
        ("not-known", lost(), error(403, "403004")),
    ];
    for (expected, post, list) in answers {
        let mut talk = Talk::new(vec![wanted("a")], None);
        let again = |outcome: &Outcome| match outcome {
            Ok(reply) => Ok(reply.clone()),
            Err(lost) => Err(lost.clone()),
        };
        let posted = talk.run(|path, _| match path {
            "jobs" => again(&list),
            _ => again(&post),
        });
        assert_eq!(posted, [expected]);
        assert_eq!(talk.calls("workbooks/a/refresh"), 1, "{expected}");
        let refused = talk
            .notes
            .iter()
            .any(|note| matches!(note, Note::Refused(_)));
        assert!(!refused, "it may be on its way");
    }
}

#[test]
fn what_an_earlier_run_did_not_hear_of_is_looked_for_first() {
    let earlier = || Wanted {
        asked_at: Some(1_799_999_000),
        ..wanted("a")
    };
    let mut talk = Talk::new(vec![earlier()], None);
    let posted = talk.run(|path, _| match path {
        "jobs" => jobs(&["a"]),
        _ => job("j"),
    });
    assert_eq!(posted, ["found-queued"]);
    assert_eq!(talk.calls("workbooks/a/refresh"), 0);
    let mut talk = Talk::new(vec![earlier()], None);
    let posted = talk.run(|path, _| match path {
        "jobs" => jobs(&[]),
        _ => job("j"),
    });
    assert_eq!(posted, ["queued"], "it never came to Tableau");
}

#[test]
fn too_many_requests_are_waited_for() {
    let mut talk = Talk::new(vec![wanted("a")], None);
    let posted = talk.run(|_, before| {
        if before < 2 {
            error(429, "429000")
        } else {
            job("j")
        }
    });
    assert_eq!(posted, ["queued"]);
    let mut talk = Talk::new(["a", "b"].map(wanted).into(), None);
    assert_eq!(talk.run(|_, _| error(429, "429000")), ["failed", "failed"]);
}

#[test]
fn a_site_without_run_now_is_asked_once() {
    let mut talk = Talk::new(["a", "b"].map(wanted).into(), None);
    assert_eq!(
        talk.run(|_, _| error(409, "409082")),
        ["switched-off", "not-asked"]
    );
}

#[test]
fn a_session_that_ends_is_renewed_once() {
    let mut talk = Talk::new(["a", "b"].map(wanted).into(), None);
    let posted = talk.run(|path, before| match (path, before) {
        ("workbooks/a/refresh", 0) => error(401, "401002"),
        _ => job("j"),
    });
    assert_eq!(posted, ["queued", "queued"]);
    assert_eq!(talk.calls("signin"), 2);
    let mut talk = Talk::new(["a", "b"].map(wanted).into(), None);
    let posted = talk.run(|_, _| error(401, "401002"));
    assert_eq!(posted, ["failed", "not-asked"]);
}

#[test]
fn jobs_are_watched_until_they_end() {
    let mut talk = Talk::new(["a", "b", "c"].map(wanted).into(), Some(600));
    let posted = talk.run(|path, before| match path {
        "workbooks/a/refresh" => job("1"),
        "workbooks/b/refresh" => job("2"),
        "workbooks/c/refresh" => job("3"),
        "jobs/1" if before < 3 => reply(200, &json!({"job": {"progress": "40"}})),
        "jobs/1" => reply(200, &json!({"job": {"finishCode": "0"}})),
        "jobs/2" => reply(200, &json!({"job": {"finishCode": 1, "progress": 100}})),
        _ => error(403, "403004"),
    });
    assert_eq!(posted, ["done", "job-failed", "cannot-watch"]);
    assert_eq!((talk.calls("jobs/1"), talk.calls("jobs/2")), (4, 1));
}

#[test]
fn jobs_end_by_their_finish_code() {
    let mut talk = Talk::new(["a", "b"].map(wanted).into(), Some(600));
    let posted = talk.run(|path, _| match path {
        "workbooks/a/refresh" => job("1"),
        "workbooks/b/refresh" => job("2"),
        "jobs/1" => reply(200, &json!({"job": {"finishCode": "3"}})),
        _ => reply(200, &json!({"job": {"finishCode": "2"}})),
    });
    assert_eq!(posted, ["done-on-bridge", "cancelled"]);
}

/// As with a connected app, before jobs took its tokens (REST API 3.25).
#[test]
fn a_token_that_may_watch_no_job_is_not_tried_for_each() {
    let mut talk = Talk::new(["a", "b", "c"].map(wanted).into(), Some(600));
    let posted = talk.run(|path, _| match path {
        path if path.starts_with("jobs/") => error(401, "401002"),
        path => job(path.trim_start_matches("workbooks/")),
    });
    assert_eq!(posted, ["cannot-watch"; 3]);
    assert_eq!(talk.calls("signin"), 2);
}

#[test]
fn jobs_are_not_watched_for_ever() {
    let mut talk = Talk::new(vec![wanted("a")], Some(60));
    let posted = talk.run(|path, _| match path {
        "jobs/1" => reply(200, &json!({"job": {}})),
        _ => job("1"),
    });
    assert_eq!(posted, ["still-running"]);
}

#[test]
fn times_are_asked_for_where_they_are_not_known() {
    let untimed = |name: &str| Wanted {
        is_time_known: false,
        ..wanted(name)
    };
    let now = Timestamp::from_second(1_800_000_000).expect("a time");
    let times = json!({"data": {"workbooks": [
        {"luid": "a", "embeddedDatasources": [{"hasExtracts": true, "extractLastRefreshTime": now.to_string()}]},
        {"luid": "b", "embeddedDatasources": [{"hasExtracts": false}]},
        {"luid": "c", "embeddedDatasources": [{"hasExtracts": true}]},
    ], "publishedDatasources": []}});
    let mut talk = Talk::new(["a", "b", "c"].map(untimed).into(), None);
    let posted = talk.run(|path, _| match path {
        "graphql" => reply(200, &times),
        _ => job("j"),
    });
    assert_eq!(posted, ["too-early", "live", "queued"]);
    // Without an answer, what the export tells counts.
    let mut talk = Talk::new(vec![untimed("a")], None);
    let posted = talk.run(|path, _| match path {
        "graphql" => error(404, "404003"),
        _ => job("j"),
    });
    assert_eq!(posted, ["queued"]);
}

#[test]
fn a_refused_sign_in_ends_the_run_without_a_secret() {
    let mut talk = Talk::new(vec![wanted("a")], None);
    let failed = talk.refresh.next(Event::Ready, &Moment::default());
    assert!(matches!(failed, Action::Send(_)));
    talk.refresh.stage = Stage::SigningIn(Box::new(Stage::Times(0)));
    let refused = json!({"error": {"code": "401001", "summary": "a long secret"}});
    let Ok(refused) = reply(401, &refused) else {
        panic!("an answer");
    };
    let action = talk.refresh.next(Event::Reply(refused), &Moment::default());
    let Action::Over(RefreshEnding::Failed(failure)) = action else {
        panic!("{action:?}");
    };
    assert!(!failure.to_string().contains("a long secret"), "{failure}");
}

#[test]
fn a_run_that_cannot_remember_asks_for_nothing_more() {
    let mut talk = Talk::new(["a", "b"].map(wanted).into(), None);
    let action = talk
        .refresh
        .stop(&Failure::new("s.json", "the disk is full"));
    let Action::Over(RefreshEnding::Asked(result)) = action else {
        panic!("{action:?}");
    };
    assert!(
        result
            .posted
            .iter()
            .all(|(posted, _)| posted.key() == "not-asked")
    );
}

#[test]
fn a_server_that_knows_no_incremental_refreshes_is_told_once() {
    let mut talk = Talk::new(["a", "b"].map(wanted).into(), None);
    talk.refresh.asked.is_incremental = true;
    assert_eq!(talk.run(|_, _| job("j")), ["queued", "queued"]);
    assert_eq!(talk.told.len(), 1, "{:?}", talk.told);
    assert!(talk.told[0].contains("3.25"));
}

/// Every outcome has a case above.
#[test]
fn every_outcome_has_a_case() {
    let cases = include_str!("mod.rs");
    for key in Posted::KEYS {
        assert!(cases.contains(&format!("\"{key}\"")), "{key}");
    }
}
