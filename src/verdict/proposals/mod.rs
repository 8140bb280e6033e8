//! Lines of configuration that are worth a trial.
//!
//! `databases` and `schemas` have those for databases and for schemas, alone or with a database,
//! `defaults` those for tables without a schema, `connections` those for connection types; `rivals`
//! sees where several would draw tables to one node, and `doubt` which are likely to be wrong.

mod connections;
mod databases;
mod defaults;
mod doubt;
mod proposal;
mod rivals;
mod schemas;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use self::proposal::{Entry, Proposal};
use super::cause::{Cure, Why};
use super::items::Items;
use super::known::Known;
use super::line::Line;
use super::renaming::Renaming;
use super::rewrite_line::{CHOICE, OldPart, Part};
use super::sorting::Sorted;
use super::way::Way;
use super::withheld::Because;
use crate::model::NodeIx;
use crate::model::listing::first_few;

/// The proposals, those for most tables first.
pub fn proposals(known: &Known, items: &Items, sorted: &[Sorted]) -> Vec<Proposal> {
    let maker = Maker::new(known, items, sorted, |sorted| sorted.by_chance.is_none());
    let mut proposals = maker.all();
    maker.doubt_equals(&mut proposals);
    let by_chance = Maker::new(known, items, sorted, |sorted| sorted.by_chance.is_some());
    proposals.extend(by_chance.all().into_iter().map(|proposal| {
        let first = proposal.items().next();
        let fitting = first.and_then(|item| sorted[item].by_chance);
        let because = fitting.map(|fitting| Because::ByChance(fitting.fit, fitting.all));
        Proposal {
            doubt: because,
            ..proposal
        }
    }));
    proposals.sort_by_cached_key(|proposal| {
        let tables = proposal.items().count();
        (std::cmp::Reverse(tables), proposal.why())
    });
    proposals
}

struct Maker<'m, 'r, 'a> {
    known: &'m Known<'r, 'a>,
    items: &'m Items<'r, 'a>,
    sorted: &'m [Sorted],
    of_ways: BTreeMap<&'m Way, Vec<usize>>,
    do_own_names_link: OnceCell<bool>,
    renamed: OnceCell<BTreeSet<Renaming>>,
    near_nodes: OnceCell<HashMap<NodeIx, Vec<usize>>>,
}

impl<'m, 'r, 'a> Maker<'m, 'r, 'a> {
    /// A maker of proposals for some of the things.
    fn new(
        known: &'m Known<'r, 'a>,
        items: &'m Items<'r, 'a>,
        sorted: &'m [Sorted],
        is_meant: impl Fn(&Sorted) -> bool,
    ) -> Self {
        let mut of_ways: BTreeMap<&Way, Vec<usize>> = BTreeMap::new();
        for (item, sorted) in sorted.iter().enumerate() {
            if let Some(way) = sorted.way.as_ref().filter(|_| is_meant(sorted)) {
                of_ways.entry(way).or_default().push(item);
            }
        }
        Self {
            known,
            items,
            sorted,
            of_ways,
            do_own_names_link: OnceCell::new(),
            renamed: OnceCell::new(),
            near_nodes: OnceCell::new(),
        }
    }

    fn all(&self) -> Vec<Proposal> {
        let mut proposals = self.databases();
        proposals.extend(self.schemas());
        proposals.extend(self.either());
        proposals.extend(self.targets());
        proposals.extend(self.aliases());
        proposals.extend(self.default_schemas());
        proposals.extend(self.connections());
        proposals.extend(self.others());
        let proposals = proposals.into_iter();
        proposals
            .map(|proposal| self.of_one_server(proposal))
            .collect()
    }

    /// The command that makes a manifest of another target, if so many tables are most of those in
    /// the warehouse.
    fn other_target(&self, tables: usize) -> Vec<Cure> {
        let is_most = tables * 2 >= self.items.in_warehouse;
        let command = is_most.then_some(Cure::Command("dbt parse --target prod"));
        command.into_iter().collect()
    }

    /// Names of nodes whose relations have others.
    fn aliases(&self) -> Vec<Proposal> {
        let ways = self.of_ways.iter().filter_map(|(way, items)| match way {
            Way::Alias(line) => Some((line, items)),
            _ => None,
        });
        let entries = ways.map(|(line, items)| {
            let old = line.from[Part::Name as usize].as_ref().map(OldPart::text);
            let new = line.to[Part::Name as usize].as_ref();
            let new = new.map(|new| new.text(Part::Name));
            let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
            Entry {
                line: Line::Rewrite(line.clone()),
                names: vec![format!("{old} for {new}")],
                items: items.clone(),
            }
        });
        let entries = entries.collect::<Vec<_>>();
        let proposals = Proposal::in_parts(Why::OtherAlias, entries).into_iter();
        let advice = Cure::Advice("or let Tableau read the relation by its own name");
        proposals
            .map(|proposal| Proposal {
                behind: vec![advice.clone()],
                ..proposal
            })
            .collect()
    }

    /// Databases, packages and case.
    fn others(&self) -> Vec<Proposal> {
        let ways = self.of_ways.iter();
        let proposals = ways.filter_map(|(way, items)| match way {
            Way::ProjectDatabase => {
                let databases = self.databases_of(items);
                let why = Why::SeveralDatabases(first_few(databases.len(), databases.iter()));
                let line = Line::Database(CHOICE.to_owned());
                Some(Proposal::new(why, line, items).of_choices(databases))
            }
            Way::Package(packages) => {
                let line = Line::PreferPackage(CHOICE.to_owned());
                let proposal = Proposal::new(Why::SeveralSources, line, items);
                Some(proposal.of_choices(packages.iter().cloned()))
            }
            Way::IgnoreCase => Some(Proposal::new(Why::CaseOnly, Line::IgnoreCase, items)),
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
