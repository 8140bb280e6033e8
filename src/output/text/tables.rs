//! What became of the tables, why some are not linked, and what else there is to say.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use super::super::printable;
use super::super::report::{Report, Unlinked};
use super::super::unlinked::{grouped, listed};
use super::{FAINT, Page};
use crate::link::rules::ONLY_NAME_KNOWN;
use crate::model::Severity;

impl Page {
    pub(super) fn tables(&mut self, report: &Report) -> fmt::Result {
        let total = report.tables.values().sum::<usize>();
        let what = match total {
            0 => "Tables: none".to_owned(),
            _ => format!("Tables: {total}, each counted once for each workbook that reads it"),
        };
        self.heading(&what)?;
        for name in crate::link::Outcome::NAMES {
            let count = report.tables.get(name).copied().unwrap_or_default();
            if count > 0 {
                writeln!(self.text, "  {count:6}  {name:14} {}", meaning(name))?;
            }
        }
        Ok(())
    }

    pub(super) fn unlinked(&mut self, unlinked: &[Unlinked]) -> fmt::Result {
        let is_listed = |unlinked: &&Unlinked| self.options.verbose || !unlinked.is_normal();
        let groups = grouped(unlinked.iter().filter(is_listed));
        if groups.is_empty() {
            return Ok(());
        }
        self.heading("Not linked")?;
        let mut outcomes = BTreeSet::new();
        let mut needs_schema = None;
        for (group, readers) in groups {
            outcomes.insert(group.outcome);
            if group.detail == ONLY_NAME_KNOWN && needs_schema.is_none() {
                needs_schema = Some(printable(group.connection.unwrap_or("\"*\"")));
            }
            let connection = group.connection.map(|name| format!(" ({})", printable(name)));
            let connection = connection.unwrap_or_default();
            let (table, detail) = (printable(group.table), printable(group.detail));
            writeln!(self.text, "  {table}{connection}  {}: {detail}", group.outcome)?;
            for near in group.nearest {
                let lead = if group.outcome == "ambiguous" { "fits   " } else { "nearest" };
                let difference = if group.outcome == "ambiguous" {
                    String::new()
                } else {
                    format!(": {}", near.difference)
                };
                writeln!(
                    self.text,
                    "      {lead}  {} ({}){difference}",
                    printable(&near.unique_id),
                    printable(&near.relation)
                )?;
            }
            let line = self.paint(FAINT, &format!("read by  {}", listed(&readers)));
            writeln!(self.text, "      {line}")?;
        }
        if let Some(connection) = needs_schema {
            writeln!(
                self.text,
                "  help: where only the name is known, say the schema in autoexpose.yml: match: {{default_schema: [{{connection_type: {connection}, schema: …}}]}}"
            )?;
        }
        for (_, help) in HELP.iter().filter(|(outcome, _)| outcomes.contains(outcome)) {
            writeln!(self.text, "  help: {help}")?;
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
        self.heading("Also")?;
        for diagnostic in shown {
            let severity = match diagnostic.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
            };
            let place = if diagnostic.place.is_empty() {
                String::new()
            } else {
                format!("{}: ", printable(&diagnostic.place))
            };
            writeln!(
                self.text,
                "  {severity}[{}]: {place}{}",
                diagnostic.code,
                printable(&diagnostic.message)
            )?;
            if let Some(help) = &diagnostic.help {
                writeln!(self.text, "    help: {}", printable(help))?;
            }
        }
        Ok(())
    }
}

/// What to do about outcomes that can be cured.
const HELP: [(&str, &str); 4] = [
    (
        "hidden",
        "Tableau keeps names back from tokens that may not see the tables. Export with the token of a site administrator, \
         or let an administrator switch on derived permissions (with Data Management they are on).",
    ),
    (
        "unresolved",
        "add the missing pages to the export: embedded and published data sources, virtual connections, flows, tables.",
    ),
    ("unreadable", "what such custom SQL reads is not known; the exposure may lack dependencies."),
    (
        "ambiguous",
        "nothing is linked where several nodes fit: two sources on one relation, names that differ only in case, \
         or a table of which Tableau gives no database.",
    ),
];

fn meaning(outcome: &str) -> &'static str {
    match outcome {
        "linked" => "a node of the project",
        "ambiguous" => "several nodes fit",
        "unknown" => "no relation of the project fits",
        "hidden" => "Tableau keeps the name back",
        "unresolved" => "mentioned, but not told by the export",
        "unreadable" => "custom SQL that is not understood",
        "other-platform" => "in another warehouse",
        "not-warehouse" => "files, sheets, extracts, web connectors",
        _ => "",
    }
}
