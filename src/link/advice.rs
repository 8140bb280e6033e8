//! What would get a table linked: to its node, and to no other one.

use std::collections::BTreeMap;

use super::index::Index;
use super::outcome::{Advice, NearMiss, Outcome};
use super::reason::{Difference, UnknownReason};
use crate::model::relation::folded;
use crate::model::{Node, NodeKind, Table};

/// What would get this table linked; `None` if nothing is known to.
pub fn advice(index: &Index, table: &Table, outcome: &Outcome) -> Option<Advice> {
    match outcome {
        Outcome::Unknown { reason, nearest } => match reason {
            UnknownReason::OnlyNameKnown | UnknownReason::DoubtfulSchema(_) => {
                without_schema(table, nearest)
            }
            UnknownReason::SeveralDatabases(_) => Some(Advice::Databases),
            UnknownReason::NoRelation
            | UnknownReason::NoRelationRewritten(_)
            | UnknownReason::TooManyRewrites
            | UnknownReason::UnreadableName(_) => None,
        },
        // What would decide between a few of the nodes may not between all of them.
        Outcome::Ambiguous { is_all: false, .. } => None,
        Outcome::Ambiguous { candidates, .. } => {
            let nodes = candidates.iter().map(|node| index.node(*node));
            ambiguous(index, table, &nodes.collect::<Vec<_>>())
        }
        Outcome::Linked { .. }
        | Outcome::Hidden
        | Outcome::Unresolved(_)
        | Outcome::Unreadable(_)
        | Outcome::OtherPlatform
        | Outcome::NotWarehouse => None,
    }
}

/// A schema that the user gives can be wrong, so Tableau is asked first.
fn without_schema(table: &Table, nearest: &[NearMiss]) -> Option<Advice> {
    let hints = table.hints.as_ref();
    if hints.is_some_and(|hints| !hints.has_full_name) {
        return Some(Advice::FullName);
    }
    let has_namesake = |miss: &NearMiss| miss.difference == Difference::OnlyNameKnown;
    nearest
        .iter()
        .any(has_namesake)
        .then_some(Advice::DefaultSchema)
}

fn ambiguous(index: &Index, table: &Table, nodes: &[&Node]) -> Option<Advice> {
    let database = table.name.as_ref().ok()?.database.as_deref();
    let are_sources = nodes.iter().all(|node| node.kind == NodeKind::Source);
    let built = nodes.iter().filter(|node| node.kind != NodeKind::Source);
    if database.is_none() && !are_same(nodes, database_of) {
        Some(Advice::Database)
    } else if are_sources && are_same(nodes, parts_of) {
        let packages = packages(nodes);
        (!packages.is_empty()).then_some(Advice::PreferPackages(packages))
    } else if index.adapter().may_ignore_case() && built.count() == 1 && are_same(nodes, parts_of) {
        Some(Advice::IgnoreCase)
    } else {
        None
    }
}

fn database_of(node: &Node) -> Option<String> {
    node.typed.database.as_deref().map(folded)
}

/// The parts of a node's own relation in folded case.
fn parts_of(node: &Node) -> [Option<String>; 3] {
    let relation = &node.typed;
    let schema = relation.schema.as_deref().map(folded);
    [database_of(node), schema, Some(folded(&relation.name))]
}

fn are_same<T: PartialEq>(nodes: &[&Node], fact: impl Fn(&Node) -> T) -> bool {
    let mut facts = nodes.iter().map(|node| fact(node));
    let first = facts.next();
    facts.all(|fact| Some(fact) == first)
}

/// The packages of which one would decide between these sources: those with one of them.
fn packages(sources: &[&Node]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources {
        *counts.entry(&source.package).or_default() += 1;
    }
    let deciding = counts.iter().filter(|(_, count)| **count == 1);
    let deciding = deciding.map(|(package, _)| (*package).to_owned());
    deciding.filter(|_| counts.len() > 1).collect()
}
