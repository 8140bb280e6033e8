//! Values of REST answers, which are XML in the form of JSON: numbers and booleans may be texts, a
//! single element may stand in place of a list, and an empty list may be `{}`.

use serde_json::Value;

use crate::model::luid;

/// The value of a key. Programs that convert XML may put `@` before the name of an attribute, and the
/// prefix of a namespace before that of an element.
pub(super) fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    let members = value.as_object()?;
    let found = members.get(key).or_else(|| {
        let mut members = members.iter();
        let is_named = |name: &str| {
            let name = name.strip_prefix('@').unwrap_or(name);
            name.rsplit_once(':').map_or(name, |(_, name)| name) == key
        };
        members.find_map(|(name, value)| is_named(name).then_some(value))
    });
    found.filter(|value| !value.is_null())
}

/// What is inside of the element around an answer, if it is there.
pub(super) fn unwrapped(body: &Value) -> &Value {
    member(body, "tsResponse").unwrap_or(body)
}

/// A text, number or boolean as a text, unless it is blank.
pub(super) fn text(value: &Value, key: &str) -> Option<String> {
    let text = match member(value, key)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A boolean, also as a text.
pub(super) fn boolean(value: &Value, key: &str) -> Option<bool> {
    match text(value, key)?.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A number, also as a text.
pub(super) fn number(value: &Value, key: &str) -> Option<u64> {
    text(value, key)?.parse().ok()
}

/// The luid of an object.
pub(super) fn luid_of(value: &Value) -> Option<String> {
    let named = text(value, "id").or_else(|| text(value, "luid"))?;
    Some(luid::identity(&named).into_owned())
}

/// The luid of an object inside another one.
pub(super) fn luid_in(value: &Value, key: &str) -> Option<String> {
    luid_of(member(value, key)?)
}

/// The elements of a list, each an object; `None` if this is not a list.
pub(super) fn elements<'v>(list: &'v Value, of_one: &str) -> Option<Vec<&'v Value>> {
    match list {
        Value::Array(elements) => Some(elements.iter().filter(|one| one.is_object()).collect()),
        Value::Object(members) => match member(list, of_one) {
            Some(inner @ (Value::Array(_) | Value::Object(_))) => match inner {
                Value::Array(elements) => {
                    Some(elements.iter().filter(|one| one.is_object()).collect())
                }
                one => Some(vec![one]),
            },
            Some(_) => None,
            None if luid_of(list).is_some() => Some(vec![list]),
            None if members.is_empty() || members.values().all(is_blank) => Some(Vec::new()),
            None => None,
        },
        // An empty element of XML.
        Value::String(text) if text.trim().is_empty() => Some(Vec::new()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// The elements of a list below the key of its own or that of its elements.
pub(super) fn list<'v>(body: &'v Value, key: &str, of_one: &str) -> Option<Vec<&'v Value>> {
    match body.as_object()?.get(key) {
        Some(Value::Null) => Some(Vec::new()),
        _ => match member(body, key) {
            Some(list) => elements(list, of_one),
            None => elements(member(body, of_one)?, of_one),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_read_in_every_form() {
        let luids = |body: Value| {
            let users = list(&body, "users", "user")?;
            Some(users.into_iter().filter_map(luid_of).collect::<Vec<_>>())
        };
        let two = Some(vec!["a".to_owned(), "b".to_owned()]);
        let one = Some(vec!["a".to_owned()]);
        assert_eq!(
            luids(json!({"users": {"user": [{"id": "A"}, {"id": "b"}]}})),
            two
        );
        assert_eq!(luids(json!({"users": [{"id": "A"}, {"luid": "b"}]})), two);
        assert_eq!(luids(json!({"ns0:users": {"ns0:user": {"@id": "A"}}})), one);
        assert_eq!(luids(json!({"user": {"id": "A"}})), one);
        for empty in [
            json!({}),
            json!([]),
            json!(""),
            json!({"user": []}),
            json!(null),
        ] {
            assert_eq!(luids(json!({ "users": empty })), Some(Vec::new()));
        }
        assert_eq!(luids(json!({"groups": {}})), None);
        assert_eq!(luids(json!({"users": {"page": 1}})), None);
    }

    #[test]
    fn texts_stand_for_numbers_and_booleans() {
        let value = json!({"a": "true", "b": false, "c": "12", "d": 7, "e": " ", "f": null});
        assert_eq!(boolean(&value, "a"), Some(true));
        assert_eq!(boolean(&value, "b"), Some(false));
        assert_eq!(number(&value, "c"), Some(12));
        assert_eq!(number(&value, "d"), Some(7));
        assert_eq!(text(&value, "e"), None);
        assert_eq!(text(&value, "f"), None);
    }
}
