//! Renders the answer as text for people: what is due, what is not and why, and the rest in figures.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{RefreshAnswer, ages, facts, headline, outcomes, parted};
use crate::output::cap::{MOST_SHOWN, capped};
use crate::output::columns::{padded, widest, wrapped};
use crate::output::{Options, printable, text, visible};
use crate::schedule::Target;

/// The width of a terminal that sentences are broken for.
const COLUMNS: usize = 100;
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
/// How many diagnostics of each code are shown.
const MOST_OF_EACH: usize = 5;

/// Renders the answer.
pub fn render(answer: &RefreshAnswer, options: Options) -> String {
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

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        text::painted(text, style, self.options)
    }

    fn answer(&mut self, answer: &RefreshAnswer) -> fmt::Result {
        let style = if answer.is_good() { GOOD } else { BAD };
        let line = self.paint(style, &printable(&headline(answer)));
        writeln!(self.text, "refresh: {line}")?;
        self.due(answer)?;
        if self.options.quiet || answer.off.is_some() {
            return Ok(());
        }
        self.held(answer)?;
        let notes = ages(answer)
            .into_iter()
            .chain(answer.remarks.iter().cloned());
        for note in notes {
            self.sentence(&format!("note: {note}"))?;
        }
        let told = answer.diagnostics.iter().collect::<Vec<_>>();
        let told = text::notes_and_warnings(&told, MOST_OF_EACH, self.options);
        self.text.push_str(&told);
        Ok(())
    }

    fn due(&mut self, answer: &RefreshAnswer) -> fmt::Result {
        let rows = outcomes(answer).map(|(due, posted)| {
            let facts = facts(&due.target, &due.built, due.refreshed_at);
            let what = match posted {
                Some((posted, _)) => posted.to_string(),
                None => "due".to_owned(),
            };
            (&due.target, what, facts)
        });
        let rows = rows.collect::<Vec<_>>();
        self.rows("Due", &rows)
    }

    fn held(&mut self, answer: &RefreshAnswer) -> fmt::Result {
        let (of_run, lasting) = parted(&answer.schedule.held);
        let shown = if self.options.verbose {
            answer.schedule.held.iter().collect()
        } else {
            of_run
        };
        let rows = shown.into_iter().map(|held| {
            let facts = if held.built.is_empty() {
                Vec::new()
            } else {
                facts(&held.target, &held.built, held.refreshed_at)
            };
            (&held.target, held.reason.to_string(), facts)
        });
        let rows = rows.collect::<Vec<_>>();
        self.rows("Not due", &rows)?;
        if !self.options.verbose && !lasting.is_empty() {
            let counts = lasting.iter();
            let counts = counts.map(|(reason, count)| format!("{count} {reason}"));
            let counts = counts.collect::<Vec<_>>().join(", ");
            self.sentence(&format!("\nNever due: {counts} (`-v` shows them)"))?;
        }
        Ok(())
    }

    fn rows(&mut self, heading: &str, rows: &[(&Target, String, Vec<String>)]) -> fmt::Result {
        if rows.is_empty() {
            return Ok(());
        }
        let heading = self.paint(HEADING, heading);
        writeln!(self.text, "\n{heading}")?;
        let (shown, more) = capped(rows, MOST_SHOWN, self.options.verbose);
        let titles = shown.iter();
        let titles = titles.map(|(target, ..)| printable(&visible(target.title())));
        let titles = titles.collect::<Vec<_>>();
        let width = widest(&titles);
        for ((target, what, facts), title) in shown.iter().zip(&titles) {
            let title = padded(title, width);
            let kind = target.kind.words();
            let what = printable(&visible(what));
            let row = format!("{title}  {kind}: {what}");
            let mut lines = wrapped(&row, COLUMNS - 2);
            let first = lines.next().unwrap_or_default();
            writeln!(self.text, "  {first}")?;
            for line in lines {
                writeln!(self.text, "    {line}")?;
            }
            if facts.is_empty() {
                continue;
            }
            let facts = printable(&visible(&facts.join("; ")));
            for (number, line) in wrapped(&facts, COLUMNS - 8).enumerate() {
                let line = self.paint(FAINT, &line);
                let further = if number > 0 { "  " } else { "" };
                writeln!(self.text, "      {further}{line}")?;
            }
        }
        if more > 0 {
            let hint = self.options.hint();
            writeln!(self.text, "  … and {more} more{hint}")?;
        }
        Ok(())
    }

    /// A sentence, broken for a terminal.
    fn sentence(&mut self, sentence: &str) -> fmt::Result {
        let (blank, sentence) = match sentence.strip_prefix('\n') {
            Some(rest) => ("\n", rest),
            None => ("", sentence),
        };
        self.text.push_str(blank);
        let sentence = printable(sentence);
        for (number, line) in wrapped(&sentence, COLUMNS).enumerate() {
            let further = if number > 0 { "  " } else { "" };
            writeln!(self.text, "{further}{line}")?;
        }
        Ok(())
    }
}
