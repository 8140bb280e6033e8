//! Numbers, and names that begin with a digit.

use super::Scanner;
use crate::sql::keywords::Keyword;
use crate::sql::tokens::Kind;

/// Letters that end a number of Spark, as in `1L`.
const SUFFIXES: [&str; 7] = ["l", "s", "y", "d", "f", "bd", "b"];

impl Scanner<'_> {
    /// A number; or a word where words may begin with digits.
    pub(super) fn number(&mut self) -> Kind {
        let run = self.word_end(self.at);
        if self.is_word_of_digits(run) {
            self.at = run;
            return Kind::Word(Keyword::Other);
        }
        self.at = self.number_end();
        Kind::Number
    }

    fn is_word_of_digits(&self, run: usize) -> bool {
        let text = &self.text[self.at..run];
        if self.facts.digits_begin_parts && self.is_behind_name_and_dot() {
            return true;
        }
        self.facts.digits_begin_words && !text.is_empty() && !is_number(text)
    }

    /// Whether a dot that touches is of a name.
    fn is_behind_name_and_dot(&self) -> bool {
        let mut before = self.tokens.iter().rev().map(|token| token.kind);
        let is_dot = self.touching() == Some(Kind::Sign(b'.')) && before.next().is_some();
        is_dot && matches!(before.next(), Some(Kind::Word(_) | Kind::Quoted))
    }

    fn number_end(&self) -> usize {
        if self.byte(0) == b'0' && matches!(self.byte(1), b'x' | b'X') {
            return self.word_end(self.at);
        }
        let mut end = self.digits_end(self.at);
        let next = |at: usize| self.bytes.get(at).copied().unwrap_or(0);
        // Two dots are a range; a letter behind the dot is of the name that a project begins.
        let is_name = self.facts.dashes && next(end + 1).is_ascii_alphabetic();
        let is_fraction = next(end) == b'.' && next(end + 1) != b'.' && !is_name;
        if is_fraction {
            end = self.digits_end(end + 1);
        }
        if matches!(next(end), b'e' | b'E') {
            let sign = usize::from(matches!(next(end + 1), b'+' | b'-'));
            let exponent = self.digits_end(end + 1 + sign);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        end
    }

    fn digits_end(&self, from: usize) -> usize {
        let digits = self.bytes[from.min(self.bytes.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit() || **byte == b'_');
        from + digits.count()
    }
}

/// Whether a word that begins with a digit is a number after all: `12`, `1e5`, `0x1F`, `1L`.
fn is_number(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let tail = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let is_exponent = tail
        .strip_prefix('e')
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    tail.is_empty() || is_exponent || word.starts_with("0x") || SUFFIXES.contains(&tail)
}
