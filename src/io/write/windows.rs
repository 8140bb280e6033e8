//! What a file inherits from the one that it replaces on Windows.
//!
//! As on Unix, either the old or the new file exists at any moment: `tempfile` moves the new file
//! over the old one with `MoveFileExW` and `MOVEFILE_REPLACE_EXISTING`. A file with the read-only
//! attribute is refused, as one without a write bit is on Unix, and a symlink's target is replaced.
//!
//! Differences from Unix:
//! - Owner and access control list of the old file are **not** kept: the new file belongs to the
//!   user who runs the program, and inherits its list from the folder. Setting them needs system
//!   calls that are not safe Rust. The attributes *hidden* and *system* are lost as well.
//! - Nothing is copied in the background, since a file that is open cannot be replaced there: the whole
//!   file is written after the changes are known.
//! - Ctrl-C leaves the temporary file, which the next run removes.
//! - Pipes and devices are not supported as targets.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::Builder;

use super::guard::wait_for;
use crate::model::Failure;

/// The age from which a lock is one that a killed run has left behind. A living run holds it for a
/// check and a rename.
const ABANDONED: Duration = Duration::from_secs(5);

/// Files inherit their access control list from the folder, which is the user's own.
#[allow(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
pub(super) fn make_private(_file: &File) -> io::Result<()> {
    Ok(())
}

/// The lock of a file, until it is dropped: a file beside it. A file that is open cannot be replaced
/// here, so it cannot be the lock itself.
pub(super) struct Lock(PathBuf);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Waits for the lock of the file at `path`; `None` if another program keeps it.
///
/// # Errors
/// The lock cannot be made.
pub(super) fn lock(path: &Path) -> io::Result<Option<Lock>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let lock = path.with_file_name(format!(".{name}.autoexpose.lock"));
    wait_for(
        || match OpenOptions::new().write(true).create_new(true).open(&lock) {
            Ok(_) => Ok(Some(Lock(lock.clone()))),
            // Windows denies the access to a file that is about to be deleted.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && lock.exists() => {
                Ok(None)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if age(&lock).is_some_and(|age| age > ABANDONED) {
                    let _ = fs::remove_file(&lock);
                }
                Ok(None)
            }
            Err(error) => Err(error),
        },
    )
}

/// How long ago a file was written.
fn age(path: &Path) -> Option<Duration> {
    fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// How a user makes a write-protected file writable.
pub(super) const MAKE_WRITABLE: &str = "clear its read-only attribute";

/// Does nothing: how signals end a program cannot be changed in safe Rust.
///
/// # Errors
/// None; on other systems the same function can fail.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the same function can fail on other systems"
)]
pub(super) fn before_termination(_: fn()) -> io::Result<()> {
    Ok(())
}

/// Does nothing: there is no limit that a program could raise.
pub(super) fn allow_open_files(_: usize) {}

/// Does nothing: a temporary file inherits the permissions of its folder, as any new file does.
pub(super) fn like_any_new_file(_: &mut Builder<'_, '_>) {}

/// Does nothing: neither mode nor owner nor attributes can be set here.
///
/// # Errors
/// None; on other systems the same function can fail.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the same function can fail on other systems"
)]
pub(super) fn inherit(_: &File, _: &Path, _: &Metadata, _: &str) -> Result<(), Failure> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn one_run_at_a_time_holds_the_lock() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("manifest.json");
        let first = lock(&target).expect("made");
        assert!(first.is_some());
        let second = thread::spawn(move || lock(&target).expect("made").is_some());
        thread::sleep(Duration::from_millis(20));
        assert!(!second.is_finished());
        drop(first);
        assert!(second.join().expect("no panic"));
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 0);
    }

    /// Runs on Unix too, where nothing else uses these functions.
    #[test]
    fn a_temporary_file_replaces_the_old_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("manifest.json");
        fs::write(&target, "old").expect("written");
        let old = fs::metadata(&target).expect("there");
        before_termination(|| ()).expect("nothing to do");
        allow_open_files(1);
        let mut builder = Builder::new();
        like_any_new_file(&mut builder);
        let new = builder.tempfile_in(folder.path()).expect("made");
        inherit(new.as_file(), &target, &old, "manifest.json").expect("nothing to do");
        make_private(new.as_file()).expect("nothing to do");
        assert!(MAKE_WRITABLE.contains("read-only"));
        fs::write(new.path(), "new").expect("written");
        new.persist(&target).expect("replaced");
        assert_eq!(fs::read_to_string(&target).expect("read"), "new");
    }
}
