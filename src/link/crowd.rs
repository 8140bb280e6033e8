//! Relations that share a name with many others.
//!
//! A project may have a table of one name in each of a thousand databases, and an export as many
//! tables of that name. The rules compare a table with all relations of its name, which would be a
//! million comparisons. So a crowd is sorted by everything that the rules ask about a relation, and
//! a table meets the first few of each kind: enough to find the one that fits, or to tell that
//! several do.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use foldhash::{HashMap, HashMapExt};

use super::entries::Entry;
use super::outcome::MOST_CANDIDATES;
use crate::model::relation::folded;
use crate::model::{Casing, Role};

/// How many relations of one kind a table meets: one more than are named where several fit.
pub const FEW: usize = MOST_CANDIDATES + 1;

/// The relations of crowds, by the hash of what is asked about them. Two questions may have the same
/// hash, so callers ask of each relation that they find whether it is as they want it.
#[derive(Debug, Default)]
pub struct Crowds(HashMap<u64, Vec<usize>>);

/// What relations may be to their nodes.
const ROLES: [Role; 4] = [Role::Own, Role::Latest, Role::Deferred, Role::PerhapsLatest];

/// What the relations of a crowd have in common: schema and name, or the name alone.
pub type Called<'k> = Vec<&'k str>;

/// Where a relation is, as far as rules ask.
#[derive(Hash)]
enum Place<'k> {
    Anywhere,
    /// In this database but for case, which dbt renders.
    In(String),
    /// In this database, which dbt renders.
    Exactly(Cow<'k, str>),
    /// In some database that dbt renders.
    Rendered,
    /// In this database but for case, which dbt does not render.
    UnrenderedIn(String),
    /// In some database that dbt does not render, or in one that nobody knows.
    Unrendered,
    /// In a database that nobody knows.
    Unknown,
}

impl Crowds {
    /// Sorts the relations of crowds, each with its position. They come in the order in which they
    /// are named.
    pub fn new<'e, 'n: 'e, 'a: 'n>(
        members: impl Iterator<Item = (usize, &'e Entry<'n, 'a>, Called<'e>)>,
    ) -> Self {
        let mut lists: HashMap<u64, Vec<usize>> = HashMap::new();
        for (at, entry, called) in members {
            for place in places_of(entry) {
                for key in keys(entry.role, &place, &called, &called) {
                    let list = lists.entry(key).or_default();
                    if list.len() < FEW {
                        list.push(at);
                    }
                }
            }
        }
        Self(lists)
    }

    /// The positions of relations that a table may be which is called so and is in this database.
    pub fn find(&self, casing: Casing, database: Option<&str>, called: &Called) -> Vec<usize> {
        let stored = called.iter().map(|name| stored(casing, name));
        let stored = stored.collect::<Vec<_>>();
        let stored = stored.iter().map(AsRef::as_ref).collect();
        let mut found = places_asked(casing, database)
            .iter()
            .flat_map(|place| ROLES.map(|role| keys(role, place, &stored, called)))
            .flatten()
            .filter_map(|key| self.0.get(&key))
            .flatten()
            .copied()
            .collect::<Vec<_>>();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Where a relation is.
fn places_of<'e>(entry: &Entry<'e, '_>) -> Vec<Place<'e>> {
    let mut places = vec![Place::Anywhere];
    match (&entry.relation.database, entry.unrendered_database) {
        (Some(database), _) => places.extend([
            Place::In(folded(database)),
            Place::Exactly(database.as_ref().into()),
            Place::Rendered,
        ]),
        (None, Some(database)) => {
            places.extend([Place::UnrenderedIn(folded(database)), Place::Unrendered]);
        }
        (None, None) => places.extend([Place::Unrendered, Place::Unknown]),
    }
    places
}

/// Where a relation may be that a table in this database is.
fn places_asked(casing: Casing, database: Option<&str>) -> Vec<Place<'_>> {
    let mut places = vec![
        Place::Anywhere,
        Place::Rendered,
        Place::Unrendered,
        Place::Unknown,
    ];
    places.extend(database.into_iter().flat_map(|database| {
        [
            Place::In(folded(database)),
            Place::Exactly(stored(casing, database)),
            Place::UnrenderedIn(folded(database)),
        ]
    }));
    places
}

/// A name that Tableau shows, in the form in which the database would store it.
fn stored(casing: Casing, shown: &str) -> Cow<'_, str> {
    Cow::Owned(casing.stored(&Cow::Borrowed(shown), true).into_owned())
}

/// The keys of relations that are called exactly so, and of those that are called so but for case.
fn keys(role: Role, place: &Place, exactly: &Called, but_for_case: &Called) -> [u64; 2] {
    let but_for_case = but_for_case.iter().map(|name| folded(name));
    let key = |names: &[&str], is_exact: bool| {
        FixedState::default().hash_one((role, place, names, is_exact))
    };
    let folded = but_for_case.collect::<Vec<_>>();
    let folded = folded.iter().map(String::as_str).collect::<Vec<_>>();
    [key(exactly, true), key(&folded, false)]
}
