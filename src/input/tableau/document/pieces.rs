//! One export text in pieces that can be read apart, on all cores.

use memchr::memchr_iter;

/// The least that is worth a piece of its own, in bytes.
const LEAST: usize = 2 << 20;

/// A part of a text that holds whole JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::input::tableau) struct Piece<'a> {
    pub(in crate::input::tableau) text: &'a str,
    /// How many lines stand before it.
    pub(in crate::input::tableau) line: usize,
}

/// Cuts a text between its values, if it has several. Together the pieces are the whole text.
pub(in crate::input::tableau) fn pieces(text: &str) -> Vec<Piece<'_>> {
    pieces_of(text, LEAST)
}

fn pieces_of(text: &str, least: usize) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut line) = (0, 0);
    let mut lines = 0;
    for at in memchr_iter(b'\n', text.as_bytes()) {
        lines += 1;
        let next = at + 1;
        if next - start >= least && is_between_values(text.as_bytes(), next) {
            pieces.push(Piece { text: &text[start..next], line });
            (start, line) = (next, lines);
        }
    }
    if start < text.len() || pieces.is_empty() {
        pieces.push(Piece { text: &text[start..], line });
    }
    pieces
}

/// Whether a value ends before this place and another one begins behind it. Inside a value, a comma
/// stands between a closing and an opening bracket, and strings have no line feeds.
fn is_between_values(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].iter().rev().find(|byte| !byte.is_ascii_whitespace());
    let behind = bytes[at..].iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(before, Some(b'}' | b']')) && matches!(behind, Some(b'{' | b'['))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_cut_between_values_only() {
        let cut = |text| {
            let pieces = pieces_of(text, 1);
            pieces.iter().map(|piece| (piece.text, piece.line)).collect::<Vec<_>>()
        };
        assert_eq!(cut("{}\n[]\r\n\n{}\n"), [("{}\n", 0), ("[]\r\n", 1), ("\n", 2), ("{}\n", 3)]);
        assert_eq!(cut("[\n{\n},\n{\n}\n]"), [("[\n{\n},\n{\n}\n]", 0)]);
        assert_eq!(cut("[{\n},\n{}\n]\n{}"), [("[{\n},\n{}\n]\n", 0), ("{}", 4)]);
        assert_eq!(cut(""), [("", 0)]);
    }

    proptest! {
        #[test]
        fn pieces_are_the_text(text in "[{}\\[\\]\n ,\"a]{0,60}", least in 1_usize..9) {
            let pieces = pieces_of(&text, least);
            let mut so_far = String::new();
            for piece in &pieces {
                prop_assert_eq!(piece.line, so_far.matches('\n').count());
                so_far.push_str(piece.text);
            }
            prop_assert_eq!(so_far, text);
        }
    }
}
