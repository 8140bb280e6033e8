//! Who may see what, asked together with the lineage.

use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::super::bistro::{Bistro, PROGRAM};
use super::server::{Answer, Got, Plan, StandIn, listed};
use super::site::{Site, luid};
use super::{Run, usual};

/// A site whose workbooks 0 to 3 all read one model of the bistro.
fn site() -> Site {
    let mut site = Site::new(4);
    for table in site.section("databaseTables") {
        table["name"] = json!("fact_bills");
        table["schema"] = json!("prod_marts");
        table["fullName"] = json!("[prod_marts].[fact_bills]");
        table["database"]["name"] = json!("bistro");
    }
    site.section("databaseTables")[3]["name"] = json!("not_of_dbt");
    site.section("databaseTables")[3]["fullName"] = json!("[prod_marts].[not_of_dbt]");
    site
}

/// Answers questions about permissions: Bob may see workbook 1, Eve is unlicensed, and a group with Bob
/// may see whatever its rules say.
fn permissions() -> Plan {
    Box::new(|got, _| {
        let (_, path) = got.path.split_once("/sites/")?;
        let (site, path) = path.split_once('/').unwrap_or((path, ""));
        assert_eq!(site, luid('x', 1));
        answer(got, path.split('?').next()?)
    })
}

fn answer(got: &Got, path: &str) -> Option<Answer> {
    let bob = json!({"id": luid('u', 2), "name": "Bob", "siteRole": "Viewer", "email": "bob@example.com"});
    let eve = json!({"id": luid('u', 3), "name": "eve", "siteRole": "Unlicensed"});
    let readers = json!({"id": luid('g', 1), "name": "Readers"});
    let of_bob = format!("users/{}/workbooks", luid('u', 2));
    let members = format!("groups/{}/users", luid('g', 1));
    Some(match path {
        "" => {
            Answer::json(&json!({"site": {"id": luid('x', 1), "derivedPermissionsEnabled": true}}))
        }
        "users" => {
            let asked = got.parameter("filter").map(str::to_lowercase);
            let users = [bob, eve];
            let users = users.into_iter().filter(|user| {
                let name = user["name"].as_str().unwrap().to_lowercase();
                asked
                    .as_ref()
                    .is_none_or(|asked| *asked == format!("name:eq:{name}"))
            });
            listed(got, "users", "user", &users.collect::<Vec<_>>())
        }
        "groups" => listed(got, "groups", "group", &[readers]),
        path if path == of_bob => {
            let one = json!({"id": luid('w', 1), "name": "Workbook 1"});
            listed(got, "workbooks", "workbook", &[one])
        }
        path if path == members => listed(got, "users", "user", &[bob, eve]),
        "datasources" | "flows" | "databases" | "tables" => {
            listed(got, path, path.strip_suffix('s').unwrap(), &[])
        }
        path if path.ends_with("/permissions") && path.contains(&luid('w', 0)) => {
            Answer::error(403, "403004", "Forbidden to session-1")
        }
        path if path.contains("permissions") => {
            let rule = json!({"name": "Read", "mode": "Allow"});
            Answer::json(&json!({"permissions": {"granteeCapabilities": [
                {"group": {"id": luid('g', 1)}, "capabilities": {"capability": [rule]}},
            ]}}))
        }
        _ => return None,
    })
}

