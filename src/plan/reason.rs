//! Why exposures of earlier runs are removed, or kept although this run does not want them; each
//! reason with the sentence that reports show.

use crate::model::display::display_enum;
use crate::model::tableau::joined;
use crate::model::{SiteId, WorkbookListGap};
use crate::settings::NotSelected;

display_enum! {
    /// Why an exposure is removed.
    pub enum RemovalReason {
        /// It is disabled in the project, under its id or with its workbook's luid.
        Disabled = "disabled" => "it is disabled in the project";
        /// This hand-written exposure covers its workbook.
        HandWritten(id: String) = "hand-written" => "the hand-written exposure {id} already covers its workbook";
        /// A complete export of its site does not list its workbook.
        WorkbookGone = "workbook-gone" => "its workbook is gone";
        /// The export is narrowed to projects in which its workbook was, and does not list it.
        LeftProjects(to: String) = "left-projects" => "its workbook is no longer in the projects that the export was asked for ({to})";
        /// No export lists its workbook, all of them are complete, and its site is not known.
        NotListed = "not-listed" => "no site of this run lists its workbook";
        /// The configuration, or a flag together with `--prune`, leaves its workbook out.
        NotSelected(reason: NotSelected) = "not-selected" => "{reason}";
        /// Another owned exposure covers its workbook.
        OtherExposure = "other-exposure" => "its workbook already has another exposure";
        /// Its workbook is listed, and none of its tables is linked.
        ReadsNothing = "reads-nothing" => "its workbook no longer reads anything from this project";
        /// dbt refuses every reference to what its workbook reads.
        NotReferable = "not-referable" => "dbt refuses in YAML everything that its workbook reads";
        /// Its workbook reads on, and none of its tables is linked.
        LinksLost = "links-lost" => "nothing of what its workbook still reads links to this project any more";
        /// Other projects of this run build what it depended on, and its workbook reads that on.
        Moved(to: String) = "moved" => "moved to {to}, which now builds what its workbook still reads";
        /// The audience may not see its workbook, and such workbooks are left out.
        NotForAudience = "not-for-audience" => "it is not for this audience";
        /// None of the tables of its workbook is linked, and some may be what it read.
        LinksNotKnown = "links-not-known" => "no table of its workbook links to this project any more, and it is not known whether it still reads what it read";
    }
}

display_enum! {
    /// Why an exposure is kept.
    pub enum KeepReason {
        /// The flags of this run leave its workbook out, or cannot decide about it.
        OutOfThisRun(reason: NotSelected) = "out-of-this-run" => "{reason}";
        /// No export of this run is from its site.
        SiteNotExported(site: SiteId) = "site-not-exported" => "no export of this run is from its site ({site})";
        /// The export of its site does not list its workbook, and may not list every one.
        ExportIncomplete(gaps: Vec<WorkbookListGap>) = "export-incomplete"
            => "the export may not list every workbook: {}{}", joined(gaps), way_out(gaps);
        /// It would be removed for this reason, but the export of its site may not be whole.
        Unproven(reason: RemovalReason, gaps: Vec<WorkbookListGap>) = "unproven"
            => "{reason}, but the export may not list every workbook: {}{}", joined(gaps), way_out(gaps);
        /// Another user made the export of its site than that of the last run, and sees perhaps less.
        OtherUser(before: String, now: String) = "other-user"
            => "{now} made the export, who may see less than {before}, who made the last one";
        /// Tableau hides its workbook, and so the facts that the selection depends on.
        WorkbookHidden = "workbook-hidden"
            => "Tableau hides its workbook, so include and exclude cannot be applied";
        /// The export does not show everything that its workbook reads.
        WorkbookIncomplete = "workbook-incomplete" => "the export does not show everything its workbook reads";
        /// What its workbook reads is elsewhere in the manifest, as in that of another target.
        OtherTarget(node: String, relation: String, table: String) = "other-target"
            => "its workbook reads {table}, and {node} is {relation} in this manifest, which seems to be of another target; give that of the target which Tableau reads, with `--manifest`";
        /// It is defined in this YAML file of the project. What would be done otherwise comes
        /// first.
        InYaml(otherwise: Otherwise, file: String) = "in-yaml"
            => "{otherwise}{}it is defined in {file}, which `autoexpose yaml` keeps up to date", otherwise.but();
        /// It is defined in this YAML file of an installed package. What would be done otherwise comes
        /// first.
        InPackage(otherwise: Otherwise, file: String, package: String) = "in-package"
            => "{otherwise}{}it is defined in {file} of package {package}, which its own project keeps up to date", otherwise.but();
    }
}

/// The flag that proves a list of workbooks to be complete, where nothing contradicts it.
fn way_out(gaps: &[WorkbookListGap]) -> &'static str {
    match gaps {
        [WorkbookListGap::PlainList | WorkbookListGap::NotCounted] => {
            "; if it lists every workbook, pass `--export-complete`"
        }
        _ => "",
    }
}

display_enum! {
    /// What would be done with an exposure if it were not defined in a YAML file.
    pub enum Otherwise {
        /// It would be removed.
        Remove(reason: RemovalReason) => "{reason}";
        /// It would be kept.
        Keep(reason: Box<KeepReason>) => "{reason}";
        /// It would be changed.
        Change => "it differs from its workbook";
    }
}

impl Otherwise {
    /// What joins it with the file, which is no reason against keeping.
    fn but(&self) -> &'static str {
        match self {
            Self::Remove(_) | Self::Change => ", but ",
            Self::Keep(_) => "; ",
        }
    }
}
