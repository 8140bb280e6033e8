//! Turns errors of the system into a [`Failure`].

use std::io;
use std::path::Path;

use crate::model::Failure;

/// The failure for a file that cannot be read, with its path and the system's reason.
pub(super) fn cannot_be_read(path: &Path, error: &io::Error) -> Failure {
    let message = if path.is_dir() {
        "this is a folder, not a file".to_owned()
    } else {
        format!("cannot be read: {}", reason(error))
    };
    Failure::new(path.display().to_string(), message)
}

/// The message of an error of the system, without its number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or(&text)
        .to_lowercase()
}
