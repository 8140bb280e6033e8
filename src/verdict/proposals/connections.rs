//! Other connection types.

use std::collections::{BTreeMap, BTreeSet};

use super::{Maker, Proposal};
use crate::model::Adapter;
use crate::model::connection::{ConnectionType, Reach, warehouse_types};
use crate::model::listing::first_few;
use crate::model::relation::folded;
use crate::verdict::cause::Why;
use crate::verdict::cures;
use crate::verdict::line::Line;
use crate::verdict::rewrite_line::CHOICE;
use crate::verdict::way::Way;

impl Maker<'_, '_, '_> {
    /// Other connection types: one line for each, or one with a choice where several have tables of
    /// one name.
    pub(super) fn connections(&self) -> Vec<Proposal> {
        let adapter = self.known.project.adapter();
        let Some(to) = connection_of(adapter) else {
            return Vec::new();
        };
        let ways = self.of_ways.iter().filter_map(|(way, items)| match way {
            Way::Connection(from) => Some((from, items)),
            _ => None,
        });
        let mut ways = ways.collect::<Vec<_>>();
        ways.sort_by_key(|(_, items)| std::cmp::Reverse(items.len()));
        let mut first = BTreeMap::new();
        let mut shared = BTreeSet::new();
        for (from, items) in &ways {
            for name in items.iter().filter_map(|item| self.schema_and_name(*item)) {
                if *first.entry(name.clone()).or_insert(*from) != *from {
                    shared.insert(name);
                }
            }
        }
        let (rivals, alone): (Vec<_>, Vec<_>) = ways.into_iter().partition(|(_, items)| {
            let mut names = items.iter().filter_map(|item| self.schema_and_name(*item));
            names.any(|name| shared.contains(&name))
        });
        let proposal = |from: &str, names: String, items: &[usize]| {
            let why = Why::OtherConnection(names, adapter.name().to_owned());
            let (from, to) = (from.to_owned(), to.to_owned());
            Proposal {
                behind: vec![cures::OTHER_CONNECTION],
                ..Proposal::new(why, Line::ConnectionType { from, to }, items)
            }
        };
        let alone = alone
            .into_iter()
            .map(|(from, items)| proposal(from, from.clone(), items));
        let mut proposals = alone.collect::<Vec<_>>();
        if !rivals.is_empty() {
            let items = rivals.iter().flat_map(|(_, items)| items.iter().copied());
            let items = items.collect::<Vec<_>>();
            let names = rivals.iter().map(|(from, _)| (*from).clone());
            let shown = first_few(rivals.len(), names.clone());
            proposals.push(proposal(CHOICE, shown, &items).of_choices(names));
        }
        proposals
    }

    pub(super) fn schema_and_name(&self, item: usize) -> Option<(Option<String>, String)> {
        let name = self.items.get(item).name()?;
        Some((name.schema.as_deref().map(folded), folded(&name.name)))
    }
}

/// The first connection type that reaches an adapter's warehouse.
fn connection_of(adapter: Adapter) -> Option<&'static str> {
    let mut types = warehouse_types();
    types.find(|name| {
        let reach = ConnectionType::new(Some((*name).into())).reach();
        matches!(reach, Reach::Warehouse(platform) if adapter.is_reached_by(platform))
    })
}
