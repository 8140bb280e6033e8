//! Version 1 of the JSON document. New fields may be added at any time; a change of a field's meaning,
//! or its removal, needs version 2.
//!
//! The doc comments of these structs are the descriptions in the JSON schema.

mod causes;
pub mod codes;
pub mod explain;
mod exposures;
pub mod impact;
mod lost;
mod not_linked;
mod parts;
mod project;
mod several;
pub mod usage;

use schemars::JsonSchema;
use serde::Serialize;

use self::not_linked::WhatIsNotLinked;
use self::parts::EndedLink;
pub(crate) use self::parts::Owner;
use self::project::OfProject;
pub use self::several::SeveralProjects;
use crate::model::{Diagnostic, Severity, WithheldCounts};
use crate::report::{self, Report};

/// The version of this document.
pub const SCHEMA_VERSION: u32 = 1;

/// What `patch`, `diff` and `yaml` print: of one project, or of several (`projects`).
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "autoexpose report")]
pub enum AnyDocument<'r> {
    /// The report of a run on one project.
    One(Box<Document<'r>>),
    /// The report of a run on several projects.
    Several(Box<SeveralProjects<'r>>),
}

/// The report of a run on one project.
#[derive(Serialize, JsonSchema)]
pub struct Document<'r> {
    /// The version of this document: 1.
    schema_version: u32,
    #[serde(flatten)]
    project: OfProject<'r>,
    #[serde(flatten)]
    not_linked: WhatIsNotLinked<'r>,
    /// Hand-written exposures of workbooks that are in the export.
    manual: Vec<Manual<'r>>,
    /// What each export proves.
    export: Vec<Export<'r>>,
    /// What is withheld from the audience of the run. Only of a run with an audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    withheld: Option<Withheld<'r>>,
    /// What else the user should know.
    diagnostics: Vec<Message<'r>>,
}

impl<'r> Document<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            project: OfProject::new(report),
            not_linked: WhatIsNotLinked::new(report),
            manual: report.manual.iter().map(Manual::new).collect(),
            export: report.export.iter().map(Export::new).collect(),
            withheld: report.withheld.as_ref().map(Withheld::new),
            diagnostics: report.diagnostics.iter().map(Message::new).collect(),
        }
    }
}

/// A hand-written exposure, which is left alone, and how it compares with its workbook.
#[derive(Serialize, JsonSchema)]
struct Manual<'r> {
    /// The exposure's id.
    unique_id: &'r str,
    /// The workbook's title.
    workbook: &'r str,
    /// The workbook's luid.
    luid: &'r str,
    /// The workbook's project, as a path as far as it is known.
    project: Option<&'r str>,
    /// The workbook's owner.
    owner: Owner<'r>,
    /// Where the workbook opens; null if server or site are not known.
    url: Option<&'r str>,
    /// What shows that it is this workbook: `luid` or `url`.
    by: &'r str,
    /// Nodes that the workbook reads and the exposure does not name.
    missing: &'r [String],
    /// Nodes that the exposure names and the workbook is not known to read. Of several workbooks that
    /// it covers, only the first lists them, and none of the workbooks reads them.
    extra: &'r [String],
    /// Those of `extra` of which the workbook still reads what they were in the state.
    ended: Vec<EndedLink<'r>>,
}

impl<'r> Manual<'r> {
    fn new(manual: &'r report::ManualFacts) -> Self {
        Self {
            unique_id: &manual.unique_id,
            workbook: &manual.workbook.title,
            luid: &manual.workbook.luid,
            project: manual.workbook.project.as_deref(),
            owner: Owner::new(&manual.workbook.owner),
            url: manual.workbook.url.as_deref(),
            by: manual.by.as_str(),
            missing: &manual.missing,
            extra: &manual.extra,
            ended: manual.ended.iter().map(EndedLink::new).collect(),
        }
    }
}

/// What one export proves.
#[derive(Serialize, JsonSchema)]
struct Export<'r> {
    /// The server; null if it is not known.
    server: Option<&'r str>,
    /// The site's content URL; null if it is not known.
    site: Option<&'r str>,
    /// Whether it surely lists every workbook.
    complete: bool,
    /// Why not.
    reasons: &'r [String],
    /// The names of these reasons, which `autoexpose explain --code` explains.
    reason_codes: &'r [&'static str],
}

impl<'r> Export<'r> {
    fn new(export: &'r report::ExportFacts) -> Self {
        Self {
            server: export.server.as_deref(),
            site: export.site.as_deref(),
            complete: export.complete,
            reasons: &export.reasons,
            reason_codes: &export.reason_codes,
        }
    }
}

/// What is withheld from an audience.
#[derive(Serialize, JsonSchema)]
struct Withheld<'r> {
    /// The audience, as the settings name it.
    audience: &'r str,
    /// What becomes of what it may not see: `obfuscate` if it stays without what tells it apart, `filter`
    /// if it is left out.
    withheld_as: &'static str,
    /// How many workbooks of the export it may not see.
    denied: usize,
    /// Of how many it is not known.
    unknown: usize,
    /// How many exposures of earlier runs are withheld although no export lists their workbooks.
    not_listed: usize,
    /// How many hand-written exposures are of such workbooks. They stay as they are, and this document
    /// does not name them.
    hand_written: usize,
}

impl<'r> Withheld<'r> {
    fn new(counts: &'r WithheldCounts) -> Self {
        Self {
            audience: &counts.audience,
            withheld_as: counts.way(),
            denied: counts.denied,
            unknown: counts.unknown,
            not_listed: counts.not_listed,
            hand_written: counts.hand_written,
        }
    }
}

/// A diagnostic.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Message<'r> {
    /// Its stable name.
    code: &'r str,
    /// How grave it is.
    severity: Grade,
    /// The file, or file and place, that it is about; empty if it is about the run.
    place: &'r str,
    /// What happened.
    message: &'r str,
    /// What to do about it.
    help: Option<&'r str>,
}

impl<'r> Message<'r> {
    pub(crate) fn new(diagnostic: &'r Diagnostic) -> Self {
        Self {
            code: diagnostic.code.as_str(),
            severity: Grade::new(diagnostic.code.severity()),
            place: &diagnostic.place,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
        }
    }
}

/// How grave a diagnostic is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Grade {
    /// Worth knowing.
    Note,
    /// Something is missing or odd; the result is right for what was readable.
    Warning,
}

impl Grade {
    fn new(severity: Severity) -> Self {
        match severity {
            Severity::Note => Self::Note,
            Severity::Warning => Self::Warning,
        }
    }
}
