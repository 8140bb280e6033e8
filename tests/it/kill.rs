//! A process that is killed while it writes leaves the old file or the new one, whole.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use autoexpose::io::content::Content;
use autoexpose::io::write::PendingFile;

/// Names the file that the child writes.
const TARGET: &str = "AUTOEXPOSE_TEST_WRITES_TO";
const KILLS: u64 = 200;
/// Enough to be copied in the background.
const UNCHANGED: usize = 8 << 20;
const CHANGED: usize = 2 << 20;

fn content(letter: &str) -> String {
    "=".repeat(UNCHANGED) + &letter.repeat(CHANGED)
}

/// Not a test of its own: the child of the one below, which writes until it is killed.
#[test]
fn child_that_writes() {
    let Some(target) = std::env::var_os(TARGET) else {
        return;
    };
    let (a, b) = (content("a"), content("b"));
    loop {
        for text in [&a, &b] {
            // In pieces, as a patched manifest is written.
            let (unchanged, changed) = text.split_at(UNCHANGED);
            let changed = changed.as_bytes().chunks(70_000);
            let changed = changed.map(|piece| std::str::from_utf8(piece).unwrap());
            let pieces = std::iter::once(unchanged)
                .chain(changed)
                .collect::<Vec<_>>();
            let target = Path::new(&target);
            let pending = PendingFile::begin(target, &Content::open(target).unwrap()).unwrap();
            pending.complete(&pieces).unwrap().publish().unwrap();
        }
    }
}

#[test]
fn a_killed_write_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("manifest.json");
    let (a, b) = (content("a"), content("b"));
    fs::write(&target, &a).unwrap();
    let mut left_behind = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["kill::child_that_writes", "--exact", "--test-threads=1"])
            .env(TARGET, &target)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // From the first sign of a write on, moments that differ from kill to kill.
        let started = Instant::now();
        while fs::read_dir(folder.path()).unwrap().count() == 1 {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "the child does not write"
            );
            sleep(Duration::from_micros(100));
        }
        sleep(Duration::from_micros(kill * 7_919 % 23_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let text = fs::read_to_string(&target).unwrap();
        assert!(
            text == a || text == b,
            "kill {kill}: {} bytes, neither the old file nor the new one",
            text.len()
        );
        for entry in fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path != target {
                left_behind += 1;
                fs::remove_file(path).unwrap();
            }
        }
    }
    // What a killed process leaves behind shows that it was killed while it wrote.
    assert!(
        left_behind > KILLS / 10,
        "only {left_behind} of {KILLS} kills met a write"
    );
}
