//! Why tables and workbooks lack links.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::super::columns::wrapped;
use super::super::cures::{self, MOST_CAUSES, MOST_WITHHELD};
use super::super::not_selected::{Workbooks, by_reason};
use super::super::unlinked::listed;
use super::super::{config_lines, printable, visible};
use super::Page;
use crate::report::{NotSelectedFacts, Report};
use crate::verdict::{Cause, Cure};

/// The width to which sentences are wrapped.
const WIDTH: usize = 100;
/// The indent of what stands below a cure.
const BELOW: usize = 10;

impl Page {
    pub(super) fn causes(&mut self, report: &Report) -> fmt::Result {
        let causes = cures::for_people(&report.causes);
        if causes.is_empty() {
            return Ok(());
        }
        self.heading("Why tables are not linked")?;
        let (shown, _) = self.capped_at(causes, MOST_CAUSES);
        let mut number = 0;
        for cause in shown {
            self.cause(cause, &mut number)?;
        }
        if let Some(rest) = cures::left_out(&causes[shown.len()..]) {
            let hint = self.hint();
            writeln!(self.text, "  {rest}{hint}")?;
        }
        self.config(shown)
    }

    fn cause(&mut self, cause: &Cause, number: &mut usize) -> fmt::Result {
        self.wrapped(2, &cures::cause(cause))?;
        for cure in &cause.cures {
            *number += usize::from(matches!(cure, Cure::Config { .. }));
            let (sentence, lines) = cures::cure(cure, *number, WIDTH - BELOW);
            self.with_lines(&sentence, &lines)?;
        }
        let (shown, more) = self.capped_at(&cause.withheld, MOST_WITHHELD);
        for withheld in shown {
            let (sentence, lines) = cures::withheld(withheld, WIDTH - BELOW);
            self.with_lines(&sentence, &lines)?;
        }
        match cures::withheld_left_out(more) {
            Some(rest) => {
                let hint = self.hint();
                writeln!(self.text, "      {rest}{hint}")
            }
            None => Ok(()),
        }
    }

    /// The lines of configuration of these causes, to be copied as they stand.
    pub(super) fn config(&mut self, causes: &[Cause]) -> fmt::Result {
        let Some(block) = config_lines::block(causes) else {
            return Ok(());
        };
        self.heading("Lines for autoexpose.yml, which were tried")?;
        for line in block {
            writeln!(self.text, "{line}")?;
        }
        Ok(())
    }

    /// A sentence, and lines below it that stay as they are.
    pub(super) fn with_lines(&mut self, sentence: &str, lines: &[String]) -> fmt::Result {
        let colon = if lines.is_empty() { "" } else { ":" };
        self.wrapped(6, &format!("{sentence}{colon}"))?;
        for line in lines {
            writeln!(self.text, "{}{}", " ".repeat(BELOW), printable(line))?;
        }
        Ok(())
    }

    /// A sentence in lines; those that go on stand a bit behind the first one.
    pub(super) fn wrapped(&mut self, indent: usize, sentence: &str) -> fmt::Result {
        for (at, line) in wrapped(&printable(&visible(sentence)), WIDTH - indent - 2).enumerate() {
            let indent = indent + if at == 0 { 0 } else { 2 };
            // What acts at the start of a line alone may stand there now.
            writeln!(self.text, "{}{}", " ".repeat(indent), printable(&line))?;
        }
        Ok(())
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
