//! Workbooks that get nothing.

use super::cause::{Cause, Counted, Cure, Why};
use super::cures::UPSTREAM;
use super::known::Known;
use crate::link::{Outcome, OutcomeKind};
use crate::model::display::display_enum;
use crate::model::{WorkbookGap, WorkbookIx};

display_enum! {
    /// Why a selected workbook has no link: by what comes nearest to one.
    pub enum WithoutLinks {
        /// A table of it fits several nodes.
        Ambiguous = "ambiguous" => "what it reads fits several nodes";
        /// No relation fits its tables.
        Unknown = "unknown" => "no relation of the project fits what it reads";
        /// Tableau hides the names of its tables.
        Hidden = "hidden" => "Tableau hides the names of what it reads";
        /// What it reads leads to no table.
        Unresolved = "unresolved" => "the export does not show the tables that it reads";
        /// It reads custom SQL.
        CustomSql = "custom-sql" => "it reads custom SQL that could not be read";
        /// It reads another warehouse.
        OtherPlatform = "other-platform" => "it reads another warehouse";
        /// It reads no warehouse.
        NotWarehouse = "not-warehouse" => "it reads files, sheets, extracts or web connectors";
        /// The export has no list of what it reads.
        NothingListed = "nothing-listed" => "the export does not list what it reads";
        /// The export says that it reads nothing.
        ReadsNothing = "reads-nothing" => "it reads nothing, as far as the export shows";
    }
}

/// Every selected workbook without a link. All that is known is of one site.
pub(super) fn all(known: &[Known]) -> Vec<(WorkbookIx, WithoutLinks)> {
    let selected = known.first().into_iter().flat_map(Known::selected);
    let reasons = selected.map(|at| (at, reason(known, at)));
    reasons
        .filter_map(|(at, reason)| Some((at, reason?)))
        .collect()
}

/// Why a workbook has no link; `None` if it has one, be it to a node of another project.
fn reason(known: &[Known], at: WorkbookIx) -> Option<WithoutLinks> {
    let tables = known
        .iter()
        .flat_map(|known| &known.links.workbooks[at.0].tables);
    let outcomes = tables.map(|read| &read.table.outcome);
    let told = outcomes.filter(|outcome| **outcome != Outcome::ToldElsewhere);
    Some(match told.map(Outcome::kind).min() {
        Some(OutcomeKind::Linked | OutcomeKind::OtherProject) => return None,
        Some(OutcomeKind::Ambiguous) => WithoutLinks::Ambiguous,
        Some(OutcomeKind::Unknown) => WithoutLinks::Unknown,
        Some(OutcomeKind::Hidden) => WithoutLinks::Hidden,
        Some(OutcomeKind::Unresolved) => WithoutLinks::Unresolved,
        Some(OutcomeKind::Unreadable) => WithoutLinks::CustomSql,
        Some(OutcomeKind::OtherPlatform) => WithoutLinks::OtherPlatform,
        Some(OutcomeKind::NotWarehouse) => WithoutLinks::NotWarehouse,
        None if known.iter().all(|known| lists_nothing(known, at)) => WithoutLinks::NothingListed,
        None => WithoutLinks::ReadsNothing,
    })
}

fn lists_nothing(known: &Known, at: WorkbookIx) -> bool {
    let gaps = &known.site.workbook(at).gaps;
    gaps.contains(&WorkbookGap::NothingUpstream)
}

/// The cause of workbooks of which the export lists nothing at all.
pub(super) fn nothing_listed(known: &Known) -> Option<Cause> {
    let workbooks = known
        .selected()
        .filter(|at| known.links.workbooks[at.0].tables.is_empty() && lists_nothing(known, *at));
    let workbooks = workbooks.count();
    (workbooks > 0).then(|| Cause {
        why: Why::NothingListed,
        counted: Counted {
            workbooks,
            ..Counted::default()
        },
        withheld: Vec::new(),
        cures: vec![
            UPSTREAM,
            Cure::Advice("docs/tableau-export.md of autoexpose has whole queries"),
        ],
    })
}
