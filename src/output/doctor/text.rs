//! Renders the checks as text for people: one line for each that is fine, and below the others what to do.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::headline;
use crate::doctor::{Check, Diagnosis, Finding, Outcome, Part};
use crate::output::columns::{padded, widest, wrapped};
use crate::output::{Options, printable, text, visible};

/// The width of a terminal that sentences are broken for.
const COLUMNS: usize = 100;
/// How many findings of one check are shown, unless all are asked for.
const MOST_OF_ONE: usize = 6;
/// What stands before a cure.
const ARROW: &str = "-> ";

const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Renders the checks.
pub fn render(diagnosis: &Diagnosis, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
        outcomes: widest(Outcome::ALL.map(Outcome::words)),
        names: widest(Check::ALL.iter().map(|check| check.as_str())),
    };
    // Writing to a String does not fail.
    let _ = page.diagnosis(diagnosis);
    page.text
}

struct Page {
    text: String,
    options: Options,
    /// How wide the columns of outcomes and names are.
    outcomes: usize,
    names: usize,
}

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        text::painted(text, style, self.options)
    }

    fn diagnosis(&mut self, diagnosis: &Diagnosis) -> fmt::Result {
        let style = if diagnosis.has_fault() {
            of_outcome(Outcome::Fault)
        } else {
            of_outcome(Outcome::Ok)
        };
        let headline = self.paint(style, &headline(diagnosis));
        writeln!(self.text, "doctor: {headline}")?;
        for part in Part::ALL {
            let is_shown = |finding: &&Finding| !self.options.quiet || needs_care(finding);
            let findings = diagnosis.of(part).filter(is_shown).collect::<Vec<_>>();
            if !findings.is_empty() {
                self.part(part, &findings)?;
            }
        }
        Ok(())
    }

    fn part(&mut self, part: Part, findings: &[&Finding]) -> fmt::Result {
        let heading = self.paint(HEADING, part.heading());
        writeln!(self.text, "\n{heading}")?;
        let (not_asked, asked) = findings
            .iter()
            .copied()
            .partition::<Vec<_>, _>(|finding| finding.outcome == Outcome::NotAsked);
        for of_check in asked.chunk_by(|one, other| one.check == other.check) {
            let all = self.options.verbose || of_check.len() <= MOST_OF_ONE + 1;
            let most = if all { of_check.len() } else { MOST_OF_ONE };
            for (at, finding) in of_check[..most].iter().enumerate() {
                let name = if at == 0 { finding.check.as_str() } else { "" };
                self.finding(finding, name)?;
            }
            let more = of_check.len() - most;
            if more > 0 {
                let hint = self.options.hint();
                self.line("", "", &format!("… and {more} more{hint}"), Style::new())?;
            }
        }
        for same in
            not_asked.chunk_by(|one, other| (&one.seen, &one.cure) == (&other.seen, &other.cure))
        {
            self.not_asked(same)?;
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Finding, name: &str) -> fmt::Result {
        let seen = match &finding.about {
            Some(about) => format!("{about}: {}", finding.seen),
            None => finding.seen.clone(),
        };
        let style = of_outcome(finding.outcome);
        self.line(finding.outcome.words(), name, &seen, style)?;
        self.cure(finding.cure.as_deref())
    }

    /// Checks that were not made for one reason.
    fn not_asked(&mut self, same: &[&Finding]) -> fmt::Result {
        let names = same.iter().map(|finding| finding.check.as_str());
        let names = names.collect::<Vec<_>>();
        let first = same[0];
        let outcome = Outcome::NotAsked;
        let (name, seen) = match *names {
            [name] => (name, first.seen.clone()),
            _ => ("", format!("{}: {}", names.join(", "), first.seen)),
        };
        self.line(outcome.words(), name, &seen, of_outcome(outcome))?;
        self.cure(first.cure.as_deref())
    }

    fn line(&mut self, outcome: &str, name: &str, seen: &str, style: Style) -> fmt::Result {
        let first = self.paint(style, &padded(outcome, self.outcomes));
        let names = padded(name, self.names);
        let indent = 2 + self.outcomes + 2 + self.names + 2;
        let seen = printable(&visible(seen));
        for (at, line) in wrapped(&seen, COLUMNS - indent).enumerate() {
            if at == 0 {
                writeln!(self.text, "  {first}  {names}  {line}")?;
            } else {
                writeln!(self.text, "{}{line}", " ".repeat(indent))?;
            }
        }
        Ok(())
    }

    fn cure(&mut self, cure: Option<&str>) -> fmt::Result {
        let Some(cure) = cure else {
            return Ok(());
        };
        let indent = 2 + self.outcomes + 2 + self.names + 2;
        let cure = printable(&visible(cure));
        let width = COLUMNS - indent - ARROW.len();
        for (at, line) in wrapped(&cure, width).enumerate() {
            let before = if at == 0 { ARROW } else { "   " };
            let line = self.paint(FAINT, &line);
            writeln!(self.text, "{}{before}{line}", " ".repeat(indent))?;
        }
        Ok(())
    }
}

/// Whether somebody should look at it.
fn needs_care(finding: &Finding) -> bool {
    matches!(finding.outcome, Outcome::Warning | Outcome::Fault)
}

fn of_outcome(outcome: Outcome) -> Style {
    let color = match outcome {
        Outcome::Ok => AnsiColor::Green,
        Outcome::Warning => AnsiColor::Yellow,
        Outcome::Fault => AnsiColor::Red,
        Outcome::Note | Outcome::NotKnown | Outcome::NotAsked => return Style::new(),
    };
    color.on_default().bold()
}
