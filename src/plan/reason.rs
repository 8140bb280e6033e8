//! Why exposures of earlier runs are removed or kept although this run does not want them.

use crate::model::display::display_enum;
use crate::model::tableau::joined;
use crate::model::{SiteId, WorkbookListGap};
use crate::settings::NotSelected;

display_enum! {
    /// Why an exposure is removed.
    pub enum RemovalReason {
        /// Somebody switched it off in the project.
        Disabled => "it is disabled in the project";
        /// This hand-written exposure covers its workbook.
        HandWritten(id: String) => "the hand-written exposure {id} already covers its workbook";
        /// A complete export of its site does not list its workbook.
        WorkbookGone => "its workbook is gone";
        /// The settings leave its workbook out.
        NotSelected(reason: NotSelected) => "{reason}";
        /// Its workbook has another exposure of ours.
        OtherExposure => "its workbook already has another exposure";
        /// Its workbook reads nothing of this project.
        ReadsNothing => "its workbook no longer reads anything from this project";
    }
}

display_enum! {
    /// Why an exposure is kept.
    pub enum KeepReason {
        /// This run does not look at its workbook.
        OutOfThisRun(reason: NotSelected) => "{reason}";
        /// None of the exports of this run is of its site.
        SiteNotExported(site: SiteId) => "none of the given exports covers its site ({site})";
        /// The export of its site may not list every workbook.
        ExportIncomplete(gaps: Vec<WorkbookListGap>)
            => "the export may not list every workbook: {}", joined(gaps);
        /// Tableau hides its workbook, so that the selection cannot be checked.
        WorkbookHidden
            => "its workbook is hidden from the export, so the selection cannot be checked";
        /// The export does not show everything that its workbook reads.
        WorkbookIncomplete => "the export does not show everything its workbook reads";
        /// It is defined in this YAML file of the project; otherwise something else would be done.
        InYaml(otherwise: Otherwise, file: String)
            => "{otherwise}, but it is defined in {file}, which autoexpose does not edit";
    }
}

display_enum! {
    /// What would be done with an exposure that a YAML file defines, if it were ours to edit.
    pub enum Otherwise {
        /// It would be removed.
        Remove(reason: RemovalReason) => "{reason}";
        /// It would be kept.
        Keep(reason: Box<KeepReason>) => "{reason}";
        /// It would be changed.
        Change => "it differs from its workbook";
    }
}
