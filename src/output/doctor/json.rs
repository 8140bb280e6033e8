//! Renders the checks as one JSON document, for scripts. New fields and checks may be added at any time; a
//! change of a field's meaning, or its removal, needs another `schema_version`.
//!
//! The doc comments of these structs are the descriptions in the JSON schema.

use schemars::JsonSchema;
use serde::Serialize;

use super::headline;
use crate::doctor::{self, Diagnosis};
use crate::output::json;

/// The version of this document.
const SCHEMA_VERSION: u32 = 1;

/// Renders the checks, with a line feed at their end.
///
/// # Errors
/// None in practice: strings and numbers always serialise.
pub fn render(diagnosis: &Diagnosis) -> serde_json::Result<String> {
    json::document(&Document::new(diagnosis))
}

/// The JSON schema of the document, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn schema() -> serde_json::Result<String> {
    json::schema_of::<Document>()
}

/// The checks of `doctor`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "autoexpose doctor")]
struct Document<'a> {
    /// The version of this document: 1.
    schema_version: u32,
    /// What the checks come to, in one line.
    headline: String,
    /// Whether a check is a fault.
    fault: bool,
    /// Each check, in the order of the page. One that is made for several things comes several times.
    checks: Vec<Check<'a>>,
}

impl<'a> Document<'a> {
    fn new(diagnosis: &'a Diagnosis) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            headline: headline(diagnosis),
            fault: diagnosis.has_fault(),
            checks: diagnosis.findings.iter().map(Check::new).collect(),
        }
    }
}

/// What one check comes to.
#[derive(Serialize, JsonSchema)]
struct Check<'a> {
    /// Its name.
    check: &'static str,
    /// What it looks at: `tableau`, `export` or `project`.
    part: &'static str,
    /// What is asked.
    asks: &'static str,
    /// What it is about, if it is made for several things; null if it is made once.
    about: Option<&'a str>,
    /// `ok`, `note`, `warning`, `fault`, `not-known` or `not-asked`.
    outcome: &'static str,
    /// What was seen, or why it was not asked, in one sentence.
    seen: &'a str,
    /// What to do about it; null if nothing is to be done.
    cure: Option<&'a str>,
}

impl<'a> Check<'a> {
    fn new(finding: &'a doctor::Finding) -> Self {
        Self {
            check: finding.check.as_str(),
            part: finding.check.part().as_str(),
            asks: finding.check.asks(),
            about: finding.about.as_deref(),
            outcome: finding.outcome.key(),
            seen: &finding.seen,
            cure: finding.cure.as_deref(),
        }
    }
}
