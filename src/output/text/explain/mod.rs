//! Renders answers to questions as text for people.

mod columns;
mod fact;
mod node;
mod readers;
mod things;
mod workbook;

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use self::readers::Told;
use super::{FAINT, HEADING, Page};
use crate::explain::Kind;
use crate::model::{Code, Severity};
use crate::output::amounts::objects;
use crate::output::cap::capped;
use crate::output::explain::Explanation;
use crate::output::explain::facts::{TableAnswer, Unlinked};
use crate::output::{Options, counted, printable, visible};

/// How many things that a subject may mean are told in full, unless all are asked for.
const MOST_ANSWERS: usize = 3;

/// Renders the answer.
pub fn render(explanation: &Explanation, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    // Writing to a String does not fail.
    let _ = page.explanation(explanation);
    page.text
}

impl Page {
    fn explanation(&mut self, explanation: &Explanation) -> fmt::Result {
        self.several(explanation)?;
        let (workbooks, more) = capped(&explanation.workbooks, MOST_ANSWERS, self.options.verbose);
        for answer in workbooks {
            self.begin_answer()?;
            self.workbook_answer(answer)?;
        }
        let rest = &explanation.workbooks[workbooks.len()..];
        let names = rest.iter().map(|answer| {
            let (title, luid) = answer.workbook.title_and_luid();
            format!("{title} ({luid})")
        });
        self.not_told(Kind::Workbook, more, names)?;
        self.nodes(explanation)?;
        let (tables, more) = capped(&explanation.tables, MOST_ANSWERS, self.options.verbose);
        for answer in tables {
            self.begin_answer()?;
            self.table_answer(answer)?;
        }
        let rest = &explanation.tables[tables.len()..];
        self.not_told(
            Kind::Table,
            more,
            rest.iter().map(|answer| answer.name.clone()),
        )?;
        if let Some(unlinked) = &explanation.unlinked {
            self.all_unlinked(unlinked)?;
        }
        self.warnings(explanation)
    }

    fn nodes(&mut self, explanation: &Explanation) -> fmt::Result {
        let (nodes, more) = capped(&explanation.nodes, MOST_ANSWERS, self.options.verbose);
        for answer in nodes {
            self.begin_answer()?;
            self.node_answer(answer)?;
        }
        let mut readable = nodes.iter();
        let is_readable = readable.any(|node| node.relation.is_some() || node.is_ephemeral);
        if let Some(certainty) = explanation.certainty.as_ref().filter(|_| is_readable) {
            self.certainty(certainty, nodes)?;
        }
        let rest = explanation.nodes[nodes.len()..].iter();
        let names = rest.map(|answer| answer.unique_id.clone());
        self.not_told(Kind::Model, more + explanation.more_nodes, names)
    }

    /// How many things of each kind fit, if several do.
    fn several(&mut self, explanation: &Explanation) -> fmt::Result {
        let counts = [
            (explanation.workbooks.len(), "workbook"),
            (explanation.nodes.len() + explanation.more_nodes, "node"),
            (explanation.tables.len(), "table"),
        ];
        let all = counts.iter().map(|(count, _)| count).sum::<usize>();
        let (Some(subject), true) = (&explanation.subject, all > 1) else {
            return Ok(());
        };
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts = counts.map(|(count, noun)| counted(*count, noun));
        let counts = counts.collect::<Vec<_>>().join(", ");
        let subject = printable(subject);
        writeln!(self.text, "{subject} fits {counts}.")
    }

    /// A blank line before an answer, unless it is the first thing.
    fn begin_answer(&mut self) -> fmt::Result {
        if self.text.is_empty() {
            return Ok(());
        }
        writeln!(self.text)
    }

