//! Sentences in Markdown: they stay sentences, and only names are code.
//!
//! A sentence may have names from Tableau or dbt in it. Markdown, the extensions of GitHub and the
//! scripts of its pages act on letters of a word (`_`, `[`, `@team`, `#1`, `https://`, `GH-1`), so every
//! word in which one of them could is a code span, and so is what stands between backticks.

use super::spans::code;

/// The length at which a sentence is cut, in characters, so that it cannot fill the page.
const LONGEST_SENTENCE: usize = 1_000;
/// What stands before a word and is none of it.
const OPENING: [char; 2] = ['(', '"'];
/// What stands behind a word and is none of it.
const CLOSING: [char; 6] = [',', ';', '.', ')', '"', '?'];

/// A sentence on one line in which nothing is active.
pub(crate) fn prose(text: &str) -> String {
    let words = words(text);
    let mut spans: Vec<Span> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let span = Span::new(word, at == 0);
        match spans.last_mut() {
            Some(last) if last.goes_on_with(&span) => last.add(&span),
            _ => spans.push(span),
        }
    }
    let shown = spans.iter().map(Span::shown).collect::<Vec<_>>();
    shown.join(" ")
}

/// The words of a text, which is cut if it is too long; what stands between backticks is in one word.
fn words(text: &str) -> Vec<String> {
    let mut letters = text.chars();
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for letter in letters.by_ref().take(LONGEST_SENTENCE) {
        match letter {
            ' ' if !is_quoted => words.push(String::new()),
            letter => {
                is_quoted ^= letter == '`';
                words
                    .last_mut()
                    .into_iter()
                    .for_each(|word| word.push(letter));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    if letters.next().is_some() {
        words.push("…".to_owned());
    }
    words
}

/// A word, or some that are one name.
struct Span {
    before: String,
    core: String,
    after: String,
    kind: Kind,
}

#[derive(PartialEq, Eq)]
enum Kind {
    /// It is text.
    Inert,
    /// It stands between backticks in the sentence.
    Quoted,
    /// It may be a name, or something in it may be active.
    Active,
}

impl Span {
    fn new(word: &str, is_first: bool) -> Self {
        let rest = word.trim_start_matches(OPENING);
        let (before, rest) = word.split_at(word.len() - rest.len());
        let core = without_closing(rest);
        let (core, after) = rest.split_at(core.len());
        // At the start of a list item, `1.` begins another list.
        let is_number = is_first && !after.is_empty() && core.chars().all(|c| c.is_ascii_digit());
        let kind = match quoted(core) {
            _ if is_number => Kind::Active,
            Some(_) => Kind::Quoted,
            None if is_inert(core) => Kind::Inert,
            None => Kind::Active,
        };
        let core = quoted(core).unwrap_or(core);
        Self {
            before: before.to_owned(),
            core: core.to_owned(),
            after: after.to_owned(),
            kind,
        }
    }

    /// Whether both are parts of one name.
    fn goes_on_with(&self, next: &Self) -> bool {
        let are_active = self.kind == Kind::Active && next.kind == Kind::Active;
        are_active && self.after.is_empty() && next.before.is_empty()
    }

    fn add(&mut self, next: &Self) {
        self.core.push(' ');
        self.core.push_str(&next.core);
        self.after.clone_from(&next.after);
    }

    fn shown(&self) -> String {
        let core = match self.kind {
            Kind::Inert => self.core.clone(),
            Kind::Quoted | Kind::Active => code(&self.core),
        };
        format!("{}{core}{}", self.before, self.after)
    }
}

/// A word without what stands behind it. A bracket that closes one of its own is part of it.
fn without_closing(word: &str) -> &str {
    let mut core = word.strip_suffix(':').unwrap_or(word);
    let count = |bracket| word.matches(bracket).count();
    let mut foreign = count(')').saturating_sub(count('('));
    while let Some(shorter) = core.strip_suffix(CLOSING) {
        if core.ends_with(')') {
            if foreign == 0 {
                break;
            }
            foreign -= 1;
        }
        core = shorter;
    }
    core
}

/// What stands between backticks, if that is the whole word.
fn quoted(word: &str) -> Option<&str> {
    let inner = word.strip_prefix('`')?.strip_suffix('`')?;
    (!inner.is_empty() && !inner.contains('`')).then_some(inner)
}

/// Whether no letter of a word can be active, and it does not look like a name: a dot, a colon or a
/// slash in a word is part of one.
fn is_inert(word: &str) -> bool {
    let mut before = None;
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek();
        let is_inert = match letter {
            // `GH-1` leads to an issue.
            '-' => next.is_some_and(|next| next.is_lowercase()) && before.is_some(),
            '.' => {
                let is_digit = |letter: char| letter.is_ascii_digit();
                before.is_some_and(is_digit) && next.is_some_and(|next| is_digit(*next))
            }
            letter => letter.is_alphanumeric() || "'’,()%…–→·".contains(letter),
        };
        if !is_inert {
            return false;
        }
        before = Some(letter);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_code() {
        for (sentence, shown) in [
            (
                "it is no longer in the project",
                "it is no longer in the project",
            ),
            (
                "its relation is a.core.fct_orders now, by rule `exact`",
                "its relation is `a.core.fct_orders` now, by rule `exact`",
            ),
            (
                "see https://a.example (site x_y).",
                "see `https://a.example` (site `x_y`).",
            ),
            (
                "select.exclude[0] (project:Drinks & name:*sales*) excludes it",
                "`select.exclude[0]` (`project:Drinks & name:*sales*`) excludes it",
            ),
            (
                "pass `--server https://…` to it",
                "pass `--server https://…` to it",
            ),
            (
                "dbt 1.11.6, e-mail, 3 tables: all",
                "dbt 1.11.6, e-mail, 3 tables: all",
            ),
            ("of sum(a_b) and (c_d, e)", "of `sum(a_b)` and (`c_d`, e)"),
            ("  two   blanks ", "two blanks"),
            ("", ""),
        ] {
            assert_eq!(prose(sentence), shown);
        }
    }

    #[test]
    fn nothing_is_active() {
        for (sentence, shown) in [
            ("<img src=x> x", "`<img src=x>` x"),
            ("a `b <i> c", "a `` `b <i> c ``"),
            ("`a``b` x", "``` `a``b` ``` x"),
            ("1. x", "`1`. x"),
            ("- x + y", "`-` x `+` y"),
            ("GH-1 and ABC-12 @team #1", "`GH-1` and `ABC-12 @team #1`"),
            ("::error::x", "`\\u{3a}:error::x`"),
            ("www.a.example", "`www.a.example`"),
        ] {
            assert_eq!(prose(sentence), shown);
        }
        let long = prose(&"a ".repeat(LONGEST_SENTENCE));
        assert_eq!(long.chars().count(), LONGEST_SENTENCE + 1);
    }
}
