//! Renders what no workbook uses as text for people.

use std::fmt::{self, Write};

use super::Page;
use crate::output::columns::{padded, widest};
use crate::output::usage::UsageAnswer;
use crate::output::usage::sections::{Section, first_sentences, last_sentences, sections};
use crate::output::{Options, printable};

/// Renders the answer.
pub fn render(answer: &UsageAnswer, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    // Writing to a String does not fail.
    let _ = page.usage(answer);
    page.text
}

impl Page {
    fn usage(&mut self, answer: &UsageAnswer) -> fmt::Result {
        for sentence in first_sentences(answer) {
            writeln!(self.text, "{}", printable(&sentence))?;
        }
        for section in sections(answer) {
            self.section(&section)?;
        }
        for sentence in last_sentences(answer) {
            writeln!(self.text, "\n{}", printable(&sentence))?;
        }
        Ok(())
    }

    /// A list in columns, with its heading.
    fn section(&mut self, section: &Section) -> fmt::Result {
        self.heading(&printable(&section.heading))?;
        let (shown, more) = self.capped(&section.rows);
        let width = widest(shown.iter().map(|row| printable(&row.id)));
        for row in shown {
            let id = padded(&printable(&row.id), width);
            let columns = [row.kind, &id, &printable(&row.about)];
            let columns = columns.into_iter().filter(|column| !column.is_empty());
            let line = columns.collect::<Vec<_>>().join("  ");
            writeln!(self.text, "  {}", line.trim_end())?;
        }
        self.left_out("  ", more, "")?;
        for sentence in &section.below {
            writeln!(self.text, "  {}", printable(sentence))?;
        }
        Ok(())
    }
}
