//! What only the real program in a real file system can show: files are written as a whole or not
//! at all, pipes may close, and the number of threads does not matter.

use std::fs;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Stdio;

use serde_json::{Value, json};

use super::bistro::{Bistro, INPUTS, PROGRAM, padded};

#[test]
fn a_large_manifest_is_patched_like_a_small_one() {
    let arguments: [(&[&str], &str); 2] = [
        (&[], "manifest.json"),
        (&["--output", "new.json"], "new.json"),
    ];
    for (more, written) in arguments {
        let [small, large] = [Bistro::new(), Bistro::large()].map(|bistro| {
            bistro.assert_patches(more);
            String::from_utf8(bistro.read(written)).unwrap()
        });
        assert!(large == padded(&small), "{written}");
    }
}

#[test]
fn a_full_disk_leaves_the_old_manifest_whether_large_or_small() {
    for bistro in [Bistro::new(), Bistro::large()] {
        let before = bistro.manifest();
        let patch = [PROGRAM, "patch"].into_iter().chain(INPUTS);
        let patch = patch.collect::<Vec<_>>().join(" ");
        // A file may grow to 64 blocks here, and a write beyond fails as it does on a full disk.
        let script = format!("trap '' XFSZ; ulimit -f 64; exec {patch}");
        let output = bistro.command("sh", &["-c", &script]).output().unwrap();
        bistro.assert_refused(&before, &output, "cannot be written: file too large");
    }
}

#[test]
fn the_manifest_stays_if_the_report_cannot_be_printed() {
    let bistro = Bistro::new();
    let before = bistro.manifest();
    let output = bistro
        .command(PROGRAM, &[&["patch"], &INPUTS[..]].concat())
        .stdout(fs::File::create("/dev/full").unwrap())
        .output()
        .unwrap();
    bistro.assert_refused(&before, &output, "standard output: no space left on device");
}

#[test]
fn a_manifest_without_write_bit_is_refused() {
    let bistro = Bistro::new();
    let before = bistro.manifest();
    let read_only = fs::Permissions::from_mode(0o444);
    fs::set_permissions(bistro.path("manifest.json"), read_only).unwrap();
    let output = bistro.patch(&[]);
    bistro.assert_refused(&before, &output, "the file is write-protected");
    bistro.assert_patches(&["--output", "new.json"]);
}

#[test]
fn a_symlinked_manifest_stays_a_symlink_and_keeps_its_mode() {
    let bistro = Bistro::new();
    let before = bistro.manifest();
    let (link, file) = (bistro.path("manifest.json"), bistro.path("real/m.json"));
    fs::create_dir(bistro.path("real")).unwrap();
    fs::rename(&link, &file).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
    symlink("real/m.json", &link).unwrap();
    bistro.assert_patches(&[]);
    assert!(link.is_symlink());
    assert_ne!(bistro.read("real/m.json"), before);
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o604);
    assert_eq!(bistro.names("real"), ["m.json"]);
}

#[test]
fn an_output_that_is_another_input_is_refused_through_links_as_well() {
    let bistro = Bistro::new();
    for input in ["state.json", "autoexpose.yml", "exports/a.json"] {
        let path = bistro.path(input);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let (link, hard, far) = ("link.json", "hard.json", "exports/../far.json");
        symlink(&path, bistro.path(link)).unwrap();
        let content = match input {
            "autoexpose.yml" => b"tableau:\n  site: bistro\n".to_vec(),
            "state.json" => bistro.manifest(),
            _ => bistro.read("export.json"),
        };
        bistro.write(input, &content);
        fs::hard_link(&path, bistro.path(hard)).unwrap();
        fs::create_dir_all(bistro.path("exports")).unwrap();
        symlink(link, bistro.path(far)).unwrap();
        let more: &[&str] = match input {
            "autoexpose.yml" => &[],
            "state.json" => &["--state", "state.json"],
            _ => &["--tableau", "exports"],
        };
        for output in [input, link, hard, far] {
            for dry_run in [&[][..], &["--dry-run"]] {
                let run = bistro.patch(&[more, &["--output", output], dry_run].concat());
                let stderr = String::from_utf8_lossy(&run.stderr);
                assert_eq!(run.status.code(), Some(2), "{output}: {stderr}");
                assert!(stderr.contains("which this run reads"), "{stderr}");
                assert!(bistro.read(input) == content, "{output}");
            }
        }
        for name in [input, link, hard, far] {
            fs::remove_file(bistro.path(name)).unwrap();
        }
    }
}

#[test]
fn an_output_that_is_the_manifest_is_in_place() {
    let bistro = Bistro::new();
    symlink("manifest.json", bistro.path("link.json")).unwrap();
    bistro.assert_patches(&["--output", "link.json"]);
    let patched = bistro.manifest();
    let before = fs::metadata(bistro.path("manifest.json")).unwrap();
    assert!(bistro.path("link.json").is_symlink());
    for output in ["manifest.json", "./manifest.json", "link.json"] {
        bistro.assert_patches(&["--output", output, "--state", "manifest.json"]);
        let after = fs::metadata(bistro.path("manifest.json")).unwrap();
        assert_eq!(after.ino(), before.ino(), "{output}");
    }
    assert!(bistro.manifest() == patched);
}

#[test]
fn a_folder_that_was_made_for_an_output_does_not_stay_after_a_failure() {
    let bistro = Bistro::new();
    bistro.write("export.json", "{");
    let before = bistro.manifest();
    let output = bistro.patch(&["--output", "no/such/new.json"]);
    bistro.assert_refused(&before, &output, "export.json");
}

