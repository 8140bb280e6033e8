//! Several processes at one manifest: nobody's work is lost.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::fixtures;

const TRIES: usize = 60;
const SITES: [&str; 3] = ["north", "south", "west"];

/// An export of a complete site with one workbook, which reads a model of the manifest.
fn export(site: &str, number: usize) -> String {
    json!({
        "autoexpose_export": 1,
        "server": "https://tableau.bistro.example",
        "site": {"content_url": site},
        "captured_at": "2026-11-02T06:00:00Z",
        "sections": {"workbooks": {"complete": true}},
        "projects": [],
        "answers": [{"data": {"workbooks": [{
            "luid": format!("{number:08x}-0000-4000-8000-000000000000"),
            "name": format!("Sales of {site}"),
            "projectName": "House",
            "upstreamTables": [{
                "name": "dish_sales", "schema": "prod_marts",
                "fullName": "[bistro].[prod_marts].[dish_sales]", "connectionType": "postgres",
            }],
        }]}}],
    })
    .to_string()
}

fn patch(folder: &Path, site: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_autoexpose"))
        .args(["patch", "--manifest", "manifest.json", "--tableau"])
        .arg(format!("{site}.json"))
        .current_dir(folder)
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Asserts that a run won, or lost with the right message; returns whether it won.
#[track_caller]
fn has_won(output: &Output) -> bool {
    let stderr = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => true,
        Some(2) => {
            let message = "it changed while autoexpose ran";
            assert!(stderr.contains(message), "{stderr}");
            assert!(stderr.contains("run it again"), "{stderr}");
            false
        }
        code => panic!("{code:?}: {stderr}"),
    }
}

#[test]
fn runs_at_the_same_time_do_not_lose_the_exposures_of_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for (number, site) in SITES.into_iter().enumerate() {
        fs::write(path(&format!("{site}.json")), export(site, number)).unwrap();
    }
    let manifest = fixtures::manifest("postgres-1.11");
    let mut lost = 0;
    for number in 0..TRIES {
        fs::write(path("manifest.json"), &manifest).unwrap();
        let runs = SITES.map(|site| (site, patch(folder.path(), site)));
        let won: Vec<&str> = runs
            .into_iter()
            .map(|(site, run)| (site, run.wait_with_output().unwrap()))
            .filter(|(_, output)| has_won(output))
            .map(|(site, _)| site)
            .collect();
        assert!(!won.is_empty(), "try {number}: nobody won");
        lost += SITES.len() - won.len();
        let text = fs::read_to_string(path("manifest.json")).unwrap();
        let _: Value = serde_json::from_str(&text).unwrap();
        for site in won {
            let title = format!("Sales of {site}");
            assert!(
                text.contains(&title),
                "try {number}: {site} won and is lost"
            );
        }
        // Neither temporary files nor locks.
        assert_eq!(count(folder.path()), 1 + SITES.len());
    }
    assert!(lost > 0, "no two of the runs have met");
}

/// How many files a folder has beside the one for the next run.
fn count(folder: &Path) -> usize {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    names.filter(|name| name != "autoexpose.json").count()
}

/// A manifest that dbt wrote, with so many MB more in one of its texts.
fn padded(megabytes: usize) -> String {
    let manifest = String::from_utf8(fixtures::manifest("postgres-1.11")).unwrap();
    let padding = "x".repeat(megabytes << 20);
    let docs = format!("\"docs\": {{\"padding\": \"{padding}\", ");
    manifest.replacen("\"docs\": {", &docs, 1)
}

/// Somebody writes to the manifest itself, as dbt does, while it is read, parsed or copied.
#[test]
fn a_manifest_that_is_changed_in_place_ends_the_run_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("north.json"), export("north", 1)).unwrap();
    let manifest = padded(40);
    let other = manifest.replace("xxxx", "yyyy");
    let changes: [(&str, &dyn Fn()); 3] = [
        ("truncated", &|| {
            let file = fs::File::options().write(true).open(path("manifest.json"));
            file.unwrap().set_len(100).unwrap();
        }),
        ("emptied", &|| fs::write(path("manifest.json"), "").unwrap()),
        ("written anew", &|| {
            fs::write(path("manifest.json"), &other).unwrap()
        }),
    ];
    let mut met = 0;
    for (what, change) in changes {
        for later in 0..12 {
            fs::write(path("manifest.json"), &manifest).unwrap();
            let run = patch(folder.path(), "north");
            sleep(Duration::from_millis(later * 7));
            change();
            let changed = fs::read(path("manifest.json")).unwrap();
            let output = run.wait_with_output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                // It had written the new manifest before, or it read the other one.
                Some(0) => {}
                Some(2) => {
                    assert!(
                        stderr.starts_with("error: manifest.json"),
                        "{what}: {stderr}"
                    );
                    met += usize::from(stderr.contains("changed while"));
                    assert!(
                        fs::read(path("manifest.json")).unwrap() == changed,
                        "{what}"
                    );
                }
                code => panic!("{what}: {code:?}: {stderr}"),
            }
            assert_eq!(count(folder.path()), 2, "{what}");
        }
    }
    assert!(met > 0, "no run met a change");
}

#[test]
fn a_newer_manifest_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("north.json"), export("north", 1)).unwrap();
    let manifest = padded(20);
    let newer = format!("{manifest}\n");
    for _ in 0..10 {
        fs::write(path("manifest.json"), &manifest).unwrap();
        fs::write(path("newer.json"), &newer).unwrap();
        let mut run = patch(folder.path(), "north");
        // It has begun to write when there is a fourth file.
        while count(folder.path()) < 4 && run.try_wait().unwrap().is_none() {
            sleep(Duration::from_micros(200));
        }
        fs::rename(path("newer.json"), path("manifest.json")).unwrap();
        has_won(&run.wait_with_output().unwrap());
        assert!(fs::read_to_string(path("manifest.json")).unwrap() == newer);
        assert_eq!(count(folder.path()), 2);
    }
}
