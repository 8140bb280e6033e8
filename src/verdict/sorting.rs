//! What each thing that is not linked lacks, as far as it can be seen without a trial.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::ambiguous::{self, Decision};
use super::cause::{Cure, Why};
use super::choosing::{self, Fitting};
use super::cures;
use super::elsewhere::Elsewhere;
use super::items::{Item, Items};
use super::known::Known;
use super::places::Places;
use super::renaming::Renaming;
use super::rewrite_line::RewriteLine;
use super::way::{Way, Ways};
use crate::link::{Difference, NearMiss, Outcome, UnknownReason};
use crate::model::relation::same_but_case;
use crate::model::{Node, NodeIx, Relation, Table};

/// How one thing may link, and why it does not otherwise.
pub struct Sorted {
    /// How it may link.
    pub way: Option<Way>,
    /// The nodes that it may link to so.
    pub nodes: Vec<NodeIx>,
    /// If that is likely to be chance: how many of the tables it would fit.
    pub by_chance: Option<Fitting>,
    /// Why it does not if that fails, and what can be done then.
    pub otherwise: Option<(Why, Vec<Cure>)>,
}

/// Sorts all of them.
pub fn sort(known: &Known, items: &Items) -> Vec<Sorted> {
    let places = Places::new(known.project);
    let sorter = Sorter {
        known,
        elsewhere: Elsewhere::new(&places, items),
        places,
    };
    let ways = items.iter().map(|item| sorter.ways(item));
    let mut ways = ways.collect::<Vec<_>>();
    join_stems(&mut ways);
    let chosen = choosing::choose(items, &ways);
    let sorted = items.iter().zip(ways).zip(chosen);
    sorted
        .map(|((item, ways), chosen)| Sorted {
            nodes: ways
                .iter()
                .filter(|(other, _)| chosen.way.as_ref().is_some_and(|way| way.includes(other)))
                .map(|(_, node)| *node)
                .collect(),
            by_chance: chosen.by_chance,
            otherwise: sorter.otherwise(item),
            way: chosen.way.or_else(|| sorter.way_without_node(item)),
        })
        .collect()
}

/// Where schemas get another prefix, the one that is the stem of the others goes their way.
fn join_stems(ways: &mut [Ways]) {
    let mut joined = BTreeMap::new();
    for (way, _) in ways.iter().flatten() {
        let mut stem = way.clone();
        if let Some(renaming) = stem.renaming()
            && let Some(other) = renaming.stem()
        {
            *renaming = other;
            joined.entry(stem).or_insert_with(|| way.clone());
        }
    }
    for (way, _) in ways.iter_mut().flatten() {
        if let Some(other) = joined.get(way) {
            *way = other.clone();
        }
    }
}

struct Sorter<'s, 'r, 'a> {
    known: &'s Known<'r, 'a>,
    places: Places,
    elsewhere: Elsewhere,
}

