//! What would decide between the nodes that fit a table.

use std::collections::BTreeMap;

use super::cause::Cure;
use super::cures;
use crate::model::relation::folded;
use crate::model::{Adapter, Node, NodeKind, Table};

/// What would decide.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    /// The database, which Tableau does not show.
    Database,
    /// Which of these packages takes precedence.
    Package(Vec<String>),
    /// That case does not count.
    IgnoreCase,
}

/// What would decide between these nodes, which are all that fit; `None` if nothing is known to.
pub fn decision(adapter: Adapter, table: &Table, nodes: &[&Node]) -> Option<Decision> {
    let database = table.name.as_ref().ok()?.database.as_deref();
    let are_sources = nodes.iter().all(|node| node.kind == NodeKind::Source);
    let built = nodes.iter().filter(|node| node.kind != NodeKind::Source);
    if database.is_none() && !are_same(nodes, database_of) {
        Some(Decision::Database)
    } else if are_sources && are_same(nodes, parts_of) {
        let packages = packages(nodes);
        (!packages.is_empty()).then_some(Decision::Package(packages))
    } else if adapter.may_ignore_case() && built.count() == 1 && are_same(nodes, parts_of) {
        Some(Decision::IgnoreCase)
    } else {
        None
    }
}

/// What can be done where nothing decides between these nodes, which are all that fit.
pub fn advice(table: &Table, nodes: &[&Node]) -> Option<Cure> {
    let has_schema = table.name.as_ref().is_ok_and(|name| name.schema.is_some());
    let schema_of = |node: &Node| node.typed.schema.as_deref().map(folded);
    let mut pairs = nodes.windows(2);
    if pairs.all(|pair| pair[0].relation == pair[1].relation) {
        Some(cures::SHARED)
    } else if are_same(nodes, parts_of) {
        Some(cures::CASE)
    } else if has_schema && are_same(nodes, |node| (schema_of(node), folded(&node.typed.name))) {
        Some(cures::DATABASES)
    } else {
        (!has_schema && !are_same(nodes, schema_of)).then_some(cures::SCHEMAS)
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
