//! Why tables and workbooks lack links.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::super::cures::{self, MOST_CAUSES};
use super::super::not_selected::{Workbooks, by_reason};
use super::super::report::{NotSelectedFacts, Report};
use super::super::unlinked::listed;
use super::super::{printable, visible};
use super::Page;

impl Page {
    pub(super) fn causes(&mut self, report: &Report) -> fmt::Result {
        let causes = &report.causes;
        if causes.is_empty() {
            return Ok(());
        }
        self.heading("Why tables are not linked")?;
        let shown = if self.options.verbose {
            causes.len()
        } else {
            causes.len().min(MOST_CAUSES)
        };
        for cause in &causes[..shown] {
            let sentence = cures::cause(cause);
            writeln!(self.text, "  {}", printable(&visible(&sentence)))?;
            for cure in &cause.cures {
                writeln!(self.text, "      {}", printable(&cures::cure(cure)))?;
            }
        }
        match cures::left_out(&causes[shown..]) {
            Some(rest) => {
                let hint = self.hint();
                writeln!(self.text, "  {rest}{hint}")
            }
            None => Ok(()),
        }
    }

    pub(super) fn without_links(&mut self, report: &Report) -> fmt::Result {
        let facts = report.without_links.iter().map(|facts| {
            let reason = facts.reason.text();
            (reason, facts.workbook.as_str(), facts.luid.as_str())
        });
        self.workbooks("Workbooks without a link", &by_reason(facts))
    }

    pub(super) fn not_selected(&mut self, not_selected: &[NotSelectedFacts]) -> fmt::Result {
        let facts = not_selected.iter().map(|facts| {
            let reason = facts.reason.as_str();
            (reason, facts.workbook.as_str(), facts.luid.as_str())
        });
        self.workbooks("Workbooks that are not selected", &by_reason(facts))
    }

    /// Workbooks by reason: the first few, or all with `--verbose`.
    fn workbooks(&mut self, heading: &str, groups: &BTreeMap<&str, Workbooks>) -> fmt::Result {
        if groups.is_empty() {
            return Ok(());
        }
        self.heading(heading)?;
        self.headings("  ", &format!("{:>6}  reason: workbooks", "count"))?;
        for (reason, workbooks) in groups {
            let (count, reason) = (workbooks.len(), printable(reason));
            let titles = workbooks.iter().map(|(title, _)| *title);
            let names = listed(titles, self.options.verbose, printable);
            writeln!(self.text, "  {count:6}  {reason}: {names}")?;
        }
        Ok(())
    }
}
