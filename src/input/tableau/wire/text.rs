//! Texts in GraphQL responses.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use crate::model::luid;

/// A text, even if it is written as a number or boolean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub(crate) struct Text<'a>(pub Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

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

/// A luid, which Tableau compares without case, as its letters without case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub(crate) struct Luid<'a>(Cow<'a, str>);

#[cfg(feature = "fetch")]
impl Luid<'static> {
    /// The luid of a text.
    pub(crate) fn of(text: &str) -> Self {
        Self(Cow::Owned(luid::identity(text).into_owned()))
    }
}

impl Deref for Luid<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Luid<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Text::deserialize(deserializer)?.0 {
            Cow::Borrowed(text) => luid::identity(text),
            Cow::Owned(text) => Cow::Owned(luid::identity(&text).into_owned()),
        }))
    }
}

/// A text field for which "not in the query" and "hidden by permissions" are different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) enum Field<T> {
    /// The response has no such key.
    #[default]
    Absent,
    /// The key is there with null.
    Null,
    /// The key is there with a text, perhaps an empty one.
    Given(T),
}

impl<T> Field<T> {
    /// The field with another form of its text.
    pub(crate) fn map<U>(self, form: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Given(text) => Field::Given(form(text)),
        }
    }
}

impl Field<Cow<'_, str>> {
    /// The field with its text borrowed, as [`Option::as_deref`].
    pub(crate) fn as_deref(&self) -> Field<&str> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Given(text) => Field::Given(text),
        }
    }
}

impl<'a> Field<&'a str> {
    /// The text, unless it is missing or blank.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self {
            Self::Given(text) if !text.trim().is_empty() => Some(text),
            Self::Given(_) | Self::Null | Self::Absent => None,
        }
    }

    /// The field, or the other one where this one has no text, as [`Option::or`]. Null stays before
    /// an absent field: it says that a text is hidden.
    pub(crate) fn or(self, other: Self) -> Self {
        if self.text().is_none() && other != Self::Absent {
            other
        } else {
            self
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Field<Cow<'a, str>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<Text<'a>>::deserialize(deserializer)?;
        Ok(text.map_or(Self::Null, |Text(text)| Self::Given(text)))
    }
}
