//! The report on several projects: a total, what is about all of them, and each of which there is
//! something to say.

use std::fmt::{self, Write};

use super::super::{nothing_changes, printable};
use super::{HEADING, Page, is_first_run};
use crate::report::{Report, Several};

impl Page {
    pub(super) fn projects(&mut self, several: &Several) -> fmt::Result {
        let all = &several.all;
        for report in &several.projects {
            self.lost_of_project(report)?;
        }
        if !self.options.quiet {
            if let Some(nothing) = nothing_changes(&several.projects) {
                writeln!(self.text, "{nothing}")?;
            }
            writeln!(self.text, "{}", several.change_counts())?;
            self.first_runs(several)?;
            self.workbook_counts(&all.workbooks)?;
            self.causes(all)?;
        }
        for report in several.loud() {
            self.project(report, all)?;
        }
        if self.options.quiet {
            return Ok(());
        }
        if let Some(silent) = several.silent(self.options.verbose, printable) {
            let hint = match silent.contains(" more") {
                true => self.hint(),
                false => "",
            };
            writeln!(self.text, "\n{silent}{hint}")?;
        }
        self.without_links(all)?;
        self.not_selected(&all.not_selected)?;
        self.tables(all)?;
        self.unlinked(&all.unlinked)?;
        self.diagnostics(all, all)
    }

    /// In how many projects all exposures count as added.
    fn first_runs(&mut self, several: &Several) -> fmt::Result {
        let projects = several.projects.iter();
        let first = projects.filter(|report| is_first_run(report));
        let first = first.collect::<Vec<_>>();
        let is_of_files = first.iter().any(|report| report.files.is_some());
        let holder = match (is_of_files, first.len()) {
            (_, 0) => return Ok(()),
            (true, 1) => "The YAML files of 1 project contain".to_owned(),
            (true, count) => format!("The YAML files of {count} projects contain"),
            (false, 1) => "1 manifest contains".to_owned(),
            (false, count) => format!("{count} manifests contain"),
        };
        let whose = if first.len() == 1 { "its" } else { "their" };
        writeln!(
            self.text,
            "{holder} no exposures of an earlier run, so all of {whose} exposures count as added."
        )
    }

    fn lost_of_project(&mut self, report: &Report) -> fmt::Result {
        if report.lost.relations.is_empty() && report.lost.not_selected == 0 {
            return Ok(());
        }
        let heading = format!("Project {}", printable(&report.manifest.project));
        let heading = self.paint(HEADING, &heading);
        writeln!(self.text, "{heading}")?;
        self.lost(&report.lost)
    }

    /// What is said of one project alone.
    fn project(&mut self, report: &Report, all: &Report) -> fmt::Result {
        if self.options.quiet {
            self.exposures(report)?;
            return self.files(report.files.as_deref());
        }
        let heading = format!("Project {}", printable(&report.manifest.project));
        self.change_counts(&heading, report)?;
        let tables = format!("; {}", report.own_tables());
        self.manifest(&report.manifest, &tables)?;
        self.exposures(report)?;
        self.files(report.files.as_deref())?;
        self.manual(&report.manual)?;
        self.diagnostics(report, all)
    }
}
