//! What only the real program in a real file system can show: safety of the write, pipes, threads.

use std::fs;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::fixtures;

const PROGRAM: &str = env!("CARGO_BIN_EXE_autoexpose");

/// A folder with a manifest of real dbt and an export that links one of its models.
fn bistro() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("manifest.json"),
        fixtures::manifest("postgres-1.11"),
    )
    .unwrap();
    fs::copy(
        fixtures::root().join("tableau/bistro.json"),
        folder.path().join("export.json"),
    )
    .unwrap();
    folder
}

fn autoexpose(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn patch(folder: &Path, more: &[&str]) -> Output {
    let inputs = [
        "patch",
        "--manifest",
        "manifest.json",
        "--tableau",
        "export.json",
    ];
    autoexpose(folder, &[&inputs, more].concat())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Asserts that a run failed with a message, changed nothing and left nothing behind.
#[track_caller]
fn assert_refused(folder: &Path, before: &[u8], output: &Output, message: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains(message), "{stderr}");
    assert_eq!(fs::read(folder.join("manifest.json")).unwrap(), before);
    assert_eq!(names(folder), ["export.json", "manifest.json"]);
}

/// Text that makes a manifest so large that it is mapped and copied in the background.
const PADDING_KEY: &str = "\"docs\": {\"padding\": \"";

fn padded(manifest: &str) -> String {
    let padding = "x".repeat(9 << 20);
    manifest.replacen("\"docs\": {", &format!("{PADDING_KEY}{padding}\", "), 1)
}

#[test]
fn a_large_manifest_is_patched_like_a_small_one() {
    for more in [&[][..], &["--output", "new.json"]] {
        let patched = |large: bool| {
            let folder = bistro();
            let manifest = folder.path().join("manifest.json");
            if large {
                let small = fs::read_to_string(&manifest).unwrap();
                fs::write(&manifest, padded(&small)).unwrap();
            }
            let output = patch(folder.path(), more);
            assert_eq!(output.status.code(), Some(0));
            let written = if more.is_empty() {
                "manifest.json"
            } else {
                "new.json"
            };
            fs::read_to_string(folder.path().join(written)).unwrap()
        };
        assert!(patched(true) == padded(&patched(false)), "{more:?}");
    }
}

#[test]
fn a_full_disk_leaves_the_old_manifest_whether_large_or_small() {
    for large in [false, true] {
        full_disk(large);
    }
}

fn full_disk(large: bool) {
    let folder = bistro();
    if large {
        let manifest = folder.path().join("manifest.json");
        let small = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, padded(&small)).unwrap();
    }
    let before = fs::read(folder.path().join("manifest.json")).unwrap();
    let script = format!(
        "trap '' XFSZ; ulimit -f 64; exec {PROGRAM} patch --manifest manifest.json --tableau export.json"
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_refused(
        folder.path(),
        &before,
        &output,
        "cannot be written: file too large",
    );
}

#[test]
fn nothing_is_changed_that_cannot_be_told() {
    let folder = bistro();
    let before = fs::read(folder.path().join("manifest.json")).unwrap();
    let full = fs::File::create("/dev/full").unwrap();
    let output = Command::new(PROGRAM)
        .args([
            "patch",
            "--manifest",
            "manifest.json",
            "--tableau",
            "export.json",
        ])
        .current_dir(folder.path())
        .stdout(full)
        .output()
        .unwrap();
    assert_refused(
        folder.path(),
        &before,
        &output,
        "standard output: no space left on device",
    );
}

#[test]
fn a_manifest_without_write_bit_is_refused() {
    let folder = bistro();
    let manifest = folder.path().join("manifest.json");
    let before = fs::read(&manifest).unwrap();
    fs::set_permissions(&manifest, fs::Permissions::from_mode(0o444)).unwrap();
    let output = patch(folder.path(), &[]);
    assert_refused(
        folder.path(),
        &before,
        &output,
        "the file is write-protected",
    );
    let output = patch(folder.path(), &["--output", "new.json"]);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_symlinked_manifest_stays_a_symlink_and_keeps_its_mode() {
    let folder = bistro();
    fs::create_dir(folder.path().join("real")).unwrap();
    let real = folder.path().join("real/m.json");
    fs::rename(folder.path().join("manifest.json"), &real).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o604)).unwrap();
    symlink("real/m.json", folder.path().join("manifest.json")).unwrap();
    let before = fs::read(&real).unwrap();
    assert_eq!(patch(folder.path(), &[]).status.code(), Some(0));
    assert!(folder.path().join("manifest.json").is_symlink());
    assert_ne!(fs::read(&real).unwrap(), before);
    assert_eq!(fs::metadata(&real).unwrap().mode() & 0o777, 0o604);
    assert_eq!(names(&folder.path().join("real")), ["m.json"]);
}

