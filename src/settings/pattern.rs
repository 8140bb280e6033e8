//! A pattern with its text.

use globset::GlobMatcher;

/// A pattern with its text.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As the user wrote it.
    pub text: String,
    /// The compiled glob; case does not count.
    pub glob: GlobMatcher,
}

impl Pattern {
    /// Whether it fits this text.
    pub fn fits(&self, text: &str) -> bool {
        self.glob.is_match(text)
    }
}
