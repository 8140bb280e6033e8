//! The world: files, standard input, signs of life, and writing without ever leaving half a file.

pub mod content;
pub mod export;
pub mod progress;
pub mod write;

use std::path::Path;

use self::content::Content;
use crate::model::Failure;

/// Reads a whole file, or maps it if it is large.
///
/// # Errors
/// The path and the system's reason.
pub fn read(path: &Path) -> Result<Content, Failure> {
    Content::open(path).map_err(|error| cannot_be_read(path, &error))
}

fn cannot_be_read(path: &Path, error: &std::io::Error) -> Failure {
    let message = if path.is_dir() {
        "this is a folder and not a file".to_owned()
    } else {
        format!("cannot be read: {}", reason(error))
    };
    Failure::new(path.display().to_string(), message)
}

/// The system's reason in its own words, without its number.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or(&text)
        .to_lowercase()
}
