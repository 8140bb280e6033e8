//! One export text into the answers that it holds, whatever wraps them.
//!
//! A text is one JSON value or several one after another (NDJSON); each is an answer of the
//! Metadata API, an array of answers, or the envelope that `fetch` writes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

use super::errors::GraphqlError;
use super::wire::{
    AnyTable, CustomSql, Database, Datasource, Flow, List, Table, Text, VirtualConnection,
    VirtualConnectionTable, Workbook,
};
use crate::input::json;
use crate::model::Failure;

const MAKE_AGAIN: &str = "export it again";
/// The format of envelopes that is read here.
const FORMAT: u64 = 1;

/// The lists of an answer's `data`, by kind of object.
#[derive(Default)]
pub(super) struct Sections<'a> {
    pub workbooks: Vec<List<Workbook<'a>>>,
    pub datasources: Vec<List<Datasource<'a>>>,
    pub embedded: Vec<List<Datasource<'a>>>,
    pub published: Vec<List<Datasource<'a>>>,
    pub tables: Vec<List<Table<'a>>>,
    pub any_tables: Vec<List<AnyTable<'a>>>,
    pub custom_sql: Vec<List<CustomSql<'a>>>,
    pub virtual_connections: Vec<List<VirtualConnection<'a>>>,
    pub virtual_connection_tables: Vec<List<VirtualConnectionTable<'a>>>,
    pub flows: Vec<List<Flow<'a>>>,
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
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
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
pub(super) struct Answer<'a> {
    /// Its lists.
    pub sections: Sections<'a>,
    /// The errors beside them.
    pub errors: Vec<GraphqlError>,
}

impl Answer<'_> {
    /// Whether there is nothing but errors.
    pub(super) fn is_only_errors(&self) -> bool {
        !self.errors.is_empty() && !self.sections.has_lists()
    }
}

/// Answers with what is known of where they come from.
#[derive(Default)]
pub(super) struct Export<'a> {
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
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Project<'a> {
    #[serde(borrow)]
    pub luid: Text<'a>,
    #[serde(borrow, default)]
    pub name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub parent_luid: Option<Text<'a>>,
}

/// Why a text is no export.
#[derive(Debug)]
pub(super) enum Problem {
    /// It is JSON, and something else.
    NotAnExport(Failure),
    /// It cannot be read.
    Unreadable(Failure),
}

/// Reads every answer of an export text.
pub(super) fn read<'a>(file: &str, text: &'a str) -> Result<Vec<Export<'a>>, Problem> {
    if let Some(reason) = json::not_json(text) {
        return Err(Problem::Unreadable(not_an_export(file, reason)));
    }
    let mut exports = Vec::new();
    let mut other = None;
    for value in serde_json::Deserializer::from_str(text).into_iter::<OneOrMany<'a>>() {
        let OneOrMany(values) =
            value.map_err(|error| Problem::Unreadable(json::failure(file, &error, MAKE_AGAIN)))?;
        for value in values {
            if let Some(version) = value.envelope.filter(|version| *version != FORMAT) {
                let message = format!(
                    "this export has format {version}, which a newer autoexpose wrote; this one reads format {FORMAT}"
                );
                let failure = Failure::new(file, message).help("update autoexpose");
                return Err(Problem::Unreadable(failure));
            }
            let is_tableau =
                value.envelope.is_some() || (value.has("nodes") && value.has("pageInfo"));
            match value.into_exports(&mut exports) {
                Err(reason) if is_tableau => {
                    return Err(Problem::Unreadable(not_an_export(file, &reason)));
                }
                Err(reason) => other = other.or(Some(not_an_export(file, &reason))),
                Ok(()) => {}
            }
        }
    }
    match other {
        // Beside answers, it stands where an answer is missing.
        Some(failure) if !exports.is_empty() => Err(Problem::Unreadable(failure)),
        Some(failure) => Err(Problem::NotAnExport(failure)),
        None => Ok(exports),
    }
}

fn not_an_export(file: &str, reason: &str) -> Failure {
    Failure::new(file, reason.to_owned())
        .help("`--tableau` takes answers of Tableau's Metadata API: JSON with `data.workbooks`, or pages of a `…Connection`")
}

/// A text where an answer belongs may be a token, and is not shown.
const A_TEXT: Unexpected = Unexpected::Other("a text");

struct OneOrMany<'a>(Vec<Value<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for OneOrMany<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrManyVisitor;
        impl<'de> Visitor<'de> for OneOrManyVisitor {
            type Value = OneOrMany<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an answer of Tableau's Metadata API (an object), or an array of them")
            }
            fn visit_str<E: de::Error>(self, _: &str) -> Result<OneOrMany<'de>, E> {
                Err(E::invalid_type(A_TEXT, &self))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany<'de>, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    values.push(value);
                }
                Ok(OneOrMany(values))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany<'de>, A::Error> {
                let value = Value::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(OneOrMany(vec![value]))
            }
        }
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

/// A JSON object at the top of an export: what of it is known, whatever it turns out to be.
#[derive(Default)]
struct Value<'a> {
    data: Option<Sections<'a>>,
    top: Sections<'a>,
    has_top: bool,
    errors: Vec<GraphqlError>,
    envelope: Option<u64>,
    server: Option<Text<'a>>,
    site: Option<EnvelopeSite<'a>>,
    captured_at: Option<Text<'a>>,
    sections: BTreeMap<String, EnvelopeSection>,
    projects: Vec<Project<'a>>,
    answers: Vec<Value<'a>>,
    call_error: Option<CallError>,
    status: Option<u64>,
    dbt_schema: Option<String>,
    keys: Vec<String>,
}

