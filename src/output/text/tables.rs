//! Counts of tables by outcome, tables that are not linked, and diagnostics.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

use super::super::report::{Report, Unlinked};
use super::super::unlinked::{grouped, listed};
use super::super::yaml;
use super::super::{printable, visible};
use super::{FAINT, Page};
use crate::link::OutcomeKind;
use crate::model::{ConnectionType, Severity};
use crate::settings::Pattern;

impl Page {
    pub(super) fn tables(&mut self, report: &Report) -> fmt::Result {
        let total = report.tables.values().sum::<usize>();
        let what = match total {
            0 => "Tables: none".to_owned(),
            _ => format!("Tables: {total}, each counted once per workbook that reads it"),
        };
        self.heading(&what)?;
        for (kind, count) in report.tables.iter().filter(|(_, count)| **count > 0) {
            let name = kind.text();
            writeln!(self.text, "  {count:6}  {name:14} {}", meaning(*kind))?;
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
        for (group, readers) in groups {
            outcomes.insert(group.outcome);
            let connection = group
                .connection
                .map(|name| format!(" ({})", printable(name)));
            let connection = connection.unwrap_or_default();
            let (table, detail) = (printable(&visible(group.table)), printable(&group.detail));
            writeln!(
                self.text,
                "  {table}{connection}  {}: {detail}",
                group.outcome
            )?;
            for near in group.nearest {
                let lead = if group.outcome == OutcomeKind::Ambiguous {
                    "fits   "
                } else {
                    "nearest"
                };
                let difference = if group.outcome == OutcomeKind::Ambiguous {
                    String::new()
                } else {
                    format!(": {}", near.difference)
                };
                writeln!(
                    self.text,
                    "      {lead}  {} ({}){difference}",
                    printable(&near.unique_id),
                    printable(&visible(&near.relation))
                )?;
            }
            let line = self.paint(FAINT, &format!("read by  {}", listed(&readers)));
            writeln!(self.text, "      {line}")?;
        }
        self.unlinked_help(unlinked, &outcomes)
    }

    /// What to do about tables that are not linked.
    fn unlinked_help(
        &mut self,
        unlinked: &[Unlinked],
        outcomes: &BTreeSet<OutcomeKind>,
    ) -> fmt::Result {
        let schemas = default_schemas(unlinked);
        if !schemas.is_empty() {
            writeln!(
                self.text,
                "  help: where Tableau shows no schema, set it in autoexpose.yml: match: {{default_schema: [{}]}}",
                printable(&schemas.join(", "))
            )?;
        }
        if unlinked
            .iter()
            .any(Unlinked::is_in_one_of_several_databases)
        {
            writeln!(self.text, "  help: {SEVERAL_DATABASES}")?;
        }
        for (_, help) in HELP
            .iter()
            .filter(|(outcome, _)| outcomes.contains(outcome))
        {
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
        self.heading("Notes and warnings")?;
        for diagnostic in shown {
            let severity = match diagnostic.code.severity() {
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

/// Entries of `default_schema` for the tables without a schema, in which the user fills in the
/// schema: one per connection type, or one per database if a type has several.
fn default_schemas(unlinked: &[Unlinked]) -> Vec<String> {
    let mut databases = BTreeMap::<_, BTreeSet<_>>::new();
    for table in unlinked.iter().filter(|table| table.lacks_schema()) {
        let connection = ConnectionType::new(table.connection_type.as_deref().map(Cow::Borrowed));
        let base = connection.base().map(str::to_owned);
        // The first entry that fits is used, so entries that fit more come last.
        databases
            .entry((base.is_none(), base))
            .or_default()
            .insert((table.database.is_none(), table.database.as_deref()));
    }
    let item = |base: &Option<String>, database: Option<&str>| {
        let parts = [("connection_type", base.as_deref()), ("database", database)];
        let given = parts
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}: {}, ", pattern(value?))));
        format!("{{{}schema: …}}", given.collect::<String>())
    };
    let mut items = Vec::new();
    for ((_, base), databases) in &databases {
        if databases.len() == 1 {
            items.push(item(base, None));
        } else {
            items.extend(databases.iter().map(|(_, database)| item(base, *database)));
        }
    }
    items
}

/// A pattern that matches only this text.
fn pattern(text: &str) -> String {
    yaml::word(&Pattern::escape(text))
}

/// What to do about tables in several databases that fit one node.
const SEVERAL_DATABASES: &str = "a relation is in one database only. \
     Set in autoexpose.yml which one is the project's: match: {databases: […]}";

/// What to do about tables with these outcomes.
const HELP: [(OutcomeKind, &str); 4] = [
    (
        OutcomeKind::Hidden,
        "Tableau hides the names of tables that the token cannot see. Export with the token of a site administrator, \
         or have an administrator turn on derived permissions (they are on with Data Management).",
    ),
    (
        OutcomeKind::Unresolved,
        "where objects are missing from the export, add their pages: embedded and published data sources, virtual \
         connections, flows, tables.",
    ),
    (
        OutcomeKind::Unreadable,
        "it is not known what such custom SQL reads, so the exposure may lack dependencies.",
    ),
    (
        OutcomeKind::Ambiguous,
        "a table that fits several nodes is not linked: two sources on one relation, names that differ only in case, \
         or a table without a database. Set in autoexpose.yml whose sources take precedence: \
         match: {prefer_packages: […]}; add `fullName` and `database { name }` to the query, which tell relations apart.",
    ),
];

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
