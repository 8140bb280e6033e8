//! Whether two paths lead to one file, and whether a file is still the one that was read.

#[cfg(unix)]
mod unix;

use std::error::Error;
use std::fmt;
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

#[cfg(unix)]
use self::unix::file_id;

/// The device and the inode of a file.
type FileId = (u64, u64);

/// No number of a file can be read here in safe Rust.
#[cfg(not(unix))]
fn file_id(_: &Metadata) -> Option<FileId> {
    None
}

/// What changes when a file is replaced by another one, or written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    id: Option<FileId>,
    /// In bytes.
    length: u64,
    modified: Option<SystemTime>,
    created: Option<SystemTime>,
}

impl Stamp {
    pub(super) fn new(metadata: &Metadata) -> Self {
        Self {
            id: file_id(metadata),
            length: metadata.len(),
            modified: metadata.modified().ok(),
            created: metadata.created().ok(),
        }
    }

    /// The stamp of the file that a path leads to now.
    ///
    /// # Errors
    /// The error of the system.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self::new(&fs::metadata(path)?))
    }
}

/// A file was written or replaced while it was read.
#[derive(Debug)]
pub(super) struct ChangedMeanwhile;

impl fmt::Display for ChangedMeanwhile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it changed while it was read")
    }
}

impl Error for ChangedMeanwhile {}

/// How long ago a file was written; `None` if the system does not say, or says that it will be.
pub fn age(path: &Path) -> Option<Duration> {
    let written = fs::metadata(path).ok()?.modified().ok()?;
    SystemTime::now().duration_since(written).ok()
}

/// Whether two paths lead to one file: they are equal, or are so after all symlinks are followed, or
/// are hard links of one file (on Unix).
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    let id = |path| file_id(&fs::metadata(path).ok()?);
    a == b
        || matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
        || matches!((id(a), id(b)), (Some(a), Some(b)) if a == b)
}
