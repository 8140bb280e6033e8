//! Pages of codes and the list of all codes, for a terminal.

use std::fmt::Write;

use anstyle::Style;

use super::markdown::{Block, blocks};
use crate::codes::{Entry, Kind};
use crate::output::columns::{padded, widest, wrapped};

/// How many columns a line takes at most, code apart.
const COLUMNS: usize = 100;
const HEADING: Style = Style::new().bold();

/// The pages of some codes, one below the other.
pub fn pages(entries: &[Entry], colored: bool) -> String {
    let mut text = String::new();
    for (number, entry) in entries.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        page(&mut text, entry, colored);
    }
    text
}

fn page(text: &mut String, entry: &Entry, colored: bool) {
    // Writing to a String does not fail.
    let _ = match entry.severity() {
        Some(severity) => write!(text, "{}  ", heading(severity.as_str(), colored)),
        None => Ok(()),
    };
    let _ = writeln!(text, "{}", heading(&entry.name(), colored));
    body(text, entry.summary());
    body(text, entry.more());
    let parts = [
        ("Example", entry.example().text),
        ("What to do", entry.what_to_do()),
    ];
    for (title, part) in parts {
        let _ = writeln!(text, "\n{}", heading(title, colored));
        body(text, part);
    }
}

fn body(text: &mut String, markdown: &str) {
    let mut has_input = false;
    for (number, block) in blocks(markdown).into_iter().enumerate() {
        // The first paragraph of a part stands right below its heading.
        if number > 0 && !matches!(block, Block::Paragraph(_)) {
            text.push('\n');
        }
        match block {
            Block::Paragraph(sentences) => indented(text, "  ", "  ", &sentences),
            Block::List(entries) => {
                for entry in entries {
                    indented(text, "  - ", "    ", &entry);
                }
            }
            Block::Code { is_report, lines } => {
                if is_report && has_input {
                    text.push_str("  The report:\n\n");
                }
                has_input |= !is_report;
                for line in lines {
                    let line = format!("      {line}");
                    let _ = writeln!(text, "{}", line.trim_end());
                }
            }
        }
    }
}

/// Sentences, wrapped, the first line behind one indent and the others behind another one.
fn indented(text: &mut String, first: &str, others: &str, sentences: &str) {
    for (number, line) in wrapped(sentences, COLUMNS - others.len()).enumerate() {
        let indent = if number == 0 { first } else { others };
        let _ = writeln!(text, "{indent}{line}");
    }
}

/// All codes, each with the first sentence of its page.
pub fn list(entries: &[Entry], colored: bool) -> String {
    let mut text = String::new();
    for kind in Kind::ALL {
        let of_kind = entries.iter().filter(|entry| entry.kind == *kind);
        let of_kind = of_kind.collect::<Vec<_>>();
        let title = heading(&kind.to_string(), colored);
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{title}  {}:…", kind.key());
        let width = widest(of_kind.iter().map(|entry| entry.code));
        for entry in of_kind {
            let first = format!("  {}  ", padded(entry.code, width));
            let others = " ".repeat(first.len());
            for block in blocks(&first_sentence(entry.summary())) {
                if let Block::Paragraph(sentence) = block {
                    indented(&mut text, &first, &others, &sentence);
                }
            }
        }
    }
    text.push_str("\n`autoexpose explain --code CODE` prints the page of a code.\n");
    text
}

fn first_sentence(summary: &str) -> String {
    match summary.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => summary.to_owned(),
    }
}

fn heading(text: &str, colored: bool) -> String {
    if colored {
        format!("{}{text}{}", HEADING.render(), HEADING.render_reset())
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[test]
    fn no_line_is_too_long_but_code_and_what_may_be_copied() {
        let entries = codes::all();
        let text = pages(&entries, false) + &list(&entries, false);
        for line in text.lines() {
            let is_free = line.starts_with("      ") || line.contains('`');
            assert!(is_free || line.chars().count() <= COLUMNS, "{line}");
        }
    }

    #[test]
    fn colours_are_for_headings() {
        let entries = codes::find("linked");
        let plain = pages(&entries, false);
        assert!(
            plain.starts_with("outcome:linked\n  The table is"),
            "{plain}"
        );
        let colored = pages(&entries, true);
        assert!(
            colored.starts_with("\u{1b}[1moutcome:linked\u{1b}[0m\n"),
            "{colored}"
        );
        let without = colored.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
        assert_eq!(without, plain);
    }
}
