//! Patterns of the configuration and of flags.

use std::fmt;

use globset::{ErrorKind, GlobBuilder, GlobSet};

use super::whole_regex::WholeRegex;
use crate::model::display::shortened;

/// A compiled glob, or a regular expression where one may stand. Case is ignored.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    matcher: Matcher,
}

#[derive(Debug, Clone)]
enum Matcher {
    Glob {
        glob: GlobSet,
        /// The project itself, of a pattern of paths that ends in `/**`: `House/Finance/**` is what
        /// lies in `House/Finance` and below it.
        top: Option<GlobSet>,
    },
    Regex(WholeRegex),
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

    /// A regular expression if the text stands between slashes, else a glob.
    ///
    /// # Errors
    /// A text that is neither.
    pub fn glob_or_regex(text: &str) -> Result<Self, InvalidPattern> {
        let inside = text
            .strip_prefix('/')
            .and_then(|text| text.strip_suffix('/'));
        let Some(inside) = inside else {
            return Self::new(text);
        };
        let regex = if is_too_long(text) {
            Err(too_long())
        } else {
            WholeRegex::new(inside)
        };
        let text = text.to_owned();
        match regex {
            Ok(regex) => Ok(Self {
                text,
                matcher: Matcher::Regex(regex),
            }),
            Err(reason) => Err(InvalidPattern { text, reason }),
        }
    }

    fn compile(text: &str, is_path: bool) -> Result<Self, InvalidPattern> {
        let invalid = |reason| InvalidPattern {
            text: text.to_owned(),
            reason,
        };
        let glob = matcher(text, is_path).map_err(invalid)?;
        let top = text
            .strip_suffix("/**")
            .filter(|_| is_path)
            .map(|top| matcher(top.trim_end_matches("/**"), is_path))
            .transpose()
            .map_err(invalid)?;
        Ok(Self {
            text: text.to_owned(),
            matcher: Matcher::Glob { glob, top },
        })
    }

    /// The text of a pattern that fits only this text.
    pub fn escape(text: &str) -> String {
        globset::escape(text)
    }

    /// A text for a regular expression that fits only this text there.
    pub fn escape_in_regex(text: &str) -> String {
        WholeRegex::escape(text)
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
        match &self.matcher {
            Matcher::Glob { glob, top } => {
                glob.is_match(text) || top.as_ref().is_some_and(|top| top.is_match(text))
            }
            Matcher::Regex(regex) => regex.fits(text),
        }
    }

    /// The regular expression, if it is one.
    pub fn regex(&self) -> Option<&WholeRegex> {
        match &self.matcher {
            Matcher::Glob { .. } => None,
            Matcher::Regex(regex) => Some(regex),
        }
    }
}

fn matcher(text: &str, is_path: bool) -> Result<GlobSet, String> {
    if is_too_long(text) {
        return Err(too_long());
    }
    // A backslash is an ordinary letter, as in the user name `CORP\ada`.
    let mut glob = GlobBuilder::new(text);
    glob.literal_separator(is_path)
        .backslash_escape(false)
        .case_insensitive(true);
    compile_glob(text, &glob)
}

fn is_too_long(text: &str) -> bool {
    text.chars().count() > LONGEST_PATTERN
}

fn too_long() -> String {
    format!("it is longer than {LONGEST_PATTERN} letters")
}

/// How deep the braces of a pattern may be nested.
pub const DEEPEST_BRACES: usize = 5;
/// How long a pattern may be, in letters.
pub const LONGEST_PATTERN: usize = 1_000;

/// The matcher of a glob with this text. It is a set of one, since `globset` panics if a glob of its
/// own is too large, and overflows the stack if braces are nested thousands deep.
///
/// # Errors
/// Why the text is not a glob.
pub(crate) fn compile_glob(text: &str, glob: &GlobBuilder<'_>) -> Result<GlobSet, String> {
    if depth(text) > DEEPEST_BRACES {
        return Err(format!("braces are nested more than {DEEPEST_BRACES} deep"));
    }
    let set = glob.build().and_then(|glob| GlobSet::new([glob]));
    set.map_err(|error| match error.kind() {
        // The message is about a regular expression, which the user has not written.
        ErrorKind::Regex(_) => "it is too long".to_owned(),
        kind => kind.to_string(),
    })
}

/// How many braces are open at most at one place of a text.
fn depth(text: &str) -> usize {
    let mut deepest = 0;
    let mut open = 0_usize;
    for letter in text.bytes() {
        match letter {
            b'{' => open += 1,
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
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
        write!(
            f,
            "invalid pattern {:?}: {}",
            shortened(&self.text),
            self.reason
        )
    }
}

/// The place of an entry of a list with its patterns, by which people know it, such as
/// `match.rewrite[0] (schema:prod_*)`.
pub fn place<const N: usize>(
    entry: &str,
    fields: &[&str; N],
    patterns: [Option<&Pattern>; N],
) -> String {
    match given(fields, patterns) {
        Some(patterns) => format!("{entry} ({patterns})"),
        None => entry.to_owned(),
    }
}

/// The fields that have a pattern, with it; `None` if none has one.
pub(super) fn given<const N: usize>(
    fields: &[&str; N],
    patterns: [Option<&Pattern>; N],
) -> Option<String> {
    let fields = fields.iter().zip(patterns);
    let given =
        fields.filter_map(|(field, pattern)| Some(format!("{field}:{}", pattern?.as_str())));
    let given = given.collect::<Vec<_>>();
    (!given.is_empty()).then(|| given.join(" & "))
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
        check("House/**", "House", true);
        check("*/Finance/**", "house/Finance", true);
        check("House/**", "Households", false);
        check("House/*", "House", false);
        check("*ance", "R&D/Finance", true);
    }

    #[test]
    fn patterns_that_are_too_large_are_refused() {
        let nested = |depth: usize| format!("{}a{}", "{".repeat(depth), "}".repeat(depth));
        check(&nested(5), "A", true);
        for depth in [6, 250, 1_000_000] {
            assert!(Pattern::new(&nested(depth)).is_err(), "{depth}");
        }
        check(&"*".repeat(1_000), "a", true);
        assert!(Pattern::new(&"*".repeat(100_000)).is_err());
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
