//! The document and its members, cut into slices in one pass.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::raw;
use crate::input::manifest::wire::Text;

/// The kinds of nodes that have rows, or that rows are made by.
const KINDS: [&str; 5] = ["model.", "seed.", "snapshot.", "source.", "function."];

/// Whether the definition of the node with this id is compared.
pub(super) fn is_compared(id: &str) -> bool {
    KINDS.iter().any(|kind| id.starts_with(kind))
}

/// The document. The two large maps are cut as they are met: a slice of one, which is cut later, would
/// be gone through once more.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Top<'a> {
    #[serde(borrow)]
    pub(super) nodes: Option<Members<'a>>,
    #[serde(borrow)]
    pub(super) sources: Option<Members<'a>>,
    #[serde(borrow)]
    pub(super) functions: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) disabled: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) macros: Option<&'a RawValue>,
}

/// The members of `nodes` or `sources` that are compared.
pub(super) struct Members<'a>(pub(super) Vec<(Cow<'a, str>, raw::Node<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("nodes by id")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Text(id)) = map.next_key()? {
                    if is_compared(&id) {
                        let Member(node) = map.next_value()?;
                        members.push((id, node));
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(MembersVisitor)
    }
}

/// A node; one without members if it is not an object.
#[derive(Default)]
struct Member<'a>(raw::Node<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Member<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct MemberVisitor;
        impl<'de> Visitor<'de> for MemberVisitor {
            type Value = Member<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a node")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                raw::Node::deserialize(MapAccessDeserializer::new(map)).map(Member)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Member::default())
            }
        }
        from.deserialize_any(MemberVisitor)
    }
}
