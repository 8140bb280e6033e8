//! Which of several ways the tables of one schema go.
//!
//! A line is for all tables of a schema, so they all go one way: the one that most of them can go.
//! Where that is not more than half of them, their names are like those of the project by chance.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Items};
use super::way::{Way, Ways};
use crate::link::{Outcome, UnknownReason};

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

/// How many of how many tables go one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fitting {
    /// Those that go it.
    pub fit: usize,
    /// All tables of the schemas in question.
    pub all: usize,
}

/// The way that is chosen for a table.
#[derive(Default)]
pub struct Chosen {
    /// The way.
    pub way: Option<Way>,
    /// If half of the tables or fewer go it, how many do.
    pub by_chance: Option<Fitting>,
}

impl From<Option<Way>> for Chosen {
    fn from(way: Option<Way>) -> Self {
        let by_chance = None;
        Self { way, by_chance }
    }
}

/// The way of each table.
pub fn choose(items: &Items, ways: &[Ways]) -> Vec<Chosen> {
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
    let fitting = fitting(&schemas);
    let chosen = items.iter().zip(ways).map(|(item, ways)| {
        if ways.iter().any(|(way, _)| matches!(way, Way::Alias(_))) {
            return only_alias(ways).into();
        }
        let best = place(item).map(|place| &schemas[&place].best);
        let best = best.filter(|best| ways.iter().any(|(way, _)| best.contains(&way)));
        let Some(way) = best.map(|best| one_of(best)) else {
            return Chosen::default();
        };
        let fitting = fitting[&way];
        Chosen {
            by_chance: (fitting.fit * 2 <= fitting.all).then_some(fitting),
            way: Some(way),
        }
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

/// How many tables go each way in the schemas for which it is chosen.
fn fitting(schemas: &BTreeMap<Place, Schema>) -> BTreeMap<Way, Fitting> {
    let mut counts: BTreeMap<Way, Fitting> = BTreeMap::new();
    for schema in schemas.values().filter(|schema| !schema.best.is_empty()) {
        let fitting = counts.entry(one_of(&schema.best)).or_default();
        fitting.fit += schema.ways[schema.best[0]];
        fitting.all += schema.tables;
    }
    counts
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

fn place<'i>(item: &'i Item) -> Option<Place<'i>> {
    let is_unknown = matches!(
        item.matched.outcome,
        Outcome::Unknown {
            reason: UnknownReason::NoRelation | UnknownReason::NoRelationRewritten(_),
            ..
        }
    );
    let name = item.name().filter(|_| is_unknown)?;
    Some((name.database.as_deref(), name.schema.as_deref()))
}
