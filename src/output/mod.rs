//! Renders the report for people and scripts. Each format is one module; none decides anything.

pub mod access;
pub mod amounts;
pub mod annotations;
pub mod cap;
pub mod check;
pub mod codes;
pub mod columns;
pub mod config_lines;
pub mod cures;
pub mod diagnostics;
pub mod differences;
pub mod doctor;
pub mod explain;
pub mod hidden;
mod hunks;
pub mod impact;
mod inert;
pub mod json;
pub mod lost;
pub mod markdown;
pub mod not_selected;
pub mod refresh;
pub mod setup;
pub mod several;
pub mod text;
pub mod unified;
pub mod unlinked;
pub mod usage;
pub mod yaml;

use std::borrow::Cow;

pub use self::inert::printable;
use crate::model::letters::is_unseen;
pub use crate::report::{ChangeOfFile, ChangedFile, Report};

/// How much a report for people shows, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether to use colours, as far as the format has some.
    pub colored: bool,
    /// Whether to show long lists whole, and also what needs no attention.
    pub verbose: bool,
    /// Whether to show only what changes.
    pub quiet: bool,
}

impl Options {
    /// How to see what a list leaves out, for the end of its last line. A run with `--quiet` cannot
    /// have that flag.
    pub fn hint(self) -> &'static str {
        if self.quiet || self.verbose {
            ""
        } else {
            " (`-v` shows all)"
        }
    }
}

/// A name whose letters can all be seen: blanks other than the plain one and letters that take no
/// room are escaped, since they make two names look alike.
pub fn visible(name: &str) -> Cow<'_, str> {
    if !name.contains(is_unseen) {
        return Cow::Borrowed(name);
    }
    let mut visible = String::with_capacity(name.len());
    for letter in name.chars() {
        if is_unseen(letter) {
            visible.extend(letter.escape_unicode());
        } else {
            visible.push(letter);
        }
    }
    Cow::Owned(visible)
}

/// `1 workbook`, `2 workbooks`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// A message as a sentence of its own.
pub fn as_sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

/// That nothing changes, for a run that has exposures to compare with.
pub fn nothing_changes(reports: &[Report]) -> Option<String> {
    let unchanged = reports.iter().map(|report| report.unchanged).sum::<usize>();
    let kept = reports
        .iter()
        .map(|report| report.kept.len())
        .sum::<usize>();
    if reports.iter().any(Report::has_changes) || unchanged + kept == 0 {
        return None;
    }
    let are = |count: usize| if count == 1 { "is" } else { "are" };
    let mut parts = Vec::new();
    if unchanged > 0 {
        let exposures = counted(unchanged, "exposure");
        let as_it_should_be = if unchanged == 1 {
            "as it should be"
        } else {
            "as they should be"
        };
        parts.push(format!("{exposures} {} {as_it_should_be}", are(unchanged)));
    }
    if kept > 0 {
        let exposures = if unchanged > 0 {
            kept.to_string()
        } else {
            counted(kept, "exposure")
        };
        parts.push(format!("{exposures} {} kept", are(kept)));
    }
    Some(format!("Nothing changes: {}", parts.join(", ")))
}

/// `1 added, 2 removed`; `none change` if no file does.
pub fn files_that_change(files: &[ChangedFile]) -> String {
    let counts = ChangeOfFile::ALL.iter().filter_map(|kind| {
        let count = files.iter().filter(|file| file.change == *kind).count();
        (count > 0).then(|| format!("{count} {kind}"))
    });
    let counts = counts.collect::<Vec<_>>();
    if counts.is_empty() {
        "none change".to_owned()
    } else {
        counts.join(", ")
    }
}

/// `2 added, 1 removed`; `none` if there are no exposures.
pub fn change_counts(reports: &[Report]) -> String {
    let sum = |count: fn(&Report) -> usize| reports.iter().map(count).sum::<usize>();
    let counts = [
        (sum(|report| report.added.len()), "added"),
        (sum(|report| report.renamed.len()), "renamed"),
        (sum(|report| report.changed.len()), "changed"),
        (sum(|report| report.removed.len()), "removed"),
        (sum(|report| report.kept.len()), "kept"),
        (sum(|report| report.unchanged), "unchanged"),
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
