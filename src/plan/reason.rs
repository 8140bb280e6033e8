//! Why exposures of earlier runs go or stay although this run does not want them.

use std::fmt;

use crate::model::{Evidence, SiteId};
use crate::settings::NotSelected;

/// Why an exposure is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemovalReason {
    /// Somebody switched it off in the project.
    Disabled,
    /// This hand-written exposure covers its workbook.
    HandWritten(String),
    /// A complete export of its site does not list its workbook.
    WorkbookGone,
    /// The settings leave its workbook out, for this reason.
    NotSelected(NotSelected),
    /// Its workbook has another exposure of ours.
    OtherExposure,
    /// Its workbook reads nothing of this project.
    ReadsNothing,
}

impl fmt::Display for RemovalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disabled => f.write_str("it is disabled in the project"),
            Self::HandWritten(id) => {
                write!(f, "{id}, written by hand, stands for its workbook")
            }
            Self::WorkbookGone => f.write_str("its workbook is gone"),
            Self::NotSelected(reason) => reason.fmt(f),
            Self::OtherExposure => f.write_str("another exposure stands for its workbook"),
            Self::ReadsNothing => {
                f.write_str("its workbook reads nothing of this project any more")
            }
        }
    }
}

/// Why an exposure is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeepReason {
    /// This run does not look at its workbook, for this reason.
    OutOfThisRun(NotSelected),
    /// None of the exports of this run is of its site.
    SiteNotExported(SiteId),
    /// The export of its site may not list every workbook.
    ExportIncomplete(Evidence),
    /// Tableau hides its workbook, so that the selection cannot be checked.
    WorkbookHidden,
    /// The export does not show everything that its workbook reads.
    WorkbookIncomplete,
    /// It is defined in a YAML file of the project.
    InYaml {
        /// The file.
        file: String,
        /// What would be done with it otherwise.
        otherwise: Otherwise,
    },
}

impl fmt::Display for KeepReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfThisRun(reason) => reason.fmt(f),
            Self::SiteNotExported(site) => {
                write!(f, "no export of this run is of its site ({site})")
            }
            Self::ExportIncomplete(evidence) => write!(
                f,
                "the export may not list every workbook: {}",
                evidence.reasons()
            ),
            Self::WorkbookHidden => f.write_str(
                "the export keeps back what its workbook is, so that no selection can tell",
            ),
            Self::WorkbookIncomplete => f.write_str("not all that its workbook reads is known"),
            Self::InYaml { file, otherwise } => write!(
                f,
                "{otherwise}, but it stands in {file}, which is not edited here"
            ),
        }
    }
}

/// What would be done with an exposure that a YAML file defines, if it were ours to edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Otherwise {
    /// It would be removed.
    Remove(RemovalReason),
    /// It would be kept.
    Keep(Box<KeepReason>),
    /// It would be changed.
    Change,
}

impl fmt::Display for Otherwise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Remove(reason) => reason.fmt(f),
            Self::Keep(reason) => reason.fmt(f),
            Self::Change => f.write_str("it differs from its workbook"),
        }
    }
}
