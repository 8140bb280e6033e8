//! `autoexpose fetch` against a server that answers like Tableau, on this machine.

mod access;
mod columns;
mod doctor;
mod limits;
mod projects;
mod redirects;
mod refresh;
mod secrets;
mod server;
mod site;
mod ways;
mod xml;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use self::server::{Answer, Got, Plan, SECRET, StandIn, TOKEN_NAME, spring_401};
use self::site::{Site, luid};
use super::bistro::{Bistro, PROGRAM};

/// A run in a folder of its own.
struct Run {
    folder: tempfile::TempDir,
    output: Output,
}

impl Run {
    fn new(stand_in: &StandIn, more: &[&str]) -> Self {
        Self::with(stand_in, more, |command| command)
    }

    fn with(
        stand_in: &StandIn,
        more: &[&str],
        change: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Self {
        Self::at(&stand_in.url(), more, change)
    }

    /// A run with a server at this address.
    fn at(server: &str, more: &[&str], change: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path().to_owned(), server);
        let output = change(command.args(more)).output().unwrap();
        Self { folder, output }
    }

    fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).unwrap()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("export.json")
    }

    fn export(&self) -> Value {
        let text = fs::read(self.path()).unwrap_or_else(|_| panic!("{}", self.stderr()));
        serde_json::from_slice(&text).unwrap()
    }

    #[track_caller]
    fn assert_whole(&self) {
        assert_eq!(self.code(), Some(0), "{}", self.stderr());
        let stderr = self.stderr();
        assert!(stderr.contains("export.json: complete"), "{stderr}");
        let export = self.export();
        for (name, section) in export["sections"].as_object().unwrap() {
            assert_eq!(section["complete"], true, "{name}: {section}");
        }
        self.assert_no_secret();
    }

    /// Written, but not whole, and it says why.
    #[track_caller]
    fn assert_incomplete(&self, section: &str, why: &str) {
        let stderr = self.stderr();
        assert_eq!(self.code(), Some(1), "{stderr}");
        assert!(stderr.contains(why), "{stderr}");
        let said = &self.export()["sections"][section];
        assert_eq!(said["complete"], false, "{said}");
        assert!(said["reason"].as_str().unwrap().contains(why), "{said}");
        self.assert_no_secret();
    }

    /// Nothing was written.
    #[track_caller]
    fn assert_failed(&self, why: &str) {
        let stderr = self.stderr();
        assert_eq!(self.code(), Some(2), "{stderr}");
        assert!(stderr.contains(why), "{stderr}");
        let left = fs::read_dir(self.folder.path()).unwrap().count();
        assert_eq!(left, 0, "nothing is left behind");
        self.assert_no_secret();
    }

    #[track_caller]
    fn assert_no_secret(&self) {
        let export = fs::read_to_string(self.path()).unwrap_or_default();
        for text in [self.stderr(), export] {
            assert!(!text.contains(SECRET), "{text}");
            assert!(!text.contains("session-"), "{text}");
        }
    }
}

fn command(folder: PathBuf, server: &str) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(folder)
        .env_clear()
        .env("TABLEAU_PAT_NAME", TOKEN_NAME)
        .env("TABLEAU_PAT_SECRET", SECRET)
        .args(["fetch", "--server", server, "--site", "sales"])
        .args(["--output", "export.json"]);
    command
}

fn usual() -> Plan {
    Box::new(|_, _| None)
}

/// Answers so to the first `times` calls for which this holds.
fn first(times: usize, is: impl Fn(&Got) -> bool + Send + 'static, answer: Answer) -> Plan {
    let mut left = times;
    Box::new(move |got, _| {
        if left == 0 || !is(got) {
            return None;
        }
        left -= 1;
        Some(answer.clone())
    })
}

fn is_section(name: &'static str) -> impl Fn(&Got) -> bool {
    move |got| got.section() == Some(name)
}

#[test]
fn a_site_is_read_whole_and_the_session_ended() {
    let stand_in = StandIn::start(Site::new(3), usual());
    let run = Run::new(&stand_in, &[]);
    run.assert_whole();
    let export = run.export();
    assert_eq!(export["autoexpose_export"], 1);
    assert_eq!(export["server"], stand_in.url());
    assert_eq!(export["server_version"], "2024.3.0");
    assert_eq!(export["site"]["content_url"], "sales");
    assert_eq!(export["user"]["site_role"], "SiteAdministratorExplorer");
    assert_eq!(export["projects"].as_array().unwrap().len(), 3);
    assert_eq!(export["sections"]["workbooks"]["total"], 3);
    let mode = fs::metadata(run.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it names people");
    assert_eq!(stand_in.open_sessions(), 0);
    let got = stand_in.got();
    assert_eq!(got.iter().filter(|got| got.is_sign_in()).count(), 1);
    let lists = got.iter().filter(|got| got.section().is_some());
    assert_eq!(lists.count(), 6, "one page for each list");
}

#[test]
fn an_export_is_complete_for_whoever_reads_it() {
    let stand_in = StandIn::start(Site::new(3), usual());
    let run = Run::new(&stand_in, &[]);
    let bistro = Bistro::new();
    let read = Command::new(PROGRAM)
        .current_dir(run.folder.path())
        .args([
            "diff",
            "--format",
            "json",
            "--tableau",
            "export.json",
            "--manifest",
        ])
        .arg(bistro.path("manifest.json"))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&read.stderr);
    let report =
        serde_json::from_slice::<Value>(&read.stdout).unwrap_or_else(|_| panic!("{stderr}"));
    assert_eq!(report["workbooks"]["read"], 3);
    assert_eq!(
        report["export"][0]["complete"], true,
        "{}",
        report["export"]
    );
    let unlinked = report["unlinked"].as_array().unwrap();
    assert!(
        unlinked
            .iter()
            .all(|table| table["outcome"] != "unresolved")
    );
}

