//! `patch --state-out`: a folder with all that a later run compares with.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use super::bistro::{Bistro, PROGRAM};

const PATCH: [&str; 8] = [
    "patch",
    "--manifest",
    "manifest.json",
    "--tableau",
    "export.json",
    "--output",
    "patched.json",
    "--state-out",
];

fn run(bistro: &Bistro, arguments: &[&str]) -> Output {
    bistro.command(PROGRAM, arguments).output().unwrap()
}

fn patched(bistro: &Bistro) -> Output {
    run(bistro, &[&PATCH[..], &["state"]].concat())
}

#[test]
fn a_state_has_all_that_a_later_run_needs_and_only_its_owner_reads_it() {
    let bistro = Bistro::new();
    bistro.write("catalog.json", "{}");
    let output = patched(&bistro);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("wrote state: "), "{stderr}");
    let names = [
        "autoexpose.json",
        "catalog.json",
        "manifest.json",
        "tableau",
    ];
    assert_eq!(bistro.names("state"), names);
    assert_eq!(bistro.names("state/tableau"), ["export-1.json.gz"]);
    assert!(bistro.read("state/manifest.json") == bistro.read("patched.json"));
    for name in [
        "autoexpose.json",
        "manifest.json",
        "tableau/export-1.json.gz",
    ] {
        let path = bistro.path("state").join(name);
        let mode = fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_later_run_compares_with_it_without_an_export_of_its_own() {
    let bistro = Bistro::new();
    patched(&bistro);
    let diff = ["diff", "--manifest", "manifest.json", "--state", "state"];
    let output = run(&bistro, &[&diff[..], &["--exit-code"]].concat());
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{printed}");
    let impact = ["impact", "--manifest", "manifest.json", "--base", "state"];
    let output = run(&bistro, &impact);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{printed}");
}

#[test]
fn a_second_run_leaves_nothing_of_the_first() {
    let bistro = Bistro::new();
    bistro.write("catalog.json", "{}");
    fs::create_dir_all(bistro.path("state/tableau")).unwrap();
    bistro.write("state/tableau/export-2.json.gz", "of an earlier run");
    bistro.write("state/tableau/notes.txt", "of the user");
    patched(&bistro);
    assert_eq!(
        bistro.names("state/tableau"),
        ["export-1.json.gz", "notes.txt"]
    );
    fs::remove_file(bistro.path("catalog.json")).unwrap();
    patched(&bistro);
    assert!(!bistro.path("state/catalog.json").exists());
}

#[test]
fn what_cannot_be_kept_stops_the_run_before_anything_is_written() {
    let bistro = Bistro::new();
    let before = bistro.manifest();
    bistro.write("state", "a file");
    let output = run(
        &bistro,
        &[
            "patch",
            "--manifest",
            "manifest.json",
            "--tableau",
            "export.json",
            "--state-out",
            "state",
        ],
    );
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("no file was changed"), "{stderr}");
    assert!(bistro.manifest() == before);
    let output = run(
        &bistro,
        &[
            "patch",
            "--manifest",
            "manifest.json",
            "--tableau",
            "export.json",
            "--state-out",
            ".",
        ],
    );
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("a folder of its own"), "{stderr}");
    assert!(bistro.manifest() == before);
}

#[test]
fn a_dry_run_keeps_nothing() {
    let bistro = Bistro::new();
    let output = run(&bistro, &[&PATCH[..], &["state", "--dry-run"]].concat());
    assert_eq!(output.status.code(), Some(0));
    assert!(!bistro.path("state").exists());
}
