//! Files of a folder that do not say when they were saved, and list workbooks that another file lists
//! as well: they may be captures of several days, and nothing tells which one is the last.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;
use std::hash::BuildHasher;

use foldhash::HashMap;
use foldhash::quality::FixedState;

/// A file of a folder.
#[derive(Debug, Clone, Copy)]
pub(super) struct FoundFile {
    /// Its position.
    pub(super) source: usize,
    /// Whether it says when it was saved.
    pub(super) is_dated: bool,
}

/// Which files list a workbook.
#[derive(Debug, Default)]
pub(super) struct Undated {
    /// The first file that lists a workbook, by the hash of its luid.
    first: HashMap<u64, FoundFile>,
    /// The undated files that list a workbook which another file lists.
    repeating: BTreeSet<usize>,
}

impl Undated {
    /// Notes that a file lists workbooks.
    pub(super) fn add<'l>(&mut self, luids: impl Iterator<Item = &'l str>, file: FoundFile) {
        let hasher = FixedState::default();
        luids.for_each(|luid| self.add_hash(hasher.hash_one(luid), file));
    }

    /// Adds what other exports of the site list.
    pub(super) fn absorb(&mut self, other: Self) {
        self.repeating.extend(other.repeating);
        // The order does not matter: whoever comes second, both are noted.
        let mut others = other.first.into_iter().collect::<Vec<_>>();
        others.sort_unstable_by_key(|(hash, _)| *hash);
        for (hash, file) in others {
            self.add_hash(hash, file);
        }
    }

    /// The positions of the files.
    pub(super) fn repeating(&self) -> &BTreeSet<usize> {
        &self.repeating
    }

    fn add_hash(&mut self, hash: u64, file: FoundFile) {
        match self.first.entry(hash) {
            Entry::Vacant(place) => drop(place.insert(file)),
            Entry::Occupied(first) if first.get().source != file.source => {
                let both = [*first.get(), file].into_iter();
                let undated = both.filter(|file| !file.is_dated);
                self.repeating.extend(undated.map(|file| file.source));
            }
            Entry::Occupied(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_undated_file_that_repeats_is_found_in_any_order() {
        let listed = [
            (0, true, "a"),
            (1, false, "a"),
            (2, false, "a"),
            (3, false, "b"),
        ];
        for turned in 0..listed.len() {
            let mut listed = listed;
            listed.rotate_left(turned);
            let (mut all, mut half) = (Undated::default(), Undated::default());
            for (number, (source, is_dated, luid)) in listed.into_iter().enumerate() {
                let file = FoundFile { source, is_dated };
                let place = if number < 2 { &mut all } else { &mut half };
                place.add([luid, luid].into_iter(), file);
            }
            all.absorb(half);
            assert_eq!(all.repeating(), &BTreeSet::from([1, 2]));
        }
    }
}
