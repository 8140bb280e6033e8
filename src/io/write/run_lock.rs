//! Keeps runs apart that read a file, act on what it says, and write it again and again.
//!
//! The file itself cannot be locked for so long, since each writing puts another file in its place. So
//! an empty file beside it is locked, which stays: were it removed, a run that waits for it and one that
//! makes it anew would both go on.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::failure::cannot_be_written;
use super::folders::MadeFolders;
use super::path::resolved;
use crate::model::Failure;

const PAUSE: Duration = Duration::from_millis(200);

/// The lock of a file, until it is dropped.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
    /// Whether the file system has locks at all.
    pub is_kept: bool,
}

impl RunLock {
    /// Waits until no other run has the lock of the file at `path`, for so long at most. The first time
    /// that another one has it, `waits` is called.
    ///
    /// # Errors
    /// The lock cannot be made, or another run still has it.
    pub fn of(path: &Path, patience: Duration, waits: impl FnOnce()) -> Result<Self, Failure> {
        let place = path.display().to_string();
        let file = open(path).map_err(|error| cannot_be_written(&place, &error))?;
        let started = Instant::now();
        let mut waits = Some(waits);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self::new(file, true)),
                Err(TryLockError::Error(_)) => return Ok(Self::new(file, false)),
                Err(TryLockError::WouldBlock) if started.elapsed() >= patience => {
                    return Err(
                        Failure::new(place, "another run of autoexpose works with it")
                            .help("run it again when that one has ended"),
                    );
                }
                Err(TryLockError::WouldBlock) => {
                    if let Some(waits) = waits.take() {
                        waits();
                    }
                    sleep(PAUSE);
                }
            }
        }
    }

    fn new(file: File, is_kept: bool) -> Self {
        Self {
            _file: file,
            is_kept,
        }
    }
}

/// Opens the file that is locked in place of the one at `path`.
fn open(path: &Path) -> std::io::Result<File> {
    let path = resolved(path);
    let folder = path.parent().unwrap_or(Path::new(""));
    MadeFolders::make(folder)?.keep();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Over NFS, only a file that is open for writing can be locked.
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    options.open(path.with_file_name(format!(".{name}.lock")))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn one_run_at_a_time_has_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/state.json");
        let first = RunLock::of(&path, Duration::ZERO, || ()).expect("free");
        assert!(first.is_kept);
        let failure = RunLock::of(&path, Duration::ZERO, || ()).expect_err("taken");
        assert!(failure.message.contains("another run"), "{failure}");
        let waited = AtomicUsize::new(0);
        thread::scope(|scope| {
            let second = scope.spawn(|| {
                let count = || {
                    waited.fetch_add(1, Ordering::Relaxed);
                };
                RunLock::of(&path, Duration::from_secs(60), count).is_ok()
            });
            while waited.load(Ordering::Relaxed) == 0 {
                thread::yield_now();
            }
            assert!(!second.is_finished());
            drop(first);
            assert!(second.join().expect("no panic"));
        });
        assert_eq!(waited.into_inner(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_has_the_lock_of_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let [file, link] = ["state.json", "link.json"].map(|name| folder.path().join(name));
        std::os::unix::fs::symlink("state.json", &link).expect("linked");
        let _first = RunLock::of(&file, Duration::ZERO, || ()).expect("free");
        RunLock::of(&link, Duration::ZERO, || ()).expect_err("taken");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("written");
        let failure = RunLock::of(&file.join("state.json"), Duration::ZERO, || ());
        let failure = failure.expect_err("not a folder");
        assert!(
            failure.message.starts_with("cannot be written"),
            "{failure}"
        );
    }
}
