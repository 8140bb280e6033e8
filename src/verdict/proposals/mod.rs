//! Lines of configuration that are worth a trial.
//!
//! `schemas` has those for schemas and for databases with schemas, `connections` those for
//! connection types; `rivals` sees where several would draw tables to one node.

mod connections;
mod rivals;
mod schemas;

use std::collections::BTreeMap;

use super::cause::{Cure, Why};
use super::items::Items;
use super::known::Known;
use super::line::{CHOICE, Line, NewPart, OldPart};
use super::renaming::other_database;
use super::sorting::Sorted;
use super::way::Way;
use crate::link::{NearMiss, Outcome};
use crate::model::listing::first_few;

/// How many trials a run makes: each links all tables again.
const MOST_TRIALS: usize = 12;
/// How many values are tried where the user must choose one.
const MOST_CHOICES: usize = 4;
/// How many entries one proposal may have.
const MOST_LINES: usize = 20;

/// Lines to be tried.
pub struct Proposal {
    /// Why tables are not linked if they link by these lines.
    pub why: Why,
    /// The lines.
    pub lines: Vec<Line>,
    /// Values for what the user must choose in them; one empty text if there is nothing to choose.
    pub choices: Vec<String>,
    /// Cures that are better than the lines.
    pub before: Vec<Cure>,
    /// Cures that are not.
    pub behind: Vec<Cure>,
    /// The tables that they are for.
    pub items: Vec<usize>,
}

/// The proposals that are worth a trial, those for most tables first.
pub fn proposals(known: &Known, items: &Items, sorted: &[Sorted]) -> Vec<Proposal> {
    let mut of_ways: BTreeMap<&Way, Vec<usize>> = BTreeMap::new();
    for (item, sorted) in sorted.iter().enumerate() {
        if let Some(way) = &sorted.way {
            of_ways.entry(way).or_default().push(item);
        }
    }
    let maker = Maker {
        known,
        items,
        sorted,
        of_ways,
    };
    let mut proposals = maker.databases();
    proposals.extend(maker.schemas());
    proposals.extend(maker.either());
    proposals.extend(maker.targets());
    proposals.extend(maker.aliases());
    proposals.extend(maker.default_schemas());
    proposals.extend(maker.connections());
    proposals.extend(maker.others());
    let proposals = proposals.into_iter();
    let proposals = proposals.map(|proposal| maker.of_one_server(proposal));
    let mut proposals = proposals.collect::<Vec<_>>();
    maker.drop_equals(&mut proposals);
    proposals.sort_by(|a, b| {
        let tables = b.items.len().cmp(&a.items.len());
        tables.then_with(|| a.why.cmp(&b.why))
    });
    let mut trials = 0;
    proposals.retain(|proposal| {
        trials += proposal.choices.len();
        trials <= MOST_TRIALS
    });
    proposals
}

impl Proposal {
    /// Lines without anything to choose.
    fn new(why: Why, lines: Vec<Line>, items: &[usize]) -> Self {
        Self {
            why,
            lines,
            choices: vec![String::new()],
            before: Vec::new(),
            behind: Vec::new(),
            items: items.to_vec(),
        }
    }
}

struct Maker<'m, 'r, 'a> {
    known: &'m Known<'r, 'a>,
    items: &'m Items<'r, 'a>,
    sorted: &'m [Sorted],
    of_ways: BTreeMap<&'m Way, Vec<usize>>,
}

