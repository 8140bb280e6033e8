//! The exit codes.

use std::process::{ExitCode, Termination};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything is done.
    Done = 0,
    /// The answer to what was asked is no, and nothing was written but an export that is incomplete.
    No = 1,
    /// There is not an answer, and nothing was changed.
    Failed = 2,
}

impl Exit {
    /// Every exit code, in order.
    pub const ALL: [Self; 3] = [Self::Done, Self::No, Self::Failed];

    /// When a run ends so, for the documentation.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::No => {
                "`diff --exit-code` found changes or lost links, a gate of `check` failed, `impact` \
                 found workbooks that are reached as `--fail-on` says, `yaml --check` found files that \
                 are not up to date, or `patch` or `yaml` stopped before a mass removal, and nothing was \
                 written; `fetch` wrote an export in which something is missing; a check of `doctor` found a \
                 fault; or `refresh` did not get all that was due queued (with `--wait`, done)"
            }
            Self::Failed => {
                "wrong usage, unusable input, a gate of `check` that could not be decided, \
                 nothing for `doctor` to look at, or a write that failed; nothing was changed"
            }
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}
