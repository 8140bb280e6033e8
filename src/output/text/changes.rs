//! What changes: exposures, down to each dependency.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

use anstyle::Style;

use super::super::printable;
use super::super::report::{BeforeAfter, ExposureFacts, ManualFacts, Report};
use super::{ADDED, CHANGED, FAINT, KEPT, Page, REMOVED};

impl Page {
    pub(super) fn exposures(&mut self, report: &Report) -> fmt::Result {
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

    /// Hand-written exposures, with what they name otherwise than their workbooks read.
    pub(super) fn manual(&mut self, manual: &[ManualFacts]) -> fmt::Result {
        if manual.is_empty() {
            return Ok(());
        }
        self.heading("Written by hand, left alone")?;
        for twin in manual {
            let title = printable(&twin.workbook);
            let id = self.paint(FAINT, &printable(&twin.unique_id));
            writeln!(self.text, "  {title}  {id} (same {})", twin.by)?;
            for node in &twin.missing {
                writeln!(
                    self.text,
                    "      does not name {}, which the workbook reads",
                    printable(node)
                )?;
            }
            for node in &twin.extra {
                writeln!(
                    self.text,
                    "      names {}, which the workbook is not known to read",
                    printable(node)
                )?;
            }
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
        let facts = [exposure.project.clone(), owner(exposure), exposure.url.clone()];
        let facts = facts.into_iter().flatten().map(|fact| printable(&fact)).collect::<Vec<_>>();
        if facts.is_empty() {
            return Ok(());
        }
        let facts = self.paint(FAINT, &facts.join(" · "));
        writeln!(self.text, "    {facts}")
    }

    /// Dependencies in columns: node, rule, path.
    fn links(&mut self, exposure: &ExposureFacts) -> fmt::Result {
        let width =
            exposure.links.iter().map(|link| link.node.chars().count()).max().unwrap_or_default();
        for link in &exposure.links {
            let node = printable(&link.node);
            let sign = self.paint(ADDED, "+");
            let why = self
                .paint(FAINT, &format!("{:9} {}", printable(&link.rule), printable(&link.path)));
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
            ("id", Some(before.unique_id.clone()), Some(after.unique_id.clone())),
            ("title", before.label.clone(), after.label.clone()),
            ("project", before.project.clone(), after.project.clone()),
            ("owner", owner(before), owner(after)),
            ("url", before.url.clone(), after.url.clone()),
            ("fully known", yes_or_no(before.complete), yes_or_no(after.complete)),
            ("tags", Some(before.tags.join(", ")), Some(after.tags.join(", "))),
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
        let old = before.links.iter().map(|link| (&link.node, link)).collect::<BTreeMap<_, _>>();
        let new = after.links.iter().map(|link| (&link.node, link)).collect::<BTreeMap<_, _>>();
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
                (None, Some(new)) => {
                    let (rule, path) = (printable(&new.rule), printable(&new.path));
                    self.paint(ADDED, &format!("+ {}  {rule}, {path}", printable(node)))
                }
                _ => self.paint(REMOVED, &format!("- {}", printable(node))),
            };
            says_why = true;
            writeln!(self.text, "    {line}")?;
        }
        if !says_why {
            writeln!(
                self.text,
                "    in details only, such as its creation time or the form that this dbt writes"
            )?;
        }
        Ok(())
    }
}

fn owner(exposure: &ExposureFacts) -> Option<String> {
    match (&exposure.owner.name, &exposure.owner.email) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (name, email) => name.clone().or_else(|| email.clone()),
    }
}

fn yes_or_no(answer: bool) -> Option<String> {
    Some(if answer { "yes" } else { "no" }.to_owned())
}
