//! Counts of tables by outcome, tables that are not linked, and diagnostics.

use std::fmt::{self, Write};

use super::super::report::{Nearest, Report, Unlinked};
use super::super::unlinked::Shown;
use super::super::{printable, visible};
use super::{FAINT, Page};
use crate::link::OutcomeKind;
use crate::model::{Diagnostic, Severity};

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
        let shown = if self.options.verbose {
            Shown::all(unlinked)
        } else {
            Shown::new(unlinked)
        };
        let rest = shown.rest();
        if shown.groups.is_empty() && rest.is_none() {
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
            let line = self.paint(FAINT, &format!("read by  {}", readers.listed()));
            writeln!(self.text, "      {line}")?;
        }
        self.left_out("  ", more, "")?;
        if let Some(rest) = rest {
            writeln!(self.text, "  {rest} (`-v` lists them)")?;
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

    pub(super) fn diagnostics(&mut self, report: &Report) -> fmt::Result {
        let shown = report.diagnostics.iter().filter(|diagnostic| {
            self.options.verbose || diagnostic.code != crate::model::Code::IgnoredSections
        });
        let shown = shown.collect::<Vec<_>>();
        if shown.is_empty() {
            return Ok(());
        }
        self.heading("Notes and warnings")?;
        for of_one_code in shown.chunk_by(|one, other| one.code == other.code) {
            let (first, more) = self.capped(of_one_code);
            for diagnostic in first {
                self.diagnostic(diagnostic)?;
            }
            let code = of_one_code[0].code;
            self.left_out("  ", more, &format!("[{code}]"))?;
        }
        Ok(())
    }

    fn diagnostic(&mut self, diagnostic: &Diagnostic) -> fmt::Result {
        let severity = match diagnostic.code.severity() {
            Severity::Note => "note",
            Severity::Warning => "warning",
        };
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
        OutcomeKind::Ambiguous => "several nodes fit",
        OutcomeKind::Unknown => "no relation of the project fits",
        OutcomeKind::Hidden => "Tableau hides the name",
        OutcomeKind::Unresolved => "the export does not show its tables",
        OutcomeKind::Unreadable => "custom SQL that could not be read",
        OutcomeKind::OtherPlatform => "in another warehouse",
        OutcomeKind::NotWarehouse => "files, sheets, extracts, web connectors",
    }
}
