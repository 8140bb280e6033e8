//! Where a path leads.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// The metadata of the file at a path, if there is one.
///
/// # Errors
/// The error of the system.
pub(super) fn existing(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The path that symlinks lead to, even if no file exists there yet.
pub(super) fn resolved(path: &Path) -> PathBuf {
    /// The number of links in a row that Linux follows.
    const MOST_LINKS: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = fs::read_link(&target) else {
            break;
        };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    target
}
