//! Pages of codes for scripts.

use serde::Serialize;

use crate::codes::Entry;
use crate::model::diagnostic::Severity;

/// The version of the document.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document {
    schema_version: u32,
    codes: Vec<Page>,
}

/// A page. All texts are Markdown.
#[derive(Serialize)]
struct Page {
    /// The code.
    code: &'static str,
    /// What it is the code of.
    kind: &'static str,
    /// `note` or `warning`; null if it is not a diagnostic.
    severity: Option<&'static str>,
    /// What it means, in short.
    summary: &'static str,
    /// What more there is to say; may be empty.
    more: &'static str,
    /// An input, and what a report shows of it.
    example: &'static str,
    /// What to do about it.
    what_to_do: &'static str,
}

impl Page {
    fn new(entry: &Entry) -> Self {
        Self {
            code: entry.code,
            kind: entry.kind.key(),
            severity: entry.severity().map(Severity::as_str),
            summary: entry.summary(),
            more: entry.more(),
            example: entry.example().text,
            what_to_do: entry.what_to_do(),
        }
    }
}

/// The pages as one JSON document, with a line feed at its end.
///
/// # Errors
/// None in practice: strings and numbers always serialise.
pub fn render(entries: &[Entry]) -> serde_json::Result<String> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        codes: entries.iter().map(Page::new).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}
