//! Positions by the hash of a name, whatever its case.
//!
//! A manifest may have a hundred thousand relations, and an export asks for a few of them. So names
//! are not copied or folded for good: only their hashes are stored, in a sorted list. Two names may
//! have the same hash, so callers compare the names of what they find.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use crate::model::relation::folded;

/// Positions in a list, by the hash of what is looked up.
#[derive(Debug, Default)]
pub struct HashIndex(Vec<(u64, usize)>);

impl HashIndex {
    /// Sorts positions by the hash of their key, which is one or more names.
    pub fn new<'k, const N: usize>(keys: impl Iterator<Item = ([&'k str; N], usize)>) -> Self {
        let mut hashes = keys
            .map(|(key, position)| (hash(&key), position))
            .collect::<Vec<_>>();
        hashes.sort_unstable();
        Self(hashes)
    }

    /// The positions that may have this key, in order. All that have it are among them.
    pub fn get<'b>(&'b self, key: &[&str]) -> impl ExactSizeIterator<Item = usize> + use<'b> {
        let hash = hash(key);
        let start = self.0.partition_point(|(other, _)| *other < hash);
        let rest = &self.0[start..];
        let length = rest.partition_point(|(other, _)| *other == hash);
        rest[..length].iter().map(|(_, position)| *position)
    }

    /// The positions that more than this many others share a key with.
    pub fn shared_by_more_than(&self, others: usize) -> impl Iterator<Item = usize> {
        self.0
            .chunk_by(|(one, _), (other, _)| one == other)
            .filter(move |same| same.len() > others)
            .flatten()
            .map(|(_, position)| *position)
    }
}

fn hash(key: &[&str]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    for name in key {
        hasher.write(folded(name).as_bytes());
        // No identifier contains NUL, so `a`, `bc` and `ab`, `c` get different hashes.
        hasher.write_u8(0);
    }
    hasher.finish()
}
