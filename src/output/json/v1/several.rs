//! The document of a run on several projects.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::not_linked::WhatIsNotLinked;
use super::project::{OfProject, Workbooks};
use super::{Export, Manual, Message, SCHEMA_VERSION, Withheld};
use crate::report::{Report, Several};

/// The report of a run on several projects.
#[derive(Serialize, JsonSchema)]
pub struct SeveralProjects<'r> {
    /// The version of this document: 1.
    schema_version: u32,
    /// What belongs to each project alone, in the order of their names.
    projects: Vec<Project<'r>>,
    /// How many exposures of all projects change.
    exposures: Exposures,
    /// How many tables have each outcome in the run as a whole, counted once for each workbook that reads
    /// them: one that any project links is `linked`.
    tables: BTreeMap<&'r str, usize>,
    /// Counts of workbooks; `linked` are those that any project links.
    workbooks: Workbooks,
    /// What no project links.
    #[serde(flatten)]
    not_linked: WhatIsNotLinked<'r>,
    /// What each export proves.
    export: Vec<Export<'r>>,
    /// What is withheld from the audience of the run. Only of a run with an audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    withheld: Option<Withheld<'r>>,
    /// What else the user should know: what is about the exports, or about several projects alike.
    diagnostics: Vec<Message<'r>>,
}

/// One of several projects.
#[derive(Serialize, JsonSchema)]
struct Project<'r> {
    #[serde(flatten)]
    project: OfProject<'r>,
    /// Hand-written exposures of workbooks that are in the export.
    manual: Vec<Manual<'r>>,
    /// What else the user should know of this project.
    diagnostics: Vec<Message<'r>>,
}

/// How many exposures change.
#[derive(Serialize, JsonSchema)]
struct Exposures {
    /// New ones.
    added: usize,
    /// Those that are different now.
    changed: usize,
    /// Those whose workbook has another title.
    renamed: usize,
    /// Those that are removed.
    removed: usize,
    /// Those that are kept although this run does not want them.
    kept: usize,
    /// Those that are up to date.
    unchanged: usize,
}

impl<'r> SeveralProjects<'r> {
    pub(crate) fn new(several: &'r Several) -> Self {
        let all = &several.all;
        Self {
            schema_version: SCHEMA_VERSION,
            projects: several.projects.iter().map(Project::new).collect(),
            exposures: Exposures::new(&several.projects),
            tables: (all.tables.iter())
                .map(|(kind, count)| (kind.text(), *count))
                .collect(),
            workbooks: Workbooks::new(&all.workbooks),
            not_linked: WhatIsNotLinked::new(all),
            export: all.export.iter().map(Export::new).collect(),
            withheld: all.withheld.as_ref().map(Withheld::new),
            diagnostics: all.diagnostics.iter().map(Message::new).collect(),
        }
    }
}

impl<'r> Project<'r> {
    fn new(report: &'r Report) -> Self {
        Self {
            project: OfProject::new(report),
            manual: report.manual.iter().map(Manual::new).collect(),
            diagnostics: report.diagnostics.iter().map(Message::new).collect(),
        }
    }
}

impl Exposures {
    fn new(projects: &[Report]) -> Self {
        let sum = |count: fn(&Report) -> usize| projects.iter().map(count).sum();
        Self {
            added: sum(|report| report.added.len()),
            changed: sum(|report| report.changed.len()),
            renamed: sum(|report| report.renamed.len()),
            removed: sum(|report| report.removed.len()),
            kept: sum(|report| report.kept.len()),
            unchanged: sum(|report| report.unchanged),
        }
    }
}
