//! Renders the answer as one JSON document, for scripts. New fields may be added at any time; a change
//! of a field's meaning, or its removal, needs another `schema_version`.
//!
//! The doc comments of these structs are the descriptions in the JSON schema.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{RefreshAnswer, headline, outcomes};
use crate::model::refresh::Posted;
use crate::output::json;
use crate::output::json::v1::Message;
use crate::schedule;

/// The version of this document.
const SCHEMA_VERSION: u32 = 1;

/// Renders the answer, with a line feed at its end.
///
/// # Errors
/// None in practice: strings and numbers always serialise.
pub fn render(answer: &RefreshAnswer) -> serde_json::Result<String> {
    json::document(&Document::new(answer))
}

/// The JSON schema of the document, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn schema() -> serde_json::Result<String> {
    json::schema_of::<Document>()
}

/// The answer of `refresh`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "autoexpose refresh")]
struct Document<'a> {
    /// The version of this document: 1.
    schema_version: u32,
    /// The answer in one line.
    headline: String,
    /// Whether Tableau was asked for nothing, as with `--dry-run`.
    dry_run: bool,
    /// Whether a variable switches refreshes off.
    switched_off: bool,
    /// Whether all that was due is queued or done; true where nothing was asked for.
    good: bool,
    /// What is due: what was refreshed longest ago comes first. Each stands for one request to Tableau.
    due: Vec<Due<'a>>,
    /// What is not due, and why.
    held: Vec<Held<'a>>,
    /// When the exports were made.
    exports: Vec<Export<'a>>,
    /// What else is to be known of this run, one sentence each.
    remarks: &'a [String],
    /// What else the user should know.
    diagnostics: Vec<Message<'a>>,
}

impl<'a> Document<'a> {
    fn new(answer: &'a RefreshAnswer) -> Self {
        let due = outcomes(answer).map(|(due, posted)| Due {
            target: Target::new(&due.target, &due.built, due.refreshed_at),
            outcome: posted.map(|(posted, _)| posted.key()),
            detail: posted.map(|(posted, _): &(Posted, _)| posted.to_string()),
            job: posted.and_then(|(_, job)| job.as_deref()),
        });
        let held = answer.schedule.held.iter();
        let held = held.map(|held| Held {
            target: Target::new(&held.target, &held.built, held.refreshed_at),
            reason: held.reason.key(),
            detail: held.reason.to_string(),
        });
        let exports = answer.exports.iter().map(|(site, at)| Export {
            server: site.server.as_deref(),
            site: site.content_url.as_deref(),
            captured_at: at.map(|at| at.to_string()),
        });
        Self {
            schema_version: SCHEMA_VERSION,
            headline: headline(answer),
            dry_run: answer.posted.is_none(),
            switched_off: answer.off.is_some(),
            good: answer.is_good(),
            due: due.collect(),
            held: held.collect(),
            exports: exports.collect(),
            remarks: &answer.remarks,
            diagnostics: answer.diagnostics.iter().map(Message::new).collect(),
        }
    }
}

/// Something that is due.
#[derive(Serialize, JsonSchema)]
struct Due<'a> {
    #[serde(flatten)]
    target: Target<'a>,
    /// What came of it, such as `queued`, `already-queued`, `done` or `forbidden`; null where nothing
    /// was asked for.
    outcome: Option<&'static str>,
    /// The same in words.
    detail: Option<String>,
    /// The luid of the job, as far as Tableau named it.
    job: Option<&'a str>,
}

/// Something that is not due.
#[derive(Serialize, JsonSchema)]
struct Held<'a> {
    #[serde(flatten)]
    target: Target<'a>,
    /// Why, such as `upstream-failed`, `test-failed`, `nothing-built`, `too-early` or `live`.
    reason: &'static str,
    /// The same in words.
    detail: String,
}

/// What Tableau refreshes in one go.
#[derive(Serialize, JsonSchema)]
struct Target<'a> {
    /// `workbook` for all extracts inside a workbook, `datasource` for a published data source. The
    /// request is `POST /api/…/sites/…/workbooks/LUID/refresh` or `…/datasources/LUID/refresh`.
    kind: &'static str,
    /// Its luid; null if the export does not show it.
    luid: Option<&'a str>,
    /// Its name; empty if Tableau hides it.
    name: &'a str,
    /// The path of its project, as far as it is known.
    project: Option<&'a str>,
    /// The server that it is on; null if it is not known.
    server: Option<&'a str>,
    /// The content URL of its site, empty for the default site; null if it is not known.
    site: Option<&'a str>,
    /// The names of its extracts.
    extracts: &'a [String],
    /// The ids of the nodes that its extracts read.
    nodes: Vec<&'a str>,
    /// Whether some of these are known of the workbook alone, and not of a data source in it.
    by_workbook: bool,
    /// Whether the export shows everything that it reads.
    complete: bool,
    /// The nodes that were built since it was refreshed.
    built: Vec<Built<'a>>,
    /// When it was last refreshed; null if that is not known.
    refreshed_at: Option<String>,
}

impl<'a> Target<'a> {
    fn new(
        target: &'a schedule::Target,
        built: &'a [(String, Timestamp)],
        refreshed_at: Option<Timestamp>,
    ) -> Self {
        Self {
            kind: target.kind.text(),
            luid: target.id.as_ref().map(|id| id.luid.as_str()),
            name: &target.name,
            project: target.project.as_deref(),
            server: target.site.server.as_deref(),
            site: target.site.content_url.as_deref(),
            extracts: &target.extracts,
            nodes: target.nodes.iter().map(String::as_str).collect(),
            by_workbook: target.is_by_workbook,
            complete: target.is_complete,
            built: built
                .iter()
                .map(|(node, at)| Built {
                    node,
                    at: at.to_string(),
                })
                .collect(),
            refreshed_at: refreshed_at.map(|at| at.to_string()),
        }
    }
}

/// A node that was built.
#[derive(Serialize, JsonSchema)]
struct Built<'a> {
    /// Its id.
    node: &'a str,
    /// When it was built.
    at: String,
}

/// The export of a site.
#[derive(Serialize, JsonSchema)]
struct Export<'a> {
    /// The server; null if it is not known.
    server: Option<&'a str>,
    /// The content URL of the site; null if it is not known.
    site: Option<&'a str>,
    /// When it was made; null if it does not say.
    captured_at: Option<String>,
}
