//! Exit codes, of which no two mean the same.

use std::process::{ExitCode, Termination};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The answer is no: `diff --exit-code` found changes, or a mass removal was stopped.
    No = 1,
    /// Wrong usage, input that cannot be read, a write that was refused.
    Failed = 2,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}
