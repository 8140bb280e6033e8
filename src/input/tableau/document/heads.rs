//! What the envelopes of a text say of their sites, without reading what is in them.
//!
//! An export that does not name its site may be of the only one that others name. So all names
//! must be known before the first answer is taken in.

use std::fmt;

use memchr::memmem;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::super::wire::Text;
use super::value::EnvelopeSite;

/// The top of an envelope.
#[derive(Deserialize)]
pub(in crate::input::tableau) struct Head<'a> {
    autoexpose_export: Option<IgnoredAny>,
    #[serde(borrow, default)]
    server: Option<Text<'a>>,
    #[serde(borrow, default)]
    site: Option<EnvelopeSite<'a>>,
}

impl Head<'_> {
    /// The server, as it is written.
    pub(in crate::input::tableau) fn server(&self) -> Option<&str> {
        self.server.as_ref().map(|Text(server)| server.as_ref())
    }

    /// The content URL of the site.
    pub(in crate::input::tableau) fn content_url(&self) -> Option<String> {
        self.site.as_ref().and_then(EnvelopeSite::content_url)
    }
}

/// The heads of all envelopes; nothing of a text that cannot be read, which is told elsewhere.
pub(in crate::input::tableau) fn heads(text: &str) -> Vec<Head<'_>> {
    if memmem::find(text.as_bytes(), b"\"autoexpose_export\"").is_none() {
        return Vec::new();
    }
    let values = serde_json::Deserializer::from_str(text).into_iter::<Heads<'_>>();
    let heads = values.map_while(Result::ok).flat_map(|Heads(heads)| heads);
    heads.filter(|head| head.autoexpose_export.is_some()).collect()
}

/// The heads in one value.
struct Heads<'a>(Vec<Head<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Heads<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HeadsVisitor;
        impl<'de> Visitor<'de> for HeadsVisitor {
            type Value = Heads<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object, or an array of objects")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Heads<'de>, A::Error> {
                let mut heads = Vec::new();
                while let Some(head) = seq.next_element()? {
                    heads.push(head);
                }
                Ok(Heads(heads))
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Heads<'de>, A::Error> {
                let head = Head::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Heads(vec![head]))
            }
        }
        deserializer.deserialize_any(HeadsVisitor)
    }
}
