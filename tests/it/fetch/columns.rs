//! What is asked for on request, and what old servers do not tell.

use std::process::Command;

use serde_json::{Value, json};

use super::super::bistro::{Bistro, PROGRAM};
use super::server::StandIn;
use super::site::{Site, luid};
use super::{Run, usual};

#[test]
fn columns_are_asked_for_on_request() {
    let stand_in = StandIn::start(Site::new(2), usual());
    Run::new(&stand_in, &[]).assert_whole();
    let run = Run::new(&stand_in, &["--columns"]);
    run.assert_whole();
    let got = stand_in.got();
    let lists = got.iter().filter_map(|got| got.section());
    let lists = lists.collect::<Vec<_>>();
    assert_eq!(
        lists[6..],
        [
            "workbooks",
            "databaseTables",
            "customSQLTables",
            "virtualConnections",
            "flows",
            "embeddedDatasources",
            "publishedDatasources",
            "sheets"
        ]
    );
    let fields = got
        .iter()
        .find(|got| got.section() == Some("embeddedDatasources"));
    let query = fields.unwrap().query();
    assert!(query.contains("... on CalculatedField{formula}"), "{query}");
}

/// Before 2022.3, only the REST API tells in which project a workbook is.
#[test]
fn old_servers_tell_projects_by_rest() {
    let mut site = Site::new(2);
    for table in site.section("databaseTables") {
        table["name"] = json!("fact_bills");
        table["schema"] = json!("prod_marts");
        table["fullName"] = json!("[prod_marts].[fact_bills]");
        table["database"]["name"] = json!("bistro");
    }
    site.move_to(1, 2);
    let stand_in = StandIn::of_version(site, "3.6", usual());
    stand_in.forget_project_luids();
    let run = Run::new(&stand_in, &[]);
    run.assert_whole();
    assert_eq!(
        run.export()["projects"][2]["workbooks"],
        json!([luid('w', 1)])
    );
    let bistro = Bistro::new();
    let diff = Command::new(PROGRAM)
        .current_dir(bistro.0.path())
        .env_clear()
        .args([
            "diff",
            "--format",
            "json",
            "--manifest",
            "manifest.json",
            "--tableau",
        ])
        .arg(run.path())
        .output()
        .unwrap();
    let report = serde_json::from_slice::<Value>(&diff.stdout).unwrap();
    let added = report["added"].as_array().unwrap().iter();
    let projects = added.map(|one| one["project"].as_str().unwrap());
    assert_eq!(
        projects.collect::<Vec<_>>(),
        ["House / Finance", "House / Finance / Sales, west"]
    );
}