#[derive(Deserialize)]
struct EnvelopeSite<'a> {
    #[serde(borrow, default)]
    content_url: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct EnvelopeSection {
    complete: Option<bool>,
}

#[derive(Deserialize)]
struct DbtMetadata {
    dbt_schema_version: Option<String>,
}

/// The `error` of a call that failed: an object with a code from the REST API, a text from the
/// Metadata API, where the status stands beside it.
struct CallError {
    code: Option<String>,
    text: String,
}

impl<'de> Deserialize<'de> for CallError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let part = |key: &str| value.get(key).and_then(serde_json::Value::as_str);
        let parts = [value.as_str(), part("summary"), part("detail")];
        Ok(Self {
            code: part("code").map(str::to_owned),
            text: parts.into_iter().flatten().collect::<Vec<_>>().join(": "),
        })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;
        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = Value<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an answer of Tableau's Metadata API (an object)")
            }
            fn visit_str<E: de::Error>(self, _: &str) -> Result<Value<'de>, E> {
                Err(E::invalid_type(A_TEXT, &self))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
                let mut value = Value::default();
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    if value.top.read(&key, &mut map)? {
                        value.has_top = true;
                    } else {
                        value.read(&key, &mut map)?;
                    }
                    value.keys.push(key.into_owned());
                }
                Ok(value)
            }
        }
        deserializer.deserialize_map(ValueVisitor)
    }
}

impl<'a> Value<'a> {
    fn read<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "data" => self.data = map.next_value()?,
            "errors" => self.errors = map.next_value::<List<GraphqlError>>()?.items,
            "autoexpose_export" => self.envelope = map.next_value()?,
            "server" => self.server = map.next_value()?,
            "site" => self.site = map.next_value()?,
            "captured_at" => self.captured_at = map.next_value()?,
            "sections" => self.sections = map.next_value()?,
            "projects" => self.projects = map.next_value::<List<Project<'a>>>()?.items,
            "answers" => self.answers = map.next_value()?,
            "error" => self.call_error = map.next_value()?,
            "status" => self.status = map.next_value::<serde_json::Value>()?.as_u64(),
            "metadata" => {
                let metadata = map.next_value::<serde_json::Value>()?;
                self.dbt_schema = DbtMetadata::deserialize(&metadata)
                    .ok()
                    .and_then(|metadata| metadata.dbt_schema_version);
            }
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|k| k == key)
    }

    /// The answers in this value, or what the value is instead.
    fn into_exports(self, exports: &mut Vec<Export<'a>>) -> Result<(), String> {
        if self.envelope.is_some() {
            return self.into_envelope(exports);
        }
        let answer = self.into_answer()?;
        exports.push(Export {
            answers: vec![answer],
            ..Export::default()
        });
        Ok(())
    }

    fn into_envelope(self, exports: &mut Vec<Export<'a>>) -> Result<(), String> {
        exports.push(Export {
            server: self.server.map(|Text(server)| server.into_owned()),
            content_url: self
                .site
                .and_then(|site| site.content_url)
                .map(|Text(url)| url.into_owned()),
            captured_at: self.captured_at.map(|Text(time)| time),
            workbooks_complete: self
                .sections
                .get("workbooks")
                .and_then(|section| section.complete),
            projects: self.projects,
            answers: self
                .answers
                .into_iter()
                .map(Value::into_answer)
                .collect::<Result<_, _>>()?,
        });
        Ok(())
    }

    fn into_answer(self) -> Result<Answer<'a>, String> {
        if self.has("data") || !self.errors.is_empty() {
            let sections = self.data.unwrap_or_default();
            return Ok(Answer {
                sections,
                errors: self.errors,
            });
        }
        // A manifest has sections of its own names (`nodes`, `sources`), so this is asked first.
        if let Some(schema) = &self.dbt_schema {
            return Err(format!(
                "this is a dbt artifact ({schema}) and no Tableau export; are `--manifest` and `--tableau` swapped?"
            ));
        }
        if self.has_top && self.top.has_lists() {
            return Ok(Answer {
                sections: self.top,
                errors: self.errors,
            });
        }
        // A page that Tableau refused is missing from the export, which must not seem complete.
        if let Some(error) = self.refusal() {
            return Ok(Answer {
                sections: Sections::default(),
                errors: vec![error],
            });
        }
        Err(self.what_else())
    }

    fn refusal(&self) -> Option<GraphqlError> {
        let CallError { code, text } = self.call_error.as_ref()?;
        match (code, self.status) {
            (Some(code), _) => Some(GraphqlError::of_rest(code, text)),
            (None, Some(status)) => Some(GraphqlError::of_status(status, text)),
            (None, None) => None,
        }
    }

    fn what_else(&self) -> String {
        if self.has("credentials") {
            return "this is the answer to a sign-in, which holds a token: delete it".to_owned();
        }
        if self.has("nodes") {
            return "this is a page without the name of its connection: keep the answer from `data` on"
                .to_owned();
        }
        if self.keys.is_empty() {
            return "this is an empty object".to_owned();
        }
        let keys = self
            .keys
            .iter()
            .take(5)
            .map(|key| format!("`{}`", key.escape_debug()))
            .collect::<Vec<_>>();
        format!(
            "this is no answer of Tableau's Metadata API: it has {} and no `data`",
            keys.join(", ")
        )
    }
}
