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
//! - Nothing is copied in the background, since no file is mapped there (see `Content`): the whole
//!   file is written after the changes are known.
//! - Pipes and devices are not supported as targets.

use std::fs::{File, Metadata};

use tempfile::Builder;

use crate::model::Failure;

/// How a user makes a write-protected file writable.
pub(super) const MAKE_WRITABLE: &str = "clear its read-only attribute";

/// Does nothing: a temporary file inherits the permissions of its folder, as any new file does.
pub(super) fn like_any_new_file(_: &mut Builder<'_, '_>) {}

/// Does nothing: neither mode nor owner can be set here.
///
/// # Errors
/// None; on other systems the same function can fail.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the same function can fail on other systems"
)]
pub(super) fn keep_mode_and_owner(_: &File, _: &Metadata, _: &str) -> Result<(), Failure> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Runs on Unix too, where nothing else uses these functions.
    #[test]
    fn a_temporary_file_replaces_the_old_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("manifest.json");
        fs::write(&target, "old").expect("written");
        let old = fs::metadata(&target).expect("there");
        let mut builder = Builder::new();
        like_any_new_file(&mut builder);
        let new = builder.tempfile_in(folder.path()).expect("made");
        keep_mode_and_owner(new.as_file(), &old, "manifest.json").expect("nothing to do");
        assert!(MAKE_WRITABLE.contains("read-only"));
        fs::write(new.path(), "new").expect("written");
        new.persist(&target).expect("replaced");
        assert_eq!(fs::read_to_string(&target).expect("read"), "new");
    }
}
