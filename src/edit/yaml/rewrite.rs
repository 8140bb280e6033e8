//! The new text of one property file.
//!
//! A file that holds nothing but ours is written as a whole, in the order of names. In any other file
//! the lines of our exposures alone are replaced, removed or added. Then the new text is read again:
//! unless that gives the wanted exposures and all others as they were, nothing is written.

use std::collections::BTreeMap;
use std::ops::Range;

use super::entry::Rendered;
use super::lines::Lines;
use crate::input::property_file::{self, DefinedExposure, PropertyFile};
use crate::model::display::display_enum;

/// The first line of every file that we begin.
const HEADER: &str = "# Written by `autoexpose yaml`, which changes and removes what it wrote. Other exposures stay.";
/// What a file begins with, above its exposures.
const START: &str = "version: 2\n\nexposures:\n";
/// What may stand in a file outside of our exposures for it to be written as a whole.
const PLAIN: [&str; 5] = ["", HEADER, "version: 2", "exposures:", "exposures: []"];
/// How far an entry of the list is indented in a file that we begin.
const INDENT: usize = 2;

display_enum! {
    /// Why a file cannot be changed.
    pub enum Obstacle {
        /// Flow style, an anchor or a tag, or several on one line.
        NotALine(name: String) => "the exposure {name:?} does not begin with a dash and its first key on a line of its own";
        /// There is a list of exposures, but not where it can be added to.
        NoList => "its key `exposures` does not stand at the start of a line, with nothing or an empty list behind it";
        /// The new text would say something else.
        NotTheSame => "a changed text would not say the same of everything else in it";
    }
}

/// What becomes of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NewText {
    /// It stays.
    Same,
    /// It has, or gets, this text.
    Text(String),
    /// Nothing is left of it.
    Gone,
}

/// The new text of a file, if it exists. `ours` are the positions of the exposures in it that may be
/// changed and removed, `wanted` all of ours that it shall hold, by name.
pub(super) fn new_text(
    file: Option<&PropertyFile>,
    ours: &[usize],
    wanted: &BTreeMap<&str, &Rendered>,
) -> Result<NewText, Obstacle> {
    let Some(file) = file else {
        return Ok(whole(wanted));
    };
    let changes = Changes::new(file, ours, wanted);
    if changes.are_none() {
        return Ok(NewText::Same);
    }
    let lines = Lines::new(file.text);
    let taken = file.exposures.iter().map(|exposure| {
        let not_a_line = || Obstacle::NotALine(exposure.name.clone());
        lines.of(exposure).ok_or_else(not_a_line)
    });
    let taken = taken.collect::<Result<Vec<_>, _>>();
    if let Ok(taken) = &taken
        && holds_nothing_else(&lines, file, ours, taken)
    {
        return Ok(whole(wanted));
    }
    let text = changes.apply(&lines, &taken?)?;
    if says(&text, file, ours, wanted) {
        Ok(NewText::Text(text))
    } else {
        Err(Obstacle::NotTheSame)
    }
}

fn whole(wanted: &BTreeMap<&str, &Rendered>) -> NewText {
    if wanted.is_empty() {
        return NewText::Gone;
    }
    let entries = wanted.values();
    let entries = entries.map(|entry| indented(&entry.text, INDENT, "\n"));
    NewText::Text(format!("{HEADER}\n{START}{}", entries.collect::<String>()))
}

/// An entry of a list, with its dash in this column.
fn indented(text: &str, column: usize, ending: &str) -> String {
    let lines = text.lines();
    let lines = lines.map(|line| format!("{:column$}{line}{ending}", ""));
    lines.collect()
}

/// Whether a file holds nothing but ours, and no comment.
fn holds_nothing_else(
    lines: &Lines,
    file: &PropertyFile,
    ours: &[usize],
    taken: &[(Range<usize>, usize)],
) -> bool {
    let ranges = taken.iter().map(|(range, _)| range.clone());
    let ranges = ranges.collect::<Vec<_>>();
    ours.len() == file.exposures.len()
        && lines.outside(&ranges).all(|line| PLAIN.contains(&line))
        && !ranges.iter().any(|range| lines.have_comment(range))
}

/// What is done to the exposures of a file.
struct Changes<'c> {
    /// The positions of exposures that stay or, with a new text, are replaced; the others of ours go.
    kept: BTreeMap<usize, Option<&'c Rendered>>,
    removed: Vec<usize>,
    added: Vec<&'c Rendered>,
}

