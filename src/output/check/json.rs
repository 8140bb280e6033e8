//! Renders the answer as one JSON document, for scripts. New fields may be added at any time; a change
//! of a field's meaning, or its removal, needs another `schema_version`.
//!
//! The doc comments of these structs are the descriptions in the JSON schema.

use schemars::JsonSchema;
use serde::Serialize;

use super::headline;
use crate::check::{self, Answer, Scope};
use crate::output::json;
use crate::output::json::v1::usage::Usage;
use crate::output::json::v1::{Message, Owner};
use crate::output::usage::UsageAnswer;

/// The version of this document.
const SCHEMA_VERSION: u32 = 1;

/// Renders the answer, with a line feed at its end.
///
/// # Errors
/// None in practice: strings and numbers always serialise.
pub fn render(answer: &Answer, usage: Option<&UsageAnswer>) -> serde_json::Result<String> {
    json::document(&Document::new(answer, usage))
}

/// The JSON schema of the document, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn schema() -> serde_json::Result<String> {
    json::schema_of::<Document>()
}

/// The answer of `check`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "autoexpose check")]
struct Document<'a> {
    /// The version of this document: 1.
    schema_version: u32,
    /// The answer: `undecided` if one gate could not be decided, else `failed` if one failed, else
    /// `held`. The exit code is 2, 1 or 0.
    verdict: &'static str,
    /// The same in one line, with the names of gates.
    headline: String,
    /// Each gate that was asked for; a limit comes once for each scope.
    gates: Vec<Gate<'a>>,
    /// Whether the exports show every workbook, and everything that the selected ones read.
    complete: bool,
    /// What was not looked at, one sentence each.
    caveats: &'a [String],
    /// What else the user should know.
    diagnostics: Vec<Message<'a>>,
    /// What no workbook reads, with `--unused` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    unused: Option<Usage<'a>>,
}

impl<'a> Document<'a> {
    fn new(answer: &'a Answer, usage: Option<&'a UsageAnswer>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            verdict: answer.verdict().as_str(),
            headline: headline(answer),
            gates: answer.decisions.iter().map(Gate::new).collect(),
            complete: answer.is_whole,
            caveats: &answer.caveats,
            diagnostics: answer.diagnostics.iter().map(Message::new).collect(),
            unused: usage.map(Usage::new),
        }
    }
}

/// What a gate comes to.
#[derive(Serialize, JsonSchema)]
struct Gate<'a> {
    /// Its name.
    gate: &'static str,
    /// What it fails on: the end of a sentence that begins with "fails if".
    fails_if: &'static str,
    /// The path of the Tableau project that it is about, with `--per-project`; null if it is about more.
    project: Option<&'a str>,
    /// The entry of `check.projects` that it is about, with its pattern; null if it is not one.
    entry: Option<&'a str>,
    /// `held`, `failed` or `undecided`.
    verdict: &'static str,
    /// The figures behind that, in words; why it is undecided, if it is.
    figures: &'a str,
    /// What to do about it; null if it holds.
    help: Option<&'a str>,
    /// What it fails on.
    findings: Vec<Finding<'a>>,
    /// How many findings the state had as well, which `--new-only` leaves out.
    known: usize,
    /// Of how many of `findings` the state does not tell whether it had them; they count as new.
    maybe_known: usize,
}

impl<'a> Gate<'a> {
    fn new(decision: &'a check::Decision) -> Self {
        let (project, entry) = match &decision.scope {
            Scope::All => (None, None),
            Scope::Project(path) => (Some(path.as_ref()), None),
            Scope::Entry(place) => (None, Some(place.as_ref())),
        };
        let fingerprints = check::fingerprints(&decision.findings);
        let findings = decision.findings.iter().zip(fingerprints);
        Self {
            gate: decision.gate.as_str(),
            fails_if: decision.gate.fails_if(),
            project,
            entry,
            verdict: decision.verdict.as_str(),
            figures: &decision.figures,
            help: decision.help.as_deref(),
            findings: findings.map(Finding::new).collect(),
            known: decision.known,
            maybe_known: decision.maybe_known,
        }
    }
}

/// One thing that a gate fails on. A node that several workbooks read makes one for each of them.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// `error` if the workbook shows old or wrong numbers, or will; else `warning`.
    severity: &'static str,
    /// What is wrong, in one sentence that does not name the workbook.
    message: &'a str,
    /// The dbt project; null if it is about an export.
    project: Option<&'a str>,
    /// The workbook; null if it is not about one.
    workbook: Option<Workbook<'a>>,
    /// The id of the node or exposure; null if it is not about one.
    node: Option<&'a str>,
    /// The file of the node, from the root of the dbt project; null if it is not known.
    file: Option<&'a str>,
    /// The table as Tableau names it; null if it is not about one.
    table: Option<&'a str>,
    /// Whether the state did not have it; null if that is not known.
    is_new: Option<bool>,
    /// A hash that stays the same from run to run while the finding does.
    fingerprint: String,
}

impl<'a> Finding<'a> {
    fn new((finding, fingerprint): (&'a check::Finding, String)) -> Self {
        let node = finding.node.as_deref();
        Self {
            severity: finding.severity().as_str(),
            message: &finding.message,
            project: finding.project.as_deref(),
            workbook: finding.workbook.as_deref().map(Workbook::new),
            node: node.map(|node| node.unique_id.as_str()),
            file: node.and_then(|node| node.file.as_deref()),
            table: finding.table.as_deref(),
            is_new: finding.is_new,
            fingerprint,
        }
    }
}

/// A workbook.
#[derive(Serialize, JsonSchema)]
struct Workbook<'a> {
    /// Its title; empty if Tableau hides it.
    title: &'a str,
    /// Its luid.
    luid: &'a str,
    /// Its project, as a path as far as it is known.
    project: Option<&'a str>,
    /// Its owner.
    owner: Owner<'a>,
    /// Where it opens; null if server, site or number are not known.
    url: Option<&'a str>,
}

impl<'a> Workbook<'a> {
    fn new(workbook: &'a crate::report::WorkbookFacts) -> Self {
        Self {
            title: &workbook.title,
            luid: &workbook.luid,
            project: workbook.project.as_deref(),
            owner: Owner::new(&workbook.owner),
            url: workbook.url.as_deref(),
        }
    }
}
