//! The new text of one property file.
//!
//! The lines of our exposures alone are replaced, removed or added; a new one comes behind the one of
//! ours that precedes it by name. Then the new text is read again: unless that gives the wanted
//! exposures and everything else as it was, nothing is written.

use std::collections::BTreeMap;
use std::ops::Range;

use super::entry::Rendered;
use super::file::File;
use super::lines::{Lines, Place};
use crate::input::property_file::{self, DefinedExposure, PropertyFile};
use crate::model::display::display_enum;

/// The first line of every file that we begin.
const HEADER: &str = "# Written by `autoexpose yaml`, which changes and removes what it wrote. Other exposures stay.";
/// What a file begins with, above its exposures.
const START: &str = "version: 2\n\nexposures:\n";
/// What may stand in a file outside of our exposures for it to be removed with the last of them.
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

/// The new text of a file, if it exists. `wanted` are all of our exposures that it shall hold, by name.
pub(super) fn new_text(
    file: Option<&File>,
    wanted: &BTreeMap<&str, &Rendered>,
) -> Result<NewText, Obstacle> {
    let Some(file) = file else {
        return Ok(NewText::Text(whole(wanted)));
    };
    let changes = Changes::new(file, wanted);
    if changes.are_none() {
        return Ok(NewText::Same);
    }
    let places = file.places.iter().zip(&file.file.exposures);
    let places = places.map(|(place, exposure)| {
        let not_a_line = || Obstacle::NotALine(exposure.name.clone());
        place.clone().ok_or_else(not_a_line)
    });
    let places = places.collect::<Result<Vec<_>, _>>()?;
    if wanted.is_empty() && holds_nothing_else(file, &places) {
        return Ok(NewText::Gone);
    }
    let (mark, rest) = file.file.mark_and_rest();
    if rest.trim().is_empty() {
        return Ok(NewText::Text(whole(wanted)));
    }
    let text = changes.apply(file, &places)?;
    if says(&text, file, wanted) {
        Ok(NewText::Text(format!("{mark}{text}")))
    } else {
        Err(Obstacle::NotTheSame)
    }
}

/// The text of a file that we begin.
fn whole(wanted: &BTreeMap<&str, &Rendered>) -> String {
    let entries = wanted.values();
    let entries = entries.map(|entry| indented(&entry.text, INDENT, "\n"));
    format!("{HEADER}\n{START}{}", entries.collect::<String>())
}

/// An entry of a list, with its dash in this column.
fn indented(text: &str, column: usize, ending: &str) -> String {
    let lines = text.lines();
    let lines = lines.map(|line| format!("{:column$}{line}{ending}", ""));
    lines.collect()
}

/// Whether a file holds nothing but ours.
fn holds_nothing_else(file: &File, places: &[Place]) -> bool {
    file.ours.len() == places.len() && file.lines.outside(places).all(|line| PLAIN.contains(&line))
}

/// What is done to the exposures of a file.
struct Changes<'c> {
    /// Those of ours that get a new text, by their position.
    replaced: BTreeMap<usize, &'c Rendered>,
    /// The positions of those of ours that go.
    removed: Vec<usize>,
    /// New ones, by name.
    added: BTreeMap<&'c str, &'c Rendered>,
}

impl<'c> Changes<'c> {
    fn new(file: &File, wanted: &BTreeMap<&'c str, &'c Rendered>) -> Self {
        let mut changes = Self {
            replaced: BTreeMap::new(),
            removed: Vec::new(),
            added: wanted.clone(),
        };
        for (at, exposure) in file.ours() {
            match changes.added.remove(exposure.name.as_str()) {
                Some(entry) if entry.value == exposure.value => {}
                Some(entry) => drop(changes.replaced.insert(at, entry)),
                None => changes.removed.push(at),
            }
        }
        changes
    }

    fn are_none(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty() && self.replaced.is_empty()
    }

