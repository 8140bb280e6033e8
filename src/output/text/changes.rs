//! The exposures that change, down to each dependency.

use std::fmt::{self, Write};

use anstyle::Style;

use super::super::columns::{padded, widest};
use super::super::differences::{Difference, IN_DETAILS_ONLY, differences, owner};
use super::super::lost::extra;
use super::super::printable;
use super::{ADDED, CHANGED, FAINT, KEPT, Page, REMOVED};
use crate::report::{
    BeforeAfter, EndedLink, ExposureFacts, KeptFacts, LinkFacts, ManualFacts, RemovedFacts, Report,
};

/// The heading of the column of nodes.
const NODE: &str = "node";

impl Page {
    pub(super) fn exposures(&mut self, report: &Report) -> fmt::Result {
        let (added, more) = self.capped(&report.added);
        let width = self.link_headings(added)?;
        for exposure in added {
            self.exposure('+', ADDED, exposure, None)?;
            self.facts(exposure)?;
            self.links(exposure, width)?;
        }
        self.left_out("", more, "added")?;
        let (renamed, more) = self.capped(&report.renamed);
        for changed in renamed {
            self.changed('»', changed)?;
        }
        self.left_out("", more, "renamed")?;
        let (changed, more) = self.capped(&report.changed);
        for changed in changed {
            self.changed('~', changed)?;
        }
        self.left_out("", more, "changed")?;
        let (removed, more) = self.capped(&report.removed);
        for removed in removed {
            self.removed(removed)?;
        }
        self.left_out("", more, "removed")?;
        let (kept, more) = self.capped(&report.kept);
        for kept in kept {
            self.kept(kept)?;
        }
        self.left_out("", more, "kept")
    }

    fn removed(&mut self, removed: &RemovedFacts) -> fmt::Result {
        let owner = owner(&removed.exposure.owner);
        self.exposure('-', REMOVED, &removed.exposure, owner)?;
        let reason = printable(&removed.reason.to_string());
        writeln!(self.text, "    removed: {reason}")?;
        self.removed_links(removed)
    }

    fn kept(&mut self, kept: &KeptFacts) -> fmt::Result {
        let owner = owner(&kept.exposure.owner);
        self.exposure('=', KEPT, &kept.exposure, owner)?;
        let reason = printable(&kept.reason.to_string());
        writeln!(self.text, "    kept: {reason}")?;
        match &kept.before {
            Some(before) => self.differences(before, &kept.exposure, &kept.ended),
            None => Ok(()),
        }
    }

    /// Hand-written exposures, with the nodes on which they and their workbooks disagree.
    pub(super) fn manual(&mut self, manual: &[ManualFacts]) -> fmt::Result {
        if manual.is_empty() {
            return Ok(());
        }
        self.heading("Hand-written, not changed")?;
        let (shown, more) = self.capped(manual);
        for twin in shown {
            let (title, _) = twin.workbook.title_and_luid();
            let owner = owner(&twin.workbook.owner);
            let id = self.paint(FAINT, &with_owner(&twin.unique_id, owner));
            let (title, by) = (printable(title), twin.by.as_str());
            writeln!(self.text, "  {title}  {id} (same {by})")?;
            let missing = twin.missing.iter();
            let missing = missing.map(|node| {
                let node = printable(node);
                format!("does not name {node}, which the workbook reads")
            });
            let extra =
                extra(twin).map(|(node, reads)| format!("names {}, {reads}", printable(node)));
            self.lines("      ", &missing.chain(extra).collect::<Vec<_>>())?;
        }
        self.left_out("  ", more, "")
    }

    /// Some lines below an entry.
    fn lines(&mut self, indent: &str, lines: &[String]) -> fmt::Result {
        let (shown, more) = self.capped(lines);
        for line in shown {
            writeln!(self.text, "{indent}{line}")?;
        }
        self.left_out(indent, more, "")
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

    /// The headings of the dependencies below new exposures, if there are any; returns the width of
    /// their first column.
    fn link_headings(&mut self, added: &[ExposureFacts]) -> Result<usize, fmt::Error> {
        let links = added
            .iter()
            .flat_map(|exposure| self.capped(&exposure.links).0);
        let width = widest(links.map(|link| printable(&link.node)));
        if width == 0 {
            return Ok(width);
        }
        let width = width.max(NODE.len());
        let headings = format!("{}  {:9} path", padded(NODE, width), "rule");
        self.headings("      ", &headings)?;
        Ok(width)
    }

    /// The dependencies of a new exposure in columns: node, rule, path.
    fn links(&mut self, exposure: &ExposureFacts, width: usize) -> fmt::Result {
        let (links, more) = self.capped(&exposure.links);
        for link in links {
            let node = padded(&printable(&link.node), width);
            let sign = self.paint(ADDED, "+");
            let why = self.paint(
                FAINT,
                &format!("{:9} {}", printable(&link.rule), printable(&link.way())),
            );
            writeln!(self.text, "    {sign} {node}  {why}")?;
        }
        self.left_out("    ", more, "")
    }

    fn removed_links(&mut self, removed: &RemovedFacts) -> fmt::Result {
        let lines = match removed.ended.as_slice() {
            [] => {
                let links = removed.exposure.links.iter();
                links.map(|link| printable(&link.node)).collect()
            }
            ended => ended.iter().map(ended_line).collect::<Vec<_>>(),
        };
        let lines = lines.iter();
        let lines = lines.map(|line| self.paint(REMOVED, &format!("- {line}")));
        self.lines("    ", &lines.collect::<Vec<_>>())
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
        let lines = differences.iter();
        let lines = lines.map(|difference| self.difference(difference));
        self.lines("    ", &lines.collect::<Vec<_>>())?;
        if differences.is_empty() {
            writeln!(self.text, "    {IN_DETAILS_ONLY}")?;
        }
        Ok(())
    }

    fn difference(&self, difference: &Difference) -> String {
        let shown = |value: &Option<String>| value.as_deref().map_or("none".to_owned(), printable);
        let why =
            |link: &LinkFacts| format!("{}, {}", printable(&link.rule), printable(&link.way()));
        match difference {
            Difference::Field(name, old, new) => {
                format!("{name}: {} -> {}", shown(old), shown(new))
            }
            Difference::Description => "description: changed".to_owned(),
            Difference::Reads(new) => {
                self.paint(ADDED, &format!("+ {}  {}", printable(&new.node), why(new)))
            }
            Difference::Ended(link) => self.paint(REMOVED, &format!("- {}", ended_line(link))),
            Difference::Columns(columns) => columns.sentence(printable),
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

/// A link that ended, with how it did.
fn ended_line(link: &EndedLink) -> String {
    format!("{}  {}", printable(&link.node), link.ended.aside(printable))
}
