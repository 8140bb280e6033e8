//! Renders which workbooks a change reaches as text for people, on one screen: the first line decides,
//! what breaks stands before what changes, and what stands behind the answer comes last.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::basis::{self, Named};
use super::headline::headline;
use super::names::TEXT;
use super::ways_out::{way_to_tell, ways_out};
use super::{ImpactAnswer, consequences, heading};
use crate::impact::{ReachedWorkbook, Severity};
use crate::output::cap::{MOST_SHOWN, capped};
use crate::output::columns::{padded, widest, width, wrapped};
use crate::output::differences::owner;
use crate::output::text::{notes_and_warnings, painted};
use crate::output::{Options, printable, visible};
use crate::report::WorkbookFacts;

/// The width of a terminal that sentences are broken for.
const COLUMNS: usize = 100;
/// How many workbooks of a severity are shown at least, whatever stands above.
const LEAST_SHOWN: usize = 3;
/// How many lines below a workbook are shown.
const MOST_LINES: usize = 3;
/// How many ways out are shown.
const MOST_WAYS: usize = 5;

const BREAKS: Style = AnsiColor::Red.on_default().bold();
const CHANGES: Style = AnsiColor::Yellow.on_default().bold();
const NOTHING: Style = AnsiColor::Green.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// Renders the answer.
pub fn render(answer: &ImpactAnswer, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    // Writing to a String does not fail.
    let _ = page.answer(answer);
    page.text
}

struct Page {
    text: String,
    options: Options,
}

/// A workbook with whom to ask, and what happens to it.
struct Row {
    title: String,
    whose: String,
    lines: Vec<String>,
}

impl Page {
    fn answer(&mut self, answer: &ImpactAnswer) -> fmt::Result {
        self.first_line(answer)?;
        let mut room = MOST_SHOWN;
        for severity in Severity::ALL {
            let rows = rows(answer, *severity);
            self.section(answer, *severity, &rows, room.max(LEAST_SHOWN))?;
            room = room.saturating_sub(rows.len());
        }
        self.ways_out(answer)?;
        if self.options.quiet {
            return Ok(());
        }
        writeln!(self.text)?;
        let named = if self.options.verbose {
            Named::All
        } else {
            Named::Some
        };
        for sentence in basis::sentences(answer, named, TEXT) {
            self.sentence("", &format!("{sentence}."))?;
        }
        let told = answer.diagnostics.iter().collect::<Vec<_>>();
        let told = notes_and_warnings(&told, LEAST_SHOWN, self.options);
        self.text.push_str(&told);
        Ok(())
    }

    fn first_line(&mut self, answer: &ImpactAnswer) -> fmt::Result {
        let worst = answer.impact.workbooks.first();
        let style = match worst.map(|reached| reached.severity) {
            Some(Severity::Breaks) => BREAKS,
            None if !answer.is_blind() => NOTHING,
            _ => CHANGES,
        };
        let line = headline(answer, TEXT);
        let counts = painted(&line.counts, style, self.options);
        let cause = &line.cause;
        if cause.is_empty() {
            writeln!(self.text, "{counts}.")?;
        } else if width(&line.counts) + 2 + width(cause) <= COLUMNS {
            writeln!(self.text, "{counts}: {cause}")?;
        } else {
            writeln!(self.text, "{counts}:")?;
            self.sentence("  ", cause)?;
        }
        match answer.why_it_fails() {
            Some(why) => writeln!(self.text, "{why}."),
            None => Ok(()),
        }
    }

    fn section(
        &mut self,
        answer: &ImpactAnswer,
        severity: Severity,
        rows: &[Row],
        most: usize,
    ) -> fmt::Result {
        if rows.is_empty() {
            return Ok(());
        }
        let style = if severity == Severity::Breaks {
            BREAKS
        } else {
            CHANGES
        };
        let heading = painted(heading(severity), style, self.options);
        writeln!(self.text, "\n{heading}")?;
        if severity == Severity::Breaks {
            for consequence in consequences(answer) {
                self.sentence("  ", consequence)?;
            }
        }
        let (shown, more) = capped(rows, most, self.options.verbose);
        self.rows(shown)?;
        if more > 0 {
            let hint = self.options.hint();
            let more = crate::output::counted(more, "more workbook");
            writeln!(self.text, "  … and {more}{hint}")?;
        }
        Ok(())
    }

