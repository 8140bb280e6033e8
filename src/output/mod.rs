//! The report into what people and scripts read. One file for each format; none decides anything.

pub mod differences;
pub mod json;
pub mod markdown;
pub mod report;
pub mod text;
pub mod unified;
pub mod unlinked;
pub mod yaml;

pub use self::report::Report;

/// A text in which nothing acts on those who show it: control characters are shown, not sent.
///
/// So are characters that reorder text or break lines, since they can make a line read as another
/// one, and what GitHub's and Azure's runners take for a command when they print it.
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        if is_active(letter) || begins_command(&text[..at], &text[at..]) {
            printable.extend(letter.escape_unicode());
        } else {
            printable.push(letter);
        }
    }
    printable
}

/// Whether a letter does something to a terminal or to the letters around it.
fn is_active(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether the first letter of `rest` makes a command of a workflow: `##[` anywhere in a line, and
/// `::` where a line begins with it, spaces aside. A text may stand first in its line.
fn begins_command(before: &str, rest: &str) -> bool {
    (rest.starts_with('[') && before.ends_with("##"))
        || (rest.starts_with("::") && before.trim_start().is_empty())
}

/// `1 workbook`, `2 workbooks`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
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
    if counts.is_empty() {
        "none".to_owned()
    } else {
        counts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(
            printable("a\u{1b}[2K\nb\u{9b}"),
            "a\\u{1b}[2K\\u{a}b\\u{9b}"
        );
        assert_eq!(
            printable("\u{61c}\u{202e}\u{2028}\u{2029}"),
            "\\u{61c}\\u{202e}\\u{2028}\\u{2029}"
        );
        assert_eq!(printable("Größe 🚀 [a] #1 b::c"), "Größe 🚀 [a] #1 b::c");
    }

    #[test]
    fn commands_of_workflows_are_broken() {
        assert_eq!(printable("a ##[error]b"), "a ##\\u{5b}error]b");
        assert_eq!(printable("###[x] ##"), "###\\u{5b}x] ##");
        assert_eq!(printable("::error::b"), "\\u{3a}:error::b");
        assert_eq!(printable(" \u{a0}::error::b"), " \u{a0}\\u{3a}:error::b");
    }
}
