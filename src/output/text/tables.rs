//! Counts of tables by outcome, tables that are not linked, and diagnostics.

use std::fmt::{self, Write};

use super::super::diagnostics::Listed;
use super::super::unlinked::Shown;
use super::super::{printable, visible};
use super::{FAINT, MOST_SHOWN, Page};
use crate::link::OutcomeKind;
use crate::model::Diagnostic;
use crate::report::{Nearest, Report, Unlinked};

impl Page {
    pub(super) fn tables(&mut self, report: &Report) -> fmt::Result {
        let total = report.tables.values().sum::<usize>();
        let what = match total {
            0 => "Tables: none".to_owned(),
            _ => format!("Tables: {total}, each counted once per workbook that reads it"),
        };
        self.heading(&what)?;
        if total > 0 {
            self.headings("  ", &format!("{:>6}  {:14} meaning", "count", "outcome"))?;
        }
        for (kind, count) in report.tables.iter().filter(|(_, count)| **count > 0) {
            let name = kind.text();
            writeln!(self.text, "  {count:6}  {name:14} {}", meaning(*kind))?;
        }
        Ok(())
    }

    pub(super) fn unlinked(&mut self, unlinked: &Unlinked) -> fmt::Result {
        let shown = Shown::new(unlinked, self.options.verbose);
        let (told, rest) = (shown.told(), shown.rest());
        if shown.groups.is_empty() && told.is_none() && rest.is_none() {
            return Ok(());
        }
        self.heading("Not linked")?;
        let (groups, more) = self.capped(&shown.groups);
        for (group, readers) in groups {
            let connection = group
                .connection
                .map(|name| format!(" ({})", printable(name)));
            let connection = connection.unwrap_or_default();
            let (table, detail) = (printable(&visible(group.table)), printable(group.detail));
            writeln!(
                self.text,
                "  {table}{connection}  {}: {detail}",
                group.outcome
            )?;
            let is_ambiguous = group.outcome == OutcomeKind::Ambiguous;
            self.nearest(if is_ambiguous { "fits" } else { "nearest" }, group.nearest)?;
            let line = self.paint(FAINT, &format!("read by  {}", readers.listed(printable)));
            writeln!(self.text, "      {line}")?;
        }
        self.left_out("  ", more, "")?;
        if let Some(told) = told {
            writeln!(self.text, "  {told}")?;
        }
        if let Some(rest) = rest {
            let hint = self.hint();
            writeln!(self.text, "  {rest}{hint}")?;
        }
        Ok(())
    }

    /// Relations that come near, or fit.
    pub(super) fn nearest(&mut self, lead: &str, nearest: &[Nearest]) -> fmt::Result {
        for near in nearest {
            let (id, relation) = (
                printable(&near.unique_id),
                printable(&visible(&near.relation)),
            );
            let difference = match lead {
                "fits" => String::new(),
                _ => format!(": {}", printable(&near.difference)),
            };
            writeln!(self.text, "      {lead:7}  {id} ({relation}){difference}")?;
        }
        Ok(())
    }

    /// The diagnostics of a report, which may be a part of another one.
    pub(super) fn diagnostics(&mut self, report: &Report, all: &Report) -> fmt::Result {
        let listed = Listed::new(report, all, self.options.verbose);
        if listed.is_empty() {
            return Ok(());
        }
        self.notes_and_warnings(&listed.diagnostics, MOST_SHOWN)?;
        match listed.told() {
            Some((code, told)) => {
                writeln!(self.text, "  {}[{code}]: {told}", code.severity().as_str())
            }
            None => Ok(()),
        }
    }

    /// Diagnostics below their heading, of each code at most so many.
    pub(super) fn notes_and_warnings(&mut self, told: &[&Diagnostic], most: usize) -> fmt::Result {
        self.heading("Notes and warnings")?;
        for of_one_code in told.chunk_by(|one, other| one.code == other.code) {
            let (first, more) = self.capped_at(of_one_code, most);
            for diagnostic in first {
                self.diagnostic(diagnostic)?;
            }
            let code = of_one_code[0].code;
            self.left_out("  ", more, &format!("[{code}]"))?;
        }
        Ok(())
    }

    fn diagnostic(&mut self, diagnostic: &Diagnostic) -> fmt::Result {
        let severity = diagnostic.code.severity().as_str();
        let place = if diagnostic.place.is_empty() {
            String::new()
        } else {
            format!("{}: ", printable(&diagnostic.place))
        };
        let message = printable(&diagnostic.message);
        let code = diagnostic.code;
        writeln!(self.text, "  {severity}[{code}]: {place}{message}")?;
        match &diagnostic.help {
            Some(help) => writeln!(self.text, "    help: {}", printable(help)),
            None => Ok(()),
        }
    }
}

fn meaning(outcome: OutcomeKind) -> &'static str {
    match outcome {
        OutcomeKind::Linked => "a node of the project",
        OutcomeKind::OtherProject => "a node of another project of this run",
        OutcomeKind::Ambiguous => "several nodes fit",
        OutcomeKind::Unknown => "no relation of the project fits",
        OutcomeKind::Hidden => "Tableau hides the name",
        OutcomeKind::Unresolved => "the export does not show its tables",
        OutcomeKind::Unreadable => "custom SQL that could not be read",
        OutcomeKind::OtherPlatform => "in another warehouse",
        OutcomeKind::NotWarehouse => "files, sheets, extracts, web connectors",
    }
}
