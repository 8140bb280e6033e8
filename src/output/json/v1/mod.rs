//! Version 1 of the JSON document. New fields may be added at any time; a change of a field's meaning,
//! or its removal, needs version 2.
//!
//! The doc comments of these structs are the descriptions in the JSON schema.

mod causes;
pub mod explain;
mod exposures;
mod lost;
mod parts;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use self::causes::{Cause, WithoutLinks};
use self::exposures::{Changed, Exposure, Kept, Removed};
use self::lost::LostLink;
use self::parts::{EndedLink, Nearest, Owner};
use crate::model::{Diagnostic, Severity};
use crate::output::report::{self, Report};

/// The version of this document.
pub const SCHEMA_VERSION: u32 = 1;

/// The report of `patch` and `diff`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "autoexpose report")]
pub struct Document<'r> {
    /// The version of this document: 1.
    schema_version: u32,
    /// The manifest.
    manifest: Manifest<'r>,
    /// Every table of a selected workbook that linked to a node of the state and whose relation no longer
    /// links to this project, or is taken for that of another node.
    lost_links: Vec<LostLink<'r>>,
    /// How many workbooks that are not selected have such tables as well; `not_selected` says which.
    not_selected_with_lost_links: usize,
    /// New exposures.
    added: Vec<Exposure<'r>>,
    /// Exposures that are different now.
    changed: Vec<Changed<'r>>,
    /// Exposures whose workbook has another title, perhaps among other changes.
    renamed: Vec<Changed<'r>>,
    /// Exposures that are removed.
    removed: Vec<Removed<'r>>,
    /// Exposures of autoexpose that are kept although this run does not want them.
    kept: Vec<Kept<'r>>,
    /// How many exposures are up to date.
    unchanged: usize,
    /// How many tables have each outcome, counted once for each workbook that reads them.
    tables: BTreeMap<&'r str, usize>,
    /// Counts of workbooks.
    workbooks: Workbooks,
    /// Why tables are not linked, and what would link them; those whose relation the project no longer
    /// has count for the cause `lost`. First what can be cured, then what is
    /// normal; of each, what explains most first.
    causes: Vec<Cause>,
    /// The configuration that is proposed for all causes, as one block of YAML; null if there is none.
    proposed_config: Option<String>,
    /// Every selected workbook without a link.
    workbooks_without_links: Vec<WithoutLinks<'r>>,
    /// Every workbook that is not selected.
    not_selected: Vec<NotSelected<'r>>,
    /// Every table of a workbook that is not linked.
    #[serde(serialize_with = "every_unlinked")]
    #[schemars(with = "Vec<Unlinked<'r>>")]
    unlinked: &'r report::Unlinked,
    /// Hand-written exposures of workbooks that are in the export.
    manual: Vec<Manual<'r>>,
    /// What each export proves.
    export: Vec<Export<'r>>,
    /// What else the user should know.
    diagnostics: Vec<Message<'r>>,
}

impl<'r> Document<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            manifest: Manifest::new(&report.manifest),
            lost_links: lost::links(&report.lost),
            not_selected_with_lost_links: report.lost.not_selected,
            added: report.added.iter().map(Exposure::new).collect(),
            changed: report.changed.iter().map(Changed::new).collect(),
            renamed: report.renamed.iter().map(Changed::new).collect(),
            removed: report.removed.iter().map(Removed::new).collect(),
            kept: report.kept.iter().map(Kept::new).collect(),
            unchanged: report.unchanged,
            tables: report
                .tables
                .iter()
                .map(|(kind, count)| (kind.text(), *count))
                .collect(),
            workbooks: Workbooks::new(&report.workbooks),
            causes: report.causes.iter().map(Cause::new).collect(),
            proposed_config: causes::proposed_config(&report.causes),
            workbooks_without_links: report.without_links.iter().map(WithoutLinks::new).collect(),
            not_selected: report.not_selected.iter().map(NotSelected::new).collect(),
            unlinked: &report.unlinked,
            manual: report.manual.iter().map(Manual::new).collect(),
            export: report.export.iter().map(Export::new).collect(),
            diagnostics: report.diagnostics.iter().map(Message::new).collect(),
        }
    }
}

/// The manifest of a run.
#[derive(Serialize, JsonSchema)]
struct Manifest<'r> {
    /// Its path as given.
    path: &'r str,
    /// The version of dbt that wrote it; null if it does not name it.
    dbt_version: Option<&'r str>,
    /// The adapter; null if it does not name it.
    adapter: Option<&'r str>,
    /// The root project.
    project: &'r str,
    /// How many of its nodes have a relation.
    relations: usize,
}