impl<'c> Changes<'c> {
    fn new(file: &PropertyFile, ours: &[usize], wanted: &BTreeMap<&str, &'c Rendered>) -> Self {
        let mut missing = wanted.clone();
        let mut changes = Self {
            kept: BTreeMap::new(),
            removed: Vec::new(),
            added: Vec::new(),
        };
        for &at in ours {
            let exposure = &file.exposures[at];
            match missing.remove(exposure.name.as_str()) {
                Some(entry) => {
                    let differs = entry.value != exposure.value;
                    changes.kept.insert(at, differs.then_some(entry));
                }
                None => changes.removed.push(at),
            }
        }
        changes.added.extend(missing.into_values());
        changes
    }

    fn are_none(&self) -> bool {
        let replaced = self.kept.values().flatten();
        self.removed.is_empty() && self.added.is_empty() && replaced.count() == 0
    }

    /// The text with these changes. `taken` are the lines of the exposures of the file.
    fn apply(&self, lines: &Lines, taken: &[(Range<usize>, usize)]) -> Result<String, Obstacle> {
        let ending = lines.ending();
        let added = |column| {
            let added = self.added.iter();
            let added = added.map(move |entry| indented(&entry.text, column, ending));
            added.collect::<String>()
        };
        let Some((last, column)) = taken.last() else {
            return add_list(lines, &added(INDENT));
        };
        let is_emptied = self.removed.len() == taken.len() && self.added.is_empty();
        let mut text = String::new();
        let mut at = 0;
        for (number, (range, column)) in taken.iter().enumerate() {
            text.push_str(&lines.text(at..range.start));
            at = range.end;
            match self.kept.get(&number) {
                Some(Some(entry)) => text.push_str(&indented(&entry.text, *column, ending)),
                _ if self.removed.contains(&number) => {}
                _ => text.push_str(&lines.text(range.clone())),
            }
        }
        if !self.added.is_empty() {
            end_line(&mut text, ending);
            text.push_str(&added(*column));
        }
        text.push_str(&lines.text(last.end..lines.count()));
        if is_emptied {
            return emptied(&text, ending);
        }
        Ok(text)
    }
}

/// The text with a list of exposures, which it does not have so far.
fn add_list(lines: &Lines, entries: &str) -> Result<String, Obstacle> {
    let ending = lines.ending();
    let all = lines.count();
    match lines.empty_list() {
        Some((at, comment)) => {
            let mut text = lines.text(0..at);
            text.push_str(&format!("exposures:{comment}"));
            end_line(&mut text, ending);
            text.push_str(entries);
            text.push_str(&lines.text(at + 1..all));
            Ok(text)
        }
        None if lines
            .outside(&[])
            .any(|line| line.starts_with("exposures:")) =>
        {
            Err(Obstacle::NoList)
        }
        None => {
            let mut text = lines.text(0..all);
            end_line(&mut text, ending);
            text.push_str(&format!("{ending}exposures:{ending}{entries}"));
            Ok(text)
        }
    }
}

/// The text of a file whose list has no entry any more: dbt takes only an empty one.
fn emptied(text: &str, ending: &str) -> Result<String, Obstacle> {
    let lines = Lines::new(text);
    let (at, comment) = lines.empty_list().ok_or(Obstacle::NoList)?;
    let mut new = lines.text(0..at);
    new.push_str(&format!("exposures: []{comment}"));
    end_line(&mut new, ending);
    new.push_str(&lines.text(at + 1..lines.count()));
    Ok(new)
}

fn end_line(text: &mut String, ending: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(ending);
    }
}

/// Whether a new text says of our exposures what is wanted, and of all others what the file says.
fn says(
    text: &str,
    file: &PropertyFile,
    ours: &[usize],
    wanted: &BTreeMap<&str, &Rendered>,
) -> bool {
    let Ok(found) = property_file::exposures(text) else {
        return false;
    };
    let others = file.exposures.iter().enumerate();
    let mut others = others.filter(|(at, _)| !ours.contains(at));
    let mut missing = wanted.clone();
    let mut is_known = |found: &DefinedExposure| {
        let is_wanted = |entry: &&Rendered| entry.value == found.value;
        if missing.get(found.name.as_str()).is_some_and(is_wanted) {
            missing.remove(found.name.as_str());
            return true;
        }
        others
            .next()
            .is_some_and(|(_, other)| other.value == found.value)
    };
    let are_known = found.iter().all(&mut is_known);
    are_known && missing.is_empty() && others.next().is_none()
}
