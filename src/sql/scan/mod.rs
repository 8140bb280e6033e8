//! Cuts a query into pieces, by the facts of its dialect.
//!
//! It reads the text as Tableau holds it, so positions are those of the user's text: a parameter is
//! one piece, and `<<` and `>>` are one `<` and `>`, which a text that nobody doubled keeps.

mod comments;
mod numbers;
mod parameters;
mod quotes;

use super::facts::{Dollars, Facts, Quotes};
use super::keywords::Keyword;
use super::reading::Doubt;
use super::tokens::{Kind, Token};
use crate::model::DoubtKind;
use crate::model::letters::is_unseen;

pub(super) use parameters::contains_parameter;

/// The pieces of a text, and what in it is doubtful.
pub(super) fn scan(text: &str, facts: &'static Facts) -> (Vec<Token>, Vec<Doubt>) {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        facts,
        is_in_code_comment: false,
        tokens: Vec::with_capacity(text.len() / 4),
        doubts: Vec::new(),
    };
    scanner.run();
    (scanner.tokens, scanner.doubts)
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    facts: &'static Facts,
    is_in_code_comment: bool,
    tokens: Vec<Token>,
    doubts: Vec<Doubt>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            if self.skip_blank() || self.skip_comment() {
                continue;
            }
            let start = self.at;
            let kind = self.piece();
            self.tokens.push(Token::new(kind, start, self.at));
        }
    }

    /// The byte at a distance; 0 behind the end.
    fn byte(&self, distance: usize) -> u8 {
        self.bytes.get(self.at + distance).copied().unwrap_or(0)
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// The piece before this place, if nothing stands between.
    fn touching(&self) -> Option<Kind> {
        let before = self.tokens.last()?;
        (before.end as usize == self.at).then_some(before.kind)
    }

    fn doubt(&mut self, kind: DoubtKind, position: usize) {
        self.doubts.push(Doubt { kind, position });
    }

    /// Passes blanks, also those that nobody sees.
    fn skip_blank(&mut self) -> bool {
        let byte = self.byte(0);
        let length = match byte {
            0..=b' ' | 0x7f => 1,
            0x80.. => self.unseen_length(),
            _ => 0,
        };
        self.at += length;
        length > 0
    }

    fn unseen_length(&self) -> usize {
        let first = self.rest().chars().next();
        first
            .filter(|letter| is_unseen(*letter))
            .map_or(0, char::len_utf8)
    }

    fn piece(&mut self) -> Kind {
        match self.byte(0) {
            b'<' => self.less(),
            b'>' => self.sign(1 + usize::from(self.byte(1) == b'>')),
            b'\'' => self.string(0, self.plain_string()),
            b'"' => self.quotes(self.facts.double),
            b'`' => self.quotes(self.facts.back),
            b'[' => self.square(),
            b'$' if !self.begins_word(b'$') => self.dollar(),
            b'@' if self.facts.stages => self.stage(),
            b'.' => self.dot(),
            b'0'..=b'9' => self.number(),
            byte if self.begins_word(byte) => self.word(),
            _ => self.sign(1),
        }
    }

    /// A sign of so many bytes.
    fn sign(&mut self, length: usize) -> Kind {
        let sign = self.byte(0);
        self.at += length;
        Kind::Sign(sign)
    }

    fn less(&mut self) -> Kind {
        if let Some(length) = parameters::length(self.rest()) {
            self.at += length;
            return Kind::Parameter;
        }
        self.sign(1 + usize::from(self.byte(1) == b'<'))
    }

    /// A dot: of a number, or between the parts of a name, whose words then are no keywords.
    fn dot(&mut self) -> Kind {
        let touching = self.touching();
        let is_of_name = matches!(
            touching,
            Some(Kind::Word(_) | Kind::Quoted | Kind::Sign(b'.' | b')' | b']'))
        );
        if self.byte(1).is_ascii_digit() && !is_of_name {
            return self.number();
        }
        if let (Some(Kind::Word(_)), Some(before)) = (touching, self.tokens.last_mut()) {
            before.kind = Kind::Word(Keyword::Other);
        }
        self.sign(1)
    }

    /// `[`: a name in square brackets, or a bracket.
    fn square(&mut self) -> Kind {
        let is_name = match self.facts.square {
            Quotes::Name => true,
            Quotes::NameOrIndex => self.is_name_in_square(),
            _ => false,
        };
        if is_name {
            self.quoted_name(b']')
        } else {
            self.sign(1)
        }
    }

    /// Whether `[…]` is a name where it may be an index: not right behind an expression, and on one
    /// line.
    fn is_name_in_square(&self) -> bool {
        let is_index = matches!(
            self.touching(),
            Some(Kind::Word(_) | Kind::Quoted | Kind::Sign(b')' | b']'))
        );
        let length = self.rest()[1..].find(['[', ']', '\n']).unwrap_or(0);
        !is_index && length > 0 && self.byte(1 + length) == b']'
    }

    /// `$`: a string between dollars, a value from outside, or a sign.
    fn dollar(&mut self) -> Kind {
        if let Some(length) = self.dollar_quote() {
            return self.dollar_string(length);
        }
        let end = self.word_end(self.at + 1);
        if end == self.at + 1 {
            return self.sign(1);
        }
        self.at = end;
        Kind::Bind
    }

    /// The length of the opening `$$` or `$tag$`.
    fn dollar_quote(&self) -> Option<usize> {
        let rest = &self.rest()[1..];
        let tag = rest.split('$').next().unwrap_or_default();
        let is_open = self.byte(1 + tag.len()) == b'$';
        let fits = match self.facts.dollars {
            Dollars::Nothing => false,
            Dollars::Plain => tag.is_empty(),
            Dollars::Tagged => is_tag(tag),
        };
        (is_open && fits).then_some(tag.len() + 2)
    }

    /// A stage reaches to the next blank, comma, semicolon or bracket.
    fn stage(&mut self) -> Kind {
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.byte(0) {
                0..=b' ' | b',' | b';' | b'(' | b')' => break,
                b'"' => drop(self.quoted_name(b'"')),
                _ => self.at += 1,
            }
        }
        Kind::Stage
    }

    fn begins_word(&self, byte: u8) -> bool {
        let is_letter = byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80;
        is_letter || self.facts.begins_words.as_bytes().contains(&byte)
    }

    /// A word; or what begins with it: a string with a prefix.
    fn word(&mut self) -> Kind {
        let end = self.word_end(self.at + 1);
        let word = &self.text[self.at..end];
        if let Some(kind) = self.prefixed(word) {
            return kind;
        }
        let keyword = match self.touching() {
            // A part of a name or of a JSON path.
            Some(Kind::Sign(b'.' | b':')) => Keyword::Other,
            _ if self.follows_dot() => Keyword::Other,
            _ => Keyword::of(word),
        };
        self.at = end;
        Kind::Word(keyword)
    }

    /// Whether the piece before is the dot of a name, with blanks between.
    fn follows_dot(&self) -> bool {
        let before = self.tokens.last().map(|token| token.kind);
        before == Some(Kind::Sign(b'.'))
    }

    /// Where the word ends that goes on at a place.
    fn word_end(&self, from: usize) -> usize {
        let mut end = from;
        while let Some(byte) = self.bytes.get(end) {
            if *byte < 0x80 {
                if !self.is_in_word(*byte) {
                    break;
                }
                end += 1;
            } else {
                // A letter of several bytes; those behind its first are no boundaries.
                match self.text.get(end..).and_then(|rest| rest.chars().next()) {
                    Some(letter) if is_unseen(letter) => break,
                    Some(letter) => end += letter.len_utf8(),
                    None => end += 1,
                }
            }
        }
        end
    }

    fn is_in_word(&self, byte: u8) -> bool {
        byte.is_ascii_alphanumeric()
            || byte == b'_'
            || self.facts.inside_words.as_bytes().contains(&byte)
    }
}

