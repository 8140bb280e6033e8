//! The report of a run, in a form that every format can render.
//!
//! `gather` makes it from the results of the stages, `view` decides what it shows of exposures,
//! workbooks and nodes.

mod answers;
mod files;
mod gather;
mod lost;
mod results;
mod several;
pub(crate) mod view;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::files::{ChangeOfFile, ChangedFile};
pub use self::gather::report;
pub(crate) use self::gather::{export, nearest};
pub use self::lost::{EndedLink, LostFacts, LostReader, LostRelation, LostTable};
pub use self::results::Results;
pub use self::several::{RunReport, Several, of_all, of_one_of_several};
use crate::link::{NotLinked, OtherNode, OutcomeKind};
use crate::model::{Diagnostic, Owner, Place, ReferencedColumn, StepKind, WithheldCounts};
use crate::plan::{KeepReason, RemovalReason, SameBy};
use crate::verdict::{Cause, WithoutLinks};

/// The result of a run on one project, ready to render. Lists of exposures are sorted by id.
#[derive(Debug)]
pub struct Report {
    /// The manifest that gets the exposures.
    pub manifest: ManifestFacts,
    /// The links that workbooks lost since the state.
    pub lost: LostFacts,
    /// New exposures.
    pub added: Vec<ExposureFacts>,
    /// Exposures that differ from the baseline, under the same title.
    pub changed: Vec<BeforeAfter>,
    /// Exposures whose workbook was retitled, perhaps with other changes.
    pub renamed: Vec<BeforeAfter>,
    /// Exposures that are removed.
    pub removed: Vec<RemovedFacts>,
    /// Owned exposures that this run does not want and keeps all the same.
    pub kept: Vec<KeptFacts>,
    /// How many exposures do not change.
    pub unchanged: usize,
    /// Whether the manifest or the state has exposures of an earlier run.
    pub has_baseline: bool,
    /// How many tables have each outcome, each counted once per workbook that reads it.
    pub tables: BTreeMap<OutcomeKind, usize>,
    /// How many workbooks there are of each kind.
    pub workbooks: WorkbookCounts,
    /// Why tables are not linked, and what would link them; what explains most first.
    pub causes: Vec<Cause>,
    /// Every selected workbook without a link.
    pub without_links: Vec<WithoutLinksFacts>,
    /// Every workbook that is not selected.
    pub not_selected: Vec<NotSelectedFacts>,
    /// Every table of a workbook that is not linked.
    pub unlinked: Unlinked,
    /// Hand-written exposures of workbooks in the export.
    pub manual: Vec<ManualFacts>,
    /// What each export proves.
    pub export: Vec<ExportFacts>,
    /// The property files that change, in the order of their paths; `None` where a manifest gets the
    /// exposures.
    pub files: Option<Vec<ChangedFile>>,
    /// What is withheld from the audience of the run; `None` if everything is shown.
    pub withheld: Option<WithheldCounts>,
    /// What else the user should know, sorted and without duplicates.
    pub diagnostics: Vec<Diagnostic>,
}

/// The manifest of a run.
#[derive(Debug, Default)]
pub struct ManifestFacts {
    /// Its path, as given.
    pub path: String,
    /// The version of dbt that wrote it; `None` if it does not name one.
    pub dbt_version: Option<String>,
    /// The name of the adapter; `None` if the manifest does not name one.
    pub adapter: Option<String>,
    /// The root package.
    pub project: String,
    /// How many of its nodes have a relation.
    pub relations: usize,
}

/// What is shown of an exposure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposureFacts {
    /// dbt's id.
    pub unique_id: String,
    /// Its name for dbt.
    pub name: String,
    /// The workbook's title; `None` if Tableau hides it.
    pub label: Option<String>,
    /// The workbook's luid; empty without our marker.
    pub luid: String,
    /// The workbook's server, if it is known.
    pub server: Option<String>,
    /// The content URL of its site, empty for the default site; `None` if it is not known.
    pub site: Option<String>,
    /// Where the workbook opens, if that is known.
    pub url: Option<String>,
    /// The path of the workbook's project, `House / Finance`, as far as it is known.
    pub project: Option<String>,
    /// The owner of the workbook.
    pub owner: Owner,
    /// Whether the export showed everything that the workbook reads.
    pub complete: bool,
    /// Tags: sorted if this run wants the exposure, else in the order of the file.
    pub tags: Vec<String>,
    /// The maturity, if somebody set it.
    pub maturity: Option<String>,
    /// When the workbook was created, in seconds since 1970 (UTC).
    pub created_at: Option<i64>,
    /// The description, in Markdown.
    pub description: String,
    /// The nodes that it reads, sorted by id, each with rule and path.
    pub links: Vec<LinkFacts>,
    /// The columns that it says the workbook uses, sorted by node and name.
    pub referenced_columns: Vec<ReferencedColumn>,
}

