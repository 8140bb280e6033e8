//! The exposures that change, down to each dependency.

use std::fmt::{self, Write};

use anstyle::Style;

use super::super::columns::{padded, widest};
use super::super::differences::{Difference, IN_DETAILS_ONLY, differences, owner};
use super::super::printable;
use super::super::report::{BeforeAfter, ExposureFacts, LinkFacts, ManualFacts, Report};
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
            writeln!(
                self.text,
                "    removed: {}",
                printable(&removed.reason.to_string())
            )?;
            self.removed_links(&removed.exposure.links)?;
        }
        for kept in &report.kept {
            self.exposure('=', KEPT, &kept.exposure)?;
            writeln!(
                self.text,
                "    kept: {}",
                printable(&kept.reason.to_string())
            )?;
            if let Some(before) = &kept.before {
                self.differences(before, &kept.exposure)?;
            }
        }
        Ok(())
    }

    /// Hand-written exposures, with the nodes on which they and their workbooks disagree.
    pub(super) fn manual(&mut self, manual: &[ManualFacts]) -> fmt::Result {
        if manual.is_empty() {
            return Ok(());
        }
        self.heading("Hand-written, not changed")?;
        for twin in manual {
            let title = printable(&twin.workbook);
            let id = self.paint(FAINT, &printable(&twin.unique_id));
            writeln!(self.text, "  {title}  {id} (same {})", twin.by.as_str())?;
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

    /// The dependencies of a new exposure in columns: node, rule, path.
    fn links(&mut self, exposure: &ExposureFacts) -> fmt::Result {
        let links = &exposure.links;
        let width = widest(links.iter().map(|link| printable(&link.node)));
        for link in links {
            let node = padded(&printable(&link.node), width);
            let sign = self.paint(ADDED, "+");
            let why = self.paint(
                FAINT,
                &format!("{:9} {}", printable(&link.rule), printable(&link.path)),
            );
            writeln!(self.text, "    {sign} {node}  {why}")?;
        }
        Ok(())
    }

    fn removed_links(&mut self, links: &[LinkFacts]) -> fmt::Result {
        for link in links {
            let line = self.paint(REMOVED, &format!("- {}", printable(&link.node)));
            writeln!(self.text, "    {line}")?;
        }
        Ok(())
    }

    fn changed(&mut self, sign: char, changed: &BeforeAfter) -> fmt::Result {
        self.exposure(sign, CHANGED, &changed.after)?;
        self.differences(&changed.before, &changed.after)
    }

    fn differences(&mut self, before: &ExposureFacts, after: &ExposureFacts) -> fmt::Result {
        let differences = differences(before, after);
        for difference in &differences {
            let line = self.difference(difference);
            writeln!(self.text, "    {line}")?;
        }
        if differences.is_empty() {
            writeln!(self.text, "    {IN_DETAILS_ONLY}")?;
        }
        Ok(())
    }

    fn difference(&self, difference: &Difference) -> String {
        let shown = |value: &Option<String>| value.as_deref().map_or("none".to_owned(), printable);
        let why =
            |link: &LinkFacts| format!("{}, {}", printable(&link.rule), printable(&link.path));
        match difference {
            Difference::Field(name, old, new) => {
                format!("{name}: {} -> {}", shown(old), shown(new))
            }
            Difference::Description => "description: changed".to_owned(),
            Difference::Reads(new) => {
                self.paint(ADDED, &format!("+ {}  {}", printable(&new.node), why(new)))
            }
            Difference::NoLongerReads(node) => {
                self.paint(REMOVED, &format!("- {}", printable(node)))
            }
            Difference::ReadsOtherwise(old, new) => {
                format!("  {} {} -> {}", printable(&new.node), why(old), why(new))
            }
        }
    }
}