impl Maker<'_, '_, '_> {
    /// Another database: one line for each, or one with a choice where several have tables of one
    /// relation, since a relation is in one database.
    fn databases(&self) -> Vec<Proposal> {
        let mut by_own: BTreeMap<&str, Vec<(&str, &Vec<usize>)>> = BTreeMap::new();
        for (way, items) in &self.of_ways {
            if let Way::Database { shown, own } = way {
                by_own.entry(own).or_default().push((shown, items));
            }
        }
        let mut proposals = Vec::new();
        for (own, mut shown) in by_own {
            shown.sort_by_key(|(_, items)| std::cmp::Reverse(items.len()));
            let shared = self.shared_nodes(shown.iter().map(|(_, items)| items.as_slice()));
            let (rivals, alone): (Vec<_>, Vec<_>) = shown
                .into_iter()
                .partition(|(_, items)| self.is_near(items, &shared));
            for (shown, items) in alone {
                let why = Why::OtherDatabase(shown.to_owned(), own.to_owned());
                let lines = vec![other_database(shown, own)];
                proposals.push(Proposal {
                    behind: self.other_target(items.len()),
                    ..Proposal::new(why, lines, items)
                });
            }
            if !rivals.is_empty() {
                let all = rivals.iter().flat_map(|(_, items)| items.iter().copied());
                let all = all.collect::<Vec<_>>();
                let names = rivals.iter().map(|(shown, _)| *shown);
                let why =
                    Why::OtherDatabase(first_few(rivals.len(), names.clone()), own.to_owned());
                let lines = vec![other_database(CHOICE, own)];
                proposals.push(Proposal {
                    choices: names.take(MOST_CHOICES).map(str::to_owned).collect(),
                    ..Proposal::new(why, lines, &all)
                });
            }
        }
        proposals
    }

    /// The command that makes a manifest of another target, if so many tables are most of those in
    /// the warehouse.
    fn other_target(&self, tables: usize) -> Vec<Cure> {
        let is_most = tables * 2 >= self.items.in_warehouse;
        let command = is_most.then_some(Cure::Command("dbt parse --target prod"));
        command.into_iter().collect()
    }

    /// Names of nodes whose relations have others.
    fn aliases(&self) -> Option<Proposal> {
        let ways = self.of_ways.iter().filter_map(|(way, items)| match way {
            Way::Alias(line) => Some((line.clone(), items)),
            _ => None,
        });
        let (lines, items): (Vec<_>, Vec<_>) = ways.take(MOST_LINES).unzip();
        let names = lines.iter().map(|line| {
            let old = line.from[2].as_ref().map(OldPart::text);
            let new = line.to[2].as_ref().map(NewPart::text);
            format!(
                "{} for {}",
                old.unwrap_or_default(),
                new.unwrap_or_default()
            )
        });
        let why = Why::OtherAlias(first_few(lines.len(), names));
        let items = items.into_iter().flatten().copied().collect::<Vec<_>>();
        let lines = lines.into_iter().map(Line::Rewrite).collect();
        (!items.is_empty()).then(|| Proposal {
            behind: vec![Cure::Advice(
                "or let Tableau read the relation by its own name",
            )],
            ..Proposal::new(why, lines, &items)
        })
    }

    /// Schemas of tables without one: filled in where only one comes into question.
    fn default_schemas(&self) -> Vec<Proposal> {
        let mut proposals = Vec::new();
        let mut certain = Vec::new();
        let mut tables = Vec::new();
        for (connection, database, items) in self.without_schema() {
            let schemas = self.namesakes(items);
            let line = |schema: &str| Line::DefaultSchema {
                connection_type: connection.cloned(),
                database: database.cloned(),
                schema: schema.to_owned(),
            };
            match schemas.as_slice() {
                [only] if certain.len() < MOST_LINES => {
                    certain.push(line(only));
                    tables.extend_from_slice(items);
                }
                [] | [_] => {}
                _ => proposals.push(Proposal {
                    choices: schemas.iter().take(MOST_CHOICES).cloned().collect(),
                    ..Proposal::new(Why::NoSchema, vec![line(CHOICE)], items)
                }),
            }
        }
        if !certain.is_empty() {
            proposals.push(Proposal::new(Why::NoSchema, certain, &tables));
        }
        proposals
    }

    /// Tables without a schema by connection type and database. The first entry that fits is used,
    /// so those that fit more come last.
    fn without_schema(&self) -> Vec<(Option<&String>, Option<&String>, &Vec<usize>)> {
        let ways = self.of_ways.iter().filter_map(|(way, items)| match way {
            Way::DefaultSchema {
                connection,
                database,
            } => Some((connection.as_ref(), database.as_ref(), items)),
            _ => None,
        });
        let mut ways = ways.collect::<Vec<_>>();
        ways.sort_by_key(|(connection, database, _)| (connection.is_none(), database.is_none()));
        ways
    }

    /// The schemas in which the project has relations of the names of these tables, those of most
    /// tables first.
    fn namesakes(&self, items: &[usize]) -> Vec<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for item in items {
            let nearest = match &self.items.get(*item).matched.outcome {
                Outcome::Unknown { nearest, .. } => nearest.as_slice(),
                _ => &[],
            };
            for schema in nearest.iter().filter_map(|miss| self.schema_of(miss)) {
                *counts.entry(schema).or_default() += 1;
            }
        }
        let mut schemas = counts.into_iter().collect::<Vec<_>>();
        schemas.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        schemas.into_iter().map(|(schema, _)| schema).collect()
    }

    fn schema_of(&self, miss: &NearMiss) -> Option<String> {
        let own = self.known.project.nodes[miss.node].relation.as_ref()?;
        own.schema.as_deref().map(str::to_owned)
    }

    /// Databases, packages and case.
    fn others(&self) -> Vec<Proposal> {
        let ways = self.of_ways.iter();
        let proposals = ways.filter_map(|(way, items)| match way {
            Way::ProjectDatabase => {
                let databases = self.databases_of(items);
                let names = first_few(databases.len(), databases.iter());
                let lines = vec![Line::Database(CHOICE.to_owned())];
                Some(Proposal {
                    choices: databases.into_iter().take(MOST_CHOICES).collect(),
                    ..Proposal::new(Why::SeveralDatabases(names), lines, items)
                })
            }
            Way::Package(packages) => Some(Proposal {
                choices: packages.iter().take(MOST_CHOICES).cloned().collect(),
                ..Proposal::new(
                    Why::SeveralSources,
                    vec![Line::PreferPackage(CHOICE.to_owned())],
                    items,
                )
            }),
            Way::IgnoreCase => Some(Proposal::new(Why::CaseOnly, vec![Line::IgnoreCase], items)),
            _ => None,
        });
        proposals.collect()
    }

    /// The databases of these tables, those of most tables first.
    fn databases_of(&self, items: &[usize]) -> Vec<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for item in items {
            let name = self.items.get(*item).name();
            if let Some(database) = name.and_then(|name| name.database.as_deref()) {
                *counts.entry(database).or_default() += 1;
            }
        }
        let mut databases = counts.into_iter().collect::<Vec<_>>();
        databases.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let names = databases.into_iter();
        names.map(|(database, _)| database.to_owned()).collect()
    }
}
