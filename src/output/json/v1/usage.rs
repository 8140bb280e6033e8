//! Version 1 of the document of what no workbook uses.

use serde::Serialize;

use super::parts::Owner;
use super::{Message, SCHEMA_VERSION};
use crate::output::usage::{ProjectAnswer, UnreadAnswer, UsageAnswer};
use crate::report::WorkbookFacts;

/// The answer of `explain --unused`.
#[derive(Serialize)]
pub struct Usage<'r> {
    /// The version of this document: 1.
    schema_version: u32,
    projects: Vec<Project<'r>>,
    /// Sources and staging models that workbooks read directly.
    direct_reads: Vec<Direct<'r>>,
    stale_after_days: u32,
    stale_workbooks: Vec<Stale<'r>>,
    /// Of how many workbooks the export does not tell when they changed.
    age_unknown: usize,
    open: Open,
    diagnostics: Vec<Message<'r>>,
}

#[derive(Serialize)]
struct Project<'r> {
    name: &'r str,
    /// How many models, seeds and snapshots a workbook reads, directly or through others.
    read: usize,
    unread: Vec<Unread<'r>>,
}

#[derive(Serialize)]
struct Unread<'r> {
    unique_id: &'r str,
    file: Option<&'r str>,
    /// The installed package that defines it; null if the project itself does.
    package: Option<&'r str>,
    /// Whether `nothing`, `perhaps` a workbook, or `others` read it.
    read_by: &'static str,
    readers: &'r [String],
    is_read_through_others: bool,
    doubts: Option<Doubts>,
    /// In the order of these numbers the nodes can be deleted one after another.
    height: usize,
}

#[derive(Serialize)]
struct Doubts {
    ambiguous_workbooks: usize,
    nearest_of_unknown_workbooks: usize,
    unclaimed_sql: bool,
}

#[derive(Serialize)]
struct Direct<'r> {
    kind: &'static str,
    unique_id: &'r str,
    workbooks: Vec<Workbook<'r>>,
}

#[derive(Serialize)]
struct Stale<'r> {
    workbook: Workbook<'r>,
    days: i64,
    has_extract: bool,
}

#[derive(Serialize)]
struct Workbook<'r> {
    title: &'r str,
    luid: &'r str,
    project: Option<&'r str>,
    owner: Owner<'r>,
    url: Option<&'r str>,
}

/// What the export and the manifests leave open.
#[derive(Serialize)]
struct Open {
    workbooks: usize,
    incomplete: usize,
    hidden: usize,
    unidentified: usize,
    unproven_sites: usize,
    has_open_sql: bool,
    unreadable: usize,
}

impl<'r> Usage<'r> {
    pub(crate) fn new(answer: &'r UsageAnswer) -> Self {
        let open = &answer.certainty;
        let direct = answer.direct.iter().map(|one| Direct {
            kind: one.kind.text(),
            unique_id: &one.unique_id,
            workbooks: one.workbooks.iter().map(|one| Workbook::new(one)).collect(),
        });
        let stale = answer.stale.iter().map(|one| Stale {
            workbook: Workbook::new(&one.workbook),
            days: one.days,
            has_extract: one.has_extract,
        });
        Self {
            schema_version: SCHEMA_VERSION,
            projects: answer.projects.iter().map(Project::new).collect(),
            direct_reads: direct.collect(),
            stale_after_days: answer.stale_after,
            stale_workbooks: stale.collect(),
            age_unknown: answer.age_unknown,
            open: Open {
                workbooks: open.workbooks,
                incomplete: open.incomplete,
                hidden: open.hidden,
                unidentified: open.unidentified,
                unproven_sites: open.unproven_sites,
                has_open_sql: open.has_open_sql,
                unreadable: open.unreadable,
            },
            diagnostics: answer.diagnostics.iter().map(Message::new).collect(),
        }
    }
}

impl<'r> Project<'r> {
    fn new(project: &'r ProjectAnswer) -> Self {
        Self {
            name: &project.name,
            read: project.read,
            unread: project.unread.iter().map(Unread::new).collect(),
        }
    }
}

impl<'r> Unread<'r> {
    fn new(one: &'r UnreadAnswer) -> Self {
        Self {
            unique_id: &one.unique_id,
            file: one.file.as_deref(),
            package: one.package.as_deref(),
            read_by: one.kind.text(),
            readers: &one.readers,
            is_read_through_others: one.is_read_through_others,
            doubts: one.doubts.map(|doubts| Doubts {
                ambiguous_workbooks: doubts.ambiguous,
                nearest_of_unknown_workbooks: doubts.near,
                unclaimed_sql: doubts.is_unclaimed,
            }),
            height: one.height,
        }
    }
}

impl<'r> Workbook<'r> {
    fn new(workbook: &'r WorkbookFacts) -> Self {
        Self {
            title: &workbook.title,
            luid: &workbook.luid,
            project: workbook.project.as_deref(),
            owner: Owner::new(&workbook.owner),
            url: workbook.url.as_deref(),
        }
    }
}
