//! A property file as it stands: its lines, and which of its exposures are ours.

use super::comments::{carried, comments};
use super::lines::{Lines, Place};
use super::standing::SwitchedOff;
use crate::input::property_file::{DefinedExposure, PropertyFile};

/// A property file, read line by line.
pub(super) struct File<'f, 't> {
    pub(super) file: &'f PropertyFile<'t>,
    /// The positions of exposures in it that may be changed and removed.
    pub(super) ours: Vec<usize>,
    /// Its lines, without a byte-order mark.
    pub(super) lines: Lines<'t>,
    /// The place of each of its exposures, if that is clear.
    pub(super) places: Vec<Option<Place>>,
}

impl<'f, 't> File<'f, 't> {
    pub(super) fn new(file: &'f PropertyFile<'t>, off: &SwitchedOff) -> Self {
        let exposures = file.exposures.iter().enumerate();
        let ours = exposures.filter(|(_, exposure)| off.are_ours(exposure));
        let lines = Lines::new(file.mark_and_rest().1);
        let places = file.exposures.iter().map(|exposure| lines.of(exposure));
        Self {
            ours: ours.map(|(at, _)| at).collect(),
            places: places.collect(),
            file,
            lines,
        }
    }

    pub(super) fn path(&self) -> &'f str {
        &self.file.path
    }

    /// Our exposures in it, each with its position.
    pub(super) fn ours(&self) -> impl Iterator<Item = (usize, &'f DefinedExposure)> {
        let exposures = &self.file.exposures;
        self.ours.iter().map(|&at| (at, &exposures[at]))
    }

    /// The new text of the exposure at a position with the comments inside the old one. `None` if it is
    /// not certain what is a comment.
    pub(super) fn carry_comments(&self, at: usize, new: &str) -> Option<String> {
        let place = self.places[at].as_ref()?;
        carried(&self.lines.text(place.lines.clone()), place.column, new)
    }

    /// The comments inside an exposure, each with its line from 1 on; all that may be one, if it is
    /// not certain.
    pub(super) fn comments(&self, at: usize) -> Vec<(usize, String)> {
        let Some(place) = &self.places[at] else {
            return Vec::new();
        };
        let text = self.lines.text(place.lines.clone());
        let may_be = || {
            let lines = text.lines().enumerate();
            let with_hash = lines.filter_map(|(at, line)| Some((at, &line[line.find('#')?..])));
            with_hash.collect()
        };
        let found = comments(&text).unwrap_or_else(may_be).into_iter();
        let found = found.map(|(at, comment)| {
            let line = place.lines.start + at + 1;
            (line, comment.trim_end().to_owned())
        });
        found.collect()
    }
}
