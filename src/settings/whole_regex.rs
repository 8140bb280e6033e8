//! Regular expressions for whole texts.

use regex::{Captures, Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};

/// A regular expression that fits a text if it fits the whole of it. Case is ignored.
#[derive(Debug, Clone)]
pub struct WholeRegex {
    regex: Regex,
    piece: Option<String>,
}

impl WholeRegex {
    /// Compiles the expression, in the syntax of <https://docs.rs/regex/1/regex/#syntax>.
    ///
    /// # Errors
    /// Why the text is not one.
    pub fn new(text: &str) -> Result<Self, String> {
        // On its own first: `a)(b` is not an expression, but becomes one in brackets.
        let hir = regex_syntax::parse(text).map_err(|error| reason(&error))?;
        let regex = RegexBuilder::new(&format!(r"\A(?:{text})\z"))
            .case_insensitive(true)
            .build();
        let regex = regex.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it is too long".to_owned(),
            _ => "a comment in it is not closed by a line break".to_owned(),
        })?;
        let piece = required(&hir).map(|piece| piece.to_ascii_lowercase());
        Ok(Self { regex, piece })
    }

    /// An expression that fits only this text.
    pub fn escape(text: &str) -> String {
        regex::escape(text)
    }

    /// Whether it fits this text.
    pub fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// What its groups have of this text; `None` if it does not fit.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex.captures(text)
    }

    /// The names of its groups, of which some have none. The first is the whole text.
    pub fn groups(&self) -> impl Iterator<Item = Option<&str>> {
        self.regex.capture_names()
    }

    /// The longest piece that every text contains which it fits, but for case; `None` if there is
    /// none.
    pub fn piece(&self) -> Option<&str> {
        self.piece.as_deref()
    }
}

/// What is wrong with an expression, without the picture that shows where.
fn reason(error: &regex_syntax::Error) -> String {
    match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        other => other.to_string(),
    }
}

/// The longest piece that must be in every text. Of a repetition only one round must be.
fn required(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => plain(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Capture(group) => required(&group.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => required(&repeated.sub),
        HirKind::Concat(parts) => {
            let pieces = parts.iter().filter_map(required);
            pieces.max_by_key(String::len)
        }
        HirKind::Repetition(_)
        | HirKind::Alternation(_)
        | HirKind::Class(_)
        | HirKind::Look(_)
        | HirKind::Empty => None,
    }
}

/// The longest part of which every spelling differs in the case of ASCII letters alone: `k` and
/// `s` are also the Kelvin sign and the long s.
fn plain(literal: &str) -> Option<String> {
    let is_plain = |letter: char| letter.is_ascii() && !"kKsS".contains(letter);
    let parts = literal.split(|letter| !is_plain(letter));
    let longest = parts.max_by_key(|part| part.len())?;
    (!longest.is_empty()).then(|| longest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::WholeRegex;

    #[track_caller]
    fn check(text: &str, piece: Option<&str>, fitting: &[&str], others: &[&str]) {
        let regex = WholeRegex::new(text).expect(text);
        assert_eq!(regex.piece(), piece, "{text}");
        for fitting in fitting {
            assert!(regex.fits(fitting), "{text} {fitting}");
            let folded = fitting.to_ascii_lowercase();
            assert!(
                piece.is_none_or(|piece| folded.contains(piece)),
                "{text} {fitting}"
            );
        }
        for other in others {
            assert!(!regex.fits(other), "{text} {other}");
        }
    }

    #[test]
    fn whole_texts_fit_in_any_case() {
        check(
            "dbt_(.*)_marts",
            Some("_mart"),
            &["DBT_jane_Marts"],
            &["xdbt_a_marts", "dbt_marts"],
        );
        check("a|ab", None, &["A", "ab"], &["aba"]);
        check(
            r"(?P<day>\d{2})?orders?",
            Some("order"),
            &["12Order", "orders"],
            &["1orders"],
        );
        check("kiosks", Some("io"), &["\u{212a}io\u{17f}ks"], &["kio"]);
        check(
            "Größe",
            Some("gr"),
            &["GRÖSSE".to_lowercase().replace("ss", "ß").as_str()],
            &["gr"],
        );
        check("(?:ab){2}", Some("ab"), &["abAB"], &["ab"]);
        check("(?:ab){2,}", Some("ab"), &["abABab"], &["ab"]);
        check("", None, &[""], &["a"]);
    }

    #[test]
    fn broken_expressions_are_refused() {
        for text in [
            "a)(b",
            "(",
            "[a",
            "*",
            r"\q",
            "(?<a>b)(?<a>c)",
            "(?x)a # b",
            r"\w{9999}{9999}",
        ] {
            assert!(WholeRegex::new(text).is_err(), "{text}");
        }
    }
}