/// Why an exposure depends on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkFacts {
    /// The node's id.
    pub node: Arc<str>,
    /// The matching rule that found the link; empty if it is not known.
    pub rule: Cow<'static, str>,
    /// The kinds of steps from the workbook to the table; empty if they are not known.
    pub path: Cow<'static, str>,
    /// Where the query of custom SQL names the table; only of a link that this run found.
    pub place: Option<Place>,
}

impl LinkFacts {
    /// Whether both are found by the same rule, in the same way. The place in a query counts for
    /// nothing, since only links of this run have it.
    pub fn is_same(&self, other: &Self) -> bool {
        self.node == other.node && self.rule == other.rule && self.path == other.path
    }

    /// Whether only custom SQL shows it that could not be read without a doubt.
    pub fn is_inferred(&self) -> bool {
        self.path.contains(StepKind::DoubtfulSql.text())
    }

    /// The way from the workbook to the table, down to the place in a query.
    pub fn way(&self) -> String {
        match self.place {
            Some(place) => format!("{}, {place}", self.path),
            None => self.path.to_string(),
        }
    }
}

/// An exposure before and after.
#[derive(Debug)]
pub struct BeforeAfter {
    /// The exposure as it will be.
    pub after: ExposureFacts,
    /// The exposure in the baseline.
    pub before: ExposureFacts,
    /// The links that it has no more, by node.
    pub ended: Vec<EndedLink>,
}

/// An exposure that is removed.
#[derive(Debug)]
pub struct RemovedFacts {
    /// The exposure in the baseline.
    pub exposure: ExposureFacts,
    /// Why it is removed.
    pub reason: RemovalReason,
    /// Its links, by node, if that they ended is the reason.
    pub ended: Vec<EndedLink>,
}

/// An exposure that is kept.
#[derive(Debug)]
pub struct KeptFacts {
    /// The exposure as it will be.
    pub exposure: ExposureFacts,
    /// Why it is kept.
    pub reason: KeepReason,
    /// The exposure in the baseline, if it cannot stay as it is: a dependency no longer exists, or
    /// its name is taken.
    pub before: Option<ExposureFacts>,
    /// The links that it has no more, by node.
    pub ended: Vec<EndedLink>,
}

/// What is shown of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkbookFacts {
    /// Its luid.
    pub luid: String,
    /// Its server, if it is known.
    pub server: Option<String>,
    /// The content URL of its site, empty for the default site; `None` if it is not known.
    pub site: Option<String>,
    /// Its title; empty if Tableau hides it.
    pub title: String,
    /// The path of its project, `House / Finance`, as far as it is known.
    pub project: Option<String>,
    /// Its owner.
    pub owner: Owner,
    /// Where it opens, if that is known.
    pub url: Option<String>,
}

/// Counts of workbooks.
#[derive(Debug, Default)]
pub struct WorkbookCounts {
    /// All workbooks of the exports, also those without luid.
    pub read: usize,
    /// Workbooks that are selected.
    pub selected: usize,
    /// Selected workbooks with at least one linked table.
    pub linked: usize,
    /// Selected workbooks that may read more than the export shows.
    pub incomplete: usize,
    /// Workbooks without luid, which get no exposure.
    pub unidentified: usize,
}

/// A selected workbook without a link.
#[derive(Debug)]
pub struct WithoutLinksFacts {
    /// The workbook's title; empty if Tableau hides it.
    pub workbook: String,
    /// The workbook's luid.
    pub luid: String,
    /// The path of its project, `House / Finance`, as far as it is known.
    pub project: Option<String>,
    /// Why it has no link.
    pub reason: WithoutLinks,
}

impl WorkbookFacts {
    /// What a workbook is shown by, which is the luid if Tableau hides the title; its luid as well,
    /// since several may have the same title.
    pub fn title_and_luid(&self) -> (&str, &str) {
        let title = if self.title.is_empty() {
            &self.luid
        } else {
            &self.title
        };
        (title, &self.luid)
    }
}

