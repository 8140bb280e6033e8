//! Tableau's answers as they come, before anything is joined.
//!
//! Every field may be missing, since a query asks for what it likes, and null, since a token may
//! not see it. Field names and nullability: the Metadata API reference.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text, also where it is written as a number or boolean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Text<'a>(pub Cow<'a, str>);

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
                // A whole number comes out without a point.
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) enum Field<'a> {
    /// The answer has no such key.
    #[default]
    Absent,
    /// The key is there with null.
    Null,
    /// The key is there with a text, perhaps an empty one.
    Given(Cow<'a, str>),
}

impl<'a> Field<'a> {
    /// The text, unless there is none or it is blank.
    pub(super) fn text(&self) -> Option<&Cow<'a, str>> {
        match self {
            Self::Given(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Field<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<Text<'a>>::deserialize(deserializer)?;
        Ok(text.map_or(Self::Null, |Text(text)| Self::Given(text)))
    }
}

/// A list in any form: a plain array, a `…Connection` page, or null. Elements may be null.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct List<T> {
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
    /// Whether the elements were asked for: a page may give its `totalCount` alone.
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
    /// Whether the page itself says that it lacks some elements.
    pub(super) fn is_cut(&self) -> bool {
        let listed = (self.items.len() + self.nulls) as u64;
        self.has_nodes
            && (self.has_next == Some(true) || self.total.is_some_and(|total| total > listed))
    }

    /// This list and another form of the same list.
    #[must_use]
    pub(super) fn and(mut self, other: Self) -> Self {
        self.items.extend(other.items);
        self.nulls += other.nulls;
        self.total = self.total.or(other.total);
        self.has_next = self.has_next.or(other.has_next);
        self.is_page |= other.is_page;
        self.has_nodes |= other.has_nodes;
        self
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
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    match key.as_ref() {
                        "nodes" => {
                            let nodes = map.next_value::<Self::Value>()?;
                            list.items = nodes.items;
                            list.nulls = nodes.nulls;
                            list.has_nodes = nodes.has_nodes;
                        }
                        "totalCount" => list.total = map.next_value()?,
                        "pageInfo" => {
                            list.has_next = map
                                .next_value::<Option<PageInfo>>()?
                                .and_then(|page| page.has_next_page)
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

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Database<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Field<'a>,
    #[serde(borrow)]
    pub connection_type: Option<Text<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(default)]
pub(super) struct User<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub username: Option<Text<'a>>,
    #[serde(borrow)]
    pub email: Option<Text<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Workbook<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub luid: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub description: Option<Text<'a>>,
    #[serde(borrow)]
    pub uri: Option<Text<'a>>,
    #[serde(borrow)]
    pub vizportal_url_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub project_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub project_luid: Option<Text<'a>>,
    #[serde(borrow)]
    pub container_type: Option<Text<'a>>,
    pub contains_unsupported_custom_sql: Option<bool>,
    #[serde(borrow)]
    pub created_at: Option<Text<'a>>,
    #[serde(borrow)]
    pub updated_at: Option<Text<'a>>,
    #[serde(borrow)]
    pub owner: Option<User<'a>>,
    #[serde(borrow)]
    pub tags: List<Tag<'a>>,
    #[serde(borrow)]
    pub embedded_datasources: List<Datasource<'a>>,
    #[serde(borrow)]
    pub embedded_datasources_connection: List<Datasource<'a>>,
    #[serde(borrow)]
    pub upstream_tables: List<Table<'a>>,
    #[serde(borrow)]
    pub upstream_tables_connection: List<Table<'a>>,
    #[serde(borrow)]
    pub upstream_datasources: List<Datasource<'a>>,
    #[serde(borrow)]
    pub upstream_datasources_connection: List<Datasource<'a>>,
    #[serde(borrow)]
    pub upstream_virtual_connections: List<VirtualConnection<'a>>,
    #[serde(borrow)]
    pub upstream_virtual_connections_connection: List<VirtualConnection<'a>>,
    #[serde(borrow)]
    pub upstream_virtual_connection_tables: List<VirtualConnectionTable<'a>>,
    #[serde(borrow)]
    pub upstream_virtual_connection_tables_connection: List<VirtualConnectionTable<'a>>,
    #[serde(borrow)]
    pub upstream_flows: List<Flow<'a>>,
    #[serde(borrow)]
    pub upstream_flows_connection: List<Flow<'a>>,
}

/// An embedded or published data source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Datasource<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub luid: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub updated_at: Option<Text<'a>>,
    pub contains_unsupported_custom_sql: Option<bool>,
    #[serde(borrow)]
    pub upstream_tables: List<Table<'a>>,
    #[serde(borrow)]
    pub upstream_tables_connection: List<Table<'a>>,
    #[serde(borrow)]
    pub upstream_datasources: List<Datasource<'a>>,
    #[serde(borrow)]
    pub upstream_datasources_connection: List<Datasource<'a>>,
    #[serde(borrow)]
    pub parent_published_datasources: List<Datasource<'a>>,
    #[serde(borrow)]
    pub parent_published_datasources_connection: List<Datasource<'a>>,
    #[serde(borrow)]
    pub upstream_virtual_connections: List<VirtualConnection<'a>>,
    #[serde(borrow)]
    pub upstream_virtual_connections_connection: List<VirtualConnection<'a>>,
    #[serde(borrow)]
    pub upstream_virtual_connection_tables: List<VirtualConnectionTable<'a>>,
    #[serde(borrow)]
    pub upstream_virtual_connection_tables_connection: List<VirtualConnectionTable<'a>>,
    #[serde(borrow)]
    pub upstream_flows: List<Flow<'a>>,
    #[serde(borrow)]
    pub upstream_flows_connection: List<Flow<'a>>,
    #[serde(borrow)]
    pub fields: List<DatasourceField<'a>>,
    #[serde(borrow)]
    pub fields_connection: List<DatasourceField<'a>>,
    #[serde(borrow)]
    pub workbook: Option<Reference<'a>>,
    #[serde(borrow)]
    pub downstream_workbooks: List<Reference<'a>>,
    #[serde(borrow)]
    pub downstream_workbooks_connection: List<Reference<'a>>,
}

/// A field of a data source, for the tables behind its columns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DatasourceField<'a> {
    #[serde(borrow)]
    pub upstream_columns: List<Column<'a>>,
    #[serde(borrow)]
    pub upstream_columns_connection: List<Column<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(default)]
