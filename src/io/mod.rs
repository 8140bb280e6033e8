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
    let place = path.display().to_string();
    match Content::open(path) {
        Ok(content) => Ok(content),
        Err(_) if path.is_dir() => Err(Failure::new(place, "this is a folder and not a file")),
        Err(error) => Err(Failure::new(place, format!("cannot be read: {}", reason(&error)))),
    }
}

/// The system's reason in its own words, without its number.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
