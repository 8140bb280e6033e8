//! A JSON value at the top of an export: a response, an envelope, or what people mistake for them.

use std::fmt;

use indexmap::IndexSet;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

use serde_json::value::RawValue;

use super::super::envelope::{Envelope, FORMAT};
use super::super::errors::{CallError, Errors, GraphqlError};
use super::super::messages::NotAnExport;
use super::super::wire::Text;
use super::bare::{Bare, what_is};
use super::sections::{Response, Sections, is_common_word};

/// Replaces a text in messages: where a response is expected, it may be a token.
const A_TEXT: Unexpected = Unexpected::Other("a text");

/// One value, or an array of them, or of such arrays.
pub(super) struct OneOrMany<'a>(pub(super) Vec<TopLevel<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for OneOrMany<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrManyVisitor;
        impl<'de> Visitor<'de> for OneOrManyVisitor {
            type Value = OneOrMany<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a response of Tableau's Metadata API (an object), or an array of them")
            }
            fn visit_str<E: de::Error>(self, _: &str) -> Result<OneOrMany<'de>, E> {
                Err(E::invalid_type(A_TEXT, &self))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany<'de>, A::Error> {
                let mut values = Vec::new();
                while let Some(OneOrMany(more)) = seq.next_element()? {
                    values.extend(more);
                }
                Ok(OneOrMany(values))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany<'de>, A::Error> {
                let value = TopLevel::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(OneOrMany(vec![value]))
            }
        }
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

/// The parts of a JSON object at the top of an export that show what it is.
#[derive(Default)]
pub(super) struct TopLevel<'a> {
    data: Option<Sections<'a>>,
    /// The values of `data` before the last one, if the key comes several times.
    more_data: Vec<Sections<'a>>,
    errors: Vec<GraphqlError>,
    /// Sections without a `data` around them.
    sections: Sections<'a>,
    envelope: Envelope<'a, TopLevel<'a>>,
    /// What Tableau's Python client wraps the responses of all pages in (`paginated_query` of
    /// `tableauserverclient`).
    pages: Option<&'a RawValue>,
    call_error: Option<CallError>,
    status: Option<u64>,
    credentials: Option<serde_json::Value>,
    dbt_schema: Option<String>,
    /// The kind of object that the value says it is.
    typename: Option<String>,
    /// Where the object that the value is stands in Tableau.
    uri: Option<String>,
    keys: IndexSet<String>,
    /// Whether a key comes twice.
    is_doubtful: bool,
}

/// How many wrappers may be inside each other. Each is read once more than the one around it.
const MOST_WRAPPERS: usize = 4;

/// Why a value is of no use.
pub(super) enum Unusable {
    /// It is something else.
    Other(NotAnExport),
    /// What is inside of a wrapper cannot be read.
    NotParsed(serde_json::Error),
}

impl From<NotAnExport> for Unusable {
    fn from(other: NotAnExport) -> Self {
        Self::Other(other)
    }
}

impl From<serde_json::Error> for Unusable {
    fn from(error: serde_json::Error) -> Self {
        Self::NotParsed(error)
    }
}

#[derive(Deserialize)]
struct DbtMetadata {
    dbt_schema_version: Option<String>,
}

impl<'de: 'a, 'a> Deserialize<'de> for TopLevel<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TopLevelVisitor;
        impl<'de> Visitor<'de> for TopLevelVisitor {
            type Value = TopLevel<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a response of Tableau's Metadata API (an object)")
            }
            fn visit_str<E: de::Error>(self, _: &str) -> Result<TopLevel<'de>, E> {
                Err(E::invalid_type(A_TEXT, &self))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TopLevel<'de>, A::Error> {
                let mut value = TopLevel::default();
                while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
                    value.read_key(&key, &mut map)?;
                    value.is_doubtful |= !value.keys.insert(key.into_owned());
                }
                Ok(value)
            }
        }
        deserializer.deserialize_map(TopLevelVisitor)
    }
}

impl<'a> TopLevel<'a> {
    fn read_key<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let is_section = !is_common_word(key) && self.sections.read_key(key, map)?;
        if is_section || self.envelope.read_key(key, map)? {
            return Ok(());
        }
        match key {
            "data" => {
                let earlier = std::mem::replace(&mut self.data, map.next_value()?);
                self.more_data.extend(earlier);
            }
            "errors" => self.errors.extend(map.next_value::<Errors>()?.0),
            "pages" => self.pages = Some(map.next_value()?),
            "__typename" => {
                let typename = map.next_value::<serde_json::Value>()?;
                self.typename = typename.as_str().map(str::to_owned);
            }
            "uri" => {
                let uri = map.next_value::<serde_json::Value>()?;
                self.uri = uri.as_str().map(str::to_owned);
            }
            "error" => self.call_error = map.next_value()?,
            "status" => self.status = map.next_value::<serde_json::Value>()?.as_u64(),
            "credentials" => self.credentials = map.next_value()?,
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
        self.keys.contains(key)
    }

