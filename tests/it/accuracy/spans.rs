//! A small scanner for the top level of a JSON document, which takes `NaN` and `Infinity` too.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

/// The byte ranges of the top-level values.
pub(crate) fn top_level(text: &[u8]) -> BTreeMap<String, Range<usize>> {
    let mut spans = BTreeMap::new();
    let mut at = skip_space(text, 0);
    assert_eq!(text[at], b'{', "a manifest is an object");
    at = skip_space(text, at + 1);
    while text[at] != b'}' {
        let key = at..end_of_value(text, at);
        let name: String = serde_json::from_slice(&text[key.clone()]).unwrap();
        at = skip_space(text, key.end);
        assert_eq!(text[at], b':', "a colon follows the key {name}");
        let start = skip_space(text, at + 1);
        let end = end_of_value(text, start);
        assert_eq!(spans.insert(name, start..end), None, "a key stands twice");
        at = skip_space(text, end);
        if text[at] == b',' {
            at = skip_space(text, at + 1);
        }
    }
    spans
}

/// The top-level value of a key, null where it has none.
pub(crate) fn value(text: &[u8], key: &str) -> Value {
    let Some(span) = top_level(text).remove(key) else {
        return Value::Null;
    };
    serde_json::from_slice(&without_specials(&text[span])).unwrap()
}

/// The document without the values of these keys.
pub(crate) fn outside(text: &[u8], keys: &[&str]) -> Vec<u8> {
    let spans = top_level(text);
    let mut left_out: Vec<_> = keys.iter().filter_map(|key| spans.get(*key)).collect();
    left_out.sort_by_key(|span| span.start);
    let mut rest = Vec::with_capacity(text.len());
    let mut at = 0;
    for span in left_out {
        rest.extend_from_slice(&text[at..span.start]);
        at = span.end;
    }
    rest.extend_from_slice(&text[at..]);
    rest
}

/// The same document with a number in the place of each `NaN` and `Infinity`, for strict readers.
pub(crate) fn without_specials(text: &[u8]) -> Vec<u8> {
    let mut plain = text.to_vec();
    let mut at = 0;
    while at < plain.len() {
        match plain[at] {
            b'"' => at = end_of_string(text, at),
            b'N' | b'I' => {
                plain[at] = b'0';
                at += 1;
                while plain[at].is_ascii_alphabetic() {
                    plain[at] = b' ';
                    at += 1;
                }
            }
            _ => at += 1,
        }
    }
    plain
}

fn skip_space(text: &[u8], at: usize) -> usize {
    let space = text[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace());
    at + space.count()
}

fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

fn end_of_value(text: &[u8], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    loop {
        match text[at] {
            b'"' => at = end_of_string(text, at) - 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            b',' | b':' if depth == 0 => return at,
            byte if depth == 0 && byte.is_ascii_whitespace() => return at,
            _ => {}
        }
        at += 1;
        if depth == 0 && matches!(text[at - 1], b'"' | b'}' | b']') {
            return at;
        }
    }
}
