//! Lines of a text, by places in it, and changes of some places.

use std::ops::Range;

/// The line of a place, with its end.
pub(super) fn line(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    start..end
}

/// The number of the line of a place, from 1.
pub(super) fn line_number(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// How a line ends; one that does not, as the first line of the text.
pub(super) fn ending<'t>(text: &'t str, line: &Range<usize>) -> &'t str {
    let of = |line: &'t str| match line {
        line if line.ends_with("\r\n") => Some("\r\n"),
        line if line.ends_with('\n') => Some("\n"),
        _ => None,
    };
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    of(&text[line.clone()])
        .or_else(|| of(first))
        .unwrap_or("\n")
}

/// A text with another line below one of its lines.
pub(super) fn with_line_below(text: &str, line: &Range<usize>, new: &str) -> String {
    let ending = ending(text, line);
    let (before, after) = text.split_at(line.end);
    if before.is_empty() || before.ends_with('\n') {
        format!("{before}{new}{ending}{after}")
    } else {
        format!("{before}{ending}{new}{after}")
    }
}

/// A text without one of its lines. If that is the last one, the text ends as before: with a line end
/// or without.
pub(super) fn without_line(text: &str, line: &Range<usize>) -> String {
    let (before, after) = (&text[..line.start], &text[line.end..]);
    if text[line.clone()].ends_with('\n') {
        return format!("{before}{after}");
    }
    before.trim_end_matches(['\r', '\n']).to_owned()
}
