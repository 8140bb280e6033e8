//! Exports of some projects alone, and what they are evidence for.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::super::bistro::{Bistro, PROGRAM};
use super::server::{Answer, StandIn};
use super::site::{Site, luid};
use super::{Run, first, is_section, usual};

/// A site whose workbooks all read one model of the bistro: 0 and 1 in `House/Finance`, 2 in `House`, 3
/// in `House/Finance/Sales, west`.
fn site() -> Site {
    let mut site = Site::new(4);
    for table in site.section("databaseTables") {
        table["name"] = json!("fact_bills");
        table["schema"] = json!("prod_marts");
        table["fullName"] = json!("[prod_marts].[fact_bills]");
        table["database"]["name"] = json!("bistro");
    }
    site.move_to(2, 0);
    site.move_to(3, 2);
    site
}

fn titles(run: &Run) -> Vec<String> {
    let export = run.export();
    let answers = export["answers"].as_array().unwrap().iter();
    let nodes =
        answers.filter_map(|answer| answer["data"]["workbooksConnection"]["nodes"].as_array());
    let mut titles = nodes
        .flatten()
        .map(|node| node["name"].as_str().unwrap().to_owned())
        .collect::<Vec<_>>();
    titles.sort();
    titles
}

#[test]
fn only_the_workbooks_of_chosen_projects_are_asked_for() {
    let cases: [(&str, &[&str], Option<&str>); 4] = [
        (
            "Finance",
            &["Workbook 0", "Workbook 1"],
            Some("projectName:eq:Finance"),
        ),
        ("House", &["Workbook 2"], Some("projectName:eq:House")),
        ("House/Finance/*", &["Workbook 3"], None),
        (
            "House/**",
            &["Workbook 0", "Workbook 1", "Workbook 2", "Workbook 3"],
            None,
        ),
    ];
    for (pattern, expected, filter) in cases {
        let stand_in = StandIn::start(site(), usual());
        let run = Run::new(&stand_in, &["--project", pattern]);
        assert_eq!(run.code(), Some(0), "{pattern}: {}", run.stderr());
        assert_eq!(titles(&run), expected, "{pattern}");
        let section = &run.export()["sections"]["workbooks"];
        assert_eq!(section["complete"], false, "not of the site");
        assert_eq!(section["complete_within"], true);
        assert_eq!(section["narrowed_to"], json!([pattern]));
        let got = stand_in.got();
        let listed = got
            .iter()
            .find(|got| got.path.contains("/workbooks?"))
            .unwrap();
        assert_eq!(listed.parameter("filter"), filter, "{pattern}");
        let asked = got
            .iter()
            .find(|got| got.section() == Some("workbooks"))
            .unwrap();
        assert_eq!(asked.within().unwrap().len(), expected.len());
    }
}

#[test]
fn projects_stand_in_the_configuration_as_well() {
    let stand_in = StandIn::start(site(), usual());
    let run = Run::with(&stand_in, &["--config", "projects.yml"], |command| {
        let folder = command.get_current_dir().unwrap().to_owned();
        fs::write(
            folder.join("projects.yml"),
            "tableau: {projects: [House, Nowhere]}",
        )
        .unwrap();
        command
    });
    assert_eq!(run.code(), Some(0), "{}", run.stderr());
    assert_eq!(titles(&run), ["Workbook 2"]);
    assert!(run.stderr().contains("fits Nowhere"), "{}", run.stderr());
}

#[test]
fn projects_that_nothing_fits_end_the_run() {
    let stand_in = StandIn::start(site(), usual());
    Run::new(&stand_in, &["--project", "Fianance"]).assert_failed("fits Fianance");
    assert_eq!(stand_in.open_sessions(), 0);
    Run::new(&stand_in, &["--project", "{a"]).assert_failed("invalid pattern");
}

#[test]
fn a_server_that_cannot_filter_is_asked_for_all() {
    let refused = Answer::error(400, "400009", "Invalid filter expression");
    let plan = first(1, |got| got.parameter("filter").is_some(), refused);
    let stand_in = StandIn::start(site(), plan);
    let run = Run::new(&stand_in, &["--project", "Finance"]);
    assert_eq!(run.code(), Some(0), "{}", run.stderr());
    assert_eq!(titles(&run), ["Workbook 0", "Workbook 1"]);
    // Which workbooks are of a project, only this list tells.
    let refused = Answer::error(403, "403018", "Forbidden");
    let plan = first(9, |got| got.path.contains("/workbooks?"), refused);
    let stand_in = StandIn::start(site(), plan);
    Run::new(&stand_in, &["--project", "Finance"]).assert_failed("error 403018");
}

