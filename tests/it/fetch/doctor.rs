//! `autoexpose doctor` against a server that answers like Tableau.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::server::{Answer, Got, Plan, SECRET, StandIn, TOKEN_NAME};
use super::site::{Site, luid};
use crate::bistro::PROGRAM;

/// Runs it in an empty folder, so that only the server is looked at.
fn command(stand_in: &StandIn, more: &[&str]) -> (Command, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command_at(folder.path(), &stand_in.url());
    command.args(more);
    (command, folder)
}

/// Runs it in a folder, with a server at this address.
pub(super) fn command_at(folder: &Path, url: &str) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(folder)
        .env_clear()
        .env("TABLEAU_PAT_NAME", TOKEN_NAME)
        .env("TABLEAU_PAT_SECRET", SECRET)
        .args(["doctor", "--server", url, "--site", "sales"]);
    command
}

/// What a run tells, in which nothing secret is, and which leaves nobody signed in.
fn run(stand_in: &StandIn, more: &[&str]) -> (Output, Value) {
    let (mut command, _folder) = command(stand_in, &["--format", "json", "--verbose"]);
    let output = command.args(more).output().unwrap();
    for text in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(text);
        assert!(
            !text.contains(SECRET) && !text.contains("session-"),
            "{text}"
        );
    }
    assert_eq!(stand_in.open_sessions(), 0);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let answer = serde_json::from_slice(&output.stdout);
    let answer = answer.unwrap_or_else(|_| panic!("{stderr}"));
    (output, answer)
}

/// A check by its name.
#[track_caller]
fn check<'v>(answer: &'v Value, name: &str) -> &'v Value {
    let checks = answer["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["check"] == name);
    found.unwrap_or_else(|| panic!("{name} is missing"))
}

#[track_caller]
pub(super) fn assert_check(answer: &Value, name: &str, outcome: &str, seen: &str) {
    let check = check(answer, name);
    assert_eq!(check["outcome"], outcome, "{check}");
    let words = format!("{} {}", check["seen"], check["cure"]);
    assert!(words.contains(seen), "{check}");
}

/// What `doctor` asks beside what `fetch` does.
fn usual(got: &Got) -> Option<Answer> {
    let total = |list: &str| json!({"pagination": {"totalAvailable": "3"}, list: {}});
    let path = got.path.split('?').next().unwrap();
    let name = path.rsplit('/').next().unwrap();
    if got.path.contains("pageSize=1&") {
        return Some(Answer::json(&total(name)));
    }
    if path.ends_with(&format!("/sites/{}", luid('x', 1))) {
        return Some(Answer::json(&json!({"site": {"catalogingEnabled": true}})));
    }
    if name == "status" {
        return Some(Answer::json(&json!({"status": "COMPLETED"})));
    }
    let three = json!({"totalCount": 3, "nodes": [{"id": "1", "name": "a"}]});
    let lists = json!({"data": {
        "workbooksConnection": three, "publishedDatasourcesConnection": three,
        "flowsConnection": three, "databaseTablesConnection": three,
    }});
    let query = got.query();
    let is_own = ["query totals", "query names", "query upstream"]
        .iter()
        .any(|own| query.starts_with(own));
    is_own.then(|| Answer::json(&lists))
}

/// The usual answers, but for the calls for which this holds.
fn but(is: impl Fn(&Got) -> bool + Send + 'static, answer: Answer) -> Plan {
    Box::new(move |got, _| {
        if is(got) {
            Some(answer.clone())
        } else {
            usual(got)
        }
    })
}

pub(super) fn well() -> Plan {
    Box::new(|got, _| usual(got))
}

#[test]
fn a_site_that_is_well_is_told_so_and_the_session_ended() {
    let stand_in = StandIn::start(Site::new(3), well());
    let (output, answer) = run(&stand_in, &[]);
    assert_eq!(output.status.code(), Some(0), "{answer:#}");
    assert_check(&answer, "server", "ok", "Tableau answers");
    assert_check(&answer, "version", "ok", "2024.3.0");
    assert_check(&answer, "sign-in", "ok", "TABLEAU_PAT_NAME");
    assert_check(&answer, "role", "ok", "SiteAdministratorExplorer");
    assert_check(&answer, "catalog", "ok", "is on");
    assert_check(
        &answer,
        "derived-permissions",
        "not-known",
        "administrators",
    );
    assert_check(&answer, "counts", "ok", "3 workbooks");
    assert_check(&answer, "limits", "ok", "a page of 3");
    assert_check(&answer, "certificates", "warning", "https");
    let got = stand_in.got();
    assert_eq!(got.iter().filter(|got| got.is_sign_in()).count(), 1);
    assert_eq!(got.len(), 14, "each question once, and the sign-out");
    let (mut command, _folder) = command(&stand_in, &[]);
    let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(
        text.lines().all(|line| line.chars().count() <= 100),
        "{text}"
    );
}

