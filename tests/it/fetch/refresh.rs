//! `autoexpose refresh` against the same server: what it asks for, and what it remembers.

mod memory;

use std::fs;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::server::{Answer, Got, Plan, SECRET, StandIn, TOKEN_NAME};
use super::site::{Site, luid};
use crate::bistro::PROGRAM;
use crate::fixtures;

const CASE: &str = "cases/refresh/due";
const STATE: &str = "autoexpose-refresh.json";

/// The luids of the extracts of the case: two workbooks, and a published data source.
const SALES: &str = "00000001-1111-4111-8111-000000000001";
const LEDGER: &str = "00000003-1111-4111-8111-000000000003";
const GUESTS: &str = "00000065-1111-4111-8111-000000000065";

/// A dbt project after a build, in a folder of its own.
struct Built {
    folder: tempfile::TempDir,
}

impl Built {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let manifest = fs::read_to_string(fixtures::root().join(CASE).join("manifest.from"));
        let manifest = fixtures::read(manifest.unwrap().trim());
        fs::write(folder.path().join("manifest.json"), manifest).unwrap();
        let results = fixtures::read(&format!("{CASE}/run_results.json"));
        fs::write(folder.path().join("run_results.json"), results).unwrap();
        let export = fixtures::read(&format!("{CASE}/export.json"));
        let mut export = serde_json::from_slice::<Value>(&export).unwrap();
        // It is of the site of the stand-in.
        export.as_object_mut().unwrap().remove("server");
        export.as_object_mut().unwrap().remove("site");
        fs::write(folder.path().join("export.json"), export.to_string()).unwrap();
        Self { folder }
    }

    fn command(&self, server: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("TABLEAU_PAT_NAME", TOKEN_NAME)
            .env("TABLEAU_PAT_SECRET", SECRET)
            .args(["refresh", "--server", server, "--site", "sales"])
            .args(["--manifest", "manifest.json", "--tableau", "export.json"])
            .args(["--format", "json"]);
        command
    }

    /// Runs to the end, and looks for secrets in all that is left of it.
    fn refresh(&self, stand_in: &StandIn, more: &[&str]) -> Refreshed {
        let output = self.command(&stand_in.url()).args(more).output().unwrap();
        let refreshed = Refreshed { output };
        assert_eq!(stand_in.open_sessions(), 0, "it signs out");
        let state = fs::read_to_string(self.folder.path().join(STATE)).unwrap_or_default();
        let stdout = String::from_utf8_lossy(&refreshed.output.stdout).into_owned();
        for text in [refreshed.stderr(), stdout, state] {
            assert!(
                !text.contains(SECRET) && !text.contains("session-"),
                "{text}"
            );
        }
        refreshed
    }

    /// What is remembered of a workbook or data source.
    fn remembered(&self, id: &str) -> Value {
        let state = fs::read(self.folder.path().join(STATE)).unwrap();
        serde_json::from_slice::<Value>(&state).unwrap()["targets"][id].take()
    }
}

struct Refreshed {
    output: Output,
}

impl Refreshed {
    fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).unwrap()
    }

    #[track_caller]
    fn report(&self) -> Value {
        serde_json::from_slice(&self.output.stdout).unwrap_or_else(|_| panic!("{}", self.stderr()))
    }

    /// Each that was due, with what came of it.
    #[track_caller]
    fn outcomes(&self) -> Vec<(String, String)> {
        let report = self.report();
        let due = report["due"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let outcomes = due.map(|due| (text(&due["luid"]), text(&due["outcome"])));
        outcomes.collect()
    }

    #[track_caller]
    fn assert(&self, code: i32, expected: &[(&str, &str)]) {
        let outcomes = self.outcomes();
        let outcomes = outcomes
            .iter()
            .map(|(luid, outcome)| (luid.as_str(), outcome.as_str()));
        assert_eq!(outcomes.collect::<Vec<_>>(), expected, "{}", self.stderr());
        assert_eq!(self.output.status.code(), Some(code), "{}", self.stderr());
    }
}

fn path(got: &Got) -> String {
    let path = got.path.split('?').next().unwrap();
    let below = format!("/sites/{}/", luid('x', 1));
    let below = path.split_once(&below).map(|(_, below)| below.to_owned());
    below.unwrap_or_default()
}

fn is_post(got: &Got) -> bool {
    path(got).ends_with("/refresh")
}

fn job(id: &str) -> Answer {
    let job = json!({"job": {"id": id, "mode": "Asynchronous", "type": "RefreshExtract"}});
    Answer::Status(202, job.to_string())
}

fn posts(stand_in: &StandIn) -> Vec<String> {
    let got = stand_in.got();
    let posts = got.iter().filter(|got| is_post(got)).map(path);
    posts.collect()
}

