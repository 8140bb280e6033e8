//! The lists of objects in a response.

use std::collections::BTreeMap;
use std::fmt;

use foldhash::HashSet;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::super::errors::GraphqlError;
use super::super::section::{Section, base};
use super::super::wire::{
    Column, CustomSql, Database, Datasource, DatasourceField, Flow, List, Table, Text, View,
    VirtualConnection, VirtualConnectionTable, Workbook,
};

/// The lists in a response's `data`, by kind of object.
#[derive(Default)]
pub(crate) struct Sections<'a> {
    pub workbooks: Vec<List<Workbook<'a>>>,
    /// Objects without a response around them that may be workbooks or published data sources.
    pub workbooks_or_published: Vec<List<Workbook<'a>>>,
    pub datasources: Vec<List<Datasource<'a>>>,
    pub embedded: Vec<List<Datasource<'a>>>,
    pub published: Vec<List<Datasource<'a>>>,
    pub tables: Vec<List<Table<'a>>>,
    pub any_tables: Vec<List<Table<'a>>>,
    pub custom_sql: Vec<List<CustomSql<'a>>>,
    pub virtual_connections: Vec<List<VirtualConnection<'a>>>,
    pub virtual_connection_tables: Vec<List<VirtualConnectionTable<'a>>>,
    pub flows: Vec<List<Flow<'a>>>,
    pub views: Vec<List<View<'a>>>,
    pub sheets: Vec<List<View<'a>>>,
    pub dashboards: Vec<List<View<'a>>>,
    pub databases: Vec<List<Database<'a>>>,
    /// Databases of one kind only, such as files.
    pub databases_of_a_kind: Vec<(Section, List<Database<'a>>)>,
    pub fields: Vec<List<DatasourceField<'a>>>,
    /// Fields of one kind only, such as calculated ones.
    pub fields_of_a_kind: Vec<(Section, List<DatasourceField<'a>>)>,
    pub columns: Vec<List<Column<'a>>>,
    /// Sections of other kinds, by name.
    pub ignored: BTreeMap<String, usize>,
    /// Sections that are null.
    pub nulls: usize,
    /// Whether a key comes twice.
    pub is_doubtful: bool,
}

/// Whether other JSON than an export may well have this key at its top.
pub(super) fn is_common_word(key: &str) -> bool {
    matches!(key, "files" | "fields" | "columns")
}

impl Sections<'_> {
    /// The luids of the workbooks that are listed.
    pub(crate) fn workbook_luids(&self) -> impl Iterator<Item = &str> {
        let lists = self.workbooks.iter().chain(&self.workbooks_or_published);
        let workbooks = lists.flat_map(|list| &list.items);
        workbooks.filter_map(|workbook| workbook.luid.as_deref())
    }
}

impl<'a> Sections<'a> {
    /// Reads the value of a key, if it is a section that is used.
    ///
    /// # Errors
    /// A value of another form.
    pub(super) fn read_key<A: MapAccess<'a>>(
        &mut self,
        key: &str,
        map: &mut A,
    ) -> Result<bool, A::Error> {
        match base(key) {
            "workbooks" => self.workbooks.push(map.next_value()?),
            "datasources" => self.datasources.push(map.next_value()?),
            "embeddedDatasources" => self.embedded.push(map.next_value()?),
            "publishedDatasources" => self.published.push(map.next_value()?),
            "databaseTables" => self.tables.push(map.next_value()?),
            "tables" => self.any_tables.push(map.next_value()?),
            "customSQLTables" => self.custom_sql.push(map.next_value()?),
            "virtualConnections" => self.virtual_connections.push(map.next_value()?),
            "virtualConnectionTables" => self.virtual_connection_tables.push(map.next_value()?),
            "flows" => self.flows.push(map.next_value()?),
            "views" => self.views.push(map.next_value()?),
            "sheets" => self.sheets.push(map.next_value()?),
            "dashboards" => self.dashboards.push(map.next_value()?),
            "databases" => self.databases.push(map.next_value()?),
            "fields" => self.fields.push(map.next_value()?),
            "columns" => self.columns.push(map.next_value()?),
            _ => return self.read_key_of_a_kind(key, map),
        }
        Ok(true)
    }

    /// Reads the list of a section that has objects of one kind only. Returns whether it is one.
    fn read_key_of_a_kind<A: MapAccess<'a>>(
        &mut self,
        key: &str,
        map: &mut A,
    ) -> Result<bool, A::Error> {
        let Some(section) = Section::find(key) else {
            return Ok(false);
        };
        match section.of_any_kind() {
            Some(Section::Databases) => {
                self.databases_of_a_kind.push((section, map.next_value()?));
            }
            Some(Section::Fields) => self.fields_of_a_kind.push((section, map.next_value()?)),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether any list is given with its elements, even if it is empty.
    pub(super) fn has_lists(&self) -> bool {
        fn any<T>(lists: &[List<T>]) -> bool {
            lists.iter().any(|list| list.has_nodes)
        }
        fn any_of_a_kind<T>(lists: &[(Section, List<T>)]) -> bool {
            lists.iter().any(|(_, list)| list.has_nodes)
        }
        any(&self.workbooks)
            || any(&self.workbooks_or_published)
            || any(&self.datasources)
            || any(&self.embedded)
            || any(&self.published)
            || any(&self.tables)
            || any(&self.any_tables)
            || any(&self.custom_sql)
            || any(&self.virtual_connections)
            || any(&self.virtual_connection_tables)
            || any(&self.flows)
            || any(&self.views)
            || any(&self.sheets)
            || any(&self.dashboards)
            || any(&self.databases)
            || any_of_a_kind(&self.databases_of_a_kind)
            || any(&self.fields)
            || any_of_a_kind(&self.fields_of_a_kind)
            || any(&self.columns)
            || self.ignored.values().sum::<usize>() > self.nulls
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Sections<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SectionsVisitor;
        impl<'de> Visitor<'de> for SectionsVisitor {
            type Value = Sections<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the object `data` of a Metadata API response")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sections<'de>, A::Error> {
                let mut sections = Sections::default();
                let mut keys = HashSet::default();
                while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
                    sections.is_doubtful |= !keys.insert(key.clone());
                    if !sections.read_key(&key, &mut map)? {
                        let value = map.next_value::<Option<IgnoredAny>>()?;
                        sections.nulls += usize::from(value.is_none());
                        *sections.ignored.entry(key.into_owned()).or_default() += 1;
                    }
                }
                Ok(sections)
            }
        }
        deserializer.deserialize_map(SectionsVisitor)
    }
}

/// A response of the Metadata API.
#[derive(Default)]
pub(crate) struct Response<'a> {
    /// Its lists.
    pub sections: Sections<'a>,
    /// The errors returned along with them.
    pub errors: Vec<GraphqlError>,
    /// Whether null stands in place of all lists, without an error that says why.
    pub is_null: bool,
    /// Whether a key comes twice in the objects around the lists.
    pub is_doubtful: bool,
}

impl Response<'_> {
    /// Whether it has nothing but errors.
    pub(crate) fn is_only_errors(&self) -> bool {
        !self.errors.is_empty() && !self.sections.has_lists()
    }
}
