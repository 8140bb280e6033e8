//! Copying a file in the background, as long as it is not known where the copy is to end.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

/// How much is copied between two looks at where to end, in bytes.
const STEP: u64 = 8 << 20;

/// A copy that is being made.
pub(super) struct Copy {
    end: Arc<AtomicU64>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Copy {
    /// Begins to copy a file, from its first byte on.
    pub(super) fn begin(source: &File, target: &File) -> io::Result<Self> {
        let (mut source, mut target) = (source.try_clone()?, target.try_clone()?);
        let end = Arc::new(AtomicU64::new(u64::MAX));
        let end_now = Arc::clone(&end);
        let thread = thread::spawn(move || {
            let mut at = 0;
            loop {
                let wanted = end_now.load(Ordering::Relaxed).saturating_sub(at).min(STEP);
                // Between two files, the system copies without showing us the bytes.
                let copied = io::copy(&mut (&mut source).take(wanted), &mut target)?;
                if copied == 0 {
                    return Ok(());
                }
                at += copied;
            }
        });
        Ok(Self {
            end,
            thread: Some(thread),
        })
    }

    /// Waits until the first `end` bytes are there. There may be more.
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

impl Drop for Copy {
    /// Who does not want the copy any more need not wait for all of it.
    fn drop(&mut self) {
        let _ = self.stop_at(0);
    }
}
