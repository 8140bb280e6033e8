//! Version 1 of the document of what no workbook uses.

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::Owner;
use super::{Message, SCHEMA_VERSION};
use crate::output::usage::{ProjectAnswer, UnreadAnswer, UsageAnswer};
use crate::report::WorkbookFacts;

/// The answer of `explain --unused`.
#[derive(Serialize, JsonSchema)]
pub struct Answer<'r> {
    /// The version of this document: 1.
    schema_version: u32,
    #[serde(flatten)]
    usage: Usage<'r>,
    /// What else the user should know.
    diagnostics: Vec<Message<'r>>,
}

/// What workbooks use of the projects, and what they do not. All workbooks of the export count, whether
/// they are selected or not.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Usage<'r> {
    /// Each project.
    projects: Vec<Project<'r>>,
    /// Sources and staging models that workbooks read directly.
    direct_reads: Vec<Direct<'r>>,
    /// How many days without a change make a workbook old.
    stale_after_days: u32,
    /// The old workbooks.
    stale_workbooks: Vec<Stale<'r>>,
    /// Of how many workbooks the export does not tell when they changed.
    age_unknown: usize,
    /// What is left open, so that more may be read than is told here.
    open: Open,
}

/// A project.
#[derive(Serialize, JsonSchema)]
struct Project<'r> {
    /// Its name: its root package.
    name: &'r str,
    /// How many models, seeds and snapshots a workbook reads, directly or through others.
    read: usize,
    /// Those that no workbook reads.
    unread: Vec<Unread<'r>>,
}

/// A model, seed or snapshot that no workbook reads.
#[derive(Serialize, JsonSchema)]
struct Unread<'r> {
    /// The id of the node.
    unique_id: &'r str,
    /// Its file, from the folder of its project on; null if it is not known.
    file: Option<&'r str>,
    /// The installed package that defines it; null if the project itself does.
    package: Option<&'r str>,
    /// Whether `nothing`, `perhaps` a workbook, or `others` read it.
    read_by: &'static str,
    /// Who else reads it, in words.
    readers: &'r [String],
    /// Whether these read something that is made of it, and not the node itself.
    is_read_through_others: bool,
    /// The workbooks that may read it all the same; null if there are none.
    doubts: Option<Doubts>,
    /// In the order of these numbers the nodes can be deleted one after another.
    height: usize,
}

/// Why a workbook may read a node all the same.
#[derive(Serialize, JsonSchema)]
struct Doubts {
    /// How many workbooks have a table that fits this node and others equally well.
    ambiguous_workbooks: usize,
    /// How many workbooks have a table that no node fits, and this one nearly does.
    nearest_of_unknown_workbooks: usize,
    /// Whether custom SQL reads it whose workbook the export does not name.
    unclaimed_sql: bool,
}

/// A source or staging model that workbooks read directly.
#[derive(Serialize, JsonSchema)]
struct Direct<'r> {
    /// `source` or `staging`.
    kind: &'static str,
    /// The id of the node.
    unique_id: &'r str,
    /// The workbooks that read it.
    workbooks: Vec<Workbook<'r>>,
}

/// A workbook in which nothing has changed for long.
#[derive(Serialize, JsonSchema)]
struct Stale<'r> {
    /// The workbook.
    workbook: Workbook<'r>,
    /// For how many days nothing changed in it, before the export was made.
    days: i64,
    /// Whether it has an extract whose refreshes the export tells.
    has_extract: bool,
}

/// A workbook.
#[derive(Serialize, JsonSchema)]
struct Workbook<'r> {
    /// Its title; empty if Tableau hides it.
    title: &'r str,
    /// Its luid.
    luid: &'r str,
    /// Its project, as a path as far as it is known.
    project: Option<&'r str>,
    /// Its owner.
    owner: Owner<'r>,
    /// Where it opens; null if server, site or number are not known.
    url: Option<&'r str>,
}

/// What the export and the manifests leave open.
#[derive(Serialize, JsonSchema)]
struct Open {
    /// How many workbooks the export lists.
    workbooks: usize,
    /// How many of them may read more than it shows.
    incomplete: usize,
    /// How many of these Tableau hides from the token.
    hidden: usize,
    /// How many have no luid, and were not looked at.
    unidentified: usize,
    /// How many sites may have workbooks that the export does not list.
    unproven_sites: usize,
    /// Whether there is custom SQL that may read anything, and whose workbook the export does not name.
    has_open_sql: bool,
    /// How many things of the manifests could not be read.
    unreadable: usize,
}

impl<'r> Answer<'r> {
    pub(crate) fn new(answer: &'r UsageAnswer) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            usage: Usage::new(answer),
            diagnostics: answer.diagnostics.iter().map(Message::new).collect(),
        }
    }
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
