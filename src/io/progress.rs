//! A sign of life on a terminal for work that takes its time.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::ProgressBar;

/// What takes less time is over before anybody could read about it.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(120);

/// Shows what is being done until it is dropped, if standard error is a terminal and it takes
/// longer than a second.
pub struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// Begins work of this kind, as in `reading 450 MB`.
    pub fn begin(what: String) -> Self {
        if !stderr().is_terminal() {
            return Self(None);
        }
        let (work, end) = channel();
        let thread = thread::spawn(move || {
            if end.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::new_spinner().with_message(what);
            bar.enable_steady_tick(TICK);
            // The end is that nobody is left who could send.
            let _ = end.recv();
            bar.finish_and_clear();
        });
        Self(Some((work, thread)))
    }
}

impl Drop for Progress {
    /// Clears the line, so that what is printed next has it for itself.
    fn drop(&mut self) {
        if let Some((work, thread)) = self.0.take() {
            drop(work);
            let _ = thread.join();
        }
    }
}