/// Whether this may stand between the dollars of `$tag$`.
fn is_tag(tag: &str) -> bool {
    let mut letters = tag.chars();
    let begins = letters
        .next()
        .is_none_or(|first| first.is_alphabetic() || first == '_');
    begins && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Dialect;
    use crate::sql::facts;

    /// The pieces of a text, with a bar between them.
    #[track_caller]
    fn check(dialect: Dialect, text: &str, expected: &str) {
        let (tokens, _) = scan(text, facts::of(dialect));
        let pieces = tokens
            .iter()
            .map(|token| &text[token.start as usize..token.end as usize]);
        assert_eq!(pieces.collect::<Vec<_>>().join("|"), expected, "{text}");
    }

    #[test]
    fn strings_end_where_their_dialect_ends_them() {
        check(
            Dialect::Postgres,
            r"'a\' E'b\'c' $x$ ' $x$",
            r"'a\'|E'b\'c'|$x$ ' $x$",
        );
        check(
            Dialect::Databricks,
            r#"r'a\' 'b\'c' "d'""#,
            r#"r'a\'|'b\'c'|"d'""#,
        );
        check(
            Dialect::BigQuery,
            r#""""a"b""" r'\'' 'c'"#,
            r#""""a"b"""|r'\''|'c'"#,
        );
        check(
            Dialect::Oracle,
            "q'[it's]' nq'!a'b!'",
            "q'[it's]'|nq'!a'b!'",
        );
        check(
            Dialect::SqlServer,
            "N'a''b' [c]]d] #t",
            "N|'a''b'|[c]]d]|#t",
        );
    }

    #[test]
    fn comments_are_those_of_the_dialect() {
        check(Dialect::MySql, "7--2 -- x\n/*!40101 a */ # y", "7|-|-|2|a");
        check(Dialect::Snowflake, "a // b\nc", "a|c");
        check(Dialect::Postgres, "a /* b /* c */ d */ e", "a|e");
        check(Dialect::Oracle, "a /* b /* c */ d", "a|d");
        check(Dialect::Trino, "a /* <[Parameters].[*/]> */ b", "a|b");
    }

    #[test]
    fn numbers_and_names_with_digits_are_told_apart() {
        check(
            Dialect::Postgres,
            "1.5e-3 .5 1.FROM a.b",
            "1.5e-3|.5|1.|FROM|a|.|b",
        );
        check(
            Dialect::MySql,
            "2024_x d.1t 1e5 0x1F",
            "2024_x|d|.|1t|1e5|0x1F",
        );
        check(Dialect::BigQuery, "p-12.d.2024", "p|-|12|.|d|.|2024");
    }

    #[test]
    fn signs_of_tableau_are_single() {
        check(
            Dialect::Trino,
            "a<<<[Parameters].[P]>",
            "a|<<|<[Parameters].[P]>",
        );
        check(Dialect::Trino, "a ->>>> b < c", "a|-|>>|>>|b|<|c");
    }

    #[test]
    fn words_behind_dots_and_colons_are_no_keywords() {
        let (tokens, _) = scan("FROM a.from, b:from, from", facts::of(Dialect::Snowflake));
        let keywords = tokens
            .iter()
            .filter(|token| token.kind == Kind::Word(Keyword::From));
        assert_eq!(keywords.count(), 2);
    }
}
