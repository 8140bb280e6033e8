//! Which invocation of dbt wrote a manifest, and when.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::document::Document;
use super::wire::Text;

/// Which invocation of dbt wrote a manifest, and when, as far as it says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Written {
    /// dbt's id of the invocation, which the other artifacts of that invocation have as well.
    pub invocation_id: Option<String>,
    /// When it was written.
    pub generated_at: Option<String>,
}

/// Which invocation wrote a manifest. It is a pass of its own, for the verbs that compare the manifest
/// with other artifacts.
pub fn written(document: &Document) -> Written {
    let mut written = Written::default();
    let mut values = serde_json::Deserializer::from_str(document.parsed);
    // It ends behind the metadata, with which manifests begin: the rest is not gone through.
    let _ = Metadata(&mut written).deserialize(&mut values);
    written
}

/// Where the metadata of a document go.
struct Metadata<'w>(&'w mut Written);

impl<'de> DeserializeSeed<'de> for Metadata<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Metadata<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = map.next_key()? {
            if key == "metadata" {
                // Values of types that dbt does not write tell nothing.
                *self.0 = map.next_value()?;
                break;
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