#[test]
fn what_is_refused_is_a_fault_and_the_rest_is_not_asked() {
    let wrong = |_: &Got| false;
    let stand_in = StandIn::start(Site::new(3), but(wrong, Answer::Broken));
    let (mut command, _folder) = command(&stand_in, &["--format", "json"]);
    let output = command.env("TABLEAU_PAT_SECRET", "wrong").output().unwrap();
    let answer = serde_json::from_slice::<Value>(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{answer:#}");
    assert_check(&answer, "sign-in", "fault", "401001");
    assert_check(&answer, "version", "ok", "2024.3.0");
    assert_check(&answer, "role", "not-asked", "nobody is signed in");
    assert_eq!(stand_in.got().len(), 2, "never repeated");
    let off = Answer::graphql("FEATURE_DISABLED", None);
    let stand_in = StandIn::start(Site::new(3), but(|got| got.path.contains("graphql"), off));
    let (output, answer) = run(&stand_in, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_check(&answer, "metadata-api", "fault", "tsm maintenance");
    assert_check(&answer, "role", "ok", "ada");
    let html = Answer::Status(200, "<!DOCTYPE html><html></html>".to_owned());
    let stand_in = StandIn::start(Site::new(3), but(|_| true, html));
    let (output, answer) = run(&stand_in, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_check(&answer, "server", "fault", "a page for browsers");
}

#[test]
fn limits_and_counts_are_told() {
    let limit = Answer::graphql("NODE_LIMIT_EXCEEDED", Some("WARNING"));
    let stand_in = StandIn::start(
        Site::new(3),
        but(|got| got.section() == Some("workbooks"), limit),
    );
    let (output, answer) = run(&stand_in, &[]);
    assert_eq!(output.status.code(), Some(0), "{answer:#}");
    assert_check(&answer, "limits", "note", "NODE_LIMIT_EXCEEDED");
    let more = json!({"pagination": {"totalAvailable": "4"}, "workbooks": {}});
    let plan = but(|got| got.path.contains("/workbooks?"), Answer::json(&more));
    let stand_in = StandIn::start(Site::new(3), plan);
    let (_, answer) = run(&stand_in, &[]);
    let counts = answer["checks"].as_array().unwrap().iter();
    let mut counts = counts.filter(|check| check["about"] == "workbooks");
    assert_eq!(counts.next().unwrap()["outcome"], "warning", "{answer:#}");
}

#[test]
fn nothing_is_asked_where_nobody_wants_it() {
    let stand_in = StandIn::start(Site::new(3), well());
    let (output, answer) = run(&stand_in, &["--offline"]);
    assert_eq!(output.status.code(), Some(2), "nothing to look at");
    assert_check(&answer, "server", "not-asked", "--offline");
    assert_eq!(stand_in.got().len(), 0);
    // Without a token, only what everybody may ask.
    let (mut command, _folder) = command(&stand_in, &["--format", "json"]);
    let output = command
        .env_remove("TABLEAU_PAT_NAME")
        .env_remove("TABLEAU_PAT_SECRET");
    let output = output.output().unwrap();
    let answer = serde_json::from_slice::<Value>(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{answer:#}");
    assert_check(&answer, "sign-in", "not-asked", "TABLEAU_PAT_NAME");
    assert_eq!(stand_in.got().len(), 1);
}

#[test]
fn a_proxy_or_a_bundle_that_is_wrong_is_told_before_anything_is_asked() {
    let stand_in = StandIn::start(Site::new(3), well());
    let (mut command, folder) = command(&stand_in, &["--format", "json"]);
    std::fs::write(folder.path().join("empty.pem"), "").unwrap();
    let output = command.args(["--ca-bundle", "empty.pem"]).output().unwrap();
    let answer = serde_json::from_slice::<Value>(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{answer:#}");
    assert_check(&answer, "certificates", "fault", "empty.pem");
    assert_check(&answer, "sign-in", "not-asked", "certificates");
    assert_eq!(stand_in.got().len(), 0);
}

#[test]
fn a_signal_ends_the_session() {
    let child = Arc::new(Mutex::new(None::<u32>));
    let seen = Arc::clone(&child);
    let mut is_sent = false;
    let plan: Plan = Box::new(move |got, _| {
        if got.query().starts_with("query names") && !is_sent {
            is_sent = true;
            let id = loop {
                if let Some(id) = *seen.lock().unwrap() {
                    break id;
                }
            };
            let mut kill = Command::new("sh");
            let kill = kill.args(["-c", "kill -s TERM \"$0\"", &id.to_string()]);
            assert!(kill.status().unwrap().success());
            // The program waits before it asks again, so that the signal reaches it within the run.
            return Some(Answer::Status(503, String::new()));
        }
        usual(got)
    });
    let stand_in = StandIn::start(Site::new(2), plan);
    let (mut command, _folder) = command(&stand_in, &[]);
    let started = command.stdout(Stdio::piped()).spawn().unwrap();
    *child.lock().unwrap() = Some(started.id());
    let output = started.wait_with_output().unwrap();
    assert_eq!(output.status.code(), None);
    assert_eq!(stand_in.open_sessions(), 0);
}
