//! A process that is killed while it writes leaves the old file or the new one, never a part, and
//! nothing that stays beside it.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use autoexpose::io::content::Content;
use autoexpose::io::max_size::MaxSize;
use autoexpose::io::write::PendingFile;

/// The variable that names the file which the child writes.
const TARGET: &str = "AUTOEXPOSE_TEST_WRITES_TO";
const KILLS: u64 = 200;
/// How often each signal is sent.
const SIGNALS: u64 = 40;
/// Bytes at the beginning that stay; so many that they are copied in the background.
const UNCHANGED: usize = 8 << 20;
const CHANGED: usize = 2 << 20;

/// No file here is compressed.
fn any_size() -> MaxSize {
    "1GiB".parse().unwrap()
}

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
            let pending =
                PendingFile::begin(target, &Content::open(target, any_size()).unwrap()).unwrap();
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

/// Starts the child, by a shell that first runs some commands.
fn start(commands: &str, target: &Path) -> Child {
    let program = std::env::current_exe().unwrap();
    Command::new("sh")
        .args(["-c", &format!("{commands}\nexec \"$0\" \"$@\"")])
        .arg(program)
        .args(["kill::child_that_writes", "--exact", "--test-threads=1"])
        .env(TARGET, target)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Sends a signal such as `INT` to a child.
fn signal(child: &Child, name: &str) {
    let number = child.id().to_string();
    let sent = Command::new("sh")
        .args(["-c", "kill -s \"$0\" \"$1\"", name, &number])
        .status();
    assert!(sent.unwrap().success());
}

/// Starts the child, waits for the first sign of a write, and ends it by a signal a little later.
fn end_a_write(target: &Path, by: &str, later: Duration) -> ExitStatus {
    let mut child = start("", target);
    wait_for_write(target);
    sleep(later);
    signal(&child, by);
    child.wait().unwrap()
}

fn wait_for_write(target: &Path) {
    let started = Instant::now();
    while others(target).is_empty() {
        let waited = started.elapsed();
        assert!(waited < Duration::from_secs(60), "the child does not write");
        sleep(Duration::from_micros(100));
    }
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
        let later = Duration::from_micros(kill * 7_919 % 23_000);
        end_a_write(&target, "KILL", later);
        let text = fs::read_to_string(&target).unwrap();
        let length = text.len();
        assert!(
            text == a || text == b,
            "kill {kill}: {length} bytes, neither the old file nor the new one"
        );
        if !others(&target).is_empty() {
            left_behind += 1;
            let source = Content::open(&target, any_size()).unwrap();
            let next = PendingFile::begin(&target, &source).unwrap();
            assert_eq!(others(&target).len(), 1, "kill {kill}: only the new one");
            drop(next);
            assert!(others(&target).is_empty());
        }
    }
    // What a killed process leaves behind shows that it was killed while it wrote.
    assert!(
        left_behind > KILLS / 10,
        "only {left_behind} of {KILLS} kills met a write"
    );
}

/// Whether this process ignores a signal, as one under `nohup` or in the background of a script may:
/// then the processes that it starts ignore it as well, and nothing can end them by it.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

#[test]
fn a_write_that_a_signal_ends_leaves_nothing_beside_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("manifest.json");
    let (a, b) = (content("a"), content("b"));
    fs::write(&target, &a).unwrap();
    for (name, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        // Then nothing that the tests start can be ended by it.
        if is_ignored(number) {
            continue;
        }
        for ending in 0..SIGNALS {
            let later = Duration::from_micros(ending * 7_919 % 23_000);
            let status = end_a_write(&target, name, later);
            assert_eq!(status.signal(), Some(number));
            let left: Vec<PathBuf> = others(&target);
            assert!(left.is_empty(), "{name} {ending} leaves {left:?}");
            let text = fs::read_to_string(&target).unwrap();
            assert!(text == a || text == b, "{name} {ending}: a part");
        }
    }
}

#[test]
fn a_signal_that_was_ignored_from_the_start_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("manifest.json");
    fs::write(&target, content("a")).unwrap();
    let mut child = start("trap '' HUP", &target);
    wait_for_write(&target);
    signal(&child, "HUP");
    sleep(Duration::from_millis(100));
    assert!(child.try_wait().unwrap().is_none(), "it still writes");
    signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().signal(), Some(15));
    assert!(others(&target).is_empty());
}