impl Sorter<'_, '_, '_> {
    fn node(&self, at: NodeIx) -> &Node<'_> {
        &self.known.project.nodes[at]
    }

    /// How a table may become one of its nearest relations. Those that differ in more than the
    /// nearest do not count.
    fn ways(&self, item: &Item) -> Ways {
        let Outcome::Unknown {
            reason: UnknownReason::NoRelation | UnknownReason::NoRelationRewritten(_),
            nearest,
        } = &item.matched.outcome
        else {
            return Vec::new();
        };
        let Some(shown) = item.name() else {
            return Vec::new();
        };
        let ways = nearest.iter().filter_map(|miss| {
            let way = self.way(shown, miss)?;
            Some((miss.difference.clone(), way, miss.node))
        });
        let ways = ways.collect::<Vec<_>>();
        let Some((first, ..)) = ways.first() else {
            return Vec::new();
        };
        let first = first.clone();
        let nearest = ways
            .into_iter()
            .filter(|(difference, ..)| *difference == first);
        nearest.map(|(_, way, node)| (way, node)).collect()
    }

    fn way(&self, shown: &Relation, miss: &NearMiss) -> Option<Way> {
        let own = self.node(miss.node).relation.as_ref()?;
        let text = |part: &Option<Cow<str>>| part.as_deref().map(str::to_owned);
        let database = text(&shown.database);
        match miss.difference {
            Difference::Database => {
                let shown = database.filter(|shown| !self.places.have_database(shown))?;
                let own = text(&own.database)?;
                Some(Way::Database { shown, own })
            }
            Difference::Schema | Difference::DatabaseAndSchema
                if self.places.have_schema_of(shown) =>
            {
                None
            }
            Difference::Schema => {
                let renaming = Renaming::new(shown.schema.as_deref()?, own.schema.as_deref()?);
                Some(Way::Schema { database, renaming })
            }
            Difference::DatabaseAndSchema => Some(Way::DatabaseAndSchema {
                shown: database?,
                own: text(&own.database)?,
                renaming: Renaming::new(shown.schema.as_deref()?, own.schema.as_deref()?),
            }),
            Difference::OtherAlias(..) | Difference::OtherIdentifier(_) => {
                let schemas = shown.schema.as_deref().zip(own.schema.as_deref());
                let is_same = schemas.is_some_and(|(shown, own)| same_but_case(shown, own));
                is_same.then(|| Way::Alias(RewriteLine::of_table(shown, &own.name)))
            }
            _ => None,
        }
    }

    /// How a table may link that has no nearest relation, or several that fit.
    fn way_without_node(&self, item: &Item) -> Option<Way> {
        let table = item.table?;
        match &item.matched.outcome {
            Outcome::Unknown { reason, nearest } => match reason {
                UnknownReason::OnlyNameKnown | UnknownReason::DoubtfulSchema(_) => {
                    let hints = table.hints.as_ref()?;
                    let is_namesake =
                        |miss: &NearMiss| miss.difference == Difference::OnlyNameKnown;
                    let may_have = hints.has_full_name && nearest.iter().any(is_namesake);
                    let database = item.name()?.database.as_deref().map(str::to_owned);
                    may_have.then(|| Way::DefaultSchema {
                        connection: table.connection.base().map(str::to_owned),
                        database,
                    })
                }
                UnknownReason::SeveralDatabases(_) => Some(Way::ProjectDatabase),
                _ => None,
            },
            Outcome::Ambiguous { .. } => match self.decision(item)? {
                Decision::Package(packages) => Some(Way::Package(packages)),
                Decision::IgnoreCase => Some(Way::IgnoreCase),
                Decision::Database => None,
            },
            Outcome::OtherPlatform => {
                let connection = table.connection.as_str()?.to_owned();
                let may_fit = self.places.have_schema_and_name(item.name()?);
                may_fit.then_some(Way::Connection(connection))
            }
            _ => None,
        }
    }

    /// What would decide between the nodes that fit a table.
    fn decision(&self, item: &Item) -> Option<Decision> {
        let (table, nodes) = self.fitting(item)?;
        ambiguous::decision(self.known.project.adapter(), table, &nodes)
    }

    /// An ambiguous table and the nodes that fit it, if all are known. What decides between a few of
    /// them may not decide between all.
    fn fitting<'r, 'a>(&self, item: &Item<'r, 'a>) -> Option<(&'r Table<'a>, Vec<&Node<'_>>)> {
        match &item.matched.outcome {
            Outcome::Ambiguous {
                candidates,
                is_all: true,
                elsewhere,
            } if elsewhere.is_empty() => {
                let nodes = candidates.iter().map(|node| self.node(*node));
                Some((item.table?, nodes.collect()))
            }
            _ => None,
        }
    }

    /// Why a thing is not linked if no line links it, and what can be done then.
    fn otherwise(&self, item: &Item) -> Option<(Why, Vec<Cure>)> {
        Some(match &item.matched.outcome {
            Outcome::Unknown { reason, nearest } => {
                let asks_first = lacks_schema(reason) && !has_full_name(item);
                let cures = asks_first.then_some(cures::FULL_NAME);
                let why = self.unknown(item, reason, nearest);
                (why, cures.into_iter().collect())
            }
            Outcome::Ambiguous { .. } => match self.decision(item) {
                Some(Decision::Database) => (Why::NoDatabase, vec![cures::DATABASE]),
                Some(Decision::Package(_)) => (Why::SeveralSources, Vec::new()),
                Some(Decision::IgnoreCase) => (Why::CaseOnly, Vec::new()),
                None => {
                    let fitting = self.fitting(item);
                    let advice =
                        fitting.and_then(|(table, nodes)| ambiguous::advice(table, &nodes));
                    (Why::SeveralNodes, advice.into_iter().collect())
                }
            },
            Outcome::Hidden => (Why::HiddenNames, vec![cures::SEE_ALL]),
            Outcome::Unresolved(reason) => {
                let is_reader_unknown = self.known.site.unclaimed_sql.is_any();
                let cures = cures::of_unresolved(*reason, is_reader_unknown);
                (Why::Unresolved(*reason), cures)
            }
            Outcome::Unreadable(reason) => {
                let cure = cures::of_unreadable(*reason);
                (Why::CustomSql(*reason), vec![cure])
            }
            Outcome::OtherPlatform => {
                let adapter = self.known.project.adapter().name().to_owned();
                let why = Why::OtherPlatform(self.elsewhere.connections(), adapter);
                (why, vec![cures::OTHER_PLATFORM])
            }
            Outcome::NotWarehouse => (Why::NotWarehouse, vec![cures::NOT_WAREHOUSE]),
            Outcome::Linked { .. } | Outcome::OtherProject { .. } | Outcome::ToldElsewhere => {
                return None;
            }
        })
    }

    fn unknown(&self, item: &Item, reason: &UnknownReason, nearest: &[NearMiss]) -> Why {
        let Some(shown) = item.name() else {
            return Why::UnreadableNames;
        };
        match reason {
            _ if lacks_schema(reason) && nearest.is_empty() => Why::NoNamesake,
            _ if lacks_schema(reason) => Why::NoSchema,
            UnknownReason::SeveralDatabases(_) => {
                Why::SeveralDatabases(shown.database.as_deref().unwrap_or_default().to_owned())
            }
            _ if self.places.have_schema_of(shown) => Why::NotBuilt(item.place()),
            _ => Why::NotInProject(self.elsewhere.place(item)),
        }
    }
}

fn lacks_schema(reason: &UnknownReason) -> bool {
    matches!(
        reason,
        UnknownReason::OnlyNameKnown | UnknownReason::DoubtfulSchema(_)
    )
}

/// Whether Tableau was asked for the full name; what has no hints has one.
fn has_full_name(item: &Item) -> bool {
    let hints = item.table.and_then(|table| table.hints.as_ref());
    hints.is_none_or(|hints| hints.has_full_name)
}
