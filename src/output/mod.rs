//! The report into what people and scripts read. One file for each format; none decides anything.

pub mod differences;
pub mod json;
pub mod markdown;
pub mod report;
pub mod text;
pub mod unified;
pub mod unlinked;

pub use self::report::Report;

/// A text in which nothing acts on a terminal: control characters are shown, not sent.
///
/// Also characters that reorder text are shown, since they can make a line read as another one.
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for letter in text.chars() {
        let reorders = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if letter.is_control() || reorders {
            printable.extend(letter.escape_unicode());
        } else {
            printable.push(letter);
        }
    }
    printable
}

/// `1 workbook`, `2 workbooks`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `2 added, 1 removed`; `none` if there is nothing at all.
pub fn change_counts(report: &Report) -> String {
    let counts = [
        (report.added.len(), "added"),
        (report.renamed.len(), "renamed"),
        (report.changed.len(), "changed"),
        (report.removed.len(), "removed"),
        (report.kept.len(), "kept"),
        (report.unchanged, "unchanged"),
    ];
    let counts = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect::<Vec<_>>();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}
