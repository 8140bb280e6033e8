//! JSON as a tree in which everything can be odd: keys may come twice, and numbers are texts.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    /// `null`, `true`, `false` or a number, as it is written. May also be no JSON at all.
    Raw(String),
    /// A string, without escapes.
    Text(String),
    /// A string between its quotes, with escapes.
    Escaped(String),
    /// A list.
    List(Vec<Self>),
    /// A map.
    Map(Vec<(String, Self)>),
}

impl Json {
    /// Parses a text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// `null`.
    pub(super) fn null() -> Self {
        Self::Raw("null".to_owned())
    }

    /// The values inside this one.
    pub(super) fn children(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Map(members) => members.len(),
            Self::Raw(_) | Self::Text(_) | Self::Escaped(_) => 0,
        }
    }

    /// The value at this position inside this one.
    pub(super) fn child(&self, at: usize) -> Option<&Self> {
        match self {
            Self::List(items) => items.get(at),
            Self::Map(members) => members.get(at).map(|(_, member)| member),
            Self::Raw(_) | Self::Text(_) | Self::Escaped(_) => None,
        }
    }

    /// The value at this position inside this one.
    pub(super) fn child_mut(&mut self, at: usize) -> Option<&mut Self> {
        match self {
            Self::List(items) => items.get_mut(at),
            Self::Map(members) => members.get_mut(at).map(|(_, member)| member),
            Self::Raw(_) | Self::Text(_) | Self::Escaped(_) => None,
        }
    }

    /// Takes out the value at this position.
    pub(super) fn remove(&mut self, at: usize) {
        match self {
            Self::List(items) => drop(items.remove(at)),
            Self::Map(members) => drop(members.remove(at)),
            Self::Raw(_) | Self::Text(_) | Self::Escaped(_) => {}
        }
    }

    /// The first member with this key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(members) = self else {
            return None;
        };
        let member = members.iter().find(|(name, _)| name == key);
        member.map(|(_, member)| member)
    }

    /// The members of the map under the first such key.
    pub(super) fn map_mut(&mut self, key: &str) -> Option<&mut Vec<(String, Self)>> {
        let Self::Map(members) = self else {
            return None;
        };
        match members.iter_mut().find(|(name, _)| name == key) {
            Some((_, Self::Map(members))) => Some(members),
            _ => None,
        }
    }

    /// The value that a path of positions leads to.
    pub(super) fn at_mut(&mut self, path: &[usize]) -> Option<&mut Self> {
        path.iter().try_fold(self, |value, at| value.child_mut(*at))
    }

    /// The value that a path of positions leads to.
    pub(super) fn at(&self, path: &[usize]) -> Option<&Self> {
        path.iter().try_fold(self, |value, at| value.child(*at))
    }

    /// The paths of all values, the outer ones first.
    pub(super) fn paths(&self) -> Vec<Vec<usize>> {
        let mut paths = vec![Vec::new()];
        let mut next = 0;
        while let Some(path) = paths.get(next).cloned() {
            let children = self.at(&path).map_or(0, Self::children);
            paths.extend((0..children).map(|at| [path.as_slice(), &[at]].concat()));
            next += 1;
        }
        paths
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::null())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Raw(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Raw(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Raw(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Raw(serde_json::Value::from(value).to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Json::Map(members))
    }
}
