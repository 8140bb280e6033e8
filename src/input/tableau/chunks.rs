//! Cuts an export's text into chunks, so that each can be parsed and dropped before the rest is
//! read.

use memchr::{memchr, memchr_iter};

use crate::input::json::BYTE_ORDER_MARK;
use crate::model::Failure;

/// The smallest chunk that is worth parsing on its own, in bytes.
const LEAST: usize = 2 << 20;

/// A part of a text that holds whole JSON values.
#[derive(Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many lines of the text come before it.
    pub line: usize,
}

/// Cuts a text between its values, if it has several. The chunks together are the whole text,
/// without a byte-order mark. An empty text is one empty chunk.
///
/// `read_more` appends some more of the text, and returns whether there was any.
pub fn chunks(
    read_more: impl FnMut(&mut Vec<u8>) -> Result<bool, Failure>,
) -> impl Iterator<Item = Result<Chunk, Failure>> {
    Chunks::new(read_more, LEAST)
}

struct Chunks<F> {
    read_more: F,
    least: usize,
    /// What was read and is not in a chunk yet.
    ahead: Vec<u8>,
    /// How far `ahead` was searched for a place to cut. No byte is searched twice.
    searched: usize,
    /// The line feed before `searched`, if nothing but white space follows it so far.
    blank: Option<Blank>,
    /// How many lines come before `ahead`.
    line: usize,
    is_first: bool,
    /// Whether all of the text was read.
    is_at_end: bool,
}

impl<F: FnMut(&mut Vec<u8>) -> Result<bool, Failure>> Chunks<F> {
    fn new(read_more: F, least: usize) -> Self {
        Self {
            read_more,
            least,
            ahead: Vec::new(),
            searched: 0,
            blank: None,
            line: 0,
            is_first: true,
            is_at_end: false,
        }
    }

    /// Where the next chunk ends; `None` if too little of the text was read to know.
    ///
    /// Inside a value, a comma separates a closing from an opening bracket, and strings have no line
    /// feeds. So the first line feed between such brackets is between values.
    fn find_end(&mut self) -> Option<usize> {
        loop {
            if let Some(blank) = self.blank {
                let Some(after) = first_filled(&self.ahead[self.searched..]) else {
                    self.searched = self.ahead.len();
                    return None;
                };
                self.searched += after;
                self.blank = None;
                if blank.is_after_value && matches!(self.ahead[self.searched], b'{' | b'[') {
                    return Some(blank.end);
                }
            }
            let from = self
                .searched
                .max(self.least.saturating_sub(1))
                .min(self.ahead.len());
            let Some(at) = memchr(b'\n', &self.ahead[from..]) else {
                self.searched = self.ahead.len();
                return None;
            };
            let end = from + at + 1;
            self.searched = end;
            self.blank = Some(Blank {
                end,
                is_after_value: is_after_value(&self.ahead[..end]),
            });
        }
    }

    fn take_chunk(&mut self, end: usize) -> Chunk {
        // The next chunk will be about as large as this one.
        let capacity = if self.is_at_end {
            0
        } else {
            self.ahead.capacity()
        };
        let mut rest = Vec::with_capacity(capacity);
        rest.extend_from_slice(&self.ahead[end..]);
        let mut bytes = std::mem::replace(&mut self.ahead, rest);
        bytes.truncate(end);
        (self.searched, self.blank) = (0, None);
        if std::mem::take(&mut self.is_first) && bytes.starts_with(BYTE_ORDER_MARK.as_bytes()) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        let line = self.line;
        self.line += memchr_iter(b'\n', &bytes).count();
        Chunk { bytes, line }
    }
}

impl<F: FnMut(&mut Vec<u8>) -> Result<bool, Failure>> Iterator for Chunks<F> {
    type Item = Result<Chunk, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(end) = self.find_end() {
                return Some(Ok(self.take_chunk(end)));
            }
            if self.is_at_end {
                let is_left = !self.ahead.is_empty() || self.is_first;
                return is_left.then(|| Ok(self.take_chunk(self.ahead.len())));
            }
            match (self.read_more)(&mut self.ahead) {
                Ok(is_more) => self.is_at_end = !is_more,
                Err(failure) => {
                    // The run ends with this failure, so nothing else of the text is needed.
                    (self.is_first, self.is_at_end) = (false, true);
                    self.ahead.clear();
                    return Some(Err(failure));
                }
            }
        }
    }
}

