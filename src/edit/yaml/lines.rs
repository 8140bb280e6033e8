//! The lines of a property file, and which of them an exposure takes.

use std::ops::Range;

use crate::input::property_file::DefinedExposure;

/// The lines of a text, each with its end.
pub(super) struct Lines<'t>(Vec<&'t str>);

/// Where an exposure stands.
#[derive(Clone)]
pub(super) struct Place {
    /// Its lines.
    pub(super) lines: Range<usize>,
    /// The column of its dash.
    pub(super) column: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self(text.split_inclusive('\n').collect())
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Some of the lines, as text.
    pub(super) fn text(&self, lines: Range<usize>) -> String {
        self.0[lines].concat()
    }

    /// The lines that are in none of these places, which are in their order, without blanks around
    /// them.
    pub(super) fn outside(&self, taken: &[Place]) -> impl Iterator<Item = &'t str> {
        let ends = taken.iter().map(|place| place.lines.end);
        let starts = taken.iter().map(|place| place.lines.start);
        let free = std::iter::once(0).chain(ends);
        let free = free.zip(starts.chain([self.count()]));
        let lines = free.flat_map(|(from, to)| self.0.get(from..to).unwrap_or_default());
        lines.map(|line| line.trim())
    }

    /// Whether this line is a comment alone.
    pub(super) fn is_comment(&self, at: usize) -> bool {
        let line = self.0.get(at);
        line.is_some_and(|line| line.trim_start().starts_with('#'))
    }

    /// The place of an exposure: from the line with the dash to the last one that is indented deeper
    /// and is not blank. `None` unless the dash stands before its first key, and nothing else does.
    pub(super) fn of(&self, exposure: &DefinedExposure) -> Option<Place> {
        let first = exposure.line.checked_sub(1)?;
        let before = self.0.get(first)?.get(..exposure.column.checked_sub(1)?)?;
        let dash = before.find('-')?;
        let is_alone = before.chars().all(|letter| letter == ' ' || letter == '-');
        if !is_alone || before.matches('-').count() != 1 || before.len() == dash + 1 {
            return None;
        }
        let mut end = first + 1;
        for (at, line) in self.0.iter().enumerate().skip(first + 1) {
            let content = line.trim_start_matches(' ');
            if content.trim().is_empty() {
                continue;
            }
            if line.len() - content.len() > dash {
                end = at + 1;
            } else if !content.starts_with('#') {
                break;
            }
        }
        Some(Place {
            lines: first..end,
            column: dash,
        })
    }

    /// The line of the key `exposures` at the start of a line, and what stands behind it: nothing, or
    /// an empty list. `None` if there is none such.
    pub(super) fn empty_list(&self) -> Option<(usize, &'t str)> {
        self.0.iter().enumerate().find_map(|(at, line)| {
            let rest = line.strip_prefix("exposures:")?;
            let (value, _) = rest.split_once(" #").unwrap_or((rest, ""));
            let is_empty = ["", "[]", "[ ]", "null", "~"].contains(&value.trim());
            is_empty.then(|| (at, &rest[value.trim_end().len()..]))
        })
    }

    /// How lines end.
    pub(super) fn ending(&self) -> &'static str {
        let first = self.0.first();
        if first.is_some_and(|line| line.ends_with("\r\n")) {
            "\r\n"
        } else {
            "\n"
        }
    }
}
