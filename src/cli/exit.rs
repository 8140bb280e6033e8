//! The exit codes.

use std::process::{ExitCode, Termination};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything is done.
    Done = 0,
    /// `diff --exit-code` found changes or lost links, a gate of `check` failed, or `patch` stopped before a
    /// mass removal.
    No = 1,
    /// Wrong usage, unusable input, a gate of `check` that could not be decided, or a write that failed.
    Failed = 2,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}
