//! Lists in GraphQL responses.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::text::Text;

/// A list in any form: a plain array, a `…Connection` page, or null. Elements may be null.
#[derive(Debug)]
pub(crate) struct List<T> {
    /// The elements that are not null.
    pub items: Vec<T>,
    /// How many elements are null.
    pub nulls: usize,
    /// `totalCount` of a page.
    pub total: Option<u64>,
    /// `pageInfo.hasNextPage` of a page.
    pub has_next: Option<bool>,
    /// Whether this was a page and not a plain array.
    pub is_page: bool,
    /// Whether the query requested the elements: a page may have nothing but its `totalCount`.
    pub has_nodes: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            nulls: 0,
            total: None,
            has_next: None,
            is_page: false,
            has_nodes: false,
        }
    }
}

impl<T> List<T> {
    /// Whether the page itself shows that elements are missing.
    pub(crate) fn is_cut(&self) -> bool {
        let listed = (self.items.len() + self.nulls) as u64;
        self.has_nodes
            && (self.has_next == Some(true) || self.total.is_some_and(|total| total > listed))
    }

    /// Adds its twin.
    pub(crate) fn add(&mut self, other: Self) {
        *self = std::mem::take(self).and(other);
    }

    /// This list together with its twin.
    #[must_use]
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.items.extend(other.items);
        self.nulls += other.nulls;
        self.total = self.total.or(other.total);
        self.has_next = self.has_next.or(other.has_next);
        self.is_page |= other.is_page;
        self.has_nodes |= other.has_nodes;
        self
    }
}

/// A list that few objects of its kind have. If it is missing, it takes the memory of a pointer and
/// not of a list: a response may have millions of tables.
#[derive(Debug)]
pub(crate) struct RareList<T>(Option<Box<List<T>>>);

impl<T> Default for RareList<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> RareList<T> {
    /// This list together with its twin.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(match (self.0, other.0) {
            (Some(one), Some(other)) => Some(Box::new(one.and(*other))),
            (one, other) => one.or(other),
        })
    }
}

/// A list, kept in any way.
pub(crate) trait AnyList<T> {
    /// The list, if the query requested its elements.
    fn with_nodes(&self) -> Option<&List<T>>;

    /// Its elements that are not null.
    fn items<'l>(&'l self) -> impl Iterator<Item = &'l T>
    where
        T: 'l,
    {
        self.with_nodes().into_iter().flat_map(|list| &list.items)
    }
}

impl<T> AnyList<T> for List<T> {
    fn with_nodes(&self) -> Option<&List<T>> {
        self.has_nodes.then_some(self)
    }
}

impl<T> AnyList<T> for RareList<T> {
    fn with_nodes(&self) -> Option<&List<T>> {
        self.0.as_ref().and_then(|list| list.with_nodes())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for RareList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = List::deserialize(deserializer)?;
        let is_null = !list.has_nodes && !list.is_page;
        Ok(Self((!is_null).then(|| Box::new(list))))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: Option<bool>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list, a page with `nodes`, or null")
            }
            fn visit_unit<E: de::Error>(self) -> Result<List<T>, E> {
                Ok(List::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
                let mut list = List {
                    has_nodes: true,
                    ..List::default()
                };
                while let Some(item) = seq.next_element::<Option<T>>()? {
                    match item {
                        Some(item) => list.items.push(item),
                        None => list.nulls += 1,
                    }
                }
                Ok(list)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<T>, A::Error> {
                let mut list = List::default();
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    match key.0.as_ref() {
                        // A key that comes twice contradicts itself: the larger total counts, and a
                        // page that says anywhere that another one follows.
                        "nodes" => {
                            let nodes = map.next_value::<Self::Value>()?;
                            list.items.extend(nodes.items);
                            list.nulls += nodes.nulls;
                            list.has_nodes |= nodes.has_nodes;
                        }
                        "totalCount" => list.total = list.total.max(map.next_value()?),
                        "pageInfo" => {
                            let has_next = map
                                .next_value::<Option<PageInfo>>()?
                                .and_then(|page| page.has_next_page);
                            list.has_next = list.has_next.max(has_next);
                        }
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                list.is_page = true;
                Ok(list)
            }
        }
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}
