//! Keys and values of a JSON object, in its order and with those that come twice.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Keys and values of an object, the values as slices of the text. A key is a text or a slice too.
pub(super) struct Pairs<'a, K>(pub(super) Vec<(K, &'a RawValue)>);

impl<K> Default for Pairs<'_, K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de: 'a, 'a, K: Deserialize<'de>> Deserialize<'de> for Pairs<'a, K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor<K>(PhantomData<K>);
        impl<'de, K: Deserialize<'de>> Visitor<'de> for PairsVisitor<K> {
            type Value = Pairs<'de, K>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}