pub(super) struct Column<'a> {
    #[serde(borrow)]
    pub table: Option<AnyTable<'a>>,
}

/// A mention of an object by its ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub luid: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
}

/// A `DatabaseTable`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Table<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub luid: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Field<'a>,
    #[serde(borrow)]
    pub full_name: Field<'a>,
    #[serde(borrow)]
    pub schema: Field<'a>,
    #[serde(borrow)]
    pub connection_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub database: Option<Database<'a>>,
    #[serde(borrow)]
    pub referenced_by_queries: List<CustomSql<'a>>,
    #[serde(borrow)]
    pub upstream_flows: List<Flow<'a>>,
}

/// A table of a kind that only `__typename` tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AnyTable<'a> {
    #[serde(rename = "__typename", borrow)]
    pub typename: Option<Text<'a>>,
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub luid: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Field<'a>,
    #[serde(borrow)]
    pub full_name: Field<'a>,
    #[serde(borrow)]
    pub schema: Field<'a>,
    #[serde(borrow)]
    pub connection_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub database: Option<Database<'a>>,
    #[serde(borrow)]
    pub query: Field<'a>,
    pub is_unsupported_custom_sql: Option<bool>,
    #[serde(borrow)]
    pub tables: List<Table<'a>>,
    #[serde(borrow)]
    pub upstream_tables: List<Table<'a>>,
}

/// A `CustomSQLTable`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CustomSql<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Field<'a>,
    #[serde(borrow)]
    pub query: Field<'a>,
    pub is_unsupported_custom_sql: Option<bool>,
    #[serde(borrow)]
    pub connection_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub database: Option<Database<'a>>,
    #[serde(borrow)]
    pub tables: List<Table<'a>>,
    #[serde(borrow)]
    pub tables_connection: List<Table<'a>>,
    #[serde(borrow)]
    pub downstream_workbooks: List<Reference<'a>>,
    #[serde(borrow)]
    pub downstream_workbooks_connection: List<Reference<'a>>,
    #[serde(borrow)]
    pub downstream_datasources: List<Reference<'a>>,
    #[serde(borrow)]
    pub downstream_datasources_connection: List<Reference<'a>>,
    #[serde(borrow)]
    pub columns: List<SqlColumn<'a>>,
    #[serde(borrow)]
    pub columns_connection: List<SqlColumn<'a>>,
}

/// A column of custom SQL, for the data sources whose fields use it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SqlColumn<'a> {
    #[serde(borrow)]
    pub referenced_by_fields: List<ReferencingField<'a>>,
    #[serde(borrow)]
    pub referenced_by_fields_connection: List<ReferencingField<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReferencingField<'a> {
    #[serde(borrow)]
    pub datasource: Option<Reference<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VirtualConnection<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub luid: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub tables: List<VirtualConnectionTable<'a>>,
    #[serde(borrow)]
    pub tables_connection: List<VirtualConnectionTable<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VirtualConnectionTable<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub luid: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Field<'a>,
    pub contains_unsupported_custom_sql: Option<bool>,
    #[serde(borrow)]
    pub upstream_tables: List<Table<'a>>,
    #[serde(borrow)]
    pub upstream_tables_connection: List<Table<'a>>,
    #[serde(borrow)]
    pub virtual_connection: Option<Reference<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Flow<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub luid: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow)]
    pub upstream_tables: List<Table<'a>>,
    #[serde(borrow)]
    pub upstream_tables_connection: List<Table<'a>>,
    #[serde(borrow)]
    pub upstream_datasources: List<Datasource<'a>>,
    #[serde(borrow)]
    pub upstream_flows: List<Flow<'a>>,
    #[serde(borrow)]
    pub downstream_datasources: List<Reference<'a>>,
    #[serde(borrow)]
    pub downstream_tables: List<Reference<'a>>,
    #[serde(borrow)]
    pub downstream_workbooks: List<Reference<'a>>,
}
