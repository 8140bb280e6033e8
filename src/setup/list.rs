//! Adds an entry to a list in a YAML text, or takes one out, and leaves everything else as it is.

use std::ops::Range;

use super::outline::{Entry, List};
use super::text::{line, with_line_below, without_line};

/// The text with another entry at the end of a list; `None` if its layout is not one of the usual ones.
pub(super) fn with_entry(text: &str, list: &List, entry: &str) -> Option<String> {
    let last = list.entries.last()?.as_ref()?;
    let entry = quoted_like(&text[last.at.clone()], entry);
    let own = line(text, last.at.start);
    let before = &text[own.start..last.at.start];
    if !list.is_flow {
        let is_block = before.trim() == "-";
        return is_block.then(|| with_line_below(text, &own, &format!("{before}{entry}")));
    }
    let rest = &text[last.at.end..own.end];
    if !before.trim().is_empty() || rest.contains(']') && !rest.trim_start().starts_with('#') {
        return Some(inserted(text, last.at.end, &format!(", {entry}")));
    }
    // Each entry has a line of its own.
    match rest.trim_start().chars().next() {
        Some(',') => Some(with_line_below(text, &own, &format!("{before}{entry},"))),
        None | Some('#') => {
            let added = with_line_below(text, &own, &format!("{before}{entry}"));
            Some(inserted(&added, last.at.end, ","))
        }
        Some(_) => None,
    }
}

/// The text without an entry of a list; `None` if its layout is not one of the usual ones, or if nothing
/// would be left.
pub(super) fn without_entry(text: &str, list: &List, number: usize) -> Option<String> {
    let place = |number: usize| Some(&list.entries.get(number)?.as_ref()?.at);
    let entry = place(number)?;
    if list.entries.len() == 1 {
        return None;
    }
    let own = line(text, entry.start);
    let (before, rest) = (&text[own.start..entry.start], &text[entry.end..own.end]);
    if !list.is_flow {
        return (before.trim() == "-").then(|| without_line(text, &own));
    }
    let has_own_line = before.trim().is_empty() && !rest.contains(']');
    match number.checked_sub(1) {
        None if has_own_line => Some(without_line(text, &own)),
        None => {
            let next = place(1)?.start;
            is_comma(text, entry.end..next).then(|| without(text, entry.start..next))
        }
        Some(previous) => {
            let end = place(previous)?.end;
            if !has_own_line {
                return is_comma(text, end..entry.start).then(|| without(text, end..entry.end));
            }
            let shorter = without_line(text, &own);
            let has_comma = rest.trim_start().starts_with(',');
            if has_comma || number + 1 < list.entries.len() {
                return Some(shorter);
            }
            let is_next = text[end..].starts_with(',');
            Some(if is_next {
                without(&shorter, end..end + 1)
            } else {
                shorter
            })
        }
    }
}

/// The first entry of a list that is this folder, however it is written.
pub(super) fn position(list: &List, folder: &str) -> Option<usize> {
    let is = |entry: &Entry| {
        let text = entry.text.strip_prefix("./").unwrap_or(&entry.text);
        text.trim_end_matches('/') == folder
    };
    let mut entries = list.entries.iter();
    entries.position(|entry| entry.as_ref().is_some_and(is))
}

/// A word that YAML reads as a text in any quotes, in those of another scalar.
fn quoted_like(scalar: &str, word: &str) -> String {
    match scalar.chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{word}{quote}"),
        _ => word.to_owned(),
    }
}

/// Whether there is nothing but a comma and blanks between two entries on one line.
fn is_comma(text: &str, between: Range<usize>) -> bool {
    let between = &text[between];
    between.trim() == "," && !between.contains('\n')
}

fn inserted(text: &str, at: usize, new: &str) -> String {
    let (before, after) = text.split_at(at);
    format!("{before}{new}{after}")
}

fn without(text: &str, part: Range<usize>) -> String {
    format!("{}{}", &text[..part.start], &text[part.end..])
}
