//! Writes values as YAML on one line.

use serde_json::Value;

use super::inert::letters;
use crate::model::letters::is_unseen;

/// Words that YAML does not read as strings, some of them only in YAML 1.1.
const RESERVED: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// A value on one line. Null members of maps are left out.
pub fn value(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items = items.iter().map(self::value).collect::<Vec<_>>();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .filter(|(_, member)| !member.is_null())
                .map(|(key, member)| format!("{}: {}", text(key), self::value(member)))
                .collect::<Vec<_>>();
            format!("{{{}}}", members.join(", "))
        }
        Value::String(string) => text(string),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A string, quoted unless YAML reads it as the same string without quotes.
pub fn text(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || " _./@*:-".contains(letter);
    let is_map = text.contains(": ") || text.ends_with([':', ' ']);
    if begins_with_letter(text) && text.chars().all(is_plain) && !is_map && !is_reserved(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A string, quoted unless it is one word of ASCII letters, digits, `_` and `-`.
pub fn word(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    if word.chars().all(is_plain) {
        text(word)
    } else {
        quoted(word)
    }
}

/// A string in double quotes, which YAML reads as JSON does. Letters that act on terminals or cannot be
/// seen are escaped, so that what is shown is what may be copied.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for (letter, is_active) in letters(text) {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if is_active || letter.is_control() || is_unseen(letter) => {
                quoted.push_str(&escaped(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// A letter by its number, as YAML reads it.
fn escaped(letter: char) -> String {
    let number = u32::from(letter);
    if number <= 0xffff {
        format!("\\u{number:04x}")
    } else {
        format!("\\U{number:08x}")
    }
}

fn begins_with_letter(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
}

fn is_reserved(text: &str) -> bool {
    RESERVED.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{value, word};

    #[test]
    fn values_are_written_as_yaml() {
        let given = json!({
            "when": {"tag": "a b", "name": null, "project": "House/**"}, "x: y": [1, 0.5, true, ""],
            "words": ["no", "1.5", "-", "Data team", "größe", "a: b", "~", "a ", "https://x.y", "*"],
        });
        assert_eq!(
            value(&given),
            r#"{when: {tag: a b, project: House/**}, "x: y": [1, 0.5, true, ""], words: ["no", "1.5", "-", Data team, größe, "a: b", "~", "a ", https://x.y, "*"]}"#
        );
    }

    #[test]
    fn only_words_are_not_quoted() {
        let words = ["shop_1-a", "größe", "a b", "No", "1a", "[*]", ""];
        assert_eq!(
            words.map(word),
            [
                "shop_1-a",
                r#""größe""#,
                r#""a b""#,
                r#""No""#,
                r#""1a""#,
                r#""[*]""#,
                r#""""#
            ]
        );
    }
}
