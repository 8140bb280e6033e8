//! Texts as GraphQL gives them.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

/// A text, also where it is written as a number or boolean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(in crate::input::tableau) struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for TextVisitor<'a> {
            type Value = Text<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Owned(number.to_string())))
            }
            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }
        }
        deserializer.deserialize_any(TextVisitor(PhantomData))
    }
}

/// A text field that tells "not asked for" from "not to be seen".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(in crate::input::tableau) enum Field<T> {
    /// The answer has no such key.
    #[default]
    Absent,
    /// The key is there with null.
    Null,
    /// The key is there with a text, perhaps an empty one.
    Given(T),
}

impl<T> Field<T> {
    /// The field with another form of its text.
    pub(in crate::input::tableau) fn map<U>(self, form: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Given(text) => Field::Given(form(text)),
        }
    }
}

impl Field<Cow<'_, str>> {
    /// The field without owning its text.
    pub(in crate::input::tableau) fn borrowed(&self) -> Field<&str> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Given(text) => Field::Given(text),
        }
    }
}

impl<'a> Field<&'a str> {
    /// The text, unless there is none or it is blank.
    pub(in crate::input::tableau) fn text(self) -> Option<&'a str> {
        match self {
            Self::Given(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Field<Cow<'a, str>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<Text<'a>>::deserialize(deserializer)?;
        Ok(text.map_or(Self::Null, |Text(text)| Self::Given(text)))
    }
}