#[test]
fn a_manifest_as_wanted_is_not_written_again() {
    let folder = bistro();
    assert_eq!(patch(folder.path(), &[]).status.code(), Some(0));
    let written = fs::metadata(folder.path().join("manifest.json")).unwrap();
    assert_eq!(patch(folder.path(), &[]).status.code(), Some(0));
    let after = fs::metadata(folder.path().join("manifest.json")).unwrap();
    assert_eq!(
        (after.ino(), after.mtime_nsec()),
        (written.ino(), written.mtime_nsec())
    );
}

#[test]
fn an_export_that_is_read_in_pieces_is_read_whole() {
    let page = |number: usize| {
        let table = format!(
            "[bistro].[prod_marts].[{}]",
            ["dish_sales", "tips_by_waiter"][number % 2]
        );
        serde_json::json!({"data": {"workbooks": [{
            "luid": format!("{number:08x}-0000-4000-8000-000000000000"),
            "name": format!("Workbook {number}"),
            // A few MB altogether.
            "description": "What guests ate. ".repeat(6000),
            "upstreamTables": [{"fullName": table, "connectionType": "postgres"}],
        }]}})
    };
    let pages = (0..60)
        .map(|number| page(number).to_string())
        .collect::<Vec<_>>();
    let run = |exports: &[(String, String)]| {
        let folder = bistro();
        fs::create_dir(folder.path().join("exports")).unwrap();
        for (name, text) in exports {
            fs::write(folder.path().join("exports").join(name), text).unwrap();
        }
        let arguments = [
            "patch",
            "--manifest",
            "manifest.json",
            "--tableau",
            "exports",
        ];
        let output = autoexpose(
            folder.path(),
            &[&arguments[..], &["--format", "json"]].concat(),
        );
        assert_eq!(output.status.code(), Some(0));
        (
            output.stdout,
            fs::read(folder.path().join("manifest.json")).unwrap(),
        )
    };
    let apart = pages.iter().enumerate();
    let apart = apart.map(|(number, page)| (format!("{number}.json"), page.clone()));
    let apart = run(&apart.collect::<Vec<_>>());
    assert!(String::from_utf8_lossy(&apart.0).contains("Workbook 59"));
    assert!(run(&[("all.ndjson".to_owned(), pages.join("\n"))]) == apart);
    let cut_off = &pages.join("\n")[..5_000_000];
    let folder = bistro();
    fs::write(folder.path().join("export.json"), cut_off).unwrap();
    let before = fs::read(folder.path().join("manifest.json")).unwrap();
    let output = patch(folder.path(), &[]);
    // The line is that of the file, not of the piece.
    assert_refused(folder.path(), &before, &output, "export.json:49:");
}

#[test]
fn a_closed_pipe_is_success() {
    let folder = bistro();
    let mut child = Command::new(PROGRAM)
        .args([
            "diff",
            "--manifest",
            "manifest.json",
            "--tableau",
            "export.json",
            "--format",
            "json",
        ])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(
        (child.wait().unwrap().code(), stderr.as_str()),
        (Some(0), "")
    );
}

#[test]
fn threads_do_not_change_a_byte() {
    let run = |threads: &str| {
        let folder = bistro();
        let output = patch(folder.path(), &["--threads", threads, "--format", "json"]);
        (
            fs::read(folder.path().join("manifest.json")).unwrap(),
            output.stdout,
        )
    };
    let one = run("1");
    assert_eq!(run("2"), one);
    assert_eq!(run("16"), one);
}

#[test]
fn json_is_all_that_stands_on_standard_output() {
    let folder = bistro();
    let output = patch(folder.path(), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["schema_version"], 1);
    assert!(output.stderr.is_empty());
}
