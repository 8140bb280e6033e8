//! The report as one JSON document, for scripts.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::report::{
    BeforeAfter, ExportFacts, ExposureFacts, KeptFacts, ManifestFacts, ManualFacts, Report,
    Unlinked, WithReason, WorkbookCounts,
};
use super::{begins_command, is_active};
use crate::model::{Diagnostic, Severity};

/// Grows when a field changes its meaning or goes; new fields do not count.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    schema_version: u32,
    manifest: &'r ManifestFacts,
    added: &'r [ExposureFacts],
    changed: &'r [BeforeAfter],
    renamed: &'r [BeforeAfter],
    removed: &'r [WithReason],
    kept: &'r [KeptFacts],
    unchanged: usize,
    tables: BTreeMap<&'static str, usize>,
    workbooks: &'r WorkbookCounts,
    unlinked: &'r [Unlinked],
    manual: &'r [ManualFacts],
    export: &'r [ExportFacts],
    diagnostics: Vec<DiagnosticFacts<'r>>,
}

#[derive(Serialize)]
struct DiagnosticFacts<'r> {
    code: &'static str,
    severity: &'static str,
    place: &'r str,
    message: &'r str,
    help: Option<&'r str>,
}

impl<'r> From<&'r Diagnostic> for DiagnosticFacts<'r> {
    fn from(diagnostic: &'r Diagnostic) -> Self {
        let severity = match diagnostic.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
        };
        Self {
            code: diagnostic.code.as_str(),
            severity,
            place: &diagnostic.place,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
        }
    }
}

/// Renders the report, with a line feed at its end.
///
/// # Errors
/// None that can happen: texts and numbers can always be written as JSON.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        manifest: &report.manifest,
        added: &report.added,
        changed: &report.changed,
        renamed: &report.renamed,
        removed: &report.removed,
        kept: &report.kept,
        unchanged: report.unchanged,
        tables: report
            .tables
            .iter()
            .map(|(kind, count)| (kind.text(), *count))
            .collect(),
        workbooks: &report.workbooks,
        unlinked: &report.unlinked,
        manual: &report.manual,
        export: &report.export,
        diagnostics: report
            .diagnostics
            .iter()
            .map(DiagnosticFacts::from)
            .collect(),
    };
    let mut text = inert(&serde_json::to_string_pretty(&document)?);
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
