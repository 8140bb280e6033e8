//! Quoted names and strings without their quotes.

use std::borrow::Cow;

/// What is between plain quotes or dollars.
pub(crate) fn inside_of_string(string: &str) -> Option<&str> {
    ["'", "\"", "$$"].iter().find_map(|quote| {
        let inside = string.strip_prefix(quote)?.strip_suffix(quote)?;
        Some(inside.trim())
    })
}

/// What an escape in a quoted name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// Behind a backslash, a letter that has no other meaning.
    Letter,
    /// Behind this letter, the number of a letter.
    Number(char),
}

/// A name without its quotes; closing quotes, `<` and `>` stand doubled inside.
pub(super) fn unquoted(token: &str, escape: Option<Escape>) -> Cow<'_, str> {
    let quoted = token
        .strip_prefix(['U', 'u'])
        .map_or(token, |rest| &rest[1..]);
    let close = match quoted.bytes().next() {
        Some(b'[') => ']',
        Some(b'`') => '`',
        _ => '"',
    };
    let inside = quoted.get(1..).unwrap_or_default();
    let inside = inside.strip_suffix(close).unwrap_or(inside);
    let mut text = Cow::Borrowed(inside);
    for doubled in [close, '<', '>'] {
        let pair = String::from_iter([doubled, doubled]);
        if text.contains(&pair) {
            text = Cow::Owned(text.replace(&pair, &doubled.to_string()));
        }
    }
    match escape {
        Some(Escape::Number(letter)) if text.contains(letter) => Cow::Owned(decoded(&text, letter)),
        Some(Escape::Letter) if text.contains('\\') => Cow::Owned(without_backslashes(&text)),
        _ => text,
    }
}

/// `\`` is a backtick.
fn without_backslashes(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => result.extend(letters.next()),
            _ => result.push(letter),
        }
    }
    result
}

/// Letters by their number: `\00e5` and `\+0000e5`; two escapes are one letter.
fn decoded(text: &str, escape: char) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(escape) {
        result.push_str(&rest[..at]);
        rest = &rest[at + escape.len_utf8()..];
        let (skipped, digits) = match rest.strip_prefix('+') {
            Some(digits) => (1, digits.get(..6)),
            None => (0, rest.get(..4)),
        };
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match (number.and_then(char::from_u32), digits) {
            (Some(letter), Some(digits)) => {
                result.push(letter);
                rest = &rest[skipped + digits.len()..];
            }
            _ => {
                result.push(escape);
                rest = rest.strip_prefix(escape).unwrap_or(rest);
            }
        }
    }
    result + rest
}
