//! Wildcard sources, found by what the name of a table begins with.
//!
//! A dataset may have thousands of them, and an export as many tables. So they are not compared with
//! each table: what a name begins with is looked up, once for each length that a prefix has.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::{FixedState, FoldHasher};
use foldhash::{HashMap, HashMapExt};

use super::crowd::FEW;
use super::entries::Entry;
use crate::model::relation::folded;

/// Wildcard sources by the hash of database, schema and prefix. Two of these may have the same hash,
/// so callers compare them with the table.
#[derive(Debug, Default)]
pub struct Wildcards {
    lists: HashMap<u64, Vec<usize>>,
    /// The lengths of prefixes, in bytes.
    lengths: BTreeSet<usize>,
}

/// The database of a source, which may not be known. `None` where databases do not count.
type Place<'k> = Option<Option<&'k str>>;

impl Wildcards {
    /// Sorts wildcard sources, each with its position. They come in the order in which they are
    /// named.
    pub fn new<'e, 'n: 'e, 'a: 'n>(
        sources: impl Iterator<Item = (usize, &'e Entry<'n, 'a>)>,
    ) -> Self {
        let mut wildcards = Self {
            lists: HashMap::new(),
            lengths: BTreeSet::new(),
        };
        for (at, entry) in sources {
            let database = entry.relation.database.as_deref();
            for place in [None, Some(database)] {
                for is_exact in [true, false] {
                    let prefix = spelled(entry.wildcard_prefix(), is_exact);
                    let mut key = key(place, entry.schema(), is_exact);
                    write(&mut key, prefix.as_bytes());
                    wildcards.lengths.insert(prefix.len());
                    let list = wildcards.lists.entry(key.finish()).or_default();
                    if list.len() < FEW {
                        list.push(at);
                    }
                }
            }
        }
        wildcards
    }

    /// The positions of sources of this schema with whose prefix a name begins: in this database, or
    /// in one that nobody knows, the narrowest; in any database, all. Those that differ in case are
    /// left out if others do not.
    pub fn find(&self, database: Option<&str>, schema: &str, name: &str) -> Vec<usize> {
        let exact = self.find_spelled(database, schema, name, true);
        if exact.is_empty() {
            self.find_spelled(database, schema, name, false)
        } else {
            exact
        }
    }

    fn find_spelled(
        &self,
        database: Option<&str>,
        schema: &str,
        name: &str,
        is_exact: bool,
    ) -> Vec<usize> {
        if self.lists.is_empty() {
            return Vec::new();
        }
        let name = spelled(name, is_exact);
        let with = |place| self.beginnings(key(place, schema, is_exact), &name);
        let found: Vec<_> = match database {
            Some(_) => [Some(database), Some(None)]
                .into_iter()
                .filter_map(|place| with(place).last())
                .collect(),
            None => with(None).collect(),
        };
        found.into_iter().flatten().copied().collect()
    }

    /// The lists of the prefixes that a longer name begins with, the shortest first.
    fn beginnings<'w>(
        &'w self,
        mut key: FoldHasher<'w>,
        name: &'w str,
    ) -> impl Iterator<Item = &'w Vec<usize>> {
        let mut hashed = 0;
        let lengths = self.lengths.range(..name.len());
        lengths.filter_map(move |length| {
            write(&mut key, &name.as_bytes()[hashed..*length]);
            hashed = *length;
            self.lists.get(&key.finish())
        })
    }
}

/// The hasher of a key, to which the prefix is still to be added.
fn key(place: Place, schema: &str, is_exact: bool) -> FoldHasher<'static> {
    let mut hasher = FixedState::default().build_hasher();
    let place = place.map(|database| database.map(folded));
    (is_exact, place, spelled(schema, is_exact)).hash(&mut hasher);
    hasher
}

/// Adds letters one by one, so that a name has the hash of each prefix on its way.
fn write(hasher: &mut FoldHasher, letters: &[u8]) {
    for letter in letters {
        hasher.write_u8(*letter);
    }
}

fn spelled(name: &str, is_exact: bool) -> Cow<'_, str> {
    if is_exact {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(folded(name))
    }
}
