//! What became of the tables, why some are not linked, and what else there is to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

use super::super::printable;
use super::super::report::{Nearest, Report, Unlinked};
use super::{FAINT, Page};
use crate::link::rules::ONLY_NAME_KNOWN;
use crate::model::Severity;

/// How many workbooks are named for one table.
const MOST_READERS: usize = 3;
/// Outcomes that are normal and are only listed on request.
const NORMAL: [&str; 2] = ["not-warehouse", "other-platform"];

impl Page {
    pub(super) fn tables(&mut self, report: &Report) -> fmt::Result {
        let total = report.tables.values().sum::<usize>();
        self.heading(&format!(
            "Tables: {total}, each counted once for each workbook that reads it"
        ))?;
        for name in crate::link::Outcome::NAMES {
            let count = report.tables.get(name).copied().unwrap_or_default();
            if count > 0 {
                writeln!(self.text, "  {count:6}  {name:14} {}", meaning(name))?;
            }
        }
        Ok(())
    }

    pub(super) fn unlinked(&mut self, unlinked: &[Unlinked]) -> fmt::Result {
        let is_listed =
            |unlinked: &&Unlinked| self.options.verbose || !NORMAL.contains(&unlinked.outcome);
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
        "unresolved" => "mentioned, but not in the export",
        "unreadable" => "custom SQL that is not understood",
        "other-platform" => "in another warehouse",
        "not-warehouse" => "files, sheets, extracts, web connectors",
        _ => "",
    }
}

/// The same table is often read by many workbooks, for the same reason unlinked in all.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Group<'r> {
    outcome: &'r str,
    table: &'r str,
    connection: Option<&'r str>,
    detail: &'r str,
    nearest: &'r [Nearest],
}

/// Workbooks by title and luid, since titles may be the same.
type Readers<'r> = BTreeSet<(&'r str, &'r str)>;

fn grouped<'r>(unlinked: impl Iterator<Item = &'r Unlinked>) -> Vec<(Group<'r>, Readers<'r>)> {
    let mut groups: BTreeMap<(usize, Group<'r>), Readers<'r>> = BTreeMap::new();
    for one in unlinked {
        let rank = crate::link::Outcome::NAMES
            .iter()
            .position(|name| *name == one.outcome)
            .unwrap_or_default();
        let group = Group {
            outcome: one.outcome,
            table: &one.table,
            connection: one.connection_type.as_deref(),
            detail: &one.detail,
            nearest: &one.nearest,
        };
        let title = if one.workbook.is_empty() { &one.luid } else { &one.workbook };
        groups.entry((rank, group)).or_default().insert((title, &one.luid));
    }
    groups.into_iter().map(|((_, group), readers)| (group, readers)).collect()
}

fn listed(readers: &Readers) -> String {
    let named = readers
        .iter()
        .take(MOST_READERS)
        .map(|(title, _)| printable(title))
        .collect::<Vec<_>>()
        .join(", ");
    match readers.len().saturating_sub(MOST_READERS) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
