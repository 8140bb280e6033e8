//! The bytes of a file, in this program's own memory.
//!
//! A large file is not mapped: another program may truncate it at any time, as dbt does when it
//! writes a manifest anew, and a page that a map has lost ends the process without a word (SIGBUS).

#[cfg(unix)]
mod unix;

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use memmap2::MmapMut;

use super::failure::cannot_be_read;
use super::max_size::{Limited, MaxSize, TooLarge};
use super::stamp::{ChangedMeanwhile, Stamp, is_same_file};
use super::standard::is_dash;
use crate::model::Failure;

/// The size from which a file is read on all cores, in bytes. A smaller one costs next to nothing.
const LARGE: u64 = 8 << 20;
/// The first bytes of gzipped files.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// The bytes of a file.
pub struct Content {
    bytes: Bytes,
    /// The file that was read, if this was read from a file.
    origin: Option<Origin>,
    is_gzipped: bool,
}

enum Bytes {
    Small(Vec<u8>),
    /// Pages of memory that no file is behind.
    Large(MmapMut),
}

/// The file that was read.
struct Origin {
    path: PathBuf,
    file: File,
    /// Its stamp before its first byte was read.
    stamp: Stamp,
}

/// Reads a whole file, or standard input, decompressed if it is gzipped.
///
/// # Errors
/// The file cannot be read, or becomes larger than the limit once unpacked; with its path and the
/// reason.
pub fn read(path: &Path, limit: MaxSize) -> Result<Content, Failure> {
    Content::open(path, limit).map_err(|error| cannot_be_read(path, &error))
}

impl Content {
    /// Reads a file.
    ///
    /// # Errors
    /// The error of the system, the file changed while it was read, or it becomes larger than the
    /// limit once unpacked.
    pub fn open(path: &Path, limit: MaxSize) -> io::Result<Self> {
        if is_dash(path) {
            return Self::without_origin(io::stdin().lock(), limit);
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Self::without_origin(&file, limit);
        }
        let stamp = Stamp::new(&metadata);
        let bytes = whole(&file, &metadata);
        // Otherwise it may be the start of one file and the end of another.
        if Stamp::new(&file.metadata()?) != stamp {
            return Err(io::Error::other(ChangedMeanwhile));
        }
        let (bytes, is_gzipped) = unzipped(bytes?, limit)?;
        let path = path.to_owned();
        Ok(Self {
            bytes,
            origin: Some(Origin { path, file, stamp }),
            is_gzipped,
        })
    }

    /// Reads a pipe, which can be read once only.
    fn without_origin(mut pipe: impl Read, limit: MaxSize) -> io::Result<Self> {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes)?;
        let (bytes, is_gzipped) = unzipped(Bytes::Small(bytes), limit)?;
        Ok(Self {
            bytes,
            origin: None,
            is_gzipped,
        })
    }

    /// Whether the file was gzipped; the bytes are not.
    pub(super) fn is_gzipped(&self) -> bool {
        self.is_gzipped
    }

    /// The file that was read, if it is so large that it is worth to be copied while its changes are
    /// still unknown.
    pub(super) fn copied_file(&self) -> Option<&File> {
        let is_large = matches!(self.bytes, Bytes::Large(_)) && !self.is_gzipped;
        self.origin
            .as_ref()
            .filter(|_| is_large)
            .map(|origin| &origin.file)
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
            bytes: Bytes::Small(bytes),
            origin: None,
            is_gzipped: false,
        }
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Small(bytes) => bytes,
            Self::Large(bytes) => bytes,
        }
    }
}

/// All bytes of a file.
fn whole(mut file: &File, metadata: &Metadata) -> io::Result<Bytes> {
    let length = usize::try_from(metadata.len()).map_err(|_| ErrorKind::OutOfMemory)?;
    if metadata.len() >= LARGE {
        return read_large(file, length).map(Bytes::Large);
    }
    let mut bytes = Vec::with_capacity(length);
    file.read_to_end(&mut bytes)?;
    Ok(Bytes::Small(bytes))
}

#[cfg(unix)]
use self::unix::read_large;

#[cfg(not(unix))]
fn read_large(mut file: &File, length: usize) -> io::Result<MmapMut> {
    let mut bytes = MmapMut::map_anon(length)?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The bytes, decompressed if they are gzipped, and whether they were.
fn unzipped(bytes: Bytes, limit: MaxSize) -> io::Result<(Bytes, bool)> {
    if !bytes.starts_with(GZIP) {
        return Ok((bytes, false));
    }
    let mut plain = Vec::new();
    Limited::new(MultiGzDecoder::new(&*bytes), limit)
        .read_to_end(&mut plain)
        .map_err(|error| match TooLarge::find(&error) {
            Some(_) => error,
            None => io::Error::new(error.kind(), format!("it cannot be unzipped: {error}")),
        })?;
    Ok((Bytes::Small(plain), true))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn small_and_large_files_have_the_same_bytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        for (length, is_large) in [(0, false), (3, false), (LARGE as usize + 9, true)] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            fs::write(&path, &bytes).expect("written");
            let content = Content::open(&path, MaxSize::ENOUGH).expect("opened");
            assert!(*content == *bytes, "{length} bytes");
            assert_eq!(content.copied_file().is_some(), is_large, "{length} bytes");
        }
    }

    #[test]
    fn a_large_file_stays_as_it_was_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        let bytes = vec![7; LARGE as usize];
        fs::write(&path, &bytes).expect("written");
        let content = Content::open(&path, MaxSize::ENOUGH).expect("opened");
        fs::write(&path, "short").expect("truncated");
        assert!(*content == *bytes);
    }

    #[test]
    fn gzipped_files_are_unzipped_or_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file.gz");
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"{}").expect("zipped");
        let zipped = encoder.finish().expect("zipped");
        fs::write(&path, &zipped).expect("written");
        let content = Content::open(&path, MaxSize::ENOUGH).expect("opened");
        assert!(content.is_gzipped() && *content == *b"{}");
        fs::write(&path, &zipped[..zipped.len() - 3]).expect("written");
        let error = Content::open(&path, MaxSize::ENOUGH)
            .err()
            .expect("cut off");
        assert!(error.to_string().contains("cannot be unzipped"), "{error}");
    }
}