/// Patches the manifest of a bistro with an export, against the state of the last time. Returns the
/// report.
fn patch(bistro: &Bistro, export: &Path, state: Option<&str>) -> Value {
    let mut command = bistro.command(PROGRAM, &["patch", "--format", "json"]);
    command.args(["--manifest", "manifest.json", "--output", "patched.json"]);
    command.arg("--tableau").arg(export);
    let output = command
        .args(state.iter().flat_map(|state| ["--state", state]))
        .output();
    let output = output.unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    fs::rename(bistro.path("patched.json"), bistro.path("state.json")).unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn names(report: &Value, list: &str) -> Vec<String> {
    let entries = report[list].as_array().unwrap().iter();
    entries
        .map(|entry| entry["label"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_narrowed_export_removes_nothing_outside_of_its_projects() {
    let bistro = Bistro::new();
    let stand_in = StandIn::start(site(), usual());
    let whole = Run::new(&stand_in, &[]);
    let report = patch(&bistro, &whole.path(), None);
    assert_eq!(names(&report, "added").len(), 4, "{report}");

    // One workbook of the chosen project is deleted, another one has moved away; both are gone from it.
    // One outside is deleted as well, and one comes.
    let mut later = site();
    later
        .section("workbooks")
        .retain(|one| one["luid"] != luid('w', 2));
    later.move_to(1, 0);
    later.move_to(3, 1);
    stand_in.later(later, usual());
    let narrowed = Run::new(&stand_in, &["--project", "House/Finance"]);
    let report = patch(&bistro, &narrowed.path(), Some("state.json"));
    assert_eq!(names(&report, "removed"), ["Workbook 1"], "{report}");
    assert_eq!(
        report["removed"][0]["reason_code"], "left-projects",
        "{report}"
    );
    assert_eq!(names(&report, "kept"), ["Workbook 2"]);
    assert_eq!(report["export"][0]["complete"], false);
    assert_eq!(report["export"][0]["reason_codes"], json!(["narrowed"]));
    let kept = report["kept"][0]["reason"].as_str().unwrap();
    assert!(
        kept.contains("some projects alone: House/Finance"),
        "{kept}"
    );
}

#[test]
fn a_narrowed_export_that_is_incomplete_removes_nothing() {
    let bistro = Bistro::new();
    let stand_in = StandIn::start(site(), usual());
    let whole = Run::new(&stand_in, &[]);
    patch(&bistro, &whole.path(), None);
    let cut = json!({
        "data": {"workbooksConnection": {
            "nodes": [],
            "pageInfo": {"hasNextPage": false, "endCursor": null},
        }},
    });
    let plan = first(1, is_section("workbooks"), Answer::json(&cut));
    stand_in.later(site(), plan);
    let narrowed = Run::new(&stand_in, &["--project", "Finance"]);
    assert_eq!(narrowed.code(), Some(1), "{}", narrowed.stderr());
    let report = patch(&bistro, &narrowed.path(), Some("state.json"));
    assert_eq!(names(&report, "removed"), [""; 0], "{report}");
    assert_eq!(names(&report, "kept").len(), 4);
}

#[test]
fn what_workbooks_no_chosen_project_has_is_no_fault() {
    let mut empty = site();
    empty
        .section("workbooks")
        .retain(|one| one["projectName"] != "House");
    let stand_in = StandIn::start(empty, usual());
    let run = Run::new(&stand_in, &["--project", "House"]);
    assert_eq!(run.code(), Some(0), "{}", run.stderr());
    let asked = stand_in
        .got()
        .iter()
        .filter(|got| got.section() == Some("workbooks"))
        .count();
    assert_eq!(asked, 0);
    let bistro = Bistro::new();
    let read = Command::new(PROGRAM)
        .args(["diff", "--manifest"])
        .arg(bistro.path("manifest.json"))
        .arg("--tableau")
        .arg(run.path())
        .output()
        .unwrap();
    assert_eq!(
        read.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
}
