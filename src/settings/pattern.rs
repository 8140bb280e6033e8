//! Patterns of the configuration and of flags.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};

/// A compiled glob that ignores case.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    glob: GlobMatcher,
}

impl Pattern {
    /// A pattern of any text.
    ///
    /// # Errors
    /// A text that is not a glob.
    pub fn new(text: &str) -> Result<Self, InvalidPattern> {
        Self::compile(text, false)
    }

    /// A pattern of project paths if it has a `/`, in which `*` stays within one project; else of
    /// the names of projects.
    ///
    /// # Errors
    /// A text that is not a glob.
    pub fn for_projects(text: &str) -> Result<Self, InvalidPattern> {
        Self::compile(text, is_path(text))
    }

    fn compile(text: &str, is_path: bool) -> Result<Self, InvalidPattern> {
        // A backslash is an ordinary letter, as in the user name `CORP\ada`.
        let glob = GlobBuilder::new(text)
            .literal_separator(is_path)
            .backslash_escape(false)
            .case_insensitive(true)
            .build()
            .map_err(|error| InvalidPattern {
                text: text.to_owned(),
                reason: error.kind().to_string(),
            })?;
        Ok(Self {
            text: text.to_owned(),
            glob: glob.compile_matcher(),
        })
    }

    /// The text of a pattern that fits only this text.
    pub fn escape(text: &str) -> String {
        globset::escape(text)
    }

    /// The pattern as the user wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is a pattern of project paths and not of names.
    pub fn is_path(&self) -> bool {
        is_path(&self.text)
    }

    /// Whether it fits this text.
    pub fn fits(&self, text: &str) -> bool {
        self.glob.is_match(text)
    }
}

fn is_path(text: &str) -> bool {
    text.contains('/')
}

/// A text that is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvalidPattern {
    text: String,
    reason: String,
}

impl fmt::Display for InvalidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid pattern {:?}: {}", self.text, self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[track_caller]
    fn check(pattern: &str, text: &str, fits: bool) {
        let pattern = Pattern::for_projects(pattern);
        assert_eq!(pattern.map(|pattern| pattern.fits(text)), Ok(fits));
    }

    #[test]
    fn stars_of_paths_stay_within_one_project() {
        check("House/*", "house/Finance", true);
        check("House/*", "House/Finance/Old", false);
        check("House/**", "House/Finance/Old", true);
        check("*ance", "R&D/Finance", true);
    }

    #[test]
    fn backslashes_are_letters() {
        check(r"corp\*", r"CORP\ada", true);
    }

    #[test]
    fn escaped_texts_fit_themselves_alone() {
        check(&Pattern::escape("a*[b]"), "a*[b]", true);
        check(&Pattern::escape("a*[b]"), "axb", false);
    }
}
