//! Turns errors of the system into a [`Failure`].

use std::io;
use std::path::Path;

use super::max_size::TooLarge;
use super::stamp::ChangedMeanwhile;
use super::standard::name_of_input;
use crate::model::Failure;

/// The failure for a file that cannot be read, with its path and the system's reason.
pub(super) fn cannot_be_read(path: &Path, error: &io::Error) -> Failure {
    if let Some(failure) = too_large(&name_of_input(path), error) {
        return failure;
    }
    let is_changed = error
        .get_ref()
        .is_some_and(|error| error.is::<ChangedMeanwhile>());
    if is_changed {
        return Failure::new(name_of_input(path), error.to_string()).help("run it again");
    }
    let message = if path.is_dir() {
        "this is a folder, not a file".to_owned()
    } else {
        format!("cannot be read: {}", reason(error))
    };
    Failure::new(name_of_input(path), message)
}

/// The failure for an input of this name that becomes too large, if the error is that.
pub(super) fn too_large(name: &str, error: &io::Error) -> Option<Failure> {
    let too_large = TooLarge::find(error)?;
    Some(Failure::new(name, too_large.to_string()).help(too_large.help()))
}

/// The message of an error of the system, without its number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or(&text)
        .to_lowercase()
}