/// Another verb with the export of a run.
fn verb(run: &Run, args: &[&str]) -> Output {
    let bistro = Bistro::new();
    Command::new(PROGRAM)
        .current_dir(run.folder.path())
        .env_clear()
        .args(args)
        .args(["--tableau", "export.json", "--manifest"])
        .arg(bistro.path("manifest.json"))
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn asked_for(run: &Run) -> Vec<String> {
    let export = run.export();
    let rest = export["rest"].as_array().unwrap().iter();
    rest.map(|entry| entry["get"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_a_user_may_see_is_what_other_verbs_show_that_user() {
    let stand_in = StandIn::start(site(), permissions());
    let run = Run::new(&stand_in, &["--audience", "user:bob"]);
    run.assert_whole();
    assert_eq!(asked_for(&run).len(), 2, "{:?}", asked_for(&run));
    let shown = stdout(&verb(&run, &["diff", "--audience", "user:bob"]));
    assert!(shown.contains("Workbook 1"), "{shown}");
    assert!(!shown.contains("Workbook 0"), "{shown}");
    assert!(
        !fs::read_to_string(run.path())
            .unwrap()
            .contains("bob@example.com")
    );
    assert_eq!(stand_in.open_sessions(), 0);
}

#[test]
fn verbs_that_ask_tableau_ask_for_their_audience_as_well() {
    let stand_in = StandIn::start(site(), permissions());
    let bistro = Bistro::new();
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("autoexpose.yml"),
        "audience: {who: 'group:Readers'}",
    )
    .unwrap();
    let mut diff = super::command(folder.path().to_owned(), &stand_in.url());
    let program = diff.get_program().to_owned();
    let envs = diff
        .get_envs()
        .map(|(key, value)| (key.to_owned(), value.unwrap().to_owned()));
    let envs = envs.collect::<Vec<_>>();
    diff = Command::new(program);
    let output = diff
        .current_dir(folder.path())
        .env_clear()
        .envs(envs)
        .args([
            "diff",
            "--fetch",
            "--site",
            "sales",
            "--server",
            &stand_in.url(),
        ])
        .arg("--manifest")
        .arg(bistro.path("manifest.json"))
        .output()
        .unwrap();
    // One member cannot sign in, and so sees nothing: neither does the group.
    let shown = stdout(&output);
    assert!(shown.contains("Permissions required"), "{shown}");
    assert!(!shown.contains("Workbook 1"), "{shown}");
}

#[test]
fn rules_are_asked_for_and_a_refusal_is_a_fact() {
    let stand_in = StandIn::start(site(), permissions());
    let run = Run::new(&stand_in, &["--permissions", "all"]);
    assert_eq!(run.code(), Some(1), "{}", run.stderr());
    let missing = "does not tell the permission rules of a workbook: error 403004: Forbidden";
    assert!(run.stderr().contains(missing), "{}", run.stderr());
    run.assert_no_secret();
    let explained = |number: usize| {
        let workbook = luid('w', number);
        let args = ["explain", workbook.as_str(), "--for", "user:bob"];
        stdout(&verb(&run, &args))
    };
    assert!(explained(2).contains("allowed"), "{}", explained(2));
    assert!(explained(0).contains("403004"), "{}", explained(0));
    assert_eq!(stand_in.open_sessions(), 0);
}

#[test]
fn only_the_rules_of_linked_workbooks_are_asked_for() {
    let stand_in = StandIn::start(site(), permissions());
    let bistro = Bistro::new();
    let manifest = bistro.path("manifest.json");
    let manifest = manifest.to_str().unwrap();
    let run = Run::new(
        &stand_in,
        &["--permissions", "linked", "--manifest", manifest],
    );
    assert!(
        run.stderr()
            .contains("note: 3 workbooks link to a dbt node"),
        "{}",
        run.stderr()
    );
    let of_workbooks = asked_for(&run)
        .into_iter()
        .filter(|get| get.starts_with("workbooks/"));
    assert_eq!(of_workbooks.count(), 3);
    Run::new(
        &stand_in,
        &["--permissions", "linked", "--manifest", "nowhere.json"],
    )
    .assert_failed("nowhere.json");
}

#[test]
fn a_connection_that_fails_costs_the_permissions_and_not_the_lineage() {
    let mut plan = permissions();
    let stand_in = StandIn::start(
        site(),
        Box::new(move |got, before| {
            if got.path.contains("/permissions") {
                return Some(Answer::Headed(
                    503,
                    "Retry-After",
                    "0".to_owned(),
                    String::new(),
                ));
            }
            plan(got, before)
        }),
    );
    let run = Run::new(&stand_in, &["--permissions", "all"]);
    assert_eq!(run.code(), Some(1), "{}", run.stderr());
    assert!(
        run.stderr().contains("questions or more were not asked"),
        "{}",
        run.stderr()
    );
    assert_eq!(run.export()["sections"]["workbooks"]["complete"], true);
    assert_eq!(stand_in.open_sessions(), 0);
}

#[test]
fn an_export_without_an_audience_names_no_people_but_owners() {
    let stand_in = StandIn::start(Site::new(1), usual());
    let run = Run::new(&stand_in, &["--audience", "nobody"]);
    run.assert_whole();
    assert_eq!(run.export()["rest"], Value::Null);
}
