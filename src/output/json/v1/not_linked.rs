//! What is not linked, and the workbooks that get nothing.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::causes::{self, Cause, WithoutLinks};
use super::parts::{Nearest, Owner};
use crate::report::{self, Report};

/// What is not linked, and why.
#[derive(Serialize, JsonSchema)]
pub(super) struct WhatIsNotLinked<'r> {
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
}

impl<'r> WhatIsNotLinked<'r> {
    pub(super) fn new(report: &'r Report) -> Self {
        Self {
            causes: report.causes.iter().map(Cause::new).collect(),
            proposed_config: causes::proposed_config(&report.causes),
            workbooks_without_links: report.without_links.iter().map(WithoutLinks::new).collect(),
            not_selected: report.not_selected.iter().map(NotSelected::new).collect(),
            unlinked: &report.unlinked,
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
