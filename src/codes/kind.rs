//! The kinds of codes, each with its file of pages and the codes that the program has of it.

use crate::link::lost::{Ended, Fate};
use crate::link::{OutcomeKind, Rule, UnknownReason};
use crate::model::display::display_enum;
use crate::model::{Code, UnreadableSql, UnresolvedReason, WorkbookGap, WorkbookListGap};
use crate::plan::{KeepReason, RemovalReason};
use crate::settings::{Gate, NotSelected};
use crate::verdict::withheld::Because;
use crate::verdict::{Why, WithoutLinks};

display_enum! {
    /// What a code is the code of. The text is the title of its pages.
    pub enum Kind {
        /// What the report tells beside its results.
        Diagnostic = "diagnostic" => "Notes and warnings";
        /// What matching found for a table.
        Outcome = "outcome" => "Outcomes of tables";
        /// What proves a link.
        Rule = "rule" => "Matching rules";
        /// What explains several tables that are not linked.
        Cause = "cause" => "Causes of missing links";
        /// Why one table is not linked, within its outcome.
        Table = "table" => "Why a table is not linked";
        /// Why a selected workbook has no link.
        WithoutLinks = "without-links" => "Why a workbook has no link";
        /// Why a workbook may read more than the export shows.
        IncompleteWorkbook = "incomplete-workbook" => "Why a workbook is incomplete";
        /// Why an export may not list every workbook.
        IncompleteExport = "incomplete-export" => "Why an export is incomplete";
        /// Why a workbook gets no exposure although it may have links.
        NotSelected = "not-selected" => "Why a workbook is not selected";
        /// Why an exposure is removed.
        Removed = "removed" => "Why an exposure is removed";
        /// Why an exposure is kept that the run does not want.
        Kept = "kept" => "Why an exposure is kept";
        /// What became of a node whose relation is still read.
        Lost = "lost" => "How a link was lost";
        /// What an ended link is to its workbook.
        Ended = "ended" => "How a link ended";
        /// Why lines for the configuration are not proposed.
        NotProposed = "not-proposed" => "Why lines are not proposed";
        /// What `check` fails on.
        Gate = "gate" => "Gates of check";
    }
}

/// Codes, and what reports show of each: a text with `{…}` in place of its facts.
type Shown = Vec<(&'static str, &'static str)>;

impl Kind {
    /// The file with its pages, in `docs/codes`.
    pub fn file(self) -> String {
        format!("{}.md", self.key())
    }

    /// Its pages, as they stand in that file.
    pub fn page(self) -> &'static str {
        match self {
            Self::Diagnostic => include_str!("../../docs/codes/diagnostic.md"),
            Self::Outcome => include_str!("../../docs/codes/outcome.md"),
            Self::Rule => include_str!("../../docs/codes/rule.md"),
            Self::Cause => include_str!("../../docs/codes/cause.md"),
            Self::Table => include_str!("../../docs/codes/table.md"),
            Self::WithoutLinks => include_str!("../../docs/codes/without-links.md"),
            Self::IncompleteWorkbook => include_str!("../../docs/codes/incomplete-workbook.md"),
            Self::IncompleteExport => include_str!("../../docs/codes/incomplete-export.md"),
            Self::NotSelected => include_str!("../../docs/codes/not-selected.md"),
            Self::Removed => include_str!("../../docs/codes/removed.md"),
            Self::Kept => include_str!("../../docs/codes/kept.md"),
            Self::Lost => include_str!("../../docs/codes/lost.md"),
            Self::Ended => include_str!("../../docs/codes/ended.md"),
            Self::NotProposed => include_str!("../../docs/codes/not-proposed.md"),
            Self::Gate => include_str!("../../docs/codes/gate.md"),
        }
    }

    /// Its codes, in the order of the program, each once.
    pub fn codes(self) -> Vec<&'static str> {
        let mut codes = Vec::new();
        for (code, _) in self.shown() {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    /// Its codes with what reports show of them. Two texts may have one code.
    pub fn shown(self) -> Shown {
        match self {
            Self::Diagnostic => themselves(Code::ALL.iter().map(|code| code.as_str())),
            Self::Outcome => themselves(OutcomeKind::TEXTS.iter().copied()),
            Self::Rule => themselves(Rule::TEXTS.iter().copied()),
            Self::Cause => pairs(Why::KEYS, Why::TEXTS),
            Self::Table => [
                pairs(UnknownReason::KEYS, UnknownReason::TEXTS),
                pairs(UnresolvedReason::KEYS, UnresolvedReason::TEXTS),
                pairs(UnreadableSql::KEYS, UnreadableSql::TEXTS),
            ]
            .concat(),
            Self::WithoutLinks => pairs(WithoutLinks::KEYS, WithoutLinks::TEXTS),
            Self::IncompleteWorkbook => pairs(WorkbookGap::KEYS, WorkbookGap::TEXTS),
            Self::IncompleteExport => pairs(WorkbookListGap::KEYS, WorkbookListGap::TEXTS),
            Self::NotSelected => pairs(NotSelected::KEYS, NotSelected::TEXTS),
            Self::Removed => pairs(RemovalReason::KEYS, RemovalReason::TEXTS),
            Self::Kept => pairs(KeepReason::KEYS, KeepReason::TEXTS),
            Self::Lost => pairs(Fate::KEYS, Fate::TEXTS),
            Self::Ended => pairs(Ended::KEYS, Ended::TEXTS),
            Self::NotProposed => pairs(Because::KEYS, Because::TEXTS),
            Self::Gate => themselves(Gate::ALL.iter().map(|gate| gate.as_str())),
        }
    }
}

/// Codes that stand in reports as they are.
fn themselves(codes: impl Iterator<Item = &'static str>) -> Shown {
    codes.map(|code| (code, code)).collect()
}

fn pairs(keys: &[&'static str], texts: &[&'static str]) -> Shown {
    keys.iter().copied().zip(texts.iter().copied()).collect()
}
