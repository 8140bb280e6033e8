//! Copies a file in the background, before it is known how much of it is needed.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

/// How much is copied before the thread checks again where to end, in bytes.
const CHUNK: u64 = 8 << 20;

/// A copy that a thread of its own is making.
pub(super) struct BackgroundCopy {
    end: Arc<AtomicU64>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl BackgroundCopy {
    /// Begins to copy a file from its start.
    ///
    /// # Errors
    /// The error of the system.
    pub(super) fn begin(source: &File, target: &File) -> io::Result<Self> {
        let (source, target) = (source.try_clone()?, target.try_clone()?);
        let end = Arc::new(AtomicU64::new(u64::MAX));
        let end_now = Arc::clone(&end);
        let thread = thread::Builder::new().spawn(move || copy(source, target, &end_now))?;
        Ok(Self {
            end,
            thread: Some(thread),
        })
    }

    /// Waits until at least the first `end` bytes are copied.
    ///
    /// # Errors
    /// The error of the system.
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

/// Copies up to `end`, which may be lowered meanwhile, or to the end of the source.
fn copy(mut source: File, mut target: File, end: &AtomicU64) -> io::Result<()> {
    let mut copied = 0;
    loop {
        let wanted = end
            .load(Ordering::Relaxed)
            .saturating_sub(copied)
            .min(CHUNK);
        // From file to file, the system copies without passing the bytes through this process.
        match io::copy(&mut (&mut source).take(wanted), &mut target)? {
            0 => return Ok(()),
            length => copied += length,
        }
    }
}
