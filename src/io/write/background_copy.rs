//! Copies a file in the background before it is known how much of it is wanted.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

/// How much is copied before the thread looks again where to end, in bytes.
const CHUNK: u64 = 8 << 20;

/// A copy that is being made by a thread of its own.
pub(super) struct BackgroundCopy {
    end: Arc<AtomicU64>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl BackgroundCopy {
    /// Begins to copy a file, from its first byte on.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn begin(source: &File, target: &File) -> io::Result<Self> {
        let (source, target) = (source.try_clone()?, target.try_clone()?);
        let end = Arc::new(AtomicU64::new(u64::MAX));
        let end_now = Arc::clone(&end);
        let thread = thread::spawn(move || copy(source, target, &end_now));
        Ok(Self {
            end,
            thread: Some(thread),
        })
    }

    /// Waits until the first `end` bytes are there. There may be more.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn end_at(mut self, end: u64) -> io::Result<()> {
        self.stop_at(end)
    }

    fn stop_at(&mut self, end: u64) -> io::Result<()> {
        self.end.store(end, Ordering::Relaxed);
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(io::Error::other("the copying thread broke off")),
        }
    }
}

impl Drop for BackgroundCopy {
    /// Aborts the copy instead of finishing it.
    fn drop(&mut self) {
        let _ = self.stop_at(0);
    }
}

/// Copies until `end`, which may be lowered meanwhile, or until the source ends.
fn copy(mut source: File, mut target: File, end: &AtomicU64) -> io::Result<()> {
    let mut copied = 0;
    loop {
        let wanted = end
            .load(Ordering::Relaxed)
            .saturating_sub(copied)
            .min(CHUNK);
        // Between two files, the system copies without showing the bytes to this process.
        match io::copy(&mut (&mut source).take(wanted), &mut target)? {
            0 => return Ok(()),
            length => copied += length,
        }
    }
}
