//! An export text in pieces, each read and forgotten before all of the text has come in.

use memchr::memchr_iter;

use crate::input::json::BYTE_ORDER_MARK;
use crate::model::Failure;

/// The least that is worth a piece of its own, in bytes.
const LEAST: usize = 2 << 20;

/// A part of a text that holds whole JSON values.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many lines stand before it.
    pub line: usize,
}

/// Cuts a text between its values, if it has several. Together the pieces are the whole text. A
/// text without anything in it is one empty piece.
///
/// `more` appends some more of the text, and says whether there was any.
pub fn pieces(
    more: impl FnMut(&mut Vec<u8>) -> Result<bool, Failure>,
) -> impl Iterator<Item = Result<Piece, Failure>> {
    Pieces::new(more, LEAST)
}

struct Pieces<F> {
    more: F,
    least: usize,
    /// What has come and is not in a piece yet.
    ahead: Vec<u8>,
    /// How far it was searched for a place to cut.
    searched: usize,
    /// How many lines stand before it.
    line: usize,
    is_first: bool,
    is_last: bool,
}

impl<F: FnMut(&mut Vec<u8>) -> Result<bool, Failure>> Pieces<F> {
    fn new(more: F, least: usize) -> Self {
        let (ahead, searched, line) = (Vec::new(), 0, 0);
        Self {
            more,
            least,
            ahead,
            searched,
            line,
            is_first: true,
            is_last: false,
        }
    }

    /// Where the next piece ends, as far as that can be told from what has come.
    fn end(&mut self) -> Option<usize> {
        let from = self
            .searched
            .max(self.least.saturating_sub(1))
            .min(self.ahead.len());
        for at in memchr_iter(b'\n', &self.ahead[from..]) {
            let end = from + at + 1;
            match is_between_values(&self.ahead, end) {
                Some(true) => return Some(end),
                Some(false) => {}
                None => {
                    self.searched = end - 1;
                    return None;
                }
            }
        }
        self.searched = self.ahead.len();
        None
    }

    fn piece(&mut self, end: usize) -> Piece {
        // As much will come again as has come.
        let mut rest = Vec::with_capacity(if self.is_last {
            0
        } else {
            self.ahead.capacity()
        });
        rest.extend_from_slice(&self.ahead[end..]);
        let mut bytes = std::mem::replace(&mut self.ahead, rest);
        bytes.truncate(end);
        self.searched = 0;
        if std::mem::take(&mut self.is_first) && bytes.starts_with(BYTE_ORDER_MARK.as_bytes()) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        let line = self.line;
        self.line += memchr_iter(b'\n', &bytes).count();
        Piece { bytes, line }
    }
}

impl<F: FnMut(&mut Vec<u8>) -> Result<bool, Failure>> Iterator for Pieces<F> {
    type Item = Result<Piece, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(end) = self.end() {
                return Some(Ok(self.piece(end)));
            }
            if self.is_last {
                let is_something = !self.ahead.is_empty() || self.is_first;
                return is_something.then(|| Ok(self.piece(self.ahead.len())));
            }
            match (self.more)(&mut self.ahead) {
                Ok(is_more) => self.is_last = !is_more,
                Err(failure) => {
                    // What came before a failure is worth nothing.
                    (self.is_first, self.is_last) = (false, true);
                    self.ahead.clear();
                    return Some(Err(failure));
                }
            }
        }
    }
}

/// Whether a value ends before this place and another one begins behind it, if enough stands there
/// to tell. Inside a value, a comma stands between a closing and an opening bracket, and strings
/// have no line feeds.
fn is_between_values(bytes: &[u8], at: usize) -> Option<bool> {
    let before = bytes[..at]
        .iter()
        .rev()
        .find(|byte| !byte.is_ascii_whitespace());
    if !matches!(before, Some(b'}' | b']')) {
        return Some(false);
    }
    let behind = bytes[at..]
        .iter()
        .find(|byte| !byte.is_ascii_whitespace())?;
    Some(matches!(behind, b'{' | b'['))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The pieces of a text that comes in steps of so many bytes.
    fn cut(text: &str, least: usize, step: usize) -> Vec<(String, usize)> {
        let mut steps = text.as_bytes().chunks(step);
        let more = |ahead: &mut Vec<u8>| {
            let step = steps.next();
            ahead.extend_from_slice(step.unwrap_or_default());
            Ok(step.is_some())
        };
        let pieces = Pieces::new(more, least).map(|piece| piece.expect("no failure"));
        pieces
            .map(|piece| (String::from_utf8(piece.bytes).expect("a text"), piece.line))
            .collect()
    }

    #[test]
    fn texts_are_cut_between_values_only() {
        for step in [1, 3, 100] {
            let check = |text: &str, expected: &[(&str, usize)]| {
                let pieces = cut(text, 1, step);
                let pieces = pieces.iter().map(|(text, line)| (text.as_str(), *line));
                assert_eq!(pieces.collect::<Vec<_>>(), expected, "{text:?} by {step}");
            };
            check(
                "{}\n[]\r\n\n{}\n",
                &[("{}\n", 0), ("[]\r\n", 1), ("\n{}\n", 2)],
            );
            check("[\n{\n},\n{\n}\n]", &[("[\n{\n},\n{\n}\n]", 0)]);
            check("[{\n},\n{}\n]\n{}", &[("[{\n},\n{}\n]\n", 0), ("{}", 4)]);
            check("", &[("", 0)]);
            check("\u{feff}{}", &[("{}", 0)]);
        }
    }

    proptest! {
        #[test]
        fn pieces_are_the_text(text in "[{}\\[\\]\n ,\"a]{0,60}", least in 1_usize..9, step in 1_usize..70) {
            let mut so_far = String::new();
            for (piece, line) in cut(&text, least, step) {
                prop_assert_eq!(line, so_far.matches('\n').count());
                so_far.push_str(&piece);
            }
            prop_assert_eq!(so_far, text);
        }

        #[test]
        fn how_a_text_comes_makes_no_difference(text in "[{}\n a]{0,60}", step in 1_usize..9) {
            prop_assert_eq!(cut(&text, 2, step), cut(&text, 2, 100));
        }
    }
}
