//! Values of one type that are not taken for another: in quotes, numbers and `true` are texts.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IntoDeserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::located::Located;

/// The highest count that is accepted.
pub(super) const HIGHEST_COUNT: u32 = u32::MAX;

/// `true` or `false`.
pub(super) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(Option::<Flag>::deserialize(deserializer)?.map(|flag| flag.0))
}

/// A number, with its place.
pub(super) fn number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Located<f64>>, D::Error> {
    let number = Option::<Located<Number>>::deserialize(deserializer)?;
    Ok(number.map(|number| Located {
        value: number.value.0,
        line: number.line,
        column: number.column,
    }))
}

/// A whole number that is not negative.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    Ok(Option::<Count>::deserialize(deserializer)?.map(|count| count.0))
}

/// One of some words. A map with the word as its key, which serde takes as well, is none.
pub(super) fn word<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    word.map(|word| T::deserialize(word.into_deserializer()))
        .transpose()
}

/// A ratio, or a percentage as text.
#[derive(Debug, Clone)]
pub(super) enum RawShare {
    /// A number, which may be none from 0 to 1.
    Ratio(f64),
    /// A text, which may be no percentage.
    Percentage(String),
}

impl<'de> Deserialize<'de> for RawShare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ShareVisitor;
        impl Visitor<'_> for ShareVisitor {
            type Value = RawShare;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a percentage such as 95%, or a ratio from 0 to 1")
            }
            fn visit_i64<E>(self, value: i64) -> Result<RawShare, E> {
                Ok(RawShare::Ratio(value as f64))
            }
            fn visit_u64<E>(self, value: u64) -> Result<RawShare, E> {
                Ok(RawShare::Ratio(value as f64))
            }
            fn visit_f64<E>(self, value: f64) -> Result<RawShare, E> {
                Ok(RawShare::Ratio(value))
            }
            fn visit_str<E>(self, value: &str) -> Result<RawShare, E> {
                Ok(RawShare::Percentage(value.to_owned()))
            }
        }
        deserializer.deserialize_any(ShareVisitor)
    }
}

impl Serialize for RawShare {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Ratio(ratio) => serializer.serialize_f64(*ratio),
            Self::Percentage(text) => serializer.serialize_str(text),
        }
    }
}

struct Flag(bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;
        impl Visitor<'_> for FlagVisitor {
            type Value = Flag;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Flag, E> {
                Ok(Flag(value))
            }
        }
        deserializer.deserialize_any(FlagVisitor)
    }
}

struct Number(f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;
        impl Visitor<'_> for NumberVisitor {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_i64<E>(self, value: i64) -> Result<Number, E> {
                Ok(Number(value as f64))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Number, E> {
                Ok(Number(value as f64))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Number, E> {
                Ok(Number(value))
            }
        }
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct Count(usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Number(number) = Number::deserialize(deserializer)?;
        let is_count = number.fract() == 0.0 && (0.0..=HIGHEST_COUNT.into()).contains(&number);
        if !is_count {
            let message = format!("must be a whole number from 0 to {HIGHEST_COUNT}, got {number}");
            return Err(serde::de::Error::custom(message));
        }
        Ok(Self(number as usize))
    }
}
