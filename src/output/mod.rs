//! Renders the report for people and scripts. Each format is one module; none decides anything.

pub mod differences;
pub mod json;
pub mod markdown;
pub mod report;
pub mod text;
pub mod unified;
pub mod unlinked;
pub mod yaml;

pub use self::report::Report;

/// A text that is safe to show in terminals and logs: active characters are escaped.
///
/// These are control characters, characters that reorder text or break lines, since they can make a
/// line look like another one, and what GitHub's and Azure's runners would execute as a command.
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

/// Whether a letter acts on a terminal or on the letters around it.
fn is_active(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether the first letter of `rest` completes a workflow command: `##[` anywhere in a line, or
/// `::` at the start of a line, after white space. The text itself may be at the start of its line.
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

/// `2 added, 1 removed`; `none` if there are no exposures.
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
    fn active_letters_are_escaped() {
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
    fn workflow_commands_are_escaped() {
        assert_eq!(printable("a ##[error]b"), "a ##\\u{5b}error]b");
        assert_eq!(printable("###[x] ##"), "###\\u{5b}x] ##");
        assert_eq!(printable("::error::b"), "\\u{3a}:error::b");
        assert_eq!(printable(" \u{a0}::error::b"), " \u{a0}\\u{3a}:error::b");
    }
}
