//! The file of what is remembered: kept whole by runs at once, and never in doubt before something is
//! asked for.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Answer, Built, Got, SALES, STATE, is_post, path, posts, site};

/// The second run waits for the first one, and then knows what that one has done.
#[test]
fn two_runs_at_once_ask_once_and_forget_nothing() {
    let built = Built::new();
    let results = fs::read_to_string(built.folder.path().join("run_results.json")).unwrap();
    let other = results.replace("build-1", "build-2");
    fs::write(built.folder.path().join("other.json"), other).unwrap();
    let stand_in = site(|got| {
        if is_post(got) {
            sleep(Duration::from_millis(300));
        }
        None
    });
    let runs = ["run_results.json", "other.json"].map(|results| {
        let mut command = built.command(&stand_in.url());
        command.args(["--run-results", results]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    });
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
    }
    assert_eq!(posts(&stand_in).len(), 3);
    let state = fs::read(built.folder.path().join(STATE)).unwrap();
    let state = serde_json::from_slice::<Value>(&state).unwrap();
    assert_eq!(state["runs"].as_array().unwrap().len(), 2);
    let targets = state["targets"].as_object().unwrap();
    assert!(targets.values().all(|one| one["refreshed_at"].is_string()));
}

/// While jobs are watched, everything is asked for, and another run may go on.
#[test]
fn a_run_that_watches_jobs_keeps_no_other_one_waiting() {
    let built = Built::new();
    let is_over = Arc::new(AtomicBool::new(false));
    let ends = Arc::clone(&is_over);
    let stand_in = site(move |got| {
        let is_over = ends.load(Ordering::Relaxed);
        let job = if is_over {
            json!({"finishCode": "0"})
        } else {
            json!({})
        };
        (path(got) == "jobs/j1").then(|| Answer::json(&json!({ "job": job })))
    });
    let mut first = built.command(&stand_in.url());
    first.args(["--wait", "5"]).stdout(Stdio::null());
    let mut first = first.spawn().unwrap();
    while !stand_in.got().iter().any(|got| path(got) == "jobs/j1") {
        sleep(Duration::from_millis(20));
    }
    let second = built.command(&stand_in.url()).output().unwrap();
    assert!(first.try_wait().unwrap().is_none(), "it still watches");
    assert_eq!(second.status.code(), Some(0));
    is_over.store(true, Ordering::Relaxed);
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert_eq!(posts(&stand_in).len(), 3);
}

/// A signal ends the session, and leaves the jobs alone, which are remembered.
#[cfg(unix)]
#[test]
fn a_signal_signs_out_and_forgets_nothing() {
    let built = Built::new();
    let stand_in = site(|got| {
        let runs = json!({"job": {"progress": "10"}});
        (path(got) == "jobs/j1").then(|| Answer::json(&runs))
    });
    let mut run = built.command(&stand_in.url());
    let mut run = run.args(["--wait"]).stdout(Stdio::null()).spawn().unwrap();
    while !stand_in.got().iter().any(|got| path(got) == "jobs/j1") {
        sleep(Duration::from_millis(20));
    }
    let mut kill = Command::new("sh");
    let kill = kill.args(["-c", "kill -s TERM \"$0\"", &run.id().to_string()]);
    assert!(kill.status().unwrap().success());
    assert_eq!(run.wait().unwrap().code(), None, "the signal ended it");
    assert_eq!(stand_in.open_sessions(), 0);
    let remembered = built.remembered(&format!("workbook:{SALES}"));
    assert_eq!(remembered["job"], "j1");
}

/// What may be on its way is looked for as long as a job can take, and then asked for again, also where
/// this user may not look at jobs.
#[test]
fn what_is_not_known_is_asked_for_again_after_two_hours() {
    let built = Built::new();
    let only = ["--include", "name:Sales"];
    let silent = |got: &Got| match path(got).as_str() {
        "jobs" => Some(Answer::error(403, "403004", "Forbidden")),
        _ => is_post(got).then_some(Answer::Broken),
    };
    let run = built.refresh(&site(silent), &only);
    run.assert(1, &[(SALES, "not-known")]);
    let hidden = |got: &Got| {
        let is_jobs = path(got) == "jobs";
        is_jobs.then(|| Answer::error(403, "403004", "Forbidden"))
    };
    let stand_in = site(hidden);
    let run = built.refresh(&stand_in, &only);
    run.assert(1, &[(SALES, "not-known")]);
    assert!(posts(&stand_in).is_empty());
    let id = format!("workbook:{SALES}");
    let file = built.folder.path().join(STATE);
    let state = fs::read_to_string(&file).unwrap();
    let asked_at = built.remembered(&id)["asked_at"]
        .as_str()
        .unwrap()
        .to_owned();
    fs::write(&file, state.replace(&asked_at, "2026-05-01T07:00:00Z")).unwrap();
    let stand_in = site(hidden);
    let run = built.refresh(&stand_in, &only);
    run.assert(0, &[(SALES, "queued")]);
    assert_eq!(posts(&stand_in).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_ends_the_run_before_anything_is_asked_for() {
    use std::os::unix::fs::symlink;

    let built = Built::new();
    let stand_in = site(|_| None);
    let folder = built.folder.path();
    fs::create_dir(folder.join("folder")).unwrap();
    symlink("/proc/nothing/here", folder.join("nowhere.json")).unwrap();
    for (state, expected) in [
        ("folder", "folder: this is a folder"),
        ("nowhere.json", "nowhere.json: cannot be written"),
        ("export.json/state.json", "cannot be"),
        ("-", "needs a file"),
    ] {
        let mut command = built.command(&stand_in.url());
        let output = command.args(["--refresh-state", state]).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(expected), "{state}: {stderr}");
        assert!(!stderr.contains("--output"), "{stderr}");
        assert_eq!(output.status.code(), Some(2), "{stderr}");
    }
    assert!(stand_in.got().is_empty(), "nobody signed in");
}

#[test]
fn a_refused_sign_in_forgets_nothing() {
    let built = Built::new();
    let stand_in = site(|_| None);
    let mut command = built.command(&stand_in.url());
    let output = command
        .env("TABLEAU_PAT_SECRET", "another")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("401001"));
    assert!(posts(&stand_in).is_empty());
    // dbt has not run again meanwhile, and its results were counted.
    let run = built.refresh(&stand_in, &[]);
    assert_eq!(run.outcomes().len(), 3, "{}", run.stderr());
    assert_eq!(run.output.status.code(), Some(0));
}

#[test]
fn without_anything_due_nobody_signs_in() {
    let built = Built::new();
    let stand_in = site(|_| None);
    let mut command = built.command(&stand_in.url());
    let output = command
        .args(["--max", "0"])
        .env_remove("TABLEAU_PAT_SECRET")
        .output();
    let output = output.unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(stand_in.got().is_empty());
}
