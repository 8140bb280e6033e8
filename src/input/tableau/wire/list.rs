//! Lists in GraphQL responses.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::doubt::Doubt;
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
    /// Whether null stands where a list was requested. That is not an empty list: Tableau answers so where
    /// it does not know, as when its time is up.
    pub is_null: bool,
    /// Whether a key comes twice in the page, or in an element.
    pub is_doubtful: bool,
}

impl<T> Doubt for List<T> {
    fn is_doubtful(&self) -> bool {
        self.is_doubtful
    }
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
            is_null: false,
            is_doubtful: false,
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

    /// Adds an element to a plain array.
    pub(crate) fn push(&mut self, item: T)
    where
        T: Doubt,
    {
        self.has_nodes = true;
        self.is_doubtful |= item.is_doubtful();
        self.items.push(item);
    }

    /// Whether both are plain arrays or both are pages, so that they are no twins.
    pub(crate) fn is_same_form(&self, other: &Self) -> bool {
        let is_given = |list: &Self| list.has_nodes || list.is_page;
        is_given(self) && is_given(other) && self.is_page == other.is_page
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
        self.is_null |= other.is_null;
        self.is_doubtful |= other.is_doubtful;
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

impl<T> Doubt for RareList<T> {
    fn is_doubtful(&self) -> bool {
        self.0.as_ref().is_some_and(|list| list.is_doubtful)
    }
}

impl<T> RareList<T> {
    /// As [`List::is_same_form`].
    pub(crate) fn is_same_form(&self, other: &Self) -> bool {
        let both = self.0.as_ref().zip(other.0.as_ref());
        both.is_some_and(|(one, other)| one.is_same_form(other))
    }

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
    /// The list, if its key is there at all.
    fn list(&self) -> Option<&List<T>>;

    /// The list, if its elements are there.
    fn with_nodes<'l>(&'l self) -> Option<&'l List<T>>
    where
        T: 'l,
    {
        self.list().filter(|list| list.has_nodes)
    }

    /// Whether null stands where the list was requested.
    fn is_null(&self) -> bool {
        self.list().is_some_and(|list| list.is_null)
    }

    /// Whether the query requested its elements.
    fn is_requested(&self) -> bool {
        self.list()
            .is_some_and(|list| list.has_nodes || list.is_null)
    }

    /// Its elements that are not null.
    fn items<'l>(&'l self) -> impl Iterator<Item = &'l T>
    where
        T: 'l,
    {
        self.with_nodes().into_iter().flat_map(|list| &list.items)
    }
}

impl<T> AnyList<T> for List<T> {
    fn list(&self) -> Option<&List<T>> {
        Some(self)
    }
}

impl<T> AnyList<T> for RareList<T> {
    fn list(&self) -> Option<&List<T>> {
        self.0.as_deref()
    }
}

impl<'de, T: Deserialize<'de> + Doubt> Deserialize<'de> for RareList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Some(Box::new(List::deserialize(deserializer)?))))
    }
}

/// A value that may be written as a text, as in what was made of XML, or null.
struct Written<T>(Option<T>);

impl<'de, T: DeserializeOwned + FromStr> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let text = value.as_str().map(|text| text.trim().to_lowercase());
        match text.and_then(|text| text.parse().ok()) {
            Some(written) => Ok(Self(Some(written))),
            None => Option::<T>::deserialize(value)
                .map(Self)
                .map_err(de::Error::custom),
        }
    }
}

/// The `pageInfo` of a page.
#[derive(Default)]
struct PageInfo {
    has_next: Option<bool>,
    is_doubtful: bool,
}

impl<'de> Deserialize<'de> for PageInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PageInfoVisitor;
        impl<'de> Visitor<'de> for PageInfoVisitor {
            type Value = PageInfo;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with `hasNextPage`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PageInfo, A::Error> {
                let mut page = PageInfo::default();
                while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
                    if key == "hasNextPage" {
                        page.is_doubtful |= page.has_next.is_some();
                        let Written(has_next) = map.next_value()?;
                        page.has_next = page.has_next.max(has_next);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(page)
            }
        }
        deserializer.deserialize_map(PageInfoVisitor)
    }
}

impl<'de, T: Deserialize<'de> + Doubt> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Doubt> Visitor<'de> for ListVisitor<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list, a page with `nodes`, or null")
            }
            fn visit_unit<E: de::Error>(self) -> Result<List<T>, E> {
                Ok(List {
                    is_null: true,
                    ..List::default()
                })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
                let mut list = List {
                    has_nodes: true,
                    ..List::default()
                };
                while let Some(item) = seq.next_element::<Option<T>>()? {
                    match item {
                        Some(item) => {
                            list.is_doubtful |= item.is_doubtful();
                            list.items.push(item);
                        }
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
                            list.is_doubtful |= list.has_nodes || nodes.is_doubtful;
                            list.items.extend(nodes.items);
                            list.nulls += nodes.nulls;
                            list.has_nodes |= nodes.has_nodes;
                            list.is_null |= nodes.is_null;
                        }
                        "totalCount" => {
                            list.is_doubtful |= list.total.is_some();
                            let Written(total) = map.next_value()?;
                            list.total = list.total.max(total);
                        }
                        "pageInfo" => {
                            let page = map.next_value::<Option<PageInfo>>()?.unwrap_or_default();
                            list.is_doubtful |= list.has_next.is_some() || page.is_doubtful;
                            list.has_next = list.has_next.max(page.has_next);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_and_ends_may_be_texts() {
        let read = |total: &str, next: &str| {
            let page = format!(
                r#"{{"nodes": [], "totalCount": {total}, "pageInfo": {{"hasNextPage": {next}}}}}"#
            );
            let list = serde_json::from_str::<List<Text>>(&page);
            list.map(|list| (list.total, list.has_next)).ok()
        };
        assert_eq!(read("3", "true"), Some((Some(3), Some(true))));
        assert_eq!(read(r#""3""#, r#""False""#), Some((Some(3), Some(false))));
        assert_eq!(read("null", "null"), Some((None, None)));
        assert_eq!(read(r#""many""#, "true"), None);
        assert_eq!(read("3", r#""perhaps""#), None);
    }
}