/// A workbook that is not selected.
#[derive(Debug)]
pub struct NotSelectedFacts {
    /// The workbook's title; empty if Tableau hides it.
    pub workbook: String,
    /// The workbook's luid.
    pub luid: String,
    /// The path of its project, `House / Finance`, as far as it is known.
    pub project: Option<String>,
    /// Why it is not selected.
    pub reason: String,
    /// The name of that reason for scripts.
    pub reason_code: &'static str,
    /// How many links it lost since the state.
    pub lost_links: usize,
}

/// The tables that are not linked, and the workbooks that read them. Thousands of workbooks may read
/// the same thousands of tables, so what there is to say of a table is here once.
#[derive(Debug, Default)]
pub struct Unlinked {
    /// The tables, in the order in which the workbooks read them first.
    pub tables: Vec<UnlinkedTable>,
    /// Paths from a workbook to a table, the shortest first, in the order in which they come first.
    pub paths: Vec<Vec<String>>,
    /// Each workbook that reads one of the tables.
    pub workbooks: Vec<UnlinkedReads>,
    /// Whether there is a state, which tells what was linked in it.
    pub has_state: bool,
}

/// A table that is not linked.
#[derive(Debug)]
pub struct UnlinkedTable {
    /// The table as Tableau names it, or what is shown in place of a name.
    pub table: String,
    /// Tableau's connection type; `None` if it is not known.
    pub connection_type: Option<String>,
    /// Its outcome.
    pub outcome: OutcomeKind,
    /// Why it has this outcome.
    pub reason: NotLinked,
    /// The same in one sentence.
    pub detail: String,
    /// Relations that nearly fit; for an ambiguous table, the first of those that fit.
    pub nearest: Vec<Nearest>,
}

/// What a workbook reads that is not linked.
#[derive(Debug)]
pub struct UnlinkedReads {
    /// The workbook.
    pub workbook: WorkbookFacts,
    /// What it reads, in order.
    pub reads: Vec<UnlinkedRead>,
}

/// A table that a workbook reads and that is not linked.
#[derive(Debug, Clone, Copy)]
pub struct UnlinkedRead {
    /// The position of the table in [`Unlinked::tables`].
    pub table: usize,
    /// The position of the paths to it in [`Unlinked::paths`].
    pub paths: usize,
    /// Whether its link is lost, so that it stands among the lost ones as well.
    pub is_lost: bool,
    /// Whether it linked in the state, or was linked or not there when the last patch ran; `None` if
    /// that is not known.
    pub is_new: Option<bool>,
}

/// A relation that nearly fits, or one of several that fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nearest {
    /// The node's id.
    pub unique_id: String,
    /// Its relation, as the dbt project spells it.
    pub relation: String,
    /// How it differs from the table, in a few words.
    pub difference: String,
}

impl Nearest {
    /// A node of another project of the run.
    fn elsewhere(other: &OtherNode, difference: String) -> Self {
        Self {
            unique_id: other.unique_id.clone(),
            relation: other.relation.clone(),
            difference,
        }
    }
}

/// A hand-written exposure, and how it compares with its workbook.
#[derive(Debug)]
pub struct ManualFacts {
    /// dbt's id of the exposure.
    pub unique_id: String,
    /// The workbook.
    pub workbook: WorkbookFacts,
    /// What identifies the workbook.
    pub by: SameBy,
    /// The ids of nodes that the workbook reads and the exposure does not name, sorted.
    pub missing: Vec<String>,
    /// The ids of nodes that the exposure names and none of its workbooks is known to read, sorted.
    /// Only the first of several workbooks has them.
    pub extra: Vec<String>,
    /// Those of `extra` that the workbook still reads as the state has them, and how these links
    /// ended.
    pub ended: Vec<EndedLink>,
}

/// What the exports of one site prove.
#[derive(Debug)]
pub struct ExportFacts {
    /// The server, if it is known.
    pub server: Option<String>,
    /// The site's content URL, empty for the default site; `None` if it is not known.
    pub site: Option<String>,
    /// Whether every workbook of the site is proven to be listed.
    pub complete: bool,
    /// Why that is not proven, one sentence each.
    pub reasons: Vec<String>,
    /// The names of these reasons for scripts.
    pub reason_codes: Vec<&'static str>,
}
