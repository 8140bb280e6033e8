//! Whether the copies of an object list different tables.

use super::links::Links;
use super::mentions::{Mention, SortedMentions, is_made_up};
use crate::model::ObjectKind;

/// An id of one kind.
type TableKey = for<'r> fn(&Mention<'r>) -> Option<&'r str>;

/// The kinds of ids that identify tables, the best first.
const KEYS: [TableKey; 3] = [
    |table| table.id.filter(|id| !is_made_up(id)),
    |table| table.luid,
    |table| table.id.filter(|id| is_made_up(id)),
];

/// The tables of a list by each kind of id, if all of them have it.
type ByKey<'a> = [Option<Vec<&'a str>>; KEYS.len()];

/// Whether any two copies both list tables, and different ones. Lists that identify tables by
/// different kinds of ids, as responses to different queries may, cannot be compared.
pub(super) fn differ<'r, 'a: 'r>(
    copies: impl Iterator<Item = &'r Links<'a>>,
    mentions: &SortedMentions<'a>,
) -> bool {
    let lists = copies
        .filter(|links| links.lists.contains(ObjectKind::Table))
        .collect::<Vec<_>>();
    let Some(first) = lists.first() else {
        return false;
    };
    if lists.iter().all(|links| links.tables().eq(first.tables())) {
        return false;
    }
    if !lists.iter().all(|links| links.has_tables()) {
        return true;
    }
    let mut alike = Vec::<Alike>::new();
    for links in lists {
        let tables = KEYS.map(|key| tables(links, key, mentions));
        match alike.iter_mut().find(|known| known.has_keys_of(&tables)) {
            Some(known) => known.add(&tables),
            None => alike.push(Alike::new(tables)),
        }
    }
    // There are only as many of these as sets of keys.
    let differ_from_any = |one: &Alike| alike.iter().any(|other| one.differs_from(other));
    alike.iter().any(differ_from_any)
}

/// The keys of the tables directly upstream, if all of them have one.
fn tables<'a>(links: &Links, key: TableKey, mentions: &SortedMentions<'a>) -> Option<Vec<&'a str>> {
    let mut keys = links
        .tables()
        .map(|table| key(&mentions.get(table)))
        .collect::<Option<Vec<_>>>()?;
    keys.sort_unstable();
    keys.dedup();
    Some(keys)
}

/// Lists whose tables have ids of the same kinds.
struct Alike<'a> {
    first: ByKey<'a>,
    /// By which kinds of ids the others are not the same.
    varies: [bool; KEYS.len()],
}

impl<'a> Alike<'a> {
    fn new(first: ByKey<'a>) -> Self {
        Self {
            first,
            varies: [false; KEYS.len()],
        }
    }

    fn has_keys_of(&self, tables: &ByKey) -> bool {
        let kinds = |tables: &ByKey| tables.each_ref().map(Option::is_some);
        kinds(&self.first) == kinds(tables)
    }

    fn add(&mut self, tables: &ByKey) {
        for (key, varies) in self.varies.iter_mut().enumerate() {
            *varies |= self.first[key] != tables[key];
        }
    }

    /// Whether any two of these lists and the others differ in the best ids that both have.
    fn differs_from(&self, other: &Self) -> bool {
        let best = (0..KEYS.len()).find(|key| {
            let firsts = [&self.first[*key], &other.first[*key]];
            firsts.iter().all(|tables| tables.is_some())
        });
        best.is_some_and(|key| {
            self.varies[key] || other.varies[key] || self.first[key] != other.first[key]
        })
    }
}