impl<'r> Manifest<'r> {
    fn new(manifest: &'r report::ManifestFacts) -> Self {
        Self {
            path: &manifest.path,
            dbt_version: manifest.dbt_version.as_deref(),
            adapter: manifest.adapter.as_deref(),
            project: &manifest.project,
            relations: manifest.relations,
        }
    }
}

/// Counts of workbooks.
#[derive(Serialize, JsonSchema)]
struct Workbooks {
    /// In the export, also those without luid.
    read: usize,
    /// Selected.
    selected: usize,
    /// With at least one link.
    linked: usize,
    /// Of which the export does not show everything that they read.
    incomplete: usize,
    /// Without luid.
    unidentified: usize,
}

impl Workbooks {
    fn new(counts: &report::WorkbookCounts) -> Self {
        Self {
            read: counts.read,
            selected: counts.selected,
            linked: counts.linked,
            incomplete: counts.incomplete,
            unidentified: counts.unidentified,
        }
    }
}

/// A workbook that is not selected, so it gets no exposure.
#[derive(Serialize, JsonSchema)]
struct NotSelected<'r> {
    /// The workbook's title; empty if Tableau hides it.
    workbook: &'r str,
    /// The workbook's luid.
    luid: &'r str,
    /// The path of its project, as far as it is known; null if it is not.
    project: Option<&'r str>,
    /// Why it is not selected.
    reason: &'r str,
    /// The name of that reason, which `autoexpose explain --code` explains.
    reason_code: &'static str,
    /// How many of its tables linked in the state and do not any more; `lost_links` has none of them.
    lost_links: usize,
}

impl<'r> NotSelected<'r> {
    fn new(facts: &'r report::NotSelectedFacts) -> Self {
        Self {
            workbook: &facts.workbook,
            luid: &facts.luid,
            project: facts.project.as_deref(),
            reason: &facts.reason,
            reason_code: facts.reason_code,
            lost_links: facts.lost_links,
        }
    }
}

/// A table of a workbook that is not linked.
#[derive(Serialize, JsonSchema)]
struct Unlinked<'r> {
    /// The workbook's title; empty if Tableau hides it.
    workbook: &'r str,
    /// The workbook's luid.
    luid: &'r str,
    /// The workbook's project, as a path as far as it is known.
    project: Option<&'r str>,
    /// The workbook's owner.
    owner: Owner<'r>,
    /// The table as Tableau names it, or a description where the name is not known.
    table: &'r str,
    /// Tableau's connection type; null if it is not known.
    connection_type: Option<&'r str>,
    /// The outcome: one of the keys of `tables`.
    outcome: &'r str,
    /// Why.
    detail: &'r str,
    /// The name of that reason, which `autoexpose explain --code` explains.
    reason_code: &'static str,
    /// Relations that nearly fit; for an ambiguous table, the first ten of those that fit.
    nearest: Vec<Nearest<'r>>,
    /// How the workbook gets at it, the shortest way first; of very many ways, a few.
    paths: &'r [String],
    /// Whether it was linked in the state, and is not any more, or was linked or not there when the
    /// last patch ran; null if it is not known since when it is not linked.
    is_new: Option<bool>,
}

/// Writes each table of each workbook, one after another: thousands of workbooks may read thousands
/// of tables.
fn every_unlinked<S: Serializer>(
    unlinked: &report::Unlinked,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let pairs = unlinked.workbooks.iter().flat_map(|workbook| {
        let reads = workbook.reads.iter();
        reads.map(|read| Unlinked::new(unlinked, workbook, *read))
    });
    serializer.collect_seq(pairs)
}

impl<'r> Unlinked<'r> {
    fn new(
        unlinked: &'r report::Unlinked,
        workbook: &'r report::UnlinkedReads,
        read: report::UnlinkedRead,
    ) -> Self {
        let table = &unlinked.tables[read.table];
        Self {
            workbook: &workbook.workbook.title,
            luid: &workbook.workbook.luid,
            project: workbook.workbook.project.as_deref(),
            owner: Owner::new(&workbook.workbook.owner),
            table: &table.table,
            connection_type: table.connection_type.as_deref(),
            outcome: table.outcome.text(),
            detail: &table.detail,
            reason_code: table.reason.key(),
            nearest: table.nearest.iter().map(Nearest::new).collect(),
            paths: &unlinked.paths[read.paths],
            is_new: read.is_new,
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

/// A diagnostic.
#[derive(Serialize, JsonSchema)]
struct Message<'r> {
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
    fn new(diagnostic: &'r Diagnostic) -> Self {
        Self {
            code: diagnostic.code.as_str(),
            severity: match diagnostic.code.severity() {
                Severity::Note => Grade::Note,
                Severity::Warning => Grade::Warning,
            },
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
