//! The JSON values at the top of an export: answers, envelopes, and what people mistake for them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

use super::super::errors::{Errors, GraphqlError};
use super::super::wire::{List, Text};
use super::{Answer, Export, Project, Sections};

/// The format of envelopes that is read here.
pub(super) const FORMAT: u64 = 1;
/// A text where an answer belongs may be a token, and is not shown.
const A_TEXT: Unexpected = Unexpected::Other("a text");

/// One value, or an array of them.
pub(super) struct OneOrMany<'a>(pub(super) Vec<Value<'a>>);

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
pub(super) struct Value<'a> {
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
    credentials: Option<serde_json::Value>,
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
                while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
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
            "errors" => self.errors = map.next_value::<Errors>()?.0,
            "autoexpose_export" => self.envelope = map.next_value()?,
            "server" => self.server = map.next_value()?,
            "site" => self.site = map.next_value()?,
            "captured_at" => self.captured_at = map.next_value()?,
            "sections" => self.sections = map.next_value()?,
            "projects" => self.projects = map.next_value::<List<Project<'a>>>()?.items,
            "answers" => self.answers = map.next_value()?,
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
        self.keys.iter().any(|k| k == key)
    }

    /// The format of an envelope that a newer version wrote.
    pub(super) fn newer_format(&self) -> Option<u64> {
        self.envelope.filter(|version| *version != FORMAT)
    }

    /// Whether it comes from Tableau, or from `fetch`, also where it cannot be used.
    pub(super) fn is_tableau(&self) -> bool {
        self.envelope.is_some() || (self.has("nodes") && self.has("pageInfo"))
    }

    /// The answers in this value, or what the value is instead.
    pub(super) fn into_exports(self, exports: &mut Vec<Export<'a>>) -> Result<(), String> {
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
        if let Some(credentials) = &self.credentials {
            return if credentials.get("token").is_some() {
                "this is the answer to a sign-in, which holds a token: delete it".to_owned()
            } else {
                "this is a request to sign in, which holds a secret: keep it apart from exports"
                    .to_owned()
            };
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
            .map(|key| format!("`{}`", key.escape_debug()));
        format!(
            "this is no answer of Tableau's Metadata API: it has {} and no `data`",
            keys.collect::<Vec<_>>().join(", ")
        )
    }
}
