//! Numbers that are found by names, whatever the case of these.
//!
//! A manifest has a hundred thousand relations, of which an export asks for a few. So no name is
//! copied or folded for keeps: only hashes are, in order. What is found by a hash may still have
//! another name, which whoever asks has to look at.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use crate::model::relation::folded;

/// Numbers by the hash of their key.
#[derive(Debug, Default)]
pub struct Buckets(Vec<(u64, usize)>);

/// The names that make a key.
pub type Key<'k> = &'k [&'k str];

impl Buckets {
    /// Sorts numbers, each with its key.
    pub fn new<'k, const N: usize>(keys: impl Iterator<Item = ([&'k str; N], usize)>) -> Self {
        let mut hashes = keys
            .map(|(key, number)| (hash(&key), number))
            .collect::<Vec<_>>();
        hashes.sort_unstable();
        Self(hashes)
    }

    /// The numbers that may have this key, in order. All that have it are among them.
    pub fn get<'b>(&'b self, key: Key) -> impl Iterator<Item = usize> + use<'b> {
        let hash = hash(key);
        let start = self.0.partition_point(|(other, _)| *other < hash);
        let found = self.0[start..]
            .iter()
            .take_while(move |(other, _)| *other == hash);
        found.map(|(_, number)| *number)
    }
}

fn hash(key: Key) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    for name in key {
        hasher.write(folded(name).as_bytes());
        // NUL can stand in no identifier.
        hasher.write_u8(0);
    }
    hasher.finish()
}