    /// The names of things that fit as well and are not told in full.
    fn not_told(
        &mut self,
        kind: Kind,
        count: usize,
        names: impl Iterator<Item = String>,
    ) -> fmt::Result {
        if count == 0 {
            return Ok(());
        }
        let names = names.collect::<Vec<_>>();
        let hint = self.hint();
        let narrow = match kind {
            Kind::Workbook => "a luid or url names one of them",
            Kind::Model => "a unique_id names one of them",
            Kind::Table => "a whole name names one of them",
        };
        let what = match kind {
            Kind::Workbook => "more workbook",
            Kind::Model => "more node",
            Kind::Table => "more table",
        };
        let what = counted(count, what);
        writeln!(self.text, "\n{what}; {narrow}{hint}:")?;
        let (shown, _) = self.capped(&names);
        for name in shown {
            writeln!(self.text, "  {}", printable(&visible(name)))?;
        }
        self.left_out("  ", count - shown.len(), "")
    }

    fn table_answer(&mut self, answer: &TableAnswer) -> fmt::Result {
        let name = printable(&visible(&answer.name));
        if answer.things.all.is_empty() {
            let head = self.paint(HEADING, &format!("Table {name}"));
            return writeln!(self.text, "{head}: no workbook is known to read it");
        }
        self.table_head(&name, answer)?;
        self.things(&answer.things, Told::Readers)
    }

    fn table_head(&mut self, name: &str, answer: &TableAnswer) -> fmt::Result {
        let node = answer.things.linked().next();
        let verdict = match node {
            Some((_, link)) => format!("linked to {}", printable(&link.node)),
            None => "not linked".to_owned(),
        };
        let readers = answer.things.all.iter();
        let readers = readers.map(|thing| thing.readers.len()).sum::<usize>();
        let head = self.paint(HEADING, &format!("Table {name}: {verdict}"));
        writeln!(
            self.text,
            "{head}, read by {}",
            counted(readers, "workbook")
        )
    }

    fn all_unlinked(&mut self, unlinked: &Unlinked) -> fmt::Result {
        let selected = counted(unlinked.selected, "selected workbook");
        let head = match unlinked.things.all.as_slice() {
            [] if unlinked.incomplete > 0 => {
                format!("Everything is linked that the export shows of {selected}")
            }
            [] => format!("Everything is linked that {selected} read"),
            _ => format!(
                "Not linked in {selected}: {}",
                objects(&unlinked.things.kinds())
            ),
        };
        let head = self.paint(HEADING, &head);
        let incomplete = match unlinked.incomplete {
            0 => String::new(),
            1 => "; 1 of them is incomplete and may read more".to_owned(),
            count => format!("; {count} of them are incomplete and may read more"),
        };
        let not_selected = match unlinked.not_selected {
            0 => String::new(),
            1 => "; 1 other is not selected".to_owned(),
            count => format!("; {count} others are not selected"),
        };
        writeln!(self.text, "{head}{incomplete}{not_selected}")?;
        if !unlinked.things.groups.is_empty() {
            writeln!(self.text)?;
        }
        self.groups(&unlinked.things, Told::Names)
    }

    /// The codes of the warnings that the run has and the answer does not tell. `diff` tells them, or
    /// what they are about among the causes.
    fn warnings(&mut self, explanation: &Explanation) -> fmt::Result {
        let is_told = |code| code == Code::TargetDiffers && explanation.is_target_told();
        let warnings = explanation.diagnostics.iter().map(|found| found.code);
        let warnings = warnings.filter(|code| code.severity() == Severity::Warning);
        let warnings = warnings.filter(|code| !is_told(*code)).collect::<Vec<_>>();
        if warnings.is_empty() {
            return Ok(());
        }
        let count = counted(warnings.len(), "warning");
        let codes = warnings.iter().map(ToString::to_string);
        let codes = codes.collect::<BTreeSet<_>>().into_iter();
        let codes = codes.collect::<Vec<_>>().join(", ");
        let told = format!("{count} about these inputs ({codes}): `autoexpose diff` tells more");
        let told = self.paint(FAINT, &told);
        writeln!(self.text, "\n{told}")
    }
}
