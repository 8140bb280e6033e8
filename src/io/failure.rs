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
    if path.is_dir() {
        return Failure::new(name_of_input(path), "this is a folder, not a file");
    }
    with_reason(path, error)
}

/// The failure for a folder, or something in it, that cannot be looked at.
pub(super) fn cannot_be_listed(path: &Path, error: &io::Error) -> Failure {
    with_reason(path, error)
}

fn with_reason(path: &Path, error: &io::Error) -> Failure {
    let message = format!("cannot be read: {}", reason(error));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_the_place_of_a_file_is_not_one_that_may_not_be_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        let file = cannot_be_read(folder.path(), &denied);
        assert_eq!(file.message, "this is a folder, not a file");
        let listed = cannot_be_listed(folder.path(), &denied);
        assert_eq!(listed.message, "cannot be read: permission denied");
    }
}
