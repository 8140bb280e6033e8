//! The report as one JSON document, for scripts.
//!
//! [`v1`] has the document's structs, apart from those of the report: what the program knows may
//! change its shape, what scripts read may not.

pub mod v1;

use std::fmt::Write;

use schemars::generate::SchemaSettings;

use super::report::Report;
use super::{begins_command, is_active};

/// Renders the report, with a line feed at its end.
///
/// # Errors
/// None that can happen: texts and numbers can always be written as JSON.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let mut text = inert(&serde_json::to_string_pretty(&v1::Document::new(report))?);
    text.push('\n');
    Ok(text)
}

/// The JSON schema of the document, with a line feed at its end.
///
/// # Errors
/// None that can happen.
pub fn schema() -> serde_json::Result<String> {
    // As it is written: what may be null is there all the same.
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let schema = generator.into_root_schema_for::<v1::Document>();
    let mut text = serde_json::to_string_pretty(&schema)?;
    text.push('\n');
    Ok(text)
}

/// The same JSON, of which no letter acts on a terminal or makes a command of a workflow.
///
/// Such letters stand inside strings only, where they can be written by their numbers. A line
/// cannot begin with `::`, since each begins with a quote, a bracket or a number.
fn inert(json: &str) -> String {
    let mut inert = String::with_capacity(json.len());
    for (at, letter) in json.char_indices() {
        let acts = letter != '\n' && is_active(letter);
        if acts || begins_command(&json[..at], &json[at..]) {
            // Writing to a String does not fail. All of these letters have four digits at most.
            let _ = write!(inert, "\\u{:04x}", u32::from(letter));
        } else {
            inert.push(letter);
        }
    }
    inert
}
