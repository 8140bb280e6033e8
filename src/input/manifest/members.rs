//! Byte spans of the members of a JSON object.

use std::borrow::Cow;
use std::ops::Range;

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use serde_json::value::RawValue;

use super::REGENERATE;
use super::pairs::Pairs;
use crate::input::json;
use crate::model::Failure;

/// One `"key": value` of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'m> {
    /// The key, unescaped.
    pub key: &'m str,
    /// The position of the key's opening quote, in bytes of the document.
    pub start: usize,
    /// The span of the value, in bytes of the document.
    pub value: Range<usize>,
}

/// The members of one object, in the order of the document.
#[derive(Debug, Clone, Default)]
pub struct Members<'a> {
    /// The span of the object with its braces, in bytes of the document.
    pub span: Range<usize>,
    places: IndexMap<Cow<'a, str>, Place, RandomState>,
}

/// The span of a member.
#[derive(Debug, Clone)]
struct Place {
    start: usize,
    value: Range<usize>,
}

/// Why an object cannot be edited.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is not an object; with its position.
    NotAnObject(usize),
    /// It has a duplicate key; with the second position.
    Duplicate(usize, String),
}

impl Problem {
    /// The failure to report for the object under `key`.
    pub fn failure(&self, file: &str, text: &str, key: &str) -> Failure {
        let (at, message) = match self {
            Self::NotAnObject(at) => (*at, format!("`{key}` must be an object")),
            Self::Duplicate(at, duplicate) => (
                *at,
                format!("duplicate key `{}` in `{key}`", duplicate.escape_debug()),
            ),
        };
        let (line, column) = json::position(&text.as_bytes()[..at]);
        Failure::new(format!("{file}:{line}:{column}"), message).help(REGENERATE)
    }
}

impl<'a> Members<'a> {
    /// Finds the members of `raw`, which is a slice of `document`.
    ///
    /// # Errors
    /// `raw` is not an object, or has a duplicate key.
    pub fn read(document: &str, raw: &'a str) -> Result<Self, Problem> {
        let whole = span(document, raw);
        let Pairs::<&RawValue>(pairs) =
            serde_json::from_str(raw).map_err(|_| Problem::NotAnObject(whole.start))?;
        let mut places = IndexMap::with_capacity_and_hasher(pairs.len(), RandomState::default());
        for (key, value) in pairs {
            let place = Place {
                start: span(document, key.get()).start,
                value: span(document, value.get()),
            };
            let start = place.start;
            let key = unescaped(key.get());
            if places.insert(key.clone(), place).is_some() {
                return Err(Problem::Duplicate(start, key.into_owned()));
            }
        }
        Ok(Self {
            span: whole,
            places,
        })
    }

    /// The members in the order of the document.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Member<'_>> {
        self.places.iter().map(member)
    }

    /// The first and the last member; `None` if the object is empty.
    pub fn ends(&self) -> Option<(Member<'_>, Member<'_>)> {
        Some((
            self.places.first().map(member)?,
            self.places.last().map(member)?,
        ))
    }

    /// The member with this key.
    pub fn get(&self, key: &str) -> Option<Member<'_>> {
        self.places.get_key_value(key).map(member)
    }

    /// The index of the member with this key.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.places.get_index_of(key)
    }
}

/// The span of a slice of a document, in bytes.
pub(super) fn span(document: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - document.as_ptr() as usize;
    start..start + part.len()
}

fn member<'m>((key, place): (&'m Cow<'_, str>, &'m Place)) -> Member<'m> {
    Member {
        key,
        start: place.start,
        value: place.value.clone(),
    }
}

/// The value of a JSON string, which is given with its quotes.
fn unescaped(quoted: &str) -> Cow<'_, str> {
    let inner = &quoted[1..quoted.len() - 1];
    if inner.contains('\\') {
        // The document was parsed before, so the string is valid.
        Cow::Owned(serde_json::from_str(quoted).unwrap_or_else(|_| inner.to_owned()))
    } else {
        Cow::Borrowed(inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> Result<Vec<(String, String)>, Problem> {
        let members = Members::read(text, text)?;
        Ok(members
            .iter()
            .map(|member| (member.key.to_owned(), text[member.value].to_owned()))
            .collect())
    }

    #[test]
    fn values_of_every_kind_are_found() {
        let text = r#"{ "a" : 1.5e3 , "b":"x,}\"]", "c": {"d": [1, {"e": "]"}], "f": {}}, "g": [], "\u0068": null , "i":true}"#;
        let found = members(text).expect("valid");
        let found = found
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect::<Vec<_>>();
        let nested = r#"{"d": [1, {"e": "]"}], "f": {}}"#;
        assert_eq!(
            found,
            [
                ("a", "1.5e3"),
                ("b", r#""x,}\"]""#),
                ("c", nested),
                ("g", "[]"),
                ("h", "null"),
                ("i", "true")
            ]
        );
    }

    #[test]
    fn keys_start_at_their_quotes() {
        let text = r#"{ "a" : 1,  "\u0062": 2}"#;
        let members = Members::read(text, text).expect("an object");
        assert_eq!(
            members
                .iter()
                .map(|member| member.start)
                .collect::<Vec<_>>(),
            [2, 12]
        );
    }

    #[test]
    fn empty_objects_and_duplicate_keys() {
        assert_eq!(members("{}"), Ok(vec![]));
        assert_eq!(members("{ \n }"), Ok(vec![]));
        assert_eq!(members("[]"), Err(Problem::NotAnObject(0)));
        assert_eq!(
            members(r#"{"a":1,"\u0061":2}"#),
            Err(Problem::Duplicate(7, "a".to_owned()))
        );
    }
}
