//! The bytes of a manifest's file, and a repaired copy if they are not quite JSON.

use std::sync::OnceLock;

use super::mistaken;
use crate::input::json::{utf8, without_mark};
use crate::input::mask;
use crate::model::Failure;

/// A manifest's file. It owns the repaired copy, which a [`super::Manifest`] may borrow from.
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

    /// The text, with a byte-order mark if it has one. Each call checks UTF-8, which is slow on
    /// large files.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub fn text(&self) -> Result<&'t str, Failure> {
        utf8(self.file, self.bytes)
            .map_err(|failure| mistaken::not_text(self.file, self.bytes).unwrap_or(failure))
    }

    /// The text without a byte-order mark, with valid numbers of the same length in place of `NaN`
    /// and `Infinity`; `None` if it contains neither, or is not UTF-8.
    pub(super) fn repaired(&self) -> Option<&str> {
        let repaired = self.repaired.get_or_init(|| {
            let text = without_mark(self.text().ok()?);
            mask::non_finite_numbers(text)
        });
        repaired.as_deref()
    }
}
