//! dbt's relations, each with the nodes that stand for it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::collections::hash_map::Entry as Place;

use foldhash::{HashMap, HashMapExt};

use crate::model::relation::folded;
use crate::model::{Adapter, Node, NodeIx, NodeKind, Relation, Role, StoredRelation};
use crate::settings::Matching;

/// A relation and the nodes that stand for it.
#[derive(Debug)]
pub struct Entry<'n, 'a> {
    /// The relation in its stored form; where several spellings are one, that of the first node.
    pub relation: &'n Relation<'a>,
    /// What it is to its nodes.
    pub role: Role,
    /// The database that dbt knows but leaves out of the relation.
    pub unrendered_database: Option<&'n str>,
    /// The nodes that a reader of this relation depends on. More than one if dbt's side itself
    /// is ambiguous.
    pub nodes: Vec<NodeIx>,
}

impl Entry<'_, '_> {
    /// Its schema; empty where it has none.
    pub fn schema(&self) -> &str {
        self.relation.schema.as_deref().unwrap_or_default()
    }

    /// What the names of the tables begin with that a wildcard source stands for.
    pub fn wildcard_prefix(&self) -> &str {
        self.relation.name.trim_end_matches('*')
    }
}

/// All relations, each with the nodes that it belongs to.
pub fn entries<'n, 'a>(
    nodes: &'n [Node<'a>],
    ignores_case: bool,
    prefer_packages: &[String],
) -> Vec<Entry<'n, 'a>> {
    let preference = preference(prefer_packages);
    let entry = |(role, on_relation)| {
        let owners = owners(nodes, on_relation, &preference);
        let first = owners.first().map(|node| &nodes[*node]);
        let (relation, unrendered_database) = first?.relation_as(role)?;
        Some(Entry {
            relation,
            role,
            unrendered_database,
            nodes: owners,
        })
    };
    grouped(nodes, ignores_case)
        .into_iter()
        .filter_map(entry)
        .collect()
}

/// A relation with the database that dbt leaves out of it, as far as spellings count.
pub type Key<'n> = [Option<Cow<'n, str>>; 4];

/// What tells this relation from others.
pub fn key<'n>(stored: StoredRelation<'n, '_>, ignores_case: bool) -> Key<'n> {
    let (relation, unrendered_database) = stored;
    let parts = [
        relation.database.as_deref(),
        relation.schema.as_deref(),
        Some(relation.name.as_ref()),
        unrendered_database,
    ];
    parts.map(|part| {
        part.map(|part| {
            if ignores_case {
                Cow::Owned(folded(part))
            } else {
                Cow::Borrowed(part)
            }
        })
    })
}

/// The nodes on each relation, in the order of the manifest, with what it is to them. It belongs
/// to none for which it is less.
fn grouped(nodes: &[Node], ignores_case: bool) -> Vec<(Role, Vec<NodeIx>)> {
    let mut grouped: Vec<(Role, Vec<NodeIx>)> = Vec::with_capacity(nodes.len());
    let mut positions = HashMap::with_capacity(nodes.len());
    for (ix, node) in NodeIx::enumerate(nodes) {
        for (role, relation) in node.relations() {
            let position = match positions.entry(key(relation, ignores_case)) {
                Place::Occupied(position) => *position.get(),
                Place::Vacant(place) => {
                    grouped.push((role, Vec::new()));
                    *place.insert(grouped.len() - 1)
                }
            };
            let (found, on_relation) = &mut grouped[position];
            if role < *found {
                *found = role;
                on_relation.clear();
            }
            if role == *found {
                on_relation.push(ix);
            }
        }
    }
    grouped
}

/// Whether two relations differ only in case.
pub fn has_spellings(nodes: &[Node]) -> bool {
    grouped(nodes, true).len() < grouped(nodes, false).len()
}

/// The nodes of one project that a relation belongs to, of those that have it.
pub fn owners_of(
    nodes: &[Node],
    on_relation: Vec<NodeIx>,
    prefer_packages: &[String],
) -> Vec<NodeIx> {
    owners(nodes, on_relation, &preference(prefer_packages))
}

/// The nodes that a relation belongs to, by id. One that is a source and also a model, seed or
/// snapshot belongs to the latter; one that is a source of several packages, to the preferred
/// package.
fn owners(nodes: &[Node], mut on_relation: Vec<NodeIx>, preference: &Preference) -> Vec<NodeIx> {
    keep_built(nodes, &mut on_relation);
    if let Some(package) = preferred(nodes, &on_relation, preference) {
        on_relation.retain(|node| nodes[*node].package == *package);
    }
    on_relation.sort_by_key(|node| &nodes[*node].unique_id);
    on_relation
}

fn keep_built(nodes: &[Node], on_relation: &mut Vec<NodeIx>) {
    let is_built = |node: &NodeIx| nodes[*node].kind != NodeKind::Source;
    if on_relation.iter().any(is_built) {
        on_relation.retain(is_built);
    }
}

/// The places of packages in the user's order of preference.
type Preference<'p> = HashMap<&'p str, usize>;

fn preference(prefer_packages: &[String]) -> Preference<'_> {
    let mut preference = HashMap::new();
    for (place, package) in prefer_packages.iter().enumerate() {
        preference.entry(package.as_str()).or_insert(place);
    }
    preference
}

fn preferred<'p>(
    nodes: &[Node],
    on_relation: &[NodeIx],
    preference: &Preference<'p>,
) -> Option<&'p str> {
    on_relation
        .iter()
        .filter_map(|node| preference.get_key_value(nodes[*node].package.as_ref()))
        .min_by_key(|(_, place)| **place)
        .map(|(package, _)| *package)
}

/// The preferred packages that take precedence over another one on some relation.
pub fn deciding_packages<'p>(
    nodes: &[Node],
    adapter: Adapter,
    matching: &'p Matching,
) -> BTreeSet<&'p str> {
    let preference = preference(&matching.prefer_packages);
    if preference.is_empty() {
        return BTreeSet::new();
    }
    grouped(nodes, adapter.ignores_case() || matching.ignore_case)
        .into_iter()
        .filter_map(|(_, mut on_relation)| {
            keep_built(nodes, &mut on_relation);
            let package = preferred(nodes, &on_relation, &preference)?;
            let is_other = |node: &NodeIx| nodes[*node].package != package;
            on_relation.iter().any(is_other).then_some(package)
        })
        .collect()
}