/// A site that takes every refresh and tells no times, and answers other calls by `plan`.
fn site(mut plan: impl FnMut(&Got) -> Option<Answer> + Send + 'static) -> StandIn {
    let plan: Plan = Box::new(move |got, _| {
        plan(got).or_else(|| {
            if got.query().starts_with("query times") {
                let none = json!({"data": {"workbooks": [], "publishedDatasources": []}});
                return Some(Answer::json(&none));
            }
            is_post(got).then(|| job("j1"))
        })
    });
    StandIn::start(Site::new(0), plan)
}

const ALL_QUEUED: [(&str, &str); 3] = [(SALES, "queued"), (LEDGER, "queued"), (GUESTS, "queued")];

fn sorted(mut outcomes: Vec<(String, String)>) -> Vec<(String, String)> {
    outcomes.sort();
    outcomes
}

#[test]
fn each_is_asked_for_once_and_remembered() {
    let built = Built::new();
    let stand_in = site(|_| None);
    let first = built.refresh(&stand_in, &[]);
    let expected = ALL_QUEUED.map(|(luid, outcome)| (luid.to_owned(), outcome.to_owned()));
    assert_eq!(sorted(first.outcomes()), expected, "{}", first.stderr());
    assert_eq!(first.output.status.code(), Some(0));
    let mut asked = posts(&stand_in);
    asked.sort();
    let mut paths = [
        format!("workbooks/{SALES}/refresh"),
        format!("workbooks/{LEDGER}/refresh"),
        format!("datasources/{GUESTS}/refresh"),
    ];
    paths.sort();
    assert_eq!(asked, paths);
    let got = stand_in.got();
    let post = got.iter().find(|got| is_post(got)).unwrap();
    assert_eq!(
        post.body,
        json!({}),
        "a full refresh, with a body that is not empty"
    );
    let remembered = built.remembered(&format!("workbook:{SALES}"));
    assert_eq!(remembered["built"], json!({}));
    assert_eq!(remembered["job"], "j1");
    assert!(remembered["refreshed_at"].is_string() && remembered["asked_at"].is_null());
    // The same results once more.
    let second = built.refresh(&stand_in, &["--build-after", "0"]);
    second.assert(0, &[]);
    assert_eq!(posts(&stand_in).len(), 3);
    let reasons = second.report()["held"].clone();
    let reasons = reasons.as_array().unwrap().iter();
    assert!(
        reasons
            .map(|held| &held["reason"])
            .all(|reason| reason == "nothing-built")
    );
}

#[test]
fn a_dry_run_asks_for_nothing_and_writes_nothing() {
    let built = Built::new();
    let stand_in = site(|_| None);
    let run = built.refresh(&stand_in, &["--dry-run"]);
    assert_eq!(run.report()["due"].as_array().unwrap().len(), 3);
    assert!(stand_in.got().is_empty() && !built.folder.path().join(STATE).exists());
}

#[test]
fn what_is_refused_does_not_keep_the_others_and_is_due_again() {
    let built = Built::new();
    let stand_in = site(|got| match path(got) {
        path if path.contains(SALES) => Some(Answer::error(403, "403076", "Forbidden")),
        path if path.contains(LEDGER) => Some(Answer::error(409, "409093", "Ressourcenkonflikt")),
        _ => None,
    });
    let run = built.refresh(&stand_in, &[]);
    let by_luid = sorted(run.outcomes());
    let outcomes = by_luid.iter().map(|(_, outcome)| outcome.as_str());
    assert_eq!(
        outcomes.collect::<Vec<_>>(),
        ["forbidden", "already-queued", "queued"]
    );
    assert_eq!(run.output.status.code(), Some(1));
    let remembered = built.remembered(&format!("workbook:{SALES}"));
    assert!(remembered["refreshed_at"].is_null());
    assert_eq!(remembered["built"].as_object().unwrap().len(), 1);
    // Somebody gives the user the permission.
    let stand_in = site(|_| None);
    let again = built.refresh(&stand_in, &["--include", "name:Sales"]);
    again.assert(0, &[(SALES, "queued")]);
}

