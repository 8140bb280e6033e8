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

/// A text in lines of at most so many columns, broken between words. What stands between backticks is
/// one word, since it may be copied; a word that is wider has a line of its own.
pub fn wrapped(text: &str, columns: usize) -> impl Iterator<Item = String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.into_iter()
}

/// The least room that a text has behind its head.
const LEAST_ROOM: usize = 20;

/// A text behind its head, in lines of at most so many columns that stand below each other.
pub fn hanging(head: &str, text: &str, columns: usize) -> String {
    let room = columns.saturating_sub(head.len()).max(LEAST_ROOM);
    let lines = wrapped(text, room).enumerate();
    let lines = lines.map(|(number, line)| match number {
        0 => format!("{head}{line}\n"),
        _ => format!("{}{line}\n", " ".repeat(head.len())),
    });
    lines.collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.split(move |letter| {
        is_code ^= letter == '`';
        letter == ' ' && !is_code
    })
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

    #[test]
    fn lines_are_broken_between_words_and_not_in_code() {
        let wrapped = |text: &str| wrapped(text, 9).collect::<Vec<_>>();
        assert_eq!(wrapped("one two three"), ["one two", "three"]);
        assert_eq!(wrapped("as `a b c` it"), ["as", "`a b c`", "it"]);
        assert_eq!(wrapped("abcdefghijkl m"), ["abcdefghijkl", "m"]);
        assert_eq!(wrapped("売上 売上 x"), ["売上 売上", "x"]);
    }
}
