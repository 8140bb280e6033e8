//! The exposures that change, down to each dependency.

use std::fmt::{self, Write};

use anstyle::Style;

use super::super::columns::{padded, widest};
use super::super::differences::{Difference, IN_DETAILS_ONLY, differences, owner};
use super::super::lost::extra;
use super::super::printable;
use super::super::report::{
    BeforeAfter, EndedLink, ExposureFacts, LinkFacts, ManualFacts, RemovedFacts, Report,
};
use super::{ADDED, CHANGED, FAINT, KEPT, Page, REMOVED};
use crate::link::Ended;

impl Page {
    pub(super) fn exposures(&mut self, report: &Report) -> fmt::Result {
        for exposure in &report.added {
            self.exposure('+', ADDED, exposure, None)?;
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
            let owner = owner(&removed.exposure.owner);
            self.exposure('-', REMOVED, &removed.exposure, owner)?;
            writeln!(
                self.text,
                "    removed: {}",
                printable(&removed.reason.to_string())
            )?;
            self.removed_links(removed)?;
        }
        for kept in &report.kept {
            let owner = owner(&kept.exposure.owner);
            self.exposure('=', KEPT, &kept.exposure, owner)?;
            writeln!(
                self.text,
                "    kept: {}",
                printable(&kept.reason.to_string())
            )?;
            if let Some(before) = &kept.before {
                self.differences(before, &kept.exposure, &kept.ended)?;
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
            let (title, _) = twin.workbook.title_and_luid();
            let owner = owner(&twin.workbook.owner);
            let id = self.paint(FAINT, &with_owner(&twin.unique_id, owner));
            let (title, by) = (printable(title), twin.by.as_str());
            writeln!(self.text, "  {title}  {id} (same {by})")?;
            for node in &twin.missing {
                writeln!(
                    self.text,
                    "      does not name {}, which the workbook reads",
                    printable(node)
                )?;
            }
            for (node, reads) in extra(twin) {
                writeln!(self.text, "      names {}, {reads}", printable(node))?;
            }
        }
        Ok(())
    }

    /// The head of an exposure, with the owner of its workbook unless that stands below.
    fn exposure(
        &mut self,
        sign: char,
        style: Style,
        exposure: &ExposureFacts,
        owner: Option<String>,
    ) -> fmt::Result {
        let title = printable(exposure.label.as_deref().unwrap_or(&exposure.name));
        let head = self.paint(style, &format!("{sign} {title}"));
        let id = self.paint(FAINT, &with_owner(&exposure.unique_id, owner));
        writeln!(self.text, "{head}  {id}")
    }

    fn facts(&mut self, exposure: &ExposureFacts) -> fmt::Result {
        let facts = [
            exposure.project.clone(),
            owner(&exposure.owner),
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

    fn removed_links(&mut self, removed: &RemovedFacts) -> fmt::Result {
        let lines = match removed.ended.as_slice() {
            [] => {
                let links = removed.exposure.links.iter();
                links.map(|link| printable(&link.node)).collect()
            }
            ended => ended.iter().map(ended_line).collect::<Vec<_>>(),
        };
        for line in lines {
            let line = self.paint(REMOVED, &format!("- {line}"));
            writeln!(self.text, "    {line}")?;
        }
        Ok(())
    }

    fn changed(&mut self, sign: char, changed: &BeforeAfter) -> fmt::Result {
        let owner = owner(&changed.after.owner);
        self.exposure(sign, CHANGED, &changed.after, owner)?;
        self.differences(&changed.before, &changed.after, &changed.ended)
    }

    fn differences(
        &mut self,
        before: &ExposureFacts,
        after: &ExposureFacts,
        ended: &[EndedLink],
    ) -> fmt::Result {
        let differences = differences(before, after, ended);
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
            Difference::Ended(link) => self.paint(REMOVED, &format!("- {}", ended_line(link))),
            Difference::ReadsOtherwise(old, new) => {
                format!("  {} {} -> {}", printable(&new.node), why(old), why(new))
            }
        }
    }
}

/// An id, and the owner of the workbook.
fn with_owner(id: &str, owner: Option<String>) -> String {
    let both = std::iter::once(printable(id)).chain(owner.map(|owner| printable(&owner)));
    both.collect::<Vec<_>>().join(" · ")
}

/// A link that ended: the node alone if the workbook stopped reading it.
fn ended_line(link: &EndedLink) -> String {
    match &link.ended {
        Ended::Stopped => printable(&link.node),
        ended => format!("{}  {}", printable(&link.node), ended.aside(printable)),
    }
}
