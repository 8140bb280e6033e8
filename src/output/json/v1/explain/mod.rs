//! Version 1 of the document of an answer.
//!
//! The doc comments of these structs are the descriptions in the JSON schema.

mod columns;
mod nodes;
mod reads;

use schemars::JsonSchema;
use serde::Serialize;

use self::nodes::{Certainty, NodeAnswer};
use self::reads::{Things, Workbook};
use super::SCHEMA_VERSION;
use super::{Export, Message};
use crate::explain::exposure;
use crate::output::explain::facts::{self, Explanation};

/// The answer of `explain`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "autoexpose answer")]
pub struct Answer<'r> {
    /// The version of this document: 1.
    schema_version: u32,
    /// What was asked about; null for everything that is not linked.
    subject: Option<&'r str>,
    /// The dbt projects, if there are several.
    projects: &'r [String],
    /// The workbooks that the subject may mean.
    workbooks: Vec<WorkbookAnswer<'r>>,
    /// The nodes that the subject may mean; of very many, the first.
    nodes: Vec<NodeAnswer<'r>>,
    /// How many more nodes it may mean.
    more_nodes: usize,
    /// What leaves open whether others read these nodes as well; null without nodes.
    certainty: Option<Certainty>,
    /// The tables that the subject may mean. A table of a node above stands there.
    tables: Vec<TableAnswer<'r>>,
    /// Everything that selected workbooks read and that is not linked; null if a subject was given.
    unlinked: Option<Unlinked<'r>>,
    /// What each export proves.
    export: Vec<Export<'r>>,
    /// What else the user should know.
    diagnostics: Vec<Message<'r>>,
}

impl<'r> Answer<'r> {
    pub(crate) fn new(explanation: &'r Explanation) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            subject: explanation.subject.as_deref(),
            projects: &explanation.projects,
            workbooks: explanation
                .workbooks
                .iter()
                .map(WorkbookAnswer::new)
                .collect(),
            nodes: explanation.nodes.iter().map(NodeAnswer::new).collect(),
            more_nodes: explanation.more_nodes,
            certainty: explanation.certainty.as_ref().map(Certainty::new),
            tables: explanation.tables.iter().map(TableAnswer::new).collect(),
            unlinked: explanation.unlinked.as_ref().map(Unlinked::new),
            export: explanation.exports.iter().map(Export::new).collect(),
            diagnostics: explanation.diagnostics.iter().map(Message::new).collect(),
        }
    }
}

/// What is known of a workbook.
#[derive(Serialize, JsonSchema)]
struct WorkbookAnswer<'r> {
    #[serde(flatten)]
    workbook: Workbook<'r>,
    /// Why it is not selected; null if it is.
    not_selected: Option<&'r str>,
    /// Why it may read more than the export shows. Tables with outcome `hidden`, `unresolved` or
    /// `unreadable` are gaps as well.
    gaps: &'r [String],
    /// Its exposures.
    exposures: Vec<Exposure<'r>>,
    #[serde(flatten)]
    things: Things<'r>,
}

impl<'r> WorkbookAnswer<'r> {
    fn new(answer: &'r facts::WorkbookAnswer) -> Self {
        Self {
            workbook: Workbook::new(&answer.workbook),
            not_selected: answer.not_selected.as_deref(),
            gaps: &answer.gaps,
            exposures: answer.exposures.iter().map(Exposure::new).collect(),
            things: Things::new(&answer.things),
        }
    }
}

/// An exposure of a workbook.
#[derive(Serialize, JsonSchema)]
struct Exposure<'r> {
    /// dbt's id.
    unique_id: &'r str,
    /// What a run does with it: `added`, `changed`, `renamed`, `unchanged`, or `kept`, `removed` or
    /// `hand-written` with the reason.
    change: String,
}

impl<'r> Exposure<'r> {
    fn new(exposure: &'r exposure::ExposureOf) -> Self {
        Self {
            unique_id: &exposure.unique_id,
            change: exposure.change.to_string(),
        }
    }
}

/// What is known of a table.
#[derive(Serialize, JsonSchema)]
struct TableAnswer<'r> {
    /// Its name, as Tableau shows it.
    name: &'r str,
    #[serde(flatten)]
    things: Things<'r>,
}

impl<'r> TableAnswer<'r> {
    fn new(answer: &'r facts::TableAnswer) -> Self {
        Self {
            name: &answer.name,
            things: Things::new(&answer.things),
        }
    }
}

/// Everything that selected workbooks read and that is not linked.
#[derive(Serialize, JsonSchema)]
struct Unlinked<'r> {
    /// How many workbooks are selected.
    selected: usize,
    /// How many of these may read more than the export shows.
    incomplete: usize,
    /// How many are not selected.
    not_selected: usize,
    #[serde(flatten)]
    things: Things<'r>,
}

impl<'r> Unlinked<'r> {
    fn new(unlinked: &'r facts::Unlinked) -> Self {
        Self {
            selected: unlinked.selected,
            incomplete: unlinked.incomplete,
            not_selected: unlinked.not_selected,
            things: Things::new(&unlinked.things),
        }
    }
}
