//! Renders what no workbook uses as a part of a page.

use super::{code, prose};
use crate::output::Options;
use crate::output::cap::{MOST_SHOWN, capped};
use crate::output::usage::UsageAnswer;
use crate::output::usage::sections::{Row, Section, first_sentences, last_sentences, sections};

/// Renders the answer for a page that has room for so many more characters: lists are cut before it is
/// full.
pub(crate) fn render(answer: &UsageAnswer, options: Options, room: usize) -> String {
    let mut part = Part {
        text: String::new(),
        options,
        room,
    };
    for sentence in first_sentences(answer) {
        part.paragraph(&prose(&sentence));
    }
    for section in sections(answer) {
        part.section(&section);
    }
    for sentence in last_sentences(answer) {
        part.paragraph(&prose(&sentence));
    }
    part.text
}

struct Part {
    text: String,
    options: Options,
    room: usize,
}

impl Part {
    /// A line of its own. Sentences are few and short, so that only lists are cut.
    fn paragraph(&mut self, line: &str) {
        self.text.push_str(&format!("\n{line}\n"));
        self.room = self.room.saturating_sub(line.chars().count() + 2);
    }

    fn section(&mut self, section: &Section) {
        self.paragraph(&format!("**{}**", prose(&section.heading)));
        self.text.push('\n');
        let (shown, more) = capped(&section.rows, MOST_SHOWN, self.options.verbose);
        let mut left_out = more;
        for (number, row) in shown.iter().enumerate() {
            let line = line(row);
            let length = line.chars().count();
            if length > self.room {
                left_out += shown.len() - number;
                break;
            }
            self.room -= length;
            self.text.push_str(&line);
        }
        if left_out > 0 {
            let hint = self.options.hint();
            self.text
                .push_str(&format!("- … and {left_out} more{hint}\n"));
        }
        for sentence in &section.below {
            self.text.push_str(&format!("- {}\n", prose(sentence)));
        }
    }
}

fn line(row: &Row) -> String {
    let id = if row.id.is_empty() {
        String::new()
    } else {
        code(&row.id)
    };
    let about = prose(&row.about);
    let columns = [row.kind.trim_end(), &id, &about];
    let columns = columns.into_iter().filter(|column| !column.is_empty());
    let columns = columns.collect::<Vec<_>>().join(" ");
    format!("- {columns}\n")
}
