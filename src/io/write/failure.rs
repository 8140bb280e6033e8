//! What cannot be written, and why.

use std::io::{self, ErrorKind};

use super::system;
use crate::io::reason;
use crate::model::Failure;

/// The failure for a file that the system does not let be written. `place` is its path.
pub(super) fn cannot_be_written(place: &str, error: &io::Error) -> Failure {
    let is_denied = matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
    );
    let help = if is_denied {
        "nothing was changed; `--output` writes to another file"
    } else {
        "nothing was changed"
    };
    Failure::new(place, format!("cannot be written: {}", reason(error))).help(help)
}

/// The failure for a file that nobody may write, also not root.
pub(super) fn write_protected(place: &str) -> Failure {
    Failure::new(place, "cannot be written: the file is write-protected")
        .help(format!("{}, or use `--output`", system::MAKE_WRITABLE))
}

/// The failure for a file whose lock another program keeps.
pub(super) fn locked_by_another(place: &str) -> Failure {
    Failure::new(place, "cannot be written: another program has locked it")
        .help("run it again when that program has ended")
}
