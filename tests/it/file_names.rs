//! Files of an export are told apart by what they are, and not by how their names look.
#![cfg(unix)]

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::fixtures;

fn workbook(luid: char) -> String {
    let luid = String::from(luid).repeat(8);
    format!(
        r#"{{"data": {{"workbooks": [{{"luid": "{luid}-1111-4111-8111-111111111111", "name": "Sales"}}]}}}}"#
    )
}

/// A folder with a manifest and an empty folder for exports, and the paths of both.
fn inputs() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("manifest");
    fs::write(
        &manifest,
        fixtures::read("bases/manifests/snowflake-orders.json"),
    )
    .unwrap();
    let exports = folder.path().join("exports");
    fs::create_dir(&exports).unwrap();
    (folder, manifest, exports)
}

/// What the program says about the workbooks of some exports.
fn summary(manifest: &Path, exports: &[OsString]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_autoexpose"))
        .args(["diff", "--manifest"])
        .arg(manifest)
        .arg("--tableau")
        .args(exports)
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let line = stdout.lines().find(|line| line.starts_with("Tableau:"));
    line.map_or(stderr, str::to_owned)
}

#[test]
fn names_that_are_not_utf_8_are_told_apart_by_their_bytes() {
    let (_folder, manifest, exports) = inputs();
    let mut by_name = Vec::new();
    for (letter, luid) in [(0xe8, 'a'), (0xe9, 'b')] {
        let name = OsString::from_vec([&[letter], &b".json"[..]].concat());
        // Some file systems have no such names.
        if fs::write(exports.join(&name), workbook(luid)).is_err() {
            return;
        }
        by_name.push(exports.join(name).into_os_string());
    }
    assert_eq!(
        summary(&manifest, &by_name),
        "Tableau: 2 workbooks, 2 incomplete"
    );
    let in_folder = [exports.clone().into_os_string()];
    assert_eq!(
        summary(&manifest, &in_folder),
        "Tableau: 2 workbooks, 2 incomplete"
    );
    fs::write(&by_name[1], "{").unwrap();
    let failure = summary(&manifest, &in_folder);
    assert!(failure.contains(r"exports/\xE9.json:1:1"), "{failure}");
}

#[test]
fn a_file_and_a_link_to_it_are_one_file() {
    let (_folder, manifest, exports) = inputs();
    // Without a luid, two copies would be two workbooks.
    let page = r#"{"data": {"workbooks": [{"name": "Sales"}]}}"#;
    fs::write(exports.join("page.json"), page).unwrap();
    symlink(exports.join("page.json"), exports.join("latest.json")).unwrap();
    let dotted = exports.join("..").join("exports").join("page.json");
    let twice = [exports.into_os_string(), dotted.into_os_string()];
    assert_eq!(
        summary(&manifest, &twice),
        "Tableau: 1 workbook, 1 without luid"
    );
}