/// The first line feed in white space.
#[derive(Clone, Copy)]
struct Blank {
    /// The place behind it.
    end: usize,
    /// Whether the white space begins where a value may end.
    is_after_value: bool,
}

/// Whether the last byte that is not white space closes an object or array.
fn is_after_value(bytes: &[u8]) -> bool {
    let last = bytes.iter().rev().find(|byte| !byte.is_ascii_whitespace());
    matches!(last, Some(b'}' | b']'))
}

/// The position of the first byte that is not white space.
fn first_filled(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| !byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The chunks of a text that is read `at_once` bytes at a time.
    fn cut(text: &str, least: usize, at_once: usize) -> Vec<(String, usize)> {
        let mut reads = text.as_bytes().chunks(at_once);
        let read_more = |ahead: &mut Vec<u8>| {
            let read = reads.next();
            ahead.extend_from_slice(read.unwrap_or_default());
            Ok(read.is_some())
        };
        Chunks::new(read_more, least)
            .map(|chunk| chunk.expect("no failure"))
            .map(|chunk| (String::from_utf8(chunk.bytes).expect("a text"), chunk.line))
            .collect()
    }

    #[test]
    fn texts_are_cut_between_values_only() {
        for at_once in [1, 3, 100] {
            let check = |text: &str, expected: &[(&str, usize)]| {
                let chunks = cut(text, 1, at_once);
                let chunks = chunks.iter().map(|(text, line)| (text.as_str(), *line));
                assert_eq!(
                    chunks.collect::<Vec<_>>(),
                    expected,
                    "{text:?} by {at_once}"
                );
            };
            check(
                "{}\n[]\r\n\n{}\n",
                &[("{}\n", 0), ("[]\r\n", 1), ("\n{}\n", 2)],
            );
            check("[\n{\n},\n{\n}\n]", &[("[\n{\n},\n{\n}\n]", 0)]);
            check("[{\n},\n{}\n]\n{}", &[("[{\n},\n{}\n]\n", 0), ("{}", 4)]);
            check("{}\n \n\n,\n{}", &[("{}\n \n\n,\n{}", 0)]);
            check("\n\n{}\n", &[("\n\n{}\n", 0)]);
            check("", &[("", 0)]);
            check("\u{feff}{}", &[("{}", 0)]);
        }
    }

    #[test]
    fn blank_lines_are_searched_once() {
        let blank = "\n".repeat(4 << 20);
        for before in ["", "{", "{}"] {
            let chunks = cut(&format!("{before}{blank}{{}}"), 2, 1 << 16);
            assert_eq!(chunks.len(), 1 + usize::from(before == "{}"));
        }
    }

    /// The first place to cut at, by looking around each.
    fn first_cut(text: &str, least: usize) -> Option<usize> {
        let is_cut = |end: &usize| {
            let (before, after) = text.split_at(*end);
            before.ends_with('\n')
                && before.trim_end().ends_with(['}', ']'])
                && after.trim_start().starts_with(['{', '['])
        };
        (least..=text.len()).find(is_cut)
    }

    proptest! {
        #[test]
        fn chunks_end_at_the_first_place_to_cut(text in "[{}\\[\\]\n ,a]{0,60}", least in 1_usize..9, at_once in 1_usize..70) {
            let mut rest = text.as_str();
            for (chunk, _) in cut(&text, least, at_once) {
                let end = first_cut(rest, least).unwrap_or(rest.len());
                prop_assert_eq!(&chunk, &rest[..end]);
                rest = &rest[end..];
            }
        }

        #[test]
        fn chunks_together_are_the_text(text in "[{}\\[\\]\n ,\"a]{0,60}", least in 1_usize..9, at_once in 1_usize..70) {
            let mut so_far = String::new();
            for (chunk, line) in cut(&text, least, at_once) {
                prop_assert_eq!(line, so_far.matches('\n').count());
                so_far.push_str(&chunk);
            }
            prop_assert_eq!(so_far, text);
        }

        #[test]
        fn how_much_is_read_at_once_makes_no_difference(text in "[{}\n a]{0,60}", at_once in 1_usize..9) {
            prop_assert_eq!(cut(&text, 2, at_once), cut(&text, 2, 100));
        }
    }
}
