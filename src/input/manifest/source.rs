//! The bytes of a manifest's file, and the copy of them that is parsed where they are not quite JSON.

use std::sync::OnceLock;

use super::mask;
use crate::input::json::{utf8, without_mark};
use crate::model::Failure;

/// A manifest's file. It owns what a [`super::Manifest`] may borrow beside the file's own text.
pub struct Source<'t> {
    /// Its path, for messages.
    pub file: &'t str,
    bytes: &'t [u8],
    repaired: OnceLock<Option<String>>,
}

impl<'t> Source<'t> {
    /// A file with these bytes.
    pub fn new(file: &'t str, bytes: &'t [u8]) -> Self {
        Self {
            file,
            bytes,
            repaired: OnceLock::new(),
        }
    }

    /// The whole text, with its byte-order mark if it has one. Checking UTF-8 is slow on large
    /// files.
    ///
    /// # Errors
    /// Bytes that are not UTF-8.
    pub fn text(&self) -> Result<&'t str, Failure> {
        utf8(self.file, self.bytes)
    }

    /// The text without a byte-order mark, with valid numbers of equal length in place of `NaN`
    /// and `Infinity`; `None` if it holds neither, or is not UTF-8.
    pub(super) fn repaired(&self) -> Option<&str> {
        let repaired = self.repaired.get_or_init(|| {
            let text = without_mark(self.text().ok()?);
            mask::non_finite_numbers(text)
        });
        repaired.as_deref()
    }
}
