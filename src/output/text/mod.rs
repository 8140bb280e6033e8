//! Renders the report as text for people: lost links, why tables are not linked, exposures that
//! change, counts of tables by outcome, tables that are not linked, and diagnostics.

mod causes;
mod changes;
pub mod explain;
mod lost;
mod several;
mod tables;
pub mod usage;

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::cap::{MOST_SHOWN, capped};
use super::{
    Options, as_sentence, change_counts, counted, files_that_change, nothing_changes, printable,
};
use crate::model::Diagnostic;
use crate::report::{ChangeOfFile, ChangedFile, ManifestFacts, Report, Several, WorkbookCounts};

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const KEPT: Style = AnsiColor::Cyan.on_default();
const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Renders the report.
pub fn render(report: &Report, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    // Writing to a String does not fail.
    let _ = page.report(report);
    page.text
}

/// Renders the report on several projects.
pub fn render_several(several: &Several, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    // Writing to a String does not fail.
    let _ = page.projects(several);
    page.text
}

/// Renders diagnostics below their heading, of each code at most so many; nothing if there are none.
pub(crate) fn notes_and_warnings(told: &[&Diagnostic], most: usize, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    if !told.is_empty() {
        // Writing to a String does not fail.
        let _ = page.notes_and_warnings(told, most);
    }
    page.text
}

/// A text in a style, if colours are used.
pub(crate) fn painted(text: &str, style: Style, options: Options) -> String {
    if options.colored {
        format!("{}{text}{}", style.render(), style.render_reset())
    } else {
        text.to_owned()
    }
}

struct Page {
    text: String,
    options: Options,
}

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        painted(text, style, self.options)
    }

    /// As much of a list as is shown, and how many entries are left out.
    fn capped<'l, T>(&self, list: &'l [T]) -> (&'l [T], usize) {
        self.capped_at(list, MOST_SHOWN)
    }

    /// The same of a list of which so many entries are shown.
    fn capped_at<'l, T>(&self, list: &'l [T], most: usize) -> (&'l [T], usize) {
        capped(list, most, self.options.verbose)
    }

    /// The line below a list of which some entries are left out; `what` they are may be empty.
    fn left_out(&mut self, indent: &str, count: usize, what: &str) -> fmt::Result {
        if count == 0 {
            return Ok(());
        }
        let space = if what.is_empty() { "" } else { " " };
        let hint = self.hint();
        writeln!(self.text, "{indent}… and {count} more{space}{what}{hint}")
    }

    /// How to see what is left out.
    fn hint(&self) -> &'static str {
        self.options.hint()
    }

    fn heading(&mut self, text: &str) -> fmt::Result {
        let text = self.paint(HEADING, text);
        writeln!(self.text, "\n{text}")
    }

    /// The line above columns that says what they hold.
    fn headings(&mut self, indent: &str, text: &str) -> fmt::Result {
        let text = self.paint(FAINT, text);
        writeln!(self.text, "{indent}{text}")
    }

    fn report(&mut self, report: &Report) -> fmt::Result {
        self.lost(&report.lost)?;
        if !self.options.quiet {
            if let Some(nothing) = nothing_changes(std::slice::from_ref(report)) {
                writeln!(self.text, "{nothing}")?;
            }
            self.manifest(&report.manifest, "")?;
            self.workbook_counts(&report.workbooks)?;
            self.causes(report)?;
            self.change_counts("Exposures", report)?;
            if is_first_run(report) {
                let holder = match report.files {
                    Some(_) => "The YAML files of the project contain",
                    None => "The manifest contains",
                };
                writeln!(
                    self.text,
                    "{holder} no exposures of an earlier run, so all of them count as added."
                )?;
            }
        }
        self.exposures(report)?;
        self.files(report.files.as_deref())?;
        if self.options.quiet {
            return Ok(());
        }
        self.manual(&report.manual)?;
        self.without_links(report)?;
        self.not_selected(&report.not_selected)?;
        self.tables(report)?;
        self.unlinked(&report.unlinked)?;
        self.diagnostics(report, report)
    }

    /// The line on a manifest, with more behind it.
    fn manifest(&mut self, facts: &ManifestFacts, more: &str) -> fmt::Result {
        let made_by = [
            facts
                .dbt_version
                .as_ref()
                .map(|version| format!("dbt {}", printable(version))),
            facts.adapter.as_deref().map(printable),
        ];
        let made_by = made_by.into_iter().flatten().collect::<Vec<_>>().join(", ");
        writeln!(
            self.text,
            "{}: project {}, {}, {made_by}{more}",
            printable(&facts.path),
            printable(&facts.project),
            counted(facts.relations, "relation")
        )
    }

    fn workbook_counts(&mut self, workbooks: &WorkbookCounts) -> fmt::Result {
        write!(
            self.text,
            "Tableau: {}",
            counted(workbooks.read, "workbook")
        )?;
        let left_out = workbooks.read - workbooks.selected - workbooks.unidentified;
        let counts = [
            (left_out, "not selected"),
            (workbooks.unidentified, "without luid"),
            (workbooks.linked, "linked"),
            (workbooks.incomplete, "incomplete"),
        ];
        for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
            write!(self.text, ", {count} {what}")?;
        }
        writeln!(self.text)
    }

    fn change_counts(&mut self, heading: &str, report: &Report) -> fmt::Result {
        let counts = change_counts(std::slice::from_ref(report));
        self.heading(&format!("{heading}: {counts}"))?;
        if let Some(baseline) = report.baseline() {
            let code = self.paint(FAINT, &format!("[{}]", baseline.code));
            let sentence = printable(&as_sentence(&baseline.message));
            writeln!(self.text, "{sentence} {code}")?;
        }
        Ok(())
    }

    /// The property files that change.
    fn files(&mut self, files: Option<&[ChangedFile]>) -> fmt::Result {
        let Some(files) = files.filter(|files| !self.options.quiet || !files.is_empty()) else {
            return Ok(());
        };
        let changed = files_that_change(files);
        self.heading(&format!("Files: {changed}"))?;
        let (shown, left_out) = self.capped(files);
        for ChangedFile { path, change } in shown {
            let (style, sign) = match change {
                ChangeOfFile::Added => (ADDED, "+"),
                ChangeOfFile::Changed => (CHANGED, "~"),
                ChangeOfFile::Removed => (REMOVED, "-"),
            };
            let line = self.paint(style, &format!("{sign} {}", printable(path)));
            writeln!(self.text, "  {line}")?;
        }
        self.left_out("  ", left_out, "")
    }
}

/// Whether there is nothing to compare new exposures with.
fn is_first_run(report: &Report) -> bool {
    !report.has_baseline && !report.added.is_empty()
}
