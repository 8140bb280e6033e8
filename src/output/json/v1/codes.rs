//! Version 1 of the document of the pages of codes.
//!
//! The doc comments of these structs are the descriptions in the JSON schema.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Grade, SCHEMA_VERSION};
use crate::codes::Entry;

/// Pages of codes.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "autoexpose codes")]
pub struct Pages {
    /// The version of this document: 1.
    schema_version: u32,
    /// The codes that were asked for, in the order of the documentation.
    codes: Vec<Page>,
}

/// The page of a code. Its texts are Markdown, whose links start in `docs/codes`.
#[derive(Serialize, JsonSchema)]
struct Page {
    /// The code.
    code: &'static str,
    /// What it is the code of, such as `outcome`.
    kind: &'static str,
    /// How grave it is; null if it is not a diagnostic.
    severity: Option<Grade>,
    /// What it means, in short.
    summary: &'static str,
    /// What more there is to say; may be empty.
    more: &'static str,
    /// An input, and what a report shows of it.
    example: &'static str,
    /// What to do about it.
    what_to_do: &'static str,
}

impl Pages {
    /// The document of these pages.
    pub fn new(entries: &[Entry]) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            codes: entries.iter().map(Page::new).collect(),
        }
    }
}

impl Page {
    fn new(entry: &Entry) -> Self {
        Self {
            code: entry.code,
            kind: entry.kind.key(),
            severity: entry.severity().map(Grade::new),
            summary: entry.summary(),
            more: entry.more(),
            example: entry.example().text,
            what_to_do: entry.what_to_do(),
        }
    }
}