#[test]
fn after_a_lost_answer_nothing_is_asked_for_twice() {
    let built = Built::new();
    let only = ["--include", "name:Sales"];
    let looked = Arc::new(Mutex::new(0));
    let looks = Arc::clone(&looked);
    let lost = site(move |got| {
        if path(got) == "jobs" {
            *looks.lock().unwrap() += 1;
            assert!(
                got.path
                    .contains("jobType:eq:refresh_extracts,createdAt:gte:")
            );
            return Some(Answer::error(403, "403004", "Forbidden"));
        }
        is_post(got).then_some(Answer::Broken)
    });
    let run = built.refresh(&lost, &only);
    run.assert(1, &[(SALES, "not-known")]);
    assert_eq!((posts(&lost).len(), *looked.lock().unwrap()), (1, 1));
    let id = format!("workbook:{SALES}");
    assert!(built.remembered(&id)["asked_at"].is_string());
    // The next run finds the job, although nothing new was built.
    let found = site(|got| {
        let job = json!({"id": "j9", "title": "Sales", "jobType": "refresh_extracts"});
        let jobs = json!({"backgroundJobs": {"backgroundJob": [job]}});
        (path(got) == "jobs").then(|| Answer::json(&jobs))
    });
    let run = built.refresh(&found, &only);
    run.assert(0, &[(SALES, "found-queued")]);
    assert!(posts(&found).is_empty());
    assert_eq!(built.remembered(&id)["job"], "j9");
}

/// A site where one refresh ends well, one fails with these words, and one may not be watched.
fn watched() -> StandIn {
    site(|got| match path(got).as_str() {
        path if path.ends_with(&format!("{SALES}/refresh")) => Some(job("good")),
        path if path.ends_with(&format!("{LEDGER}/refresh")) => Some(job("bad")),
        path if path.ends_with(&format!("{GUESTS}/refresh")) => Some(job("hidden")),
        "jobs/good" => Some(Answer::json(&json!({"job": {"finishCode": "0"}}))),
        "jobs/bad" => Some(Answer::json(&json!({"job": {
            "progress": "100", "finishCode": "1", "extractRefreshJob": {"notes": "no quota"}
        }}))),
        "jobs/hidden" => Some(Answer::error(403, "403004", "Forbidden")),
        _ => None,
    })
}

#[test]
fn what_a_job_says_is_withheld_from_an_audience() {
    let args = ["--wait", "5", "--audience", "nobody"];
    let run = Built::new().refresh(&watched(), &args);
    let stdout = String::from_utf8_lossy(&run.output.stdout);
    assert!(stdout.contains("job-failed"), "{stdout}");
    assert!(!stdout.contains("no quota"), "{stdout}");
}

#[test]
fn jobs_are_watched_on_request() {
    let built = Built::new();
    let run = built.refresh(&watched(), &["--wait", "5"]);
    let by_luid = sorted(run.outcomes());
    let outcomes = by_luid.iter().map(|(_, outcome)| outcome.as_str());
    assert_eq!(
        outcomes.collect::<Vec<_>>(),
        ["done", "job-failed", "cannot-watch"]
    );
    assert_eq!(run.output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&run.output.stdout).into_owned();
    assert!(text.contains("no quota"), "{text}");
    // What its job did not refresh is still to be refreshed.
    let remembered = |luid: &str| built.remembered(&format!("workbook:{luid}"));
    assert!(remembered(SALES)["refreshed_at"].is_string());
    assert!(remembered(LEDGER)["refreshed_at"].is_null());
    let again = built.refresh(&site(|_| None), &[]);
    again.assert(0, &[(LEDGER, "queued")]);
}

#[test]
fn the_times_of_tableau_count_where_nothing_is_remembered() {
    let built = Built::new();
    let stand_in = site(|got| {
        let now = jiff::Timestamp::now().to_string();
        let told = json!({"data": {
            "workbooks": [
                {"luid": SALES, "embeddedDatasources": [{"hasExtracts": true, "extractLastRefreshTime": now}]},
                {"luid": LEDGER, "embeddedDatasources": [{"hasExtracts": false}]},
            ],
            "publishedDatasources": [{"luid": GUESTS, "hasExtracts": true, "extractLastRefreshTime": "2020-01-01T00:00:00Z"}],
        }});
        let is_times = got.query().starts_with("query times");
        is_times.then(|| Answer::json(&told))
    });
    let run = built.refresh(&stand_in, &[]);
    let by_luid = sorted(run.outcomes());
    let outcomes = by_luid.iter().map(|(_, outcome)| outcome.as_str());
    assert_eq!(
        outcomes.collect::<Vec<_>>(),
        ["too-early", "live", "queued"]
    );
    let remembered = built.remembered(&format!("workbook:{SALES}"));
    assert_eq!(
        remembered["built"].as_object().unwrap().len(),
        1,
        "refreshed later"
    );
}

#[test]
fn incremental_refreshes_are_asked_for_where_servers_know_them() {
    let built = Built::new();
    let stand_in = site(|_| None);
    built.refresh(&stand_in, &["--incremental"]);
    let got = stand_in.got();
    let posts = got.iter().filter(|got| is_post(got));
    let incremental = json!({"extractRefresh": {"incremental": true}});
    assert!(posts.map(|got| &got.body).all(|body| *body == incremental));
}
