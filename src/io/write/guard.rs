//! Nobody else's work is lost: a manifest is only replaced while it is the one that was read.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::io::content::Content;
use crate::io::stamp::Stamp;
use crate::model::Failure;

/// How long another run may hold the lock. It does so only for a check and a rename.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(2);

/// The file that was read, to be compared with what stands in its place later.
#[derive(Default)]
pub(super) struct Guard {
    /// As the file was when its first byte was read; `None` if it is not a file.
    stamp: Option<Stamp>,
    /// The file itself if it is copied: its bytes were read until now, so they must not have changed.
    copied: Option<File>,
    /// The paths that must still lead to the file that was read, because it is the one that will be
    /// replaced.
    replaced: Vec<PathBuf>,
}

impl Guard {
    /// Remembers the file of `source`. `target` is the path as the user gave it, and `resolved` the
    /// one that its symlinks lead to.
    ///
    /// # Errors
    /// The error of the system.
    pub(super) fn new(source: &Content, target: &Path, resolved: &Path) -> io::Result<Self> {
        let replaced = if source.is_from(target) {
            vec![target.to_owned(), resolved.to_owned()]
        } else {
            Vec::new()
        };
        Ok(Self {
            stamp: source.stamp(),
            copied: source.copied_file().map(File::try_clone).transpose()?,
            replaced,
        })
    }

    /// Whether the file that was read is the one that will be replaced.
    pub(super) fn is_in_place(&self) -> bool {
        !self.replaced.is_empty()
    }

    /// Checks that the file that was read has not changed.
    ///
    /// # Errors
    /// It has; `place` is its path, for the message.
    pub(super) fn check(&self, place: &str) -> Result<(), Failure> {
        let copied = self
            .copied
            .iter()
            .map(|file| Some(Stamp::new(&file.metadata().ok()?)));
        let replaced = self.replaced.iter().map(|path| Stamp::at(path).ok());
        if copied.chain(replaced).all(|now| now == self.stamp) {
            Ok(())
        } else {
            Err(Failure::new(
                place,
                "it changed while autoexpose ran, so it was not written",
            )
            .help("run it again"))
        }
    }
}

/// Tries to get a lock until another run gives it back; `None` if it takes too long.
///
/// # Errors
/// The error of the last attempt.
pub(super) fn wait_for<T>(
    mut attempt: impl FnMut() -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    let started = Instant::now();
    loop {
        let lock = attempt()?;
        if lock.is_some() || started.elapsed() > PATIENCE {
            return Ok(lock);
        }
        thread::sleep(PAUSE);
    }
}
