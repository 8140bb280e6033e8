//! One export text into the answers that it holds, whatever wraps them.
//!
//! A text is one JSON value or several one after another (NDJSON); each is an answer of the
//! Metadata API, an array of answers, or the envelope that `fetch` writes. Large texts come in
//! chunks, cut between values.

mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use self::value::OneOrMany;
use super::errors::GraphqlError;
use super::wire::{
    CustomSql, Database, Datasource, Flow, List, Table, Text, View, VirtualConnection,
    VirtualConnectionTable, Workbook,
};
use crate::input::json;
use crate::model::Failure;

const MAKE_AGAIN: &str = "export it again";
/// What may be given, for failures.
pub(in crate::input::tableau) const TAKES: &str = "`--tableau` takes answers of Tableau's Metadata API: JSON with `data.workbooks`, or pages of a `…Connection`";

/// The lists of an answer's `data`, by kind of object.
#[derive(Default)]
pub(in crate::input::tableau) struct Sections<'a> {
    pub workbooks: Vec<List<Workbook<'a>>>,
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
    pub databases: Vec<List<Database<'a>>>,
    /// Sections of other kinds, by name.
    pub ignored: BTreeMap<String, usize>,
    /// Sections that are null.
    pub nulls: usize,
}

impl<'a> Sections<'a> {
    /// Reads the value of one key, if it is a section that is used.
    fn read<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        let base = key.strip_suffix("Connection").unwrap_or(key);
        match base {
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
            "views" | "sheets" | "dashboards" => self.views.push(map.next_value()?),
            "databases" | "databaseServers" => self.databases.push(map.next_value()?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether any list came with its elements, even if there are none.
    fn has_lists(&self) -> bool {
        fn any<T>(lists: &[List<T>]) -> bool {
            lists.iter().any(|list| list.has_nodes)
        }
        any(&self.workbooks)
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
            || any(&self.databases)
            || self.ignored.values().sum::<usize>() > self.nulls
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Sections<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SectionsVisitor;
        impl<'de> Visitor<'de> for SectionsVisitor {
            type Value = Sections<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the object `data` of a Metadata API answer")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sections<'de>, A::Error> {
                let mut sections = Sections::default();
                while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
                    if !sections.read(&key, &mut map)? {
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

/// One answer of the Metadata API.
pub(in crate::input::tableau) struct Answer<'a> {
    /// Its lists.
    pub sections: Sections<'a>,
    /// The errors beside them.
    pub errors: Vec<GraphqlError>,
}

impl Answer<'_> {
    /// Whether there is nothing but errors.
    pub(in crate::input::tableau) fn is_only_errors(&self) -> bool {
        !self.errors.is_empty() && !self.sections.has_lists()
    }
}

/// Answers with what is known of where they come from.
#[derive(Default)]
pub(in crate::input::tableau) struct Export<'a> {
    /// The server's address, from an envelope.
    pub server: Option<String>,
    /// The site's content URL, from an envelope.
    pub content_url: Option<String>,
    /// When an envelope was written, as ISO 8601.
    pub captured_at: Option<Cow<'a, str>>,
    /// What an envelope says about the list of workbooks.
    pub workbooks_complete: Option<bool>,
    /// Projects by luid: name and parent.
    pub projects: Vec<Project<'a>>,
    /// The answers.
    pub answers: Vec<Answer<'a>>,
}

/// A project, which only an envelope lists.
#[derive(Debug, Deserialize)]
pub(in crate::input::tableau) struct Project<'a> {
    #[serde(borrow)]
    pub luid: Text<'a>,
    #[serde(borrow, default)]
    pub name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub parent_luid: Option<Text<'a>>,
}

/// What a chunk of a text holds.
#[derive(Default)]
pub(in crate::input::tableau) struct Found<'a> {
    /// The answers in it, with what wraps them.
    pub exports: Vec<Export<'a>>,
    /// What the first value is that is no export.
    pub other: Option<Failure>,
}

/// Reads every answer of a chunk of an export text, which begins behind so many lines.
pub(in crate::input::tableau) fn read<'a>(
    file: &str,
    text: &'a str,
    line: usize,
) -> Result<Found<'a>, Failure> {
    if let Some(reason) = json::not_json(text).filter(|_| line == 0) {
        return Err(not_an_export(file, reason));
    }
    let mut found = Found::default();
    for value in serde_json::Deserializer::from_str(text).into_iter::<OneOrMany<'a>>() {
        let OneOrMany(values) =
            value.map_err(|error| json::failure(file, line, &error, MAKE_AGAIN))?;
        for value in values {
            if let Some(version) = value.newer_format() {
                let message = format!(
                    "this export has format {version}, which a newer autoexpose wrote; this one reads format {}",
                    value::FORMAT
                );
                return Err(Failure::new(file, message).help("update autoexpose"));
            }
            let is_tableau = value.is_tableau();
            match value.into_exports(&mut found.exports) {
                Err(reason) if is_tableau => return Err(not_an_export(file, &reason)),
                Err(reason) => {
                    found.other = found.other.or(Some(not_an_export(file, &reason)));
                }
                Ok(()) => {}
            }
        }
    }
    Ok(found)
}

fn not_an_export(file: &str, reason: &str) -> Failure {
    Failure::new(file, reason.to_owned()).help(TAKES)
}