#[test]
fn a_manifest_that_does_not_change_is_not_written_again() {
    let bistro = Bistro::new();
    let [first, second] = [(); 2].map(|()| {
        bistro.assert_patches(&[]);
        let file = fs::metadata(bistro.path("manifest.json")).unwrap();
        (file.ino(), file.mtime_nsec())
    });
    assert_eq!(first, second);
}

/// Pages of one workbook each, a few MB altogether, so that they are read in many chunks.
fn pages() -> Vec<String> {
    let tables = ["dish_sales", "tips_by_waiter"].into_iter().cycle();
    let page = |(number, table): (usize, &str)| {
        json!({"data": {"workbooks": [{
            "luid": format!("{number:08x}-0000-4000-8000-000000000000"),
            "name": format!("Workbook {number}"),
            "description": "What guests ate. ".repeat(6000),
            "upstreamTables": [{
                "fullName": format!("[bistro].[prod_marts].[{table}]"), "connectionType": "postgres",
            }],
        }]}})
        .to_string()
    };
    (0..60).zip(tables).map(page).collect()
}

/// The report and the manifest after a run with a folder of exports.
fn patched_with(exports: &[(String, String)]) -> (Vec<u8>, Vec<u8>) {
    let bistro = Bistro::new();
    fs::create_dir(bistro.path("exports")).unwrap();
    for (name, text) in exports {
        bistro.write(&format!("exports/{name}"), text);
    }
    let inputs = ["--manifest", "manifest.json", "--tableau", "exports"];
    let output = bistro
        .command(
            PROGRAM,
            &[&["patch"], &inputs[..], &["--format", "json"]].concat(),
        )
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    (output.stdout, bistro.manifest())
}

#[test]
fn an_export_that_is_read_in_chunks_is_read_whole() {
    let pages = pages();
    let apart: Vec<(String, String)> = pages
        .iter()
        .enumerate()
        .map(|(number, page)| (format!("{number}.json"), page.clone()))
        .collect();
    let expected = patched_with(&apart);
    assert!(String::from_utf8_lossy(&expected.0).contains("Workbook 59"));
    let together = pages.join("\n");
    assert!(patched_with(&[("all.ndjson".to_owned(), together)]) == expected);
}

#[test]
fn an_error_in_a_late_chunk_names_the_line_of_the_file() {
    let bistro = Bistro::new();
    bistro.write("export.json", &pages().join("\n")[..5_000_000]);
    let before = bistro.manifest();
    let output = bistro.patch(&[]);
    bistro.assert_refused(&before, &output, "export.json:49:");
}

#[test]
fn a_closed_pipe_is_success() {
    let bistro = Bistro::new();
    let arguments = [&["diff"], &INPUTS[..], &["--format", "json"]].concat();
    let mut child = bistro
        .command(PROGRAM, &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    let mut pipe = child.stderr.take().unwrap();
    pipe.read_to_string(&mut stderr).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(stderr, "");
}

#[test]
fn threads_do_not_change_a_byte() {
    let [one, two, sixteen] = ["1", "2", "16"].map(|threads| {
        let bistro = Bistro::new();
        let output = bistro.assert_patches(&["--threads", threads, "--format", "json"]);
        (bistro.manifest(), output.stdout)
    });
    assert_eq!(two, one);
    assert_eq!(sixteen, one);
}

#[test]
fn a_json_report_is_alone_on_standard_output() {
    let output = Bistro::new().assert_patches(&["--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["schema_version"], 1);
    assert!(output.stderr.is_empty());
}

#[test]
fn an_export_from_a_pipe_is_opened_once() {
    let bistro = Bistro::new();
    let expected = bistro.patch(&["--dry-run"]).stdout;
    // The writer is gone when the pipe has been read: whoever opens it again waits forever.
    let script = format!(
        "mkfifo pipe && {{ cat export.json >pipe & }} && \
         exec timeout 20 {PROGRAM} patch --dry-run --manifest manifest.json --tableau pipe --tableau pipe"
    );
    for _ in 0..5 {
        let mut command = bistro.command("sh", &["-c", &script]);
        let output = command.env("PATH", "/usr/bin:/bin").output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout == expected);
        fs::remove_file(bistro.path("pipe")).unwrap();
    }
}

#[test]
fn a_machine_without_threads_gives_an_error() {
    let bistro = Bistro::new();
    let before = bistro.manifest();
    let patch = [PROGRAM, "patch", "--threads", "256"]
        .into_iter()
        .chain(INPUTS);
    let patch = patch.collect::<Vec<_>>().join(" ");
    // The stacks of all threads do not fit into this much memory. They are so large that what is left
    // is enough for all else that a started thread asks for, a signal stack above all; no heap of its
    // own is.
    let limits = "export RUST_MIN_STACK=100000000 MALLOC_ARENA_MAX=1; ulimit -v 1000000";
    let script = format!("{limits}; exec {patch}");
    let output = bistro.command("sh", &["-c", &script]).output().unwrap();
    bistro.assert_refused(&before, &output, "the system cannot start 256 threads: ");
}

#[test]
fn a_variable_cannot_ask_for_too_many_threads() {
    let bistro = Bistro::new();
    let expected = bistro.patch(&["--dry-run"]).stdout;
    for threads in ["100000", "0", ""] {
        let patch = [&["patch", "--dry-run"], &INPUTS[..]].concat();
        let mut command = bistro.command(PROGRAM, &patch);
        let output = command.env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{threads}");
        assert!(output.stdout == expected, "{threads}");
    }
}
