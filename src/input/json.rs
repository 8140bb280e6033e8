//! What all JSON inputs share: failures with positions, unpaired surrogates, and files that are
//! given by mistake.

use std::fmt;
use std::str::Utf8Error;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;

use super::plain_words::plain;
use crate::model::Failure;
use crate::model::display::display_enum;

/// The failure for an error of `serde_json` in a text that follows `lines` lines of `file`.
/// `make_again` says how to get a valid file.
pub fn failure(file: &str, lines: usize, error: &serde_json::Error, make_again: &str) -> Failure {
    let message = message(error);
    let place = format!("{file}:{}:{}", lines + error.line(), error.column());
    let help = match error.classify() {
        Category::Eof => format!("the file is truncated; {make_again}"),
        Category::Syntax if error.to_string().starts_with("recursion limit") => {
            "is this the right file?".to_owned()
        }
        Category::Syntax | Category::Data | Category::Io => make_again.to_owned(),
    };
    Failure::new(place, message).help(help)
}

/// The message of an error of `serde_json`, without the position at its end.
pub fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let message = text.rsplit_once(" at line ");
    plain(message.map_or(text.as_str(), |(message, _)| message))
}

/// The character that some editors write at the start of UTF-8 files.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The text of a file.
///
/// # Errors
/// The bytes are not UTF-8.
pub fn utf8<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes).map_err(|error| not_utf8(file, 0, bytes, error))
}

/// The failure for bytes that are not UTF-8 and follow `lines` lines of `file`.
pub fn not_utf8(file: &str, lines: usize, bytes: &[u8], error: Utf8Error) -> Failure {
    let (line, column) = position(&bytes[..error.valid_up_to()]);
    Failure::new(format!("{file}:{}:{column}", lines + line), "invalid UTF-8")
        .help("save the file as UTF-8")
}

/// The text without a byte-order mark.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Replaces each escape of an unpaired surrogate with the escape of the replacement character,
/// which has the same length. JSON's grammar allows unpaired surrogates and Python writes them, for
/// example if a text was cut inside an emoji, but they are not characters, and `serde_json` refuses
/// them.
pub fn replace_lone_surrogates(bytes: &mut [u8]) {
    let mut from = 0;
    while let Some(at) = lone_surrogate(bytes, from) {
        from = at + REPLACEMENT.len();
        bytes[at..from].copy_from_slice(REPLACEMENT);
    }
}

/// The escape of the replacement character U+FFFD.
const REPLACEMENT: &[u8; 6] = br"\ufffd";

/// The position of the next escape of an unpaired surrogate, from `from` on, which must not be
/// inside an escape.
pub fn lone_surrogate(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(b'\\', bytes.get(at..)?)?;
        at += match (
            code_unit(&bytes[at..]),
            bytes.get(at + 6..).and_then(code_unit),
        ) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => return Some(at),
            (Some(_), _) => 6,
            (None, _) => 2,
        };
    }
}

/// The code unit of the escape `\uXXXX` at the start of `bytes`, if there is one.
fn code_unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(br"\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Line and column after the text `before`, both from 1. Columns count bytes, as in `serde_json`.
pub fn position(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count()
        + 1;
    (line, column)
}

display_enum! {
    /// What a text is instead of JSON.
    pub enum NotJson {
        /// Nothing but white space.
        Empty => "the file is empty";
        /// A response of Tableau's REST API, which is XML unless JSON is requested.
        TableauXml => "this is an XML response of Tableau's REST API";
        /// Any other text that starts with a tag.
        Markup => "this is an HTML or XML page, perhaps a log-in page, and not JSON";
    }
}

/// What a text is instead of JSON; `None` if its start does not rule out JSON.
pub fn not_json(text: &str) -> Option<NotJson> {
    let start = text.trim_start();
    if start.is_empty() {
        return Some(NotJson::Empty);
    }
    if !start.starts_with('<') {
        return None;
    }
    let head = start.get(..start.len().min(2000)).unwrap_or(start);
    if head.contains("tsResponse") {
        Some(NotJson::TableauXml)
    } else {
        Some(NotJson::Markup)
    }
}

/// The keys of any object, without their values.
pub(super) struct Keys(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeysVisitor;
        impl<'de> Visitor<'de> for KeysVisitor {
            type Value = Keys;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(KeysVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::replace_lone_surrogates;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut bytes = text.as_bytes().to_vec();
        replace_lone_surrogates(&mut bytes);
        assert_eq!(String::from_utf8(bytes).expect(text), expected);
    }

    #[test]
    fn unpaired_surrogates_are_replaced_and_pairs_kept() {
        check(r#""a\ud83d""#, r#""a\ufffd""#);
        check(r#""\uDE00\ud83d\uDE00""#, r#""\ufffd\ud83d\uDE00""#);
        check(r#""\ud83d\ud83d\uDE00""#, r#""\ufffd\ud83d\uDE00""#);
        check(r#""\ud83d\n""#, r#""\ufffd\n""#);
        check(r#""\\ud83d \u00e9 \"""#, r#""\\ud83d \u00e9 \"""#);
        for cut in [r"\", r"\u", r"\ud8", r"\ud83d\u", r"\uXXXX"] {
            check(cut, &cut.replace(r"\ud83d", r"\ufffd"));
        }
    }
}