    /// The text without its byte-order mark, with these changes. `places` are those of all exposures
    /// of the file.
    fn apply(&self, file: &File, places: &[Place]) -> Result<String, Obstacle> {
        let (lines, ending) = (&file.lines, file.lines.ending());
        if places.is_empty() {
            let added = self.added.values();
            let added = added.map(|entry| indented(&entry.text, INDENT, ending));
            return add_list(lines, &added.collect::<String>());
        }
        let mut text = String::new();
        let mut at = 0;
        for (range, entry) in self.edits(file, places) {
            text.push_str(&lines.text(at..range.start));
            end_line(&mut text, ending);
            text.push_str(&entry);
            at = range.end;
        }
        text.push_str(&lines.text(at..lines.count()));
        if self.removed.len() == places.len() && self.added.is_empty() {
            return emptied(&text, ending);
        }
        Ok(text)
    }

    /// Lines and what comes in their place, in the order of the lines.
    fn edits(&self, file: &File, places: &[Place]) -> Vec<(Range<usize>, String)> {
        let ending = file.lines.ending();
        let removed = self.removed.iter();
        let removed = removed.map(|&at| (places[at].lines.clone(), String::new()));
        let replaced = self.replaced.iter().map(|(&at, entry)| {
            let Place { lines, column } = &places[at];
            (lines.clone(), indented(&entry.text, *column, ending))
        });
        let neighbours = Neighbours::new(file, places, &self.removed);
        let added = self.added.iter().map(|(name, entry)| {
            let (at, column) = neighbours.place_for(name);
            (at..at, indented(&entry.text, column, ending))
        });
        let mut edits = added.chain(removed).chain(replaced).collect::<Vec<_>>();
        // Those at one line stay in the order of their names.
        edits.sort_by_key(|(lines, _)| (lines.start, lines.end));
        edits
    }
}

/// The exposures beside which new ones are put. Those that go are none: a comment above one of them
/// would seem to be about the new one.
struct Neighbours<'p> {
    /// Those of ours, by name.
    ours: BTreeMap<&'p str, &'p Place>,
    /// The last of all.
    last: Option<&'p Place>,
    lines: &'p Lines<'p>,
}

impl<'p> Neighbours<'p> {
    /// `removed` are the positions of those that go, in their order.
    fn new(file: &'p File, places: &'p [Place], removed: &[usize]) -> Self {
        let stays = |at: &usize| removed.binary_search(at).is_err();
        let ours = file.ours().filter(|(at, _)| stays(at));
        let last = (0..places.len()).rfind(stays);
        Self {
            ours: ours
                .map(|(at, one)| (one.name.as_str(), &places[at]))
                .collect(),
            last: last.map_or(places.last(), |at| places.get(at)),
            lines: &file.lines,
        }
    }

    /// The line before which a new exposure is put, and the column of its dash: behind the one of ours
    /// that precedes it by name, else before the first one; but a comment above that one stays where
    /// it is.
    fn place_for(&self, name: &str) -> (usize, usize) {
        let before = self.ours.range(..name).next_back();
        let behind = self.ours.range(name..).next();
        let place = match (before, behind) {
            (None, Some((_, place))) => {
                let start = place.lines.start;
                let is_explained = start
                    .checked_sub(1)
                    .is_some_and(|at| self.lines.is_comment(at));
                if !is_explained {
                    return (start, place.column);
                }
                Some(*place)
            }
            (Some((_, place)), _) => Some(*place),
            (None, None) => self.last,
        };
        place.map_or((self.lines.count(), INDENT), |place| {
            (place.lines.end, place.column)
        })
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
        None if property_file::has_exposures_key(&lines.text(0..all)) => Err(Obstacle::NoList),
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

/// Whether a new text says of our exposures what is wanted, and of all else what the file says.
fn says(text: &str, file: &File, wanted: &BTreeMap<&str, &Rendered>) -> bool {
    let Ok(found) = property_file::exposures(text) else {
        return false;
    };
    let PropertyFile {
        text: old,
        exposures,
        ..
    } = file.file;
    let mut ours = file.ours.iter().peekable();
    let others = exposures.iter().enumerate();
    let mut others = others.filter(|(at, _)| ours.next_if_eq(&at).is_none());
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
    let is_rest_same =
        || property_file::beside_exposures(text) == property_file::beside_exposures(old);
    are_known && missing.is_empty() && others.next().is_none() && is_rest_same()
}
