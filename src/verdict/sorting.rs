//! What each thing that is not linked lacks, as far as it can be seen without a trial.

use std::borrow::Cow;

use super::ambiguous::{self, Decision};
use super::cause::{Cure, Why, cure_of_unresolved};
use super::choosing;
use super::items::{Item, Items};
use super::known::Known;
use super::line::RewriteLine;
use super::places::Places;
use super::renaming::Renaming;
use super::way::Way;
use crate::link::{Difference, NearMiss, Outcome, UnknownReason};
use crate::model::relation::same_but_case;
use crate::model::{Node, NodeIx, Relation};

/// How one thing may link, and why it does not otherwise.
pub struct Sorted {
    /// How it may link.
    pub way: Option<Way>,
    /// The nodes that it may link to so.
    pub nodes: Vec<NodeIx>,
    /// Why it does not if that fails, and what can be done then; `None` if that is normal.
    pub otherwise: Option<(Why, Option<Cure>)>,
}

/// Sorts all of them.
pub fn sort(known: &Known, items: &Items) -> Vec<Sorted> {
    let sorter = Sorter {
        known,
        places: Places::new(known.project),
    };
    let ways = items.iter().map(|item| sorter.ways(item));
    let ways = ways.collect::<Vec<_>>();
    let chosen = choosing::choose(items, &ways);
    let sorted = items.iter().zip(ways).zip(chosen);
    sorted
        .map(|((item, ways), way)| Sorted {
            nodes: ways
                .iter()
                .filter(|(other, _)| way.as_ref().is_some_and(|way| way.includes(other)))
                .map(|(_, node)| *node)
                .collect(),
            otherwise: sorter.otherwise(item),
            way: way.or_else(|| sorter.way_without_node(item)),
        })
        .collect()
}

struct Sorter<'s, 'r, 'a> {
    known: &'s Known<'r, 'a>,
    places: Places,
}

impl Sorter<'_, '_, '_> {
    fn node(&self, at: NodeIx) -> &Node<'_> {
        &self.known.project.nodes[at]
    }

    /// How a table may become one of its nearest relations. Those that differ in more than the
    /// nearest do not count.
    fn ways(&self, item: &Item) -> Vec<(Way, NodeIx)> {
        let Outcome::Unknown {
            reason: UnknownReason::NoRelation,
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

    /// What would decide between the nodes that fit a table. What decides between a few of them may
    /// not decide between all.
    fn decision(&self, item: &Item) -> Option<Decision> {
        match &item.matched.outcome {
            Outcome::Ambiguous {
                candidates,
                is_all: true,
            } => {
                let nodes = candidates.iter().map(|node| self.node(*node));
                let adapter = self.known.project.adapter();
                ambiguous::decision(adapter, item.table?, &nodes.collect::<Vec<_>>())
            }
            _ => None,
        }
    }

    /// Why a thing is not linked if no line links it.
    fn otherwise(&self, item: &Item) -> Option<(Why, Option<Cure>)> {
        Some(match &item.matched.outcome {
            Outcome::Unknown { reason, nearest } => {
                (self.unknown(item, reason, nearest), full_name(item, reason))
            }
            Outcome::Ambiguous { .. } => match self.decision(item) {
                Some(Decision::Database) => {
                    let fields = &["fullName", "database { name }"];
                    (Why::NoDatabase, Some(Cure::Query(fields)))
                }
                Some(Decision::Package(_)) => (Why::SeveralSources, None),
                Some(Decision::IgnoreCase) => (Why::CaseOnly, None),
                None => (Why::SeveralNodes, None),
            },
            Outcome::Hidden => (Why::HiddenNames, Some(Cure::Advice(SEE_ALL))),
            Outcome::Unresolved(reason) => {
                (Why::Unresolved(*reason), Some(cure_of_unresolved(*reason)))
            }
            Outcome::Unreadable(_) => (Why::CustomSql, None),
            Outcome::Linked { .. } | Outcome::OtherPlatform | Outcome::NotWarehouse => return None,
        })
    }

    fn unknown(&self, item: &Item, reason: &UnknownReason, nearest: &[NearMiss]) -> Why {
        let Some(shown) = item.name() else {
            return Why::UnreadableNames;
        };
        match reason {
            UnknownReason::OnlyNameKnown | UnknownReason::DoubtfulSchema(_)
                if nearest.is_empty() =>
            {
                Why::NoNamesake
            }
            UnknownReason::OnlyNameKnown | UnknownReason::DoubtfulSchema(_) => Why::NoSchema,
            UnknownReason::SeveralDatabases(_) => {
                Why::SeveralDatabases(shown.database.as_deref().unwrap_or_default().to_owned())
            }
            _ => {
                let place = place(shown, item.matched.default_schema.as_deref());
                if self.places.have_schema_of(shown) {
                    Why::NotBuilt(place)
                } else {
                    Why::NotInProject(place)
                }
            }
        }
    }
}

/// What to do about hidden names.
const SEE_ALL: &str = "export with the token of a site administrator, or have an administrator turn on derived \
                       permissions (they are on with Data Management)";

/// The field that has the schema, where the export lacks it: a schema that the user gives can be
/// wrong, so Tableau is asked first.
fn full_name(item: &Item, reason: &UnknownReason) -> Option<Cure> {
    let lacks_schema = matches!(
        reason,
        UnknownReason::OnlyNameKnown | UnknownReason::DoubtfulSchema(_)
    );
    let hints = item.table?.hints.as_ref()?;
    (lacks_schema && !hints.has_full_name).then_some(Cure::Query(&["fullName"]))
}

/// Database and schema of a table, as far as they are known.
fn place(shown: &Relation, default_schema: Option<&str>) -> String {
    let schema = shown.schema.as_deref().or(default_schema);
    let parts = [shown.database.as_deref(), schema];
    parts.into_iter().flatten().collect::<Vec<_>>().join(".")
}
