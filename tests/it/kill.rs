//! A process that is killed while it writes leaves the old file or the new one, never a part.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use autoexpose::io::content::Content;
use autoexpose::io::write::PendingFile;

/// The variable that names the file which the child writes.
const TARGET: &str = "AUTOEXPOSE_TEST_WRITES_TO";
const KILLS: u64 = 200;
/// Bytes at the beginning that stay; so many that they are copied in the background.
const UNCHANGED: usize = 8 << 20;
const CHANGED: usize = 2 << 20;

/// A file with so many equal bytes, and then a letter that tells the two versions apart.
fn content(letter: &str) -> String {
    "=".repeat(UNCHANGED) + &letter.repeat(CHANGED)
}

/// Replaces a file again and again, in pieces, as a patched manifest is written.
fn write_forever(target: &Path) -> ! {
    let versions = ["a", "b"].map(content);
    loop {
        for version in &versions {
            let (unchanged, changed) = version.split_at(UNCHANGED);
            let pieces: Vec<&str> = std::iter::once(unchanged)
                .chain(
                    changed
                        .as_bytes()
                        .chunks(70_000)
                        .map(|piece| std::str::from_utf8(piece).unwrap()),
                )
                .collect();
            let pending = PendingFile::begin(target, &Content::open(target).unwrap()).unwrap();
            pending.complete(&pieces).unwrap().publish().unwrap();
        }
    }
}

/// Not a test of its own: the child of the one below, which writes until it is killed.
#[test]
fn child_that_writes() {
    if let Some(target) = std::env::var_os(TARGET) {
        write_forever(Path::new(&target));
    }
}

/// Starts the child, waits for the first sign of a write, and kills it a little later.
fn kill_a_write(target: &Path, later: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["kill::child_that_writes", "--exact", "--test-threads=1"])
        .env(TARGET, target)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while others(target).is_empty() {
        let waited = started.elapsed();
        assert!(waited < Duration::from_secs(60), "the child does not write");
        sleep(Duration::from_micros(100));
    }
    sleep(later);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The files beside a file.
fn others(target: &Path) -> Vec<PathBuf> {
    fs::read_dir(target.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path != target)
        .collect()
}

#[test]
fn a_killed_write_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("manifest.json");
    let (a, b) = (content("a"), content("b"));
    fs::write(&target, &a).unwrap();
    let mut left_behind = 0;
    for kill in 0..KILLS {
        // Moments that differ from kill to kill.
        kill_a_write(&target, Duration::from_micros(kill * 7_919 % 23_000));
        let text = fs::read_to_string(&target).unwrap();
        let length = text.len();
        assert!(
            text == a || text == b,
            "kill {kill}: {length} bytes, neither the old file nor the new one"
        );
        for path in others(&target) {
            left_behind += 1;
            fs::remove_file(path).unwrap();
        }
    }
    // What a killed process leaves behind shows that it was killed while it wrote.
    assert!(
        left_behind > KILLS / 10,
        "only {left_behind} of {KILLS} kills met a write"
    );
}
