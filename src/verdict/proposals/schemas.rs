//! Other schemas, alone or with another database.

use std::collections::{BTreeMap, BTreeSet};

use super::{MOST_CHOICES, MOST_LINES, Maker, Proposal};
use crate::model::listing::first_few;
use crate::verdict::cause::Why;
use crate::verdict::line::CHOICE;
use crate::verdict::renaming::{Renaming, other_database, other_schema, renamed};
use crate::verdict::way::Way;

impl Maker<'_, '_, '_> {
    /// Another schema. Where several have tables of one relation, it is one of them.
    pub(super) fn schemas(&self) -> Vec<Proposal> {
        let ways = self.of_ways.iter();
        let likely = ways.filter_map(|(way, items)| {
            let Way::Schema { database, renaming } = way else {
                return None;
            };
            let is_likely = self.is_likely(renaming, items);
            is_likely.then(|| {
                (
                    database.as_deref(),
                    renaming,
                    items,
                    self.schema_pairs(items),
                )
            })
        });
        let likely = likely.collect::<Vec<_>>();
        let tables = likely.iter().map(|(_, _, items, _)| items.as_slice());
        let shared = self.shared_nodes(tables);
        let mut rivals: BTreeMap<_, Vec<(String, &[usize])>> = BTreeMap::new();
        let mut proposals = Vec::new();
        for (database, renaming, items, pairs) in likely {
            if self.is_near(items, &shared) {
                if let [(shown, own)] = pairs.as_slice() {
                    let rivals = rivals.entry((database, own.clone())).or_default();
                    rivals.push((shown.clone(), items));
                }
                continue;
            }
            let names = pairs
                .iter()
                .map(|(shown, own)| format!("{shown} for {own}"));
            let why = Why::OtherSchema(first_few(pairs.len(), names));
            let line = renamed(database, None, renaming, &pairs);
            proposals.push(Proposal {
                behind: self.other_target(items.len()),
                ..Proposal::new(why, vec![line], items)
            });
        }
        let rivals = rivals.into_iter().filter(|(_, shown)| shown.len() > 1);
        proposals.extend(rivals.map(|((database, own), mut shown)| {
            shown.sort_by_key(|(_, items)| std::cmp::Reverse(items.len()));
            let items = shown.iter().flat_map(|(_, items)| items.iter().copied());
            let items = items.collect::<Vec<_>>();
            let names = shown.iter().map(|(shown, _)| format!("{shown} for {own}"));
            let why = Why::OtherSchema(first_few(shown.len(), names));
            let line = other_schema(database, None, CHOICE, &own);
            let choices = shown.into_iter().map(|(shown, _)| shown);
            Proposal {
                choices: choices.take(MOST_CHOICES).collect(),
                ..Proposal::new(why, vec![line], &items)
            }
        }));
        proposals
    }

    /// Schemas or databases of the project of which several fit equally well.
    pub(super) fn either(&self) -> Vec<Proposal> {
        let ways = self.of_ways.iter();
        let proposals = ways.filter_map(|(way, items)| match way {
            Way::OneOf(ways) => self.one_of(ways, items),
            _ => None,
        });
        proposals.collect()
    }

    /// A line with a choice, if all that these ways differ in is one new part.
    pub(super) fn one_of(&self, ways: &[Way], items: &[usize]) -> Option<Proposal> {
        let databases = ways.iter().map(|way| match way {
            Way::Database { shown, own } => Some((shown, own)),
            _ => None,
        });
        let databases = databases.collect::<Option<Vec<_>>>();
        let (why, line, choices) = if let Some(databases) = databases {
            let shown = databases.first()?.0;
            let owns = databases.iter().map(|(_, own)| (*own).clone());
            let owns = owns.collect::<Vec<_>>();
            let why = Why::OtherDatabase(shown.clone(), owns.join(" or "));
            (why, other_database(shown, CHOICE), owns)
        } else {
            let (database, own_database) = one_place(ways)?;
            let pairs = self.schema_pairs(items);
            let shown = &pairs.first()?.0;
            let owns = pairs.iter().map(|(_, own)| own.clone()).collect::<Vec<_>>();
            let names = owns.join(" or ");
            let line = other_schema(database, own_database, shown, CHOICE);
            let why = match database.zip(own_database) {
                Some((database, own)) => {
                    Why::OtherTarget(format!("{database}.{shown} for {own}.{names}"))
                }
                None => Why::OtherSchema(format!("{shown} for {names}")),
            };
            (why, line, owns)
        };
        let is_likely = items.len() > 1 || self.items.linked == 0;
        is_likely.then(|| Proposal {
            choices: choices.into_iter().take(MOST_CHOICES).collect(),
            ..Proposal::new(why, vec![line], items)
        })
    }

    /// Another database and another schema, all in one.
    pub(super) fn targets(&self) -> Option<Proposal> {
        let mut ways = self
            .of_ways
            .iter()
            .filter_map(|(way, items)| match way {
                Way::DatabaseAndSchema {
                    shown,
                    own,
                    renaming,
                } if self.is_likely(renaming, items) => Some((shown, own, renaming, items)),
                _ => None,
            })
            .collect::<Vec<_>>();
        let shared = self.shared_nodes(ways.iter().map(|(.., items)| items.as_slice()));
        ways.retain(|(.., items)| !self.is_near(items, &shared));
        ways.sort_by_key(|(.., items)| std::cmp::Reverse(items.len()));
        ways.truncate(MOST_LINES);
        let tables = ways.iter().flat_map(|(.., items)| items.iter().copied());
        let tables = tables.collect::<Vec<_>>();
        let mut lines = Vec::new();
        let mut names = Vec::new();
        for (shown, own, renaming, items) in ways {
            let pairs = self.schema_pairs(items);
            let pair = pairs.iter();
            names.extend(pair.map(|(schema, other)| format!("{shown}.{schema} for {own}.{other}")));
            lines.push(renamed(Some(shown), Some(own), renaming, &pairs));
        }
        (!tables.is_empty()).then(|| Proposal {
            before: self.other_target(tables.len()),
            ..Proposal::new(
                Why::OtherTarget(first_few(names.len(), names)),
                lines,
                &tables,
            )
        })
    }

    /// Whether a schema may really be called otherwise. A single table that has the name of one in a
    /// schema of quite another name is more likely another table, where others link.
    pub(super) fn is_likely(&self, renaming: &Renaming, items: &[usize]) -> bool {
        let is_another = matches!(renaming, Renaming::Another { .. });
        !is_another || items.len() > 1 || self.items.linked == 0
    }

    /// The schemas that Tableau shows with those of the project.
    pub(super) fn schema_pairs(&self, items: &[usize]) -> Vec<(String, String)> {
        let mut pairs = BTreeSet::new();
        for item in items {
            let shown = self.items.get(*item).name();
            let shown = shown.and_then(|shown| shown.schema.as_deref());
            for node in &self.sorted[*item].nodes {
                let own = &self.known.project.nodes[*node].relation;
                let own = own.as_ref().and_then(|own| own.schema.as_deref());
                let pair = shown.zip(own);
                pairs.extend(pair.map(|(shown, own)| (shown.to_owned(), own.to_owned())));
            }
        }
        pairs.into_iter().collect()
    }
}

/// The database that Tableau shows and the project's, if these ways agree in both.
fn one_place(ways: &[Way]) -> Option<(Option<&str>, Option<&str>)> {
    let places = ways.iter().map(|way| match way {
        Way::Schema { database, .. } => Some((database.as_deref(), None)),
        Way::DatabaseAndSchema { shown, own, .. } => {
            Some((Some(shown.as_str()), Some(own.as_str())))
        }
        _ => None,
    });
    let places = places.collect::<Option<BTreeSet<_>>>()?;
    let is_one = places.len() == 1;
    places.into_iter().next().filter(|_| is_one)
}
