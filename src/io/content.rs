//! The bytes of a file, which is read if it is small and mapped if it is large.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use memmap2::Mmap;

use super::failure::cannot_be_read;
use super::stamp::{Stamp, is_same_file};
use crate::model::Failure;

/// The size from which a file is mapped, in bytes. Reading a smaller one costs next to nothing.
const LARGE: u64 = 8 << 20;
/// Windows does not let a file be replaced while it is mapped (`ERROR_USER_MAPPED_FILE`, 1224), and
/// the manifest that is read is often the one that is replaced. So there every file is read.
const CAN_REPLACE_MAPPED: bool = cfg!(unix);

/// The bytes of a file.
pub struct Content {
    bytes: Bytes,
    /// The file that was read, if this was read from a file.
    origin: Option<Origin>,
}

/// The file that was read.
struct Origin {
    path: PathBuf,
    /// Its stamp before its first byte was read.
    stamp: Stamp,
}

enum Bytes {
    Read(Vec<u8>),
    Mapped(Mmap, File),
}

/// Reads a whole file, or maps it if it is large.
///
/// # Errors
/// The file cannot be read; with its path and the system's reason.
pub fn read(path: &Path) -> Result<Content, Failure> {
    Content::open(path).map_err(|error| cannot_be_read(path, &error))
}

impl Content {
    /// Reads or maps a file.
    ///
    /// # Errors
    /// The error of the system.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        let stamp = Stamp::new(&metadata);
        let bytes = if CAN_REPLACE_MAPPED && metadata.is_file() && metadata.len() >= LARGE {
            Bytes::Mapped(map(&file)?, file)
        } else {
            let mut bytes = Vec::with_capacity(metadata.len().try_into().unwrap_or_default());
            file.read_to_end(&mut bytes)?;
            // Otherwise it may be the start of one file and the end of another.
            if metadata.is_file() && Stamp::new(&file.metadata()?) != stamp {
                return Err(io::Error::other("it changed meanwhile; run it again"));
            }
            Bytes::Read(bytes)
        };
        Ok(Self {
            bytes,
            origin: metadata.is_file().then(|| Origin {
                path: path.to_owned(),
                stamp,
            }),
        })
    }

    /// The file itself if it is mapped; the system copies it faster than this program could.
    pub fn mapped_file(&self) -> Option<&File> {
        match &self.bytes {
            Bytes::Read(_) => None,
            Bytes::Mapped(_, file) => Some(file),
        }
    }

    /// The stamp of the file that was read, before its first byte was read.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        self.origin.as_ref().map(|origin| origin.stamp)
    }

    /// Whether this was read from the file that a path leads to, even if another file has its place
    /// by now.
    pub(super) fn is_from(&self, path: &Path) -> bool {
        self.origin
            .as_ref()
            .is_some_and(|origin| is_same_file(&origin.path, path))
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes: Bytes::Read(bytes),
            origin: None,
        }
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Read(bytes) => bytes,
            Bytes::Mapped(map, _) => map,
        }
    }
}

#[allow(
    unsafe_code,
    reason = "a file of hundreds of MB needs no second copy of it in memory"
)]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the map is only read, and its bytes must not change meanwhile. A program that
    // replaces the file by another one, as this one does, leaves these bytes alone. A program that
    // truncates or overwrites it in place while it is read could break that; dbt does so only when
    // it runs at the same time on the same target folder. What was made of such bytes is never
    // published: the stamp of the file is compared before (see `write::PendingFile`).
    unsafe { Mmap::map(file) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn small_and_large_files_have_the_same_bytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        for (length, is_mapped) in [(0, false), (3, false), (LARGE as usize, cfg!(unix))] {
            let bytes = vec![7; length];
            fs::write(&path, &bytes).expect("written");
            let content = Content::open(&path).expect("opened");
            assert!(*content == *bytes, "{length} bytes");
            assert_eq!(content.mapped_file().is_some(), is_mapped, "{length} bytes");
        }
    }
}
