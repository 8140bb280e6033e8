//! Renders the report for people and scripts. Each format is one module; none decides anything.

pub mod cap;
pub mod columns;
pub mod cures;
pub mod differences;
mod inert;
pub mod json;
pub mod lost;
pub mod markdown;
pub mod not_selected;
pub mod report;
pub mod text;
pub mod unified;
pub mod unlinked;
pub mod yaml;

use std::borrow::Cow;

pub use self::inert::printable;
pub use self::report::Report;
use crate::model::letters::is_unseen;

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

/// That nothing changes, for a run that has exposures to compare with; not beside lost links, which
/// are no better for it.
pub fn nothing_changes(report: &Report) -> Option<String> {
    let (unchanged, kept) = (report.unchanged, report.kept.len());
    if !report.is_quiet() || unchanged + kept == 0 {
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