    /// The text of the responses that Tableau's Python client wraps, if this is such a wrapper.
    fn pages(&self) -> Option<&'a str> {
        let pages = self.pages?.get();
        let is_wrapper = !self.has("data") && self.envelope.autoexpose_export.is_none();
        (is_wrapper && (pages.contains("\"data\"") || pages.contains("\"errors\"")))
            .then_some(pages)
    }

    /// What it is, if it is an object without a response around it.
    pub(super) fn bare(&self) -> Option<Bare> {
        const AROUND: [&str; 5] = ["autoexpose_export", "data", "errors", "nodes", "pages"];
        let is_around = self.keys.iter().any(|key| AROUND.contains(&key.as_str()));
        let has_id = self.has("luid") || self.has("id");
        let is_bare = has_id && !is_around;
        is_bare.then(|| what_is(self.typename.as_deref(), self.uri.as_deref(), &self.keys))?
    }

    /// Whether it is a page of Tableau or an envelope, even if it cannot be used.
    pub(super) fn is_of_tableau(&self) -> bool {
        self.envelope.autoexpose_export.is_some() || (self.has("nodes") && self.has("pageInfo"))
    }

    /// The responses in this value, with what wraps them.
    ///
    /// # Errors
    /// What the value is instead.
    pub(super) fn into_envelope(self) -> Result<Envelope<'a, Response<'a>>, Unusable> {
        let is_doubtful = self.is_doubtful;
        let envelope = match self.envelope.autoexpose_export {
            None => Envelope::bare(self.into_responses(0)?),
            Some(FORMAT) => self.envelope.try_map(|answer| answer.into_responses(0))?,
            Some(newer) => return Err(NotAnExport::NewerFormat(newer).into()),
        };
        Ok(Envelope {
            is_doubtful,
            ..envelope
        })
    }

    /// The responses in this value; several if something wraps pages. `depth` is how many wrappers
    /// are around it.
    fn into_responses(mut self, depth: usize) -> Result<Vec<Response<'a>>, Unusable> {
        if let Some(pages) = self.pages().filter(|_| depth < MOST_WRAPPERS) {
            let OneOrMany(values) = serde_json::from_str(pages)?;
            let mut responses = Vec::new();
            for value in values {
                responses.extend(value.into_responses(depth + 1)?);
            }
            return Ok(responses);
        }
        let more_data = std::mem::take(&mut self.more_data);
        let mut responses = vec![self.into_response()?];
        responses.extend(more_data.into_iter().map(|sections| Response {
            sections,
            ..Response::default()
        }));
        Ok(responses)
    }

    fn into_response(self) -> Result<Response<'a>, NotAnExport> {
        let is_doubtful = self.is_doubtful;
        if self.has("data") || !self.errors.is_empty() {
            return Ok(Response {
                is_null: self.data.is_none() && self.errors.is_empty(),
                sections: self.data.unwrap_or_default(),
                errors: self.errors,
                is_doubtful,
            });
        }
        // Checked first, since a manifest has lists of its own (`nodes`, `sources`).
        if let Some(schema) = self.dbt_schema {
            return Err(NotAnExport::DbtArtifact(schema));
        }
        if self.sections.has_lists() {
            return Ok(Response {
                sections: self.sections,
                errors: self.errors,
                is_doubtful,
                ..Response::default()
            });
        }
        // A page that Tableau refused is missing from the export, which must not seem complete.
        let call_error = self.call_error.as_ref();
        match call_error.and_then(|error| error.with_status(self.status)) {
            Some(error) => Ok(Response {
                errors: vec![error],
                ..Response::default()
            }),
            None => Err(self.what_else()),
        }
    }

    fn what_else(self) -> NotAnExport {
        if let Some(credentials) = &self.credentials {
            return match credentials.get("token") {
                Some(_) => NotAnExport::SignInResponse,
                None => NotAnExport::SignInRequest,
            };
        }
        if self.has("nodes") {
            return NotAnExport::BarePage;
        }
        if self.keys.is_empty() {
            return NotAnExport::EmptyObject;
        }
        NotAnExport::OtherObject(self.keys.into_iter().collect())
    }
}
