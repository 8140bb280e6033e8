//! Renders the answer as text for people: the verdict, what failed with the workbooks, what could not
//! be decided, what holds, and what the answer does not tell.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Group, WHAT_IS_READ, groups, headline, known, name};
use crate::check::{Answer, Decision};
use crate::output::cap::{MOST_SHOWN, capped, shared_among};
use crate::output::columns::{padded, widest, wrapped};
use crate::output::usage::UsageAnswer;
use crate::output::{Options, lost, printable, text, visible};
use crate::report::WorkbookFacts;

/// The width of a terminal that sentences are broken for.
const COLUMNS: usize = 100;

const FAILED: Style = AnsiColor::Red.on_default().bold();
const HELD: Style = AnsiColor::Green.on_default().bold();
const UNDECIDED: Style = AnsiColor::Yellow.on_default().bold();
const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Renders the answer; below it what no workbook reads, if the run asks for that. If it asks for nothing
/// else, that is the answer.
pub fn render(answer: &Answer, usage: Option<&UsageAnswer>, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    // Writing to a String does not fail.
    let _ = match usage {
        None => page.answer(answer),
        Some(usage) => page.with_usage(answer, usage),
    };
    page.text
}

struct Page {
    text: String,
    options: Options,
}

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        text::painted(text, style, self.options)
    }

    fn with_usage(&mut self, answer: &Answer, usage: &UsageAnswer) -> fmt::Result {
        if !answer.decisions.is_empty() {
            self.answer(answer)?;
            let heading = self.paint(HEADING, WHAT_IS_READ);
            writeln!(self.text, "\n{heading}")?;
        }
        self.text
            .push_str(&text::usage::render(usage, self.options));
        Ok(())
    }

    fn answer(&mut self, answer: &Answer) -> fmt::Result {
        let style = if answer.failed().next().is_some() {
            FAILED
        } else if answer.undecided().next().is_some() {
            UNDECIDED
        } else {
            HELD
        };
        let headline = self.paint(style, &printable(&headline(answer)));
        writeln!(self.text, "check: {headline}")?;
        for decision in answer.failed() {
            self.failed(decision)?;
        }
        for decision in answer.undecided() {
            self.undecided(decision)?;
        }
        if self.options.quiet {
            return Ok(());
        }
        self.held(answer)?;
        self.caveats(answer)
    }

    /// A gate that failed, with what it fails on.
    fn failed(&mut self, decision: &Decision) -> fmt::Result {
        let name = self.paint(FAILED, &printable(&name(decision)));
        writeln!(
            self.text,
            "\n{name} failed: {}",
            printable(&decision.figures)
        )?;
        let groups = groups(&decision.findings);
        let (shown, more) = capped(&groups, MOST_SHOWN, self.options.verbose);
        let most = shared_among(shown.len());
        for group in shown {
            self.group(group, most)?;
        }
        self.left_out("  ", more)?;
        if let Some(known) = known(decision) {
            self.sentence("  ", &known)?;
        }
        self.help(decision)
    }

    fn group(&mut self, group: &Group, most: usize) -> fmt::Result {
        let message = printable(&visible(group.message));
        let file = group.file.map(|file| format!("  {}", printable(file)));
        let file = self.paint(FAINT, &file.unwrap_or_default());
        writeln!(self.text, "  {message}{file}")?;
        let (shown, more) = capped(&group.workbooks, most, self.options.verbose);
        for workbook in shown {
            let workbook = self.workbook(workbook);
            writeln!(self.text, "      {workbook}")?;
        }
        self.left_out("      ", more)
    }

    /// A workbook, with whom to ask and where it is.
    fn workbook(&self, workbook: &WorkbookFacts) -> String {
        let title = printable(&visible(workbook.title_and_luid().0));
        let facts = lost::facts(workbook).into_iter();
        let facts = facts.map(|fact| printable(&fact)).collect::<Vec<_>>();
        format!("{title}  {}", self.paint(FAINT, &facts.join(" · ")))
    }

    fn undecided(&mut self, decision: &Decision) -> fmt::Result {
        let name = self.paint(UNDECIDED, &printable(&name(decision)));
        let why = printable(&decision.figures);
        writeln!(self.text, "\n{name} could not be decided: {why}")?;
        self.help(decision)
    }

    fn help(&mut self, decision: &Decision) -> fmt::Result {
        match &decision.help {
            Some(help) => self.sentence("  ", &format!("help: {help}")),
            None => Ok(()),
        }
    }

    fn held(&mut self, answer: &Answer) -> fmt::Result {
        let held = answer.held().collect::<Vec<_>>();
        if held.is_empty() {
            return Ok(());
        }
        let heading = self.paint(HEADING, "Held");
        writeln!(self.text, "\n{heading}")?;
        let names = held.iter().map(|decision| printable(&name(decision)));
        let names = names.collect::<Vec<_>>();
        let width = widest(&names);
        for (decision, name) in held.iter().zip(&names) {
            let name = padded(name, width);
            writeln!(self.text, "  {name}  {}", printable(&decision.figures))?;
        }
        Ok(())
    }

    fn caveats(&mut self, answer: &Answer) -> fmt::Result {
        if answer.caveats.is_empty() {
            return Ok(());
        }
        let heading = self.paint(HEADING, "Not looked at");
        writeln!(self.text, "\n{heading}")?;
        for caveat in &answer.caveats {
            self.sentence("  ", caveat)?;
        }
        Ok(())
    }

    /// A sentence, broken for a terminal.
    fn sentence(&mut self, indent: &str, sentence: &str) -> fmt::Result {
        let sentence = printable(sentence);
        let lines = wrapped(&sentence, COLUMNS - indent.len() - 2).enumerate();
        for (number, line) in lines {
            let further = if number > 0 { "  " } else { "" };
            writeln!(self.text, "{indent}{further}{line}")?;
        }
        Ok(())
    }

    /// The line below a list of which some entries are left out.
    fn left_out(&mut self, indent: &str, count: usize) -> fmt::Result {
        if count == 0 {
            return Ok(());
        }
        let hint = self.options.hint();
        writeln!(self.text, "{indent}… and {count} more{hint}")
    }
}
