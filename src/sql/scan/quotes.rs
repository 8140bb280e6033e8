//! Strings and quoted names.

use super::Scanner;
use crate::model::DoubtKind;
use crate::sql::facts::{Backslash, Prefixed, Quotes};
use crate::sql::tokens::Kind;

/// How the inside of quotes reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// A backslash keeps the next letter from ending it.
    Escapes,
    Plain,
    /// A backslash before a quote leaves open what ends it.
    Unknown,
}

impl Scanner<'_> {
    /// How a string without a prefix reads.
    pub(super) fn plain_string(&self) -> Inside {
        match self.facts.backslash {
            Backslash::Letter => Inside::Plain,
            Backslash::Escape => Inside::Escapes,
            Backslash::Unknown => Inside::Unknown,
        }
    }

    /// `"…"` and `` `…` ``.
    pub(super) fn quotes(&mut self, quotes: Quotes) -> Kind {
        match quotes {
            Quotes::Name | Quotes::Path | Quotes::NameOrIndex => self.quoted_name(self.byte(0)),
            Quotes::Text | Quotes::TextOrName => self.string(0, self.plain_string()),
            Quotes::Nothing => self.sign(1),
        }
    }

    /// A name up to this quote, which is doubled inside.
    pub(super) fn quoted_name(&mut self, close: u8) -> Kind {
        let start = self.at;
        self.at += 1;
        let inside = if self.facts.escapes_in_names && close != b']' {
            Inside::Escapes
        } else {
            Inside::Plain
        };
        self.pass_to_close(&[close], inside, start);
        Kind::Quoted
    }

    /// A string whose quote stands behind a prefix of so many bytes.
    pub(super) fn string(&mut self, prefix: usize, inside: Inside) -> Kind {
        let start = self.at;
        self.at += prefix;
        let quote = self.byte(0);
        let is_triple = self.facts.triple_quotes && self.byte(1) == quote && self.byte(2) == quote;
        if is_triple {
            self.at += 3;
            self.pass_to_close(&[quote; 3], inside, start);
        } else {
            self.at += 1;
            self.pass_to_close(&[quote], inside, start);
        }
        Kind::Text
    }

    /// Passes everything up to the closing quotes and these; a single one is doubled inside.
    fn pass_to_close(&mut self, close: &[u8], inside: Inside, start: usize) {
        while self.at < self.bytes.len() {
            let byte = self.byte(0);
            if byte == b'\\' && inside != Inside::Plain {
                self.backslash(inside, close[0]);
            } else if !self.bytes[self.at..].starts_with(close) {
                self.skip_in_text();
            } else if close.len() == 1 && self.byte(1) == close[0] {
                self.at += 2;
            } else {
                self.at += close.len();
                return;
            }
        }
        self.at = self.bytes.len();
        self.doubt(DoubtKind::Unclosed, start);
    }

    fn backslash(&mut self, inside: Inside, close: u8) {
        let is_open = inside == Inside::Unknown && self.byte(1) == close;
        if is_open {
            self.doubt(DoubtKind::GuessedQuoting, self.at);
        }
        // The letter behind may have several bytes, whose rest is passed as letters of the text.
        self.at += if inside == Inside::Escapes { 2 } else { 1 };
    }

    /// A string or name that begins with this word as its prefix.
    pub(super) fn prefixed(&mut self, word: &str) -> Option<Kind> {
        let length = word.len();
        let quote = self.byte(length);
        if self.facts.unicode_names && word.eq_ignore_ascii_case("u") && quote == b'&' {
            return self.unicode(length + 1);
        }
        let is_text = matches!(self.facts.double, Quotes::Text | Quotes::TextOrName);
        let is_quote = quote == b'\'' || (quote == b'"' && is_text);
        let mut prefixes = self.facts.prefixes.iter();
        let (_, prefixed) =
            prefixes.find(|(prefix, _)| is_quote && word.eq_ignore_ascii_case(prefix))?;
        Some(match prefixed {
            Prefixed::Escapes => self.string(length, Inside::Escapes),
            Prefixed::Raw => self.string(length, Inside::Plain),
            Prefixed::Delimited => self.delimited(length),
        })
    }

    /// `U&"…"` and `U&'…'`.
    fn unicode(&mut self, prefix: usize) -> Option<Kind> {
        match self.byte(prefix) {
            b'\'' => Some(self.string(prefix, Inside::Plain)),
            b'"' => {
                let start = self.at;
                self.at += prefix + 1;
                self.pass_to_close(b"\"", Inside::Plain, start);
                Some(Kind::Quoted)
            }
            _ => None,
        }
    }

    /// `q'[…]'`: the letter behind the quote, or its partner, and a quote end it.
    fn delimited(&mut self, prefix: usize) -> Kind {
        let start = self.at;
        let inside = &self.text[start + prefix + 1..];
        let Some(open) = inside.chars().next() else {
            self.at = self.bytes.len();
            self.doubt(DoubtKind::Unclosed, start);
            return Kind::Text;
        };
        let close = match open {
            '[' => ']',
            '{' => '}',
            '(' => ')',
            '<' => '>',
            other => other,
        };
        let begin = start + prefix + 1 + open.len_utf8();
        self.pass_to_end(begin, &format!("{close}'"), start);
        Kind::Text
    }

    /// A string that the same dollars end that opened it, of so many bytes.
    pub(super) fn dollar_string(&mut self, length: usize) -> Kind {
        let start = self.at;
        let close = self.text[start..start + length].to_owned();
        self.pass_to_end(start + length, &close, start);
        Kind::Text
    }

    /// Passes everything up to a closing text and this.
    fn pass_to_end(&mut self, begin: usize, close: &str, start: usize) {
        match self.text[begin..].find(close) {
            Some(length) => self.at = begin + length + close.len(),
            None => {
                self.at = self.bytes.len();
                self.doubt(DoubtKind::Unclosed, start);
            }
        }
    }
}
