//! Shows progress on a terminal.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::ProgressBar;

/// How long work must take to be shown: shorter work is over before anybody could read it.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(120);

/// Shows a spinner until this is dropped, if standard error is a terminal and the work takes longer
/// than a second.
pub struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// Begins work with a description such as `reading and matching`.
    pub fn begin(what: String) -> Self {
        if !stderr().is_terminal() {
            return Self(None);
        }
        let (work, end) = channel();
        // Without a thread of its own, the work goes on unseen.
        let thread = thread::Builder::new().spawn(move || {
            if end.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::new_spinner().with_message(what);
            // Nothing is ever sent: this ends when the sender is dropped.
            while end.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Self(thread.ok().map(|thread| (work, thread)))
    }
}

/// Shows how far work has come, if standard error is a terminal.
#[cfg(feature = "fetch")]
pub struct Counter(Option<ProgressBar>);

#[cfg(feature = "fetch")]
impl Counter {
    /// Begins work.
    pub fn begin() -> Self {
        if !stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(TICK);
        Self(Some(bar))
    }

    /// Shows how far it has come.
    pub fn show(&self, state: String) {
        if let Some(bar) = &self.0 {
            bar.set_message(state);
        }
    }
}

#[cfg(feature = "fetch")]
impl Drop for Counter {
    /// Clears the line, so that it can be printed on.
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    /// Clears the line, so that it can be printed on.
    fn drop(&mut self) {
        if let Some((work, thread)) = self.0.take() {
            drop(work);
            let _ = thread.join();
        }
    }
}