    /// Workbooks with what happens behind them, if all have room for that in one line, else below.
    fn rows(&mut self, rows: &[Row]) -> fmt::Result {
        let titles = widest(rows.iter().map(|row| &row.title));
        let owners = widest(rows.iter().map(|row| &row.whose));
        let fits = |row: &Row| match &row.lines[..] {
            [] => true,
            [only] => titles + owners + 6 + width(only) <= COLUMNS,
            _ => false,
        };
        let are_short = rows.iter().all(fits);
        for row in rows {
            let whose = painted(
                &padded(&row.whose, if are_short { owners } else { 0 }),
                FAINT,
                self.options,
            );
            let title = padded(&row.title, if are_short { titles } else { 0 });
            if are_short {
                let line = format!("  {title}  {whose}  {}", row.lines.concat());
                writeln!(self.text, "{}", line.trim_end())?;
                continue;
            }
            writeln!(self.text, "  {title}  {whose}")?;
            let (shown, more) = capped(&row.lines, MOST_LINES, self.options.verbose);
            for line in shown {
                self.sentence("    ", line)?;
            }
            if more > 0 {
                writeln!(self.text, "    … and {more} more{}", self.options.hint())?;
            }
        }
        Ok(())
    }

    fn ways_out(&mut self, answer: &ImpactAnswer) -> fmt::Result {
        if let Some(way) = way_to_tell(answer) {
            self.sentence("", &format!("\nTo tell which: {way}."))?;
        }
        let ways = ways_out(answer, TEXT);
        let (shown, more) = capped(&ways, MOST_WAYS, self.options.verbose);
        match shown {
            [] => return Ok(()),
            [only] => return self.sentence("", &format!("\nTo keep them: {only}.")),
            _ => writeln!(self.text, "\nTo keep them")?,
        }
        for way in shown {
            self.sentence("  ", &format!("{way}."))?;
        }
        if more > 0 {
            writeln!(self.text, "  … and {more} more{}", self.options.hint())?;
        }
        Ok(())
    }

    /// A sentence, broken for a terminal.
    fn sentence(&mut self, indent: &str, sentence: &str) -> fmt::Result {
        let (before, sentence) = match sentence.strip_prefix('\n') {
            Some(rest) => ("\n", rest),
            None => ("", sentence),
        };
        self.text.push_str(before);
        let lines = wrapped(sentence, COLUMNS - indent.len() - 2).enumerate();
        for (number, line) in lines {
            let further = if number > 0 { "  " } else { "" };
            writeln!(self.text, "{indent}{further}{line}")?;
        }
        Ok(())
    }
}

fn rows(answer: &ImpactAnswer, severity: Severity) -> Vec<Row> {
    let row = |(reached, workbook): (&ReachedWorkbook, &WorkbookFacts)| Row {
        title: printable(&visible(workbook.title_and_luid().0)),
        whose: whose(workbook, severity),
        lines: TEXT.effects(answer, reached),
    };
    answer.of(severity).map(row).collect()
}

/// The project and the owner of a workbook; with the e-mail where somebody has to be told.
fn whose(workbook: &WorkbookFacts, severity: Severity) -> String {
    let name = workbook.owner.name.clone();
    let name = name.filter(|_| severity != Severity::Breaks);
    let owner = name.or_else(|| owner(&workbook.owner));
    let owner = owner.unwrap_or_else(|| "owner not known".to_owned());
    let both = workbook.project.iter().chain([&owner]);
    let both = both
        .map(|fact| printable(&visible(fact)))
        .collect::<Vec<_>>();
    both.join(" · ")
}
