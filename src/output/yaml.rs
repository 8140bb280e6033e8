//! Writes values as YAML on one line.

use serde::Serialize;
use serde_json::Value;
use serde_saphyr::DoubleQuoted;

use super::inert::letters;
use crate::model::letters::{by_number, is_unseen};

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

/// A string, quoted unless it begins with a letter, consists of harmless ones, and the writer of YAML
/// says that every reader takes it for the same string without quotes.
pub fn text(text: &str) -> String {
    let is_harmless = |letter: char| letter.is_alphanumeric() || " _./@*:-".contains(letter);
    let is_plain = text.starts_with(char::is_alphabetic) && text.chars().all(is_harmless);
    if is_plain && written(&text) == text {
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

/// A string in double quotes. Letters that act on terminals or cannot be seen are escaped, so that what
/// is shown is what may be copied.
fn quoted(text: &str) -> String {
    let written = written(&DoubleQuoted(text));
    let inner = written
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let inner = letters(inner.unwrap_or(&written)).map(|(letter, is_active)| {
        if is_active || is_unseen(letter) {
            by_number(letter)
        } else {
            letter.to_string()
        }
    });
    format!("\"{}\"", inner.collect::<String>())
}

/// A string as YAML.
fn written(text: &impl Serialize) -> String {
    // Block scalars have several lines.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    // A string can always be written.
    let written = serde_saphyr::to_string_with_options(text, options).unwrap_or_default();
    written.trim_end_matches('\n').to_owned()
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
