//! Comments, which are passed over.

use super::{Scanner, parameters};
use crate::model::DoubtKind;
use crate::sql::facts::Begins;

impl Scanner<'_> {
    /// Passes a comment, if one begins here.
    pub(super) fn skip_comment(&mut self) -> bool {
        let bytes = (self.byte(0), self.byte(1));
        match bytes {
            (b'/', b'*') if self.facts.code_comments && self.byte(2) == b'!' => self.begin_code(),
            (b'/', b'*') => self.skip_block(),
            (b'*', b'/') if self.is_in_code_comment => self.end_code(),
            _ if self.begins_line_comment() => self.skip_line(),
            _ => return false,
        }
        true
    }

    fn begins_line_comment(&self) -> bool {
        let rest = &self.bytes[self.at..];
        self.facts.line_comments.iter().any(|(lead, begins)| {
            let next = rest.get(lead.len()).copied().unwrap_or(b' ');
            let fits = match begins {
                Begins::Always => true,
                Begins::BeforeBlank => next <= b' ',
                Begins::BeforeBlankOrBang => next <= b' ' || next == b'!',
            };
            fits && rest.starts_with(lead.as_bytes())
        })
    }

    fn skip_line(&mut self) {
        let length = self.rest().find(['\n', '\r']);
        self.at += length.unwrap_or(self.rest().len());
    }

    /// `/*!40101 …`: what follows is code, up to `*/`.
    fn begin_code(&mut self) {
        self.is_in_code_comment = true;
        self.at += 3;
        while self.byte(0).is_ascii_digit() {
            self.at += 1;
        }
    }

    fn end_code(&mut self) {
        self.is_in_code_comment = false;
        self.at += 2;
    }

    fn skip_block(&mut self) {
        let start = self.at;
        let mut depth = 1_usize;
        self.at += 2;
        while depth > 0 && self.at < self.bytes.len() {
            match (self.byte(0), self.byte(1)) {
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                }
                (b'/', b'*') if self.facts.nested_comments => {
                    depth += 1;
                    self.at += 2;
                }
                (b'<', _) => self.skip_in_text(),
                _ => self.at += 1,
            }
        }
        if depth > 0 {
            self.doubt(DoubtKind::Unclosed, start);
        }
    }

    /// Passes a letter of a text, or a whole parameter, whose name may contain anything.
    pub(super) fn skip_in_text(&mut self) {
        self.at += match self.byte(0) {
            b'<' => parameters::length(self.rest()).unwrap_or(1),
            _ => 1,
        };
    }
}
