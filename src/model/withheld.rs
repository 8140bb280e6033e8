//! What an audience may not see: workbooks without the facts that tell them apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::display::display_enum;
use super::index::WorkbookIx;

display_enum! {
    /// Why a workbook is withheld.
    pub enum WhyWithheld {
        /// The audience may not see it.
        Denied = "denied" => "the audience may not see it";
        /// Nothing shows whether the audience may see it.
        Unknown = "unknown" => "it is not known whether the audience may see it";
    }
}

display_enum! {
    /// A fact about a workbook that may be withheld. The texts are the words of the settings.
    pub enum Fact {
        /// Its title.
        Title => "title";
        /// The projects that it is in.
        Project => "project";
        /// Its owner.
        Owner => "owner";
        /// Its description.
        Description => "description";
        /// Its address, and the paths of its views.
        Url => "url";
        /// Its tags.
        Tags => "tags";
        /// When it was created, changed and refreshed.
        Times => "times";
        /// The names of what lies between it and its tables: data sources, custom SQL, flows.
        Sources => "sources";
    }
}

/// How what an audience may not see is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Why it is withheld.
    pub why: WhyWithheld,
    /// What is shown in the place of a title.
    pub label: Arc<str>,
    /// The facts that are shown all the same.
    pub shown: Arc<BTreeSet<Fact>>,
}

impl Withheld {
    /// Whether a fact is shown all the same.
    pub fn shows(&self, fact: Fact) -> bool {
        self.shown.contains(&fact)
    }
}

/// An exposure that says more than the audience may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The id that is shown in place of its own.
    pub unique_id: String,
    /// What it names the workbook by.
    pub by: NamedBy,
    /// The position of the workbook; `None` if no export lists it.
    pub workbook: Option<WorkbookIx>,
    /// The luid of the workbook.
    pub luid: String,
}

/// What an exposure names a workbook by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedBy {
    /// It is an exposure of ours.
    Ours,
    /// Its meta has the luid of the workbook.
    Luid,
    /// Its url opens the workbook.
    Url,
    /// Its label is the title of the workbook.
    Title,
}

/// How many workbooks a run withholds, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WithheldCounts {
    /// The audience, as it is named in the settings.
    pub audience: String,
    /// Whether they are left out, and not only without names.
    pub are_left_out: bool,
    /// Whether nothing at all shows what the audience may see.
    pub is_nothing_known: bool,
    /// The workbooks of the export that the audience may not see.
    pub denied: usize,
    /// Those of which it is not known.
    pub unknown: usize,
    /// The exposures of earlier runs whose workbooks no export lists.
    pub not_listed: usize,
    /// The hand-written exposures of such workbooks. They stay in their files, and no report names them.
    pub hand_written: usize,
}

impl WithheldCounts {
    /// The workbooks of the export that are withheld.
    pub fn workbooks(&self) -> usize {
        self.denied + self.unknown
    }

    /// What becomes of them, in the word of the settings.
    pub fn way(&self) -> &'static str {
        if self.are_left_out {
            "filter"
        } else {
            "obfuscate"
        }
    }

    /// Whether anything is withheld.
    pub fn is_any(&self) -> bool {
        self.workbooks() + self.not_listed + self.hand_written > 0
    }
}
