//! Overwrites the content of a file that cannot be replaced by another one.
//!
//! A file that is mounted by itself (`docker run -v ./manifest.json:/work/manifest.json`) cannot be
//! renamed over (`EBUSY`). Its content is overwritten, which does not happen at once: a crash in the
//! middle leaves a mixture of old and new. So the whole new file stands beside it until then, under
//! a name that no run removes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

use super::failure::cannot_be_written;
use super::temporary::{Temporary, parent};
use crate::io::reason;
use crate::model::Failure;

/// What the whole new file is called, behind the name of the file that is overwritten.
const SUFFIX: &str = ".autoexpose-new";

/// Why a file could not be overwritten.
enum Problem {
    /// It is as it was before.
    Unchanged(io::Error),
    /// It may be a mixture of old and new.
    Mixed(io::Error),
}

/// Overwrites the file at `path` by a whole and synced one. A signal waits until that is done.
/// `place` is the path, for messages.
///
/// # Errors
/// The error of the system. If the old file is not whole any more, the message says where the new
/// one is.
pub(super) fn overwrite(path: &Path, whole: Temporary, place: &str) -> Result<(), Failure> {
    let failure = |error| cannot_be_written(place, &error);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let kept = path.with_file_name(format!("{name}{SUFFIX}"));
    let mut old = OpenOptions::new().write(true).open(path).map_err(failure)?;
    let _signals_wait = Temporary::hold_signals();
    let mut new = whole.keep(&kept).map_err(failure)?;
    // Without this, a crash of the machine could leave neither file. Not every system can do it.
    let _ = File::open(parent(path)).and_then(|folder| folder.sync_all());
    match copy_over(&mut new, &mut old) {
        Ok(()) => {
            let _ = fs::remove_file(&kept);
            Ok(())
        }
        Err(Problem::Unchanged(error)) => {
            let _ = fs::remove_file(&kept);
            Err(failure(error))
        }
        Err(Problem::Mixed(error)) => Err(Failure::new(
            place,
            format!("was overwritten only in part: {}", reason(&error)),
        )
        .help(format!(
            "copy the whole new file over it: {}",
            kept.display()
        ))),
    }
}

/// Copies a file over another one. What is longer than the old file is written first, while the old
/// bytes are still there: where the disk is full, nothing is lost.
fn copy_over(new: &mut File, old: &mut File) -> Result<(), Problem> {
    let lengths = || io::Result::Ok((old.metadata()?.len(), new.metadata()?.len()));
    let (before, after) = lengths().map_err(Problem::Unchanged)?;
    if after > before {
        copy_from(before, new, old).map_err(|error| {
            let _ = old.set_len(before);
            Problem::Unchanged(error)
        })?;
    }
    let mut all = || {
        let start = &mut *new;
        start.seek(SeekFrom::Start(0))?;
        old.seek(SeekFrom::Start(0))?;
        io::copy(&mut io::Read::take(start, before.min(after)), old)?;
        old.set_len(after)?;
        old.sync_all()
    };
    all().map_err(Problem::Mixed)
}

/// Copies all bytes from a position on, and waits until the disk has them.
fn copy_from(position: u64, new: &mut File, old: &mut File) -> io::Result<()> {
    new.seek(SeekFrom::Start(position))?;
    old.seek(SeekFrom::Start(position))?;
    io::copy(new, old)?;
    old.sync_all()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::temporary::LeftOvers;
    use super::*;

    #[test]
    fn longer_and_shorter_files_are_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("manifest.json");
        for (before, after) in [
            ("old", "a longer one"),
            ("a long one", "new"),
            ("old", "new"),
        ] {
            fs::write(&path, before).expect("written");
            let mut whole =
                Temporary::beside(&path, false, &mut LeftOvers::default()).expect("made");
            whole
                .file_mut()
                .write_all(after.as_bytes())
                .expect("written");
            overwrite(&path, whole, "manifest.json").expect("overwritten");
            assert_eq!(fs::read_to_string(&path).expect("read"), after);
            assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
        }
    }

    #[test]
    fn the_whole_new_file_stays_where_the_old_one_is_not_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("manifest.json");
        fs::write(&path, "old").expect("written");
        fs::write(folder.path().join("new"), "new").expect("written");
        let mut new = File::open(folder.path().join("new")).expect("opened");
        // It cannot be written to.
        let mut old = File::open(&path).expect("opened");
        let mixed = copy_over(&mut new, &mut old);
        assert!(matches!(mixed, Err(Problem::Mixed(_))));
        fs::write(folder.path().join("new"), "longer").expect("written");
        let unchanged = copy_over(&mut new, &mut old);
        assert!(matches!(unchanged, Err(Problem::Unchanged(_))));
        assert_eq!(fs::read_to_string(&path).expect("read"), "old");
    }
}
