//! The report for people: what changes, what became of the tables, what could not be linked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::report::{BeforeAfter, ExposureFacts, Nearest, Report, Unlinked};
use super::{counted, printable};
use crate::model::Severity;

/// How much to say, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether to use colours.
    pub colored: bool,
    /// Whether to list what needs no attention as well.
    pub verbose: bool,
    /// Whether to say only what changes.
    pub quiet: bool,
}

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const KEPT: Style = AnsiColor::Cyan.on_default();
const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// How many workbooks are named for one table.
const MOST_READERS: usize = 3;
/// Outcomes that are normal and are only listed on request.
const NORMAL: [&str; 2] = ["not-warehouse", "other-platform"];

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

struct Page {
    text: String,
    options: Options,
}

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.options.colored {
            format!("{}{text}{}", style.render(), style.render_reset())
        } else {
            text.to_owned()
        }
    }

    fn heading(&mut self, text: &str) -> fmt::Result {
        let text = self.paint(HEADING, text);
        writeln!(self.text, "\n{text}")
    }

    fn report(&mut self, report: &Report) -> fmt::Result {
        if !self.options.quiet {
            self.summary(report)?;
        }
        self.exposures(report)?;
        if self.options.quiet {
            return Ok(());
        }
        self.tables(report)?;
        self.unlinked(&report.unlinked)?;
        self.diagnostics(report)
    }

    fn exposures(&mut self, report: &Report) -> fmt::Result {
        for exposure in &report.added {
            self.exposure('+', ADDED, exposure)?;
            self.facts(exposure)?;
            self.links(exposure)?;
        }
        for changed in &report.renamed {
            self.changed('»', changed)?;
        }
        for changed in &report.changed {
            self.changed('~', changed)?;
        }
        for removed in &report.removed {
            self.exposure('-', REMOVED, &removed.exposure)?;
            writeln!(self.text, "    removed: {}", printable(&removed.reason))?;
            self.gone(&removed.exposure.depends_on)?;
        }
        for kept in &report.kept {
            self.exposure('=', KEPT, &kept.exposure)?;
            writeln!(self.text, "    kept: {}", printable(&kept.reason))?;
        }
        Ok(())
    }

    fn summary(&mut self, report: &Report) -> fmt::Result {
        let facts = &report.manifest;
        let made_by = [
            facts
                .dbt_version
                .as_ref()
                .map(|version| format!("dbt {version}")),
            facts.adapter.clone(),
        ];
        let made_by = made_by.into_iter().flatten().collect::<Vec<_>>().join(", ");
        writeln!(
            self.text,
            "{}: project {}, {}, {made_by}",
            printable(&facts.path),
            printable(&facts.project),
            counted(facts.relations, "relation")
        )?;
        let workbooks = &report.workbooks;
        write!(
            self.text,
            "Tableau: {}",
            counted(workbooks.read, "workbook")
        )?;
        let left_out = workbooks.read - workbooks.selected - workbooks.unidentified;
        let counts = [
            (left_out, "in personal spaces, left out"),
            (workbooks.unidentified, "without luid"),
            (workbooks.linked, "linked"),
            (workbooks.incomplete, "not fully known"),
        ];
        for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
            write!(self.text, ", {count} {what}")?;
        }
        writeln!(self.text)?;
        self.heading(&format!("Exposures: {}", change_counts(report)))?;
        if !report.has_baseline && !report.added.is_empty() {
            writeln!(
                self.text,
                "The manifest holds no exposures of an earlier run, so all count as added."
            )?;
        }
        Ok(())
    }

    fn exposure(&mut self, sign: char, style: Style, exposure: &ExposureFacts) -> fmt::Result {
        let title = printable(exposure.label.as_deref().unwrap_or(&exposure.name));
        let head = self.paint(style, &format!("{sign} {title}"));
        let id = self.paint(FAINT, &printable(&exposure.unique_id));
        writeln!(self.text, "{head}  {id}")
    }

    fn facts(&mut self, exposure: &ExposureFacts) -> fmt::Result {
        let facts = [
            exposure.project.clone(),
            owner(exposure),
            exposure.url.clone(),
        ];
        let facts = facts
            .into_iter()
            .flatten()
            .map(|fact| printable(&fact))
            .collect::<Vec<_>>();
        if facts.is_empty() {
            return Ok(());
        }
        let facts = self.paint(FAINT, &facts.join(" · "));
        writeln!(self.text, "    {facts}")
    }

    /// Dependencies in columns: node, rule, path.
    fn links(&mut self, exposure: &ExposureFacts) -> fmt::Result {
        let width = exposure
            .links
            .iter()
            .map(|link| link.node.chars().count())
            .max()
            .unwrap_or_default();
        for link in &exposure.links {
            let node = printable(&link.node);
            let sign = self.paint(ADDED, "+");
            let why = self.paint(
                FAINT,
                &format!("{:9} {}", printable(&link.rule), printable(&link.path)),
            );
            writeln!(self.text, "    {sign} {node:width$}  {why}")?;
        }
        Ok(())
    }

    fn gone(&mut self, nodes: &[String]) -> fmt::Result {
        for node in nodes {
            let line = self.paint(REMOVED, &format!("- {}", printable(node)));
            writeln!(self.text, "    {line}")?;
        }
        Ok(())
    }

    fn changed(
        &mut self,
        sign: char,
        BeforeAfter { before, after, .. }: &BeforeAfter,
    ) -> fmt::Result {
        self.exposure(sign, CHANGED, after)?;
        let facts = [
            (
                "id",
                Some(before.unique_id.clone()),
                Some(after.unique_id.clone()),
            ),
            ("title", before.label.clone(), after.label.clone()),
            ("project", before.project.clone(), after.project.clone()),
            ("owner", owner(before), owner(after)),
            ("url", before.url.clone(), after.url.clone()),
            (
                "tags",
                Some(before.tags.join(", ")),
                Some(after.tags.join(", ")),
            ),
            ("what it reads", known(before), known(after)),
        ];
        let mut says_why = false;
        for (name, old, new) in facts.into_iter().filter(|(_, old, new)| old != new) {
            says_why = true;
            let shown = |value: Option<String>| {
                value
                    .filter(|value| !value.is_empty())
                    .map_or("none".to_owned(), |value| printable(&value))
            };
            writeln!(self.text, "    {name}: {} -> {}", shown(old), shown(new))?;
        }
        if before.description != after.description {
            says_why = true;
            writeln!(self.text, "    description: another text")?;
        }
        let old = before
            .links
            .iter()
            .map(|link| (&link.node, link))
            .collect::<BTreeMap<_, _>>();
        let new = after
            .links
            .iter()
            .map(|link| (&link.node, link))
            .collect::<BTreeMap<_, _>>();
        for node in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let line = match (old.get(node), new.get(node)) {
                (Some(old), Some(new)) if old == new => continue,
                (Some(old), Some(new)) => format!(
                    "  {} {}, {} -> {}, {}",
                    printable(node),
                    printable(&old.rule),
                    printable(&old.path),
                    printable(&new.rule),
                    printable(&new.path)
                ),
                (None, Some(new)) => self.paint(
                    ADDED,
                    &format!(
                        "+ {}  {}, {}",
                        printable(node),
                        printable(&new.rule),
                        printable(&new.path)
                    ),
                ),
                _ => self.paint(REMOVED, &format!("- {}", printable(node))),
            };
            says_why = true;
            writeln!(self.text, "    {line}")?;
        }
        if !says_why {
            writeln!(self.text, "    as this version of dbt writes it")?;
        }
        Ok(())
    }

    fn tables(&mut self, report: &Report) -> fmt::Result {
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

    fn unlinked(&mut self, unlinked: &[Unlinked]) -> fmt::Result {
        let is_listed =
            |unlinked: &&Unlinked| self.options.verbose || !NORMAL.contains(&unlinked.outcome);
        let groups = grouped(unlinked.iter().filter(is_listed));
        if groups.is_empty() {
            return Ok(());
        }
        self.heading("Not linked")?;
        let mut outcomes = BTreeSet::new();
        for (group, readers) in groups {
            outcomes.insert(group.outcome);
            writeln!(
                self.text,
                "  {}  {}: {}",
                printable(group.table),
                group.outcome,
                printable(group.detail)
            )?;
            for near in group.nearest {
                let lead = if group.outcome == "ambiguous" {
                    "fits   "
                } else {
                    "nearest"
                };
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
        for (_, help) in HELP
            .iter()
            .filter(|(outcome, _)| outcomes.contains(outcome))
        {
            writeln!(self.text, "  help: {help}")?;
        }
        Ok(())
    }

    fn diagnostics(&mut self, report: &Report) -> fmt::Result {
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
    (
        "unreadable",
        "what such custom SQL reads is not known; the exposure may lack dependencies.",
    ),
    (
        "ambiguous",
        "give the relation to one node only: a source that repeats another source can be removed.",
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

fn change_counts(report: &Report) -> String {
    let counts = [
        (report.added.len(), "added"),
        (report.renamed.len(), "renamed"),
        (report.changed.len(), "changed"),
        (report.removed.len(), "removed"),
        (report.kept.len(), "kept"),
        (report.unchanged, "unchanged"),
    ];
    let counts = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect::<Vec<_>>();
    if counts.is_empty() {
        "none".to_owned()
    } else {
        counts.join(", ")
    }
}

fn known(exposure: &ExposureFacts) -> Option<String> {
    let known = if exposure.is_complete {
        "fully known"
    } else {
        "not fully known"
    };
    Some(known.to_owned())
}

fn owner(exposure: &ExposureFacts) -> Option<String> {
    match (&exposure.owner.name, &exposure.owner.email) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (name, email) => name.clone().or_else(|| email.clone()),
    }
}

/// The same table is often read by many workbooks, for the same reason unlinked in all.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Group<'r> {
    outcome: &'r str,
    table: &'r str,
    detail: &'r str,
    nearest: &'r [Nearest],
}

fn grouped<'r>(
    unlinked: impl Iterator<Item = &'r Unlinked>,
) -> Vec<(Group<'r>, BTreeSet<&'r str>)> {
    let mut groups: BTreeMap<(usize, Group<'r>), BTreeSet<&'r str>> = BTreeMap::new();
    for one in unlinked {
        let rank = crate::link::Outcome::NAMES
            .iter()
            .position(|name| *name == one.outcome)
            .unwrap_or_default();
        let group = Group {
            outcome: one.outcome,
            table: &one.table,
            detail: &one.detail,
            nearest: &one.nearest,
        };
        let title = if one.workbook.is_empty() {
            &one.luid
        } else {
            &one.workbook
        };
        groups.entry((rank, group)).or_default().insert(title);
    }
    groups
        .into_iter()
        .map(|((_, group), readers)| (group, readers))
        .collect()
}

fn listed(readers: &BTreeSet<&str>) -> String {
    let named = readers
        .iter()
        .take(MOST_READERS)
        .map(|reader| printable(reader))
        .collect::<Vec<_>>()
        .join(", ");
    match readers.len().saturating_sub(MOST_READERS) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
