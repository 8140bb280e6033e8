//! Which of several ways the tables of one schema go.
//!
//! A line is for all tables of a schema, so they all go one way: the one that most of them can go.
//! Where that is not more than half of them, their names are like those of the project by chance.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Items};
use super::way::Way;
use crate::link::{Outcome, UnknownReason};
use crate::model::NodeIx;

/// The ways of one table, with the node that each leads to.
pub type Ways = Vec<(Way, NodeIx)>;

/// The database and schema that Tableau shows.
type Place<'a> = (Option<&'a str>, Option<&'a str>);

/// The tables of one schema.
#[derive(Default)]
struct Schema<'w> {
    tables: usize,
    ways: BTreeMap<&'w Way, usize>,
    /// Those that most tables go; several if they are equal.
    best: Vec<&'w Way>,
}

/// The way of each table.
pub fn choose(items: &Items, ways: &[Ways]) -> Vec<Option<Way>> {
    let mut totals: BTreeMap<&Way, usize> = BTreeMap::new();
    let mut schemas: BTreeMap<Place, Schema> = BTreeMap::new();
    for (item, ways) in items.iter().zip(ways) {
        let Some(place) = place(item) else {
            continue;
        };
        let schema = schemas.entry(place).or_default();
        schema.tables += 1;
        for way in ways.iter().map(|(way, _)| way).collect::<BTreeSet<_>>() {
            *totals.entry(way).or_default() += 1;
            *schema.ways.entry(way).or_default() += 1;
        }
    }
    for schema in schemas.values_mut() {
        schema.choose(&totals);
    }
    let likely = likely(&schemas);
    let chosen = items.iter().zip(ways).map(|(item, ways)| {
        if ways.iter().any(|(way, _)| matches!(way, Way::Alias(_))) {
            return only_alias(ways);
        }
        let best = &schemas[&place(item)?].best;
        let may_go = ways.iter().any(|(way, _)| best.contains(&way));
        let way = may_go.then(|| one_of(best))?;
        likely.contains(&way).then_some(way)
    });
    chosen.collect()
}

impl<'w> Schema<'w> {
    /// Of ways that equally many tables of this schema go, that of most tables of all goes first, so
    /// that a prefix goes before a single name.
    fn choose(&mut self, totals: &BTreeMap<&Way, usize>) {
        let is_of_schema = |way: &&&Way| !matches!(way, Way::Alias(_));
        let key = |way: &Way| (self.ways[way], totals[way]);
        let ways = || self.ways.keys().filter(is_of_schema);
        let most = ways().map(|way| key(way)).max();
        self.best = ways()
            .filter(|way| Some(key(way)) == most)
            .copied()
            .collect();
    }
}

/// The ways that more than half of the tables go in the schemas for which they are chosen.
fn likely(schemas: &BTreeMap<Place, Schema>) -> BTreeSet<Way> {
    let mut counts: BTreeMap<Way, (usize, usize)> = BTreeMap::new();
    for schema in schemas.values().filter(|schema| !schema.best.is_empty()) {
        let (fit, all) = counts.entry(one_of(&schema.best)).or_default();
        *fit += schema.ways[schema.best[0]];
        *all += schema.tables;
    }
    let likely = counts.into_iter().filter(|(_, (fit, all))| fit * 2 > *all);
    likely.map(|(way, _)| way).collect()
}

fn one_of(ways: &[&Way]) -> Way {
    match ways {
        [only] => (*only).clone(),
        several => Way::OneOf(several.iter().map(|way| (*way).clone()).collect()),
    }
}

/// The only relation that has another name than the table; `None` if there are several.
fn only_alias(ways: &Ways) -> Option<Way> {
    let (first, _) = ways.first()?;
    let is_only = ways.iter().all(|(way, _)| way.is_same_but_case(first));
    is_only.then(|| first.clone())
}

fn place<'a>(item: &Item<'a, '_>) -> Option<Place<'a>> {
    let is_unknown = matches!(
        item.matched.outcome,
        Outcome::Unknown {
            reason: UnknownReason::NoRelation,
            ..
        }
    );
    let name = item.name().filter(|_| is_unknown)?;
    Some((name.database.as_deref(), name.schema.as_deref()))
}
