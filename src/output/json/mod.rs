//! Renders a report or an answer as one JSON document, for scripts.
//!
//! [`v1`] has structs of its own for the document: the report may change its shape, the document
//! may not.

pub mod v1;

use std::fmt::Write;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::explain::Explanation;
use super::impact::ImpactAnswer;
use super::inert::letters;
use super::usage::UsageAnswer;
use crate::codes::Entry;
use crate::report::{Report, Several};

/// Renders the report, with a line feed at its end.
///
/// # Errors
/// None in practice: strings and numbers always serialise.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let report = Box::new(v1::Document::new(report));
    document(&v1::AnyDocument::One(report))
}

/// The same of a run on several projects.
///
/// # Errors
/// None in practice.
pub fn render_several(several: &Several) -> serde_json::Result<String> {
    let several = v1::SeveralProjects::new(several);
    document(&v1::AnyDocument::Several(Box::new(several)))
}

/// Renders an answer, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn explain(explanation: &Explanation) -> serde_json::Result<String> {
    document(&v1::explain::Answer::new(explanation))
}

/// Renders the pages of codes, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn codes(entries: &[Entry]) -> serde_json::Result<String> {
    document(&v1::codes::Pages::new(entries))
}

/// Renders what no workbook uses, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn usage(answer: &UsageAnswer) -> serde_json::Result<String> {
    document(&v1::usage::Answer::new(answer))
}

/// Renders which workbooks a change reaches, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn impact(answer: &ImpactAnswer) -> serde_json::Result<String> {
    document(&v1::impact::Answer::new(answer))
}

/// Renders any document, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn document(document: &impl Serialize) -> serde_json::Result<String> {
    let mut text = inert(&serde_json::to_string_pretty(document)?);
    text.push('\n');
    Ok(text)
}

/// The JSON schema of the report, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn schema() -> serde_json::Result<String> {
    schema_of::<v1::AnyDocument>()
}

/// The JSON schema of an answer, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn explain_schema() -> serde_json::Result<String> {
    schema_of::<v1::explain::Answer>()
}

/// The JSON schema of the pages of codes, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn codes_schema() -> serde_json::Result<String> {
    schema_of::<v1::codes::Pages>()
}

/// The JSON schema of what no workbook uses, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn unused_schema() -> serde_json::Result<String> {
    schema_of::<v1::usage::Answer>()
}

/// The JSON schema of which workbooks a change reaches, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn impact_schema() -> serde_json::Result<String> {
    schema_of::<v1::impact::Answer>()
}

/// The JSON schema of any document, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub(super) fn schema_of<D: JsonSchema>() -> serde_json::Result<String> {
    // The schema of what is written, where keys with null values are always present.
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let schema = generator.into_root_schema_for::<D>();
    let mut text = serde_json::to_string_pretty(&schema)?;
    text.push('\n');
    Ok(text)
}

/// The same JSON without letters that act on a terminal or complete a command of a pipeline.
///
/// Such letters occur only inside strings, where they can be escaped. `::` cannot start a line,
/// since each line starts with a quote, a bracket or a number.
fn inert(json: &str) -> String {
    let mut inert = String::with_capacity(json.len());
    for (letter, is_active) in letters(json) {
        if is_active && letter != '\n' {
            // Writing to a String does not fail. All of these letters have four digits at most.
            let _ = write!(inert, "\\u{:04x}", u32::from(letter));
        } else {
            inert.push(letter);
        }
    }
    inert
}
