//! Columns of a terminal: how wide texts are, and texts filled up with blanks.

use unicode_width::UnicodeWidthStr;

/// How many columns a text takes: a letter of Chinese takes two, a combining accent none.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The width of the widest text.
pub fn widest(texts: impl IntoIterator<Item = impl AsRef<str>>) -> usize {
    let widths = texts.into_iter().map(|text| width(text.as_ref()));
    widths.max().unwrap_or_default()
}

/// A text with blanks up to this width.
pub fn padded(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_wide_as_they_are_shown() {
        for (text, columns) in [("", 0), ("größe", 5), ("gro\u{308}ße", 5), ("売上", 4)] {
            assert_eq!(width(text), columns, "{text}");
            assert_eq!(width(&padded(text, 6)), 6, "{text}");
        }
        assert_eq!(widest(["売上", "abc"]), 4);
        assert_eq!(padded("abc", 2), "abc");
    }
}