#[test]
fn large_sites_come_in_pages() {
    let stand_in = StandIn::start(Site::new(1_234), usual());
    let run = Run::new(&stand_in, &[]);
    run.assert_whole();
    let got = stand_in.got();
    let pages = |name| got.iter().filter(|got| got.section() == Some(name)).count();
    assert_eq!((pages("workbooks"), pages("databaseTables")), (7, 3));
    assert_eq!(run.export()["sections"]["workbooks"]["count"], 1_234);
}

#[test]
fn what_does_not_pass_ends_the_run_and_writes_nothing() {
    let plan = first(
        9,
        |got| got.path.contains("/projects"),
        Answer::Status(404, String::new()),
    );
    let stand_in = StandIn::start(Site::new(2), plan);
    Run::new(&stand_in, &[]).assert_incomplete("projects", "HTTP status 404");
    for (code, help) in [
        (
            "FEATURE_DISABLED",
            "tsm maintenance metadata-services enable",
        ),
        ("SITE_DISABLED", "off for this site"),
        ("ACCESS_DENIED", "who is allowed to use the Metadata API"),
    ] {
        let plan = first(9, is_section("workbooks"), Answer::graphql(code, None));
        let stand_in = StandIn::start(Site::new(2), plan);
        Run::new(&stand_in, &[]).assert_failed(help);
        assert_eq!(stand_in.open_sessions(), 0, "{code}");
    }
}

#[test]
fn a_token_that_is_refused_is_asked_again_then_renewed_then_given_up() {
    let dead = || {
        first(
            1,
            is_section("flows"),
            Answer::error(401, "401002", "Unauthorized"),
        )
    };
    let stand_in = StandIn::start(Site::new(1), dead());
    // Young sessions of the Metadata API are waited for.
    Run::new(&stand_in, &[]).assert_whole();
    let rest = |times| {
        let answer = Answer::error(401, "401002", "Unauthorized");
        first(times, |got| got.path.contains("/projects"), answer)
    };
    let stand_in = StandIn::start(Site::new(1), rest(1));
    Run::new(&stand_in, &[]).assert_whole();
    let got = stand_in.got();
    assert_eq!(got.iter().filter(|got| got.is_sign_in()).count(), 2);
    let spurious = first(2, is_section("workbooks"), spring_401());
    let stand_in = StandIn::start(Site::new(1), spurious);
    let run = Run::new(&stand_in, &[]);
    run.assert_whole();
    let got = stand_in.got();
    assert_eq!(got.iter().filter(|got| got.is_sign_in()).count(), 1);
}

#[test]
fn a_sign_in_that_is_refused_is_never_repeated() {
    let stand_in = StandIn::start(Site::new(1), usual());
    let run = Run::with(&stand_in, &[], |command| {
        command.env("TABLEAU_PAT_SECRET", "wrong")
    });
    run.assert_failed("error 401001");
    assert_eq!(stand_in.got().len(), 2);
}

#[test]
fn secrets_do_not_leave_the_machine_unencrypted() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path().to_owned(), "http://tableau.invalid")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
}

#[test]
fn what_is_not_tableau_is_said() {
    let html = Answer::Status(200, "<!DOCTYPE html><html></html>".to_owned());
    let stand_in = StandIn::start(Site::new(1), first(1, |_| true, html));
    Run::new(&stand_in, &[]).assert_failed("not a Tableau server");
}

#[test]
fn workbooks_that_one_api_does_not_know_are_named() {
    let mut site = Site::new(3);
    let listed = json!({
        "pagination": {"totalAvailable": "4"},
        "workbooks": {"workbook": (0..4).map(|n| json!({"id": luid('w', n)})).collect::<Vec<_>>()},
    });
    site.section("flows").clear();
    let plan = first(
        1,
        |got| got.path.contains("/workbooks?"),
        Answer::json(&listed),
    );
    let stand_in = StandIn::start(site, plan);
    Run::new(&stand_in, &[]).assert_incomplete("workbooks", &luid('w', 3));
}

#[test]
fn an_earlier_export_stays_where_the_run_fails() {
    let plan = first(
        9,
        is_section("flows"),
        Answer::graphql("ACCESS_DENIED", None),
    );
    let stand_in = StandIn::start(Site::new(1), plan);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.json");
    fs::write(&path, "earlier").unwrap();
    let output = command(folder.path().to_owned(), &stand_in.url())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&path).unwrap(), "earlier");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn signals_end_the_session() {
    for signal in ["INT", "TERM"] {
        let child = Arc::new(Mutex::new(None::<u32>));
        let seen = Arc::clone(&child);
        // In the middle of the run, the server sends the signal itself.
        let mut is_sent = false;
        let plan: Plan = Box::new(move |got, _| {
            if got.section() == Some("databaseTables") && !is_sent {
                is_sent = true;
                let id = loop {
                    if let Some(id) = *seen.lock().unwrap() {
                        break id;
                    }
                };
                let kill = Command::new("sh")
                    .args(["-c", "kill -s \"$0\" \"$1\"", signal, &id.to_string()])
                    .status();
                assert!(kill.unwrap().success());
                return Some(Answer::Status(503, String::new()));
            }
            None
        });
        let stand_in = StandIn::start(Site::new(2), plan);
        let folder = tempfile::tempdir().unwrap();
        let started = command(folder.path().to_owned(), &stand_in.url())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        *child.lock().unwrap() = Some(started.id());
        let output = started.wait_with_output().unwrap();
        assert_eq!(output.status.code(), None, "{signal}");
        assert_eq!(stand_in.open_sessions(), 0, "{signal}");
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 0, "{signal}: nothing is left behind");
    }
}
