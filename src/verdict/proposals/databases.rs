//! Other databases.

use std::collections::BTreeMap;

use super::{Maker, Proposal};
use crate::model::listing::first_few;
use crate::verdict::cause::Why;
use crate::verdict::renaming::{Renaming, other_database};
use crate::verdict::rewrite_line::{CHOICE, NewPart, OldPart};
use crate::verdict::way::Way;

/// Tables of a database that Tableau shows and of the project's that they would be in.
struct Pair<'m> {
    shown: &'m str,
    own: &'m str,
    items: &'m [usize],
}

impl Maker<'_, '_, '_> {
    /// Another database: one line for each, or one with a choice where several have tables of one
    /// relation, since a relation is in one database. Databases of which only a prefix or suffix is
    /// another are renamed by one line.
    pub(super) fn databases(&self) -> Vec<Proposal> {
        let mut by_own: BTreeMap<&str, Vec<Pair>> = BTreeMap::new();
        for (way, items) in &self.of_ways {
            if let Way::Database { shown, own } = way {
                let pair = Pair { shown, own, items };
                by_own.entry(own).or_default().push(pair);
            }
        }
        let mut proposals = Vec::new();
        let mut alone: BTreeMap<Renaming, Vec<Pair>> = BTreeMap::new();
        for (own, mut pairs) in by_own {
            pairs.sort_by_key(|pair| std::cmp::Reverse(pair.items.len()));
            let shared = self.shared_nodes(pairs.iter().map(|pair| pair.items));
            let (rivals, others): (Vec<_>, Vec<_>) = pairs
                .into_iter()
                .partition(|pair| self.is_near(pair.items, &shared));
            for pair in others {
                let renaming = Renaming::new(pair.shown, own);
                alone.entry(renaming).or_default().push(pair);
            }
            if !rivals.is_empty() {
                proposals.push(one_of(own, &rivals));
            }
        }
        proposals.extend(
            alone
                .iter()
                .map(|(renaming, pairs)| match pairs.as_slice() {
                    [pair] => self.database(pair),
                    pairs => Proposal {
                        narrower: pairs.iter().map(|pair| self.database(pair)).collect(),
                        ..self.renamed_databases(renaming, pairs)
                    },
                }),
        );
        proposals
    }

    fn database(&self, pair: &Pair) -> Proposal {
        let why = Why::OtherDatabase(pair.shown.to_owned(), pair.own.to_owned());
        let new = NewPart::Is(pair.own.to_owned());
        let line = other_database(OldPart::is(pair.shown), new);
        Proposal {
            behind: self.other_target(pair.items.len()),
            ..Proposal::new(why, line, pair.items)
        }
    }

    /// Several databases that are renamed in one way.
    fn renamed_databases(&self, renaming: &Renaming, pairs: &[Pair]) -> Proposal {
        let names = |name: fn(&Pair) -> String| first_few(pairs.len(), pairs.iter().map(name));
        let why = Why::OtherDatabase(
            names(|pair| pair.shown.to_owned()),
            names(|pair| pair.own.to_owned()),
        );
        let texts = pairs.iter();
        let texts = texts.map(|pair| (pair.shown.to_owned(), pair.own.to_owned()));
        let (old, new) = renaming.parts(&texts.collect::<Vec<_>>());
        let items = pairs.iter().flat_map(|pair| pair.items.iter().copied());
        let items = items.collect::<Vec<_>>();
        Proposal {
            behind: self.other_target(items.len()),
            ..Proposal::new(why, other_database(old, new), &items)
        }
    }
}

/// A line for one of several databases.
fn one_of(own: &str, rivals: &[Pair]) -> Proposal {
    let names = rivals.iter().map(|pair| pair.shown.to_owned());
    let why = Why::OtherDatabase(first_few(rivals.len(), names.clone()), own.to_owned());
    let line = other_database(OldPart::is(CHOICE), NewPart::Is(own.to_owned()));
    let items = rivals.iter().flat_map(|pair| pair.items.iter().copied());
    let items = items.collect::<Vec<_>>();
    Proposal::new(why, line, &items).of_choices(names)
}
