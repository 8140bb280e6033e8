//! Values that others wrote, of which we need some fields: nothing in the rest may make a manifest
//! unusable.

use std::borrow::Cow;

use serde_json::Value;
use serde_json::value::RawValue;

use super::pairs::Pairs;
use crate::input::json;

/// How deep values are read. No field that is needed lies deeper than a few levels.
const DEEPEST: usize = 100;

/// The value of a JSON text. Null stands for what cannot be read: values that are nested too deeply
/// and numbers that are too large.
pub(super) fn value(text: &str) -> Value {
    let text = without_lone_surrogates(text);
    serde_json::from_str(&text).unwrap_or_else(|_| value_in_parts(&text, 0))
}

fn without_lone_surrogates(text: &str) -> Cow<'_, str> {
    if json::lone_surrogate(text.as_bytes(), 0).is_none() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    json::replace_lone_surrogates(&mut bytes);
    // Only escapes were replaced, by others.
    Cow::Owned(String::from_utf8(bytes).unwrap_or_default())
}

/// As [`value`], level by level, so that one part that cannot be read does not spoil the rest.
fn value_in_parts(text: &str, depth: usize) -> Value {
    if depth == DEEPEST {
        return Value::Null;
    }
    match text.trim_start().as_bytes().first() {
        Some(b'{') => {
            let Pairs(members) = serde_json::from_str::<Pairs<String>>(text).unwrap_or_default();
            members
                .into_iter()
                .map(|(key, member)| (key, value_in_parts(member.get(), depth + 1)))
                .collect()
        }
        Some(b'[') => {
            let items = serde_json::from_str::<Vec<&RawValue>>(text).unwrap_or_default();
            let items = items.into_iter();
            items
                .map(|item| value_in_parts(item.get(), depth + 1))
                .collect()
        }
        _ => serde_json::from_str(text).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::value;

    #[test]
    fn what_cannot_be_read_is_null_and_the_rest_stays() {
        let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
        let text = format!(r#"{{"a": {deep}, "b": [1e400, {{"c": "\ud83d"}}], "d": 1.50}}"#);
        let mut read = value(&text);
        assert!(read["a"].take().is_array());
        assert_eq!(
            read,
            json!({"a": null, "b": [null, {"c": "\u{fffd}"}], "d": 1.5})
        );
    }

    #[test]
    fn the_deepest_nesting_overflows_no_stack() {
        let text = format!("{}{}", "{\"a\":[".repeat(100_000), "]}".repeat(100_000));
        assert!(value(&text).is_object());
    }
}
