//! dbt's relations, found by schema and name. The index is built once and then only read.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::collections::hash_map::Entry as Place;
use std::sync::OnceLock;

use foldhash::{HashMap, HashMapExt};

use super::alike::seen;
use super::hash_index::HashIndex;
use super::similar::Names;
use crate::model::relation::{folded, same_but_case};
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

/// All relations of a manifest.
pub struct Index<'n, 'a> {
    adapter: Adapter<'n>,
    nodes: &'n [Node<'a>],
    entries: Vec<Entry<'n, 'a>>,
    by_schema_and_name: HashIndex,
    by_name: HashIndex,
    /// Sources whose identifier ends in `*`, by schema.
    wildcards: HashIndex,
    /// The names in each schema, sorted when a similar one is first asked for.
    names: OnceLock<HashMap<String, Names>>,
    /// Relations whose names have letters that cannot be seen, or another Unicode form than the
    /// usual one, by schema and by the letters that can be seen.
    odd_names: OnceLock<HashMap<[String; 2], Vec<usize>>>,
}

impl<'n, 'a> Index<'n, 'a> {
    /// Builds the index. Where several packages have a source on one relation, only the source of
    /// the first preferred package counts.
    pub fn new(nodes: &'n [Node<'a>], adapter: Adapter<'n>, matching: &Matching) -> Self {
        let ignores_case = adapter.ignores_case() || matching.ignore_case;
        let entries = entries(nodes, ignores_case, &matching.prefer_packages);
        let numbered = || entries.iter().enumerate();
        let (by_schema_and_name, by_name) = rayon::join(
            || HashIndex::new(numbered().map(|(at, entry)| (schema_and_name(entry), at))),
            || HashIndex::new(numbered().map(|(at, entry)| ([entry.relation.name.as_ref()], at))),
        );
        let wildcards = numbered().filter(|(_, entry)| is_wildcard(nodes, entry));
        Self {
            adapter,
            nodes,
            by_schema_and_name,
            by_name,
            wildcards: HashIndex::new(wildcards.map(|(at, entry)| ([entry.schema()], at))),
            names: OnceLock::new(),
            odd_names: OnceLock::new(),
            entries,
        }
    }

    /// The manifest's adapter.
    pub fn adapter(&self) -> Adapter<'n> {
        self.adapter
    }

    /// A node of the manifest.
    pub fn node(&self, node: NodeIx) -> &'n Node<'a> {
        &self.nodes[node]
    }

    /// Relations with this schema and name, whatever their case and database.
    pub fn with_schema_and_name(
        &self,
        schema: &str,
        name: &str,
    ) -> impl Iterator<Item = &Entry<'n, 'a>> {
        self.by_schema_and_name
            .get(&[schema, name])
            .map(|at| &self.entries[at])
            .filter(move |entry| {
                same_but_case(&entry.relation.name, name) && same_but_case(entry.schema(), schema)
            })
    }

    /// Relations with this name, whatever their case, schema and database.
    pub fn with_name(&self, name: &str) -> impl Iterator<Item = &Entry<'n, 'a>> {
        self.by_name
            .get(&[name])
            .map(|at| &self.entries[at])
            .filter(move |entry| same_but_case(&entry.relation.name, name))
    }

    /// Wildcard sources in this schema, whatever its case and database.
    pub fn wildcards_in(&self, schema: &str) -> impl Iterator<Item = &Entry<'n, 'a>> {
        self.wildcards
            .get(&[schema])
            .map(|at| &self.entries[at])
            .filter(move |entry| same_but_case(entry.schema(), schema))
    }

    /// Relations in this schema, whatever its case and database, whose names look like this one and
    /// are other names.
    pub fn alike_in_schema<'i>(
        &'i self,
        schema: &str,
        name: &str,
    ) -> impl Iterator<Item = &'i Entry<'n, 'a>> + use<'i, 'n, 'a> {
        let (name, seen) = (folded(name), seen(name).into_owned());
        let usual = self.with_schema_and_name(schema, &seen).collect::<Vec<_>>();
        let odd = self
            .odd_names
            .get_or_init(|| odd_names(&self.entries))
            .get(&[folded(schema), seen])
            .into_iter()
            .flatten()
            .map(|at| &self.entries[*at]);
        usual
            .into_iter()
            .chain(odd)
            .filter(move |entry| folded(&entry.relation.name) != name)
    }

    /// Relations in this schema, whatever its case and database, whose names in folded case are at
    /// least one and at most `most` edits away from this one, with that distance.
    pub fn similar_in_schema<'i>(
        &'i self,
        schema: &str,
        name: &str,
        most: usize,
    ) -> impl Iterator<Item = (&'i Entry<'n, 'a>, usize)> + use<'i, 'n, 'a> {
        self.names
            .get_or_init(|| names_by_schema(&self.entries))
            .get(&folded(schema))
            .map(|names| names.near(name, most))
            .into_iter()
            .flatten()
            .map(|(at, edits)| (&self.entries[at], edits))
    }
}

fn names_by_schema(entries: &[Entry]) -> HashMap<String, Names> {
    let mut by_schema: HashMap<String, Vec<(String, usize)>> = HashMap::new();
    for (at, entry) in own(entries) {
        let names = by_schema.entry(folded(entry.schema())).or_default();
        names.push((folded(&entry.relation.name), at));
    }
    by_schema
        .into_iter()
        .map(|(schema, names)| (schema, Names::new(names)))
        .collect()
}

/// The relations that nodes have of their own.
fn own<'e, 'n, 'a>(
    entries: &'e [Entry<'n, 'a>],
) -> impl Iterator<Item = (usize, &'e Entry<'n, 'a>)> {
    let all = entries.iter().enumerate();
    all.filter(|(_, entry)| entry.role == Role::Own)
}

fn odd_names(entries: &[Entry]) -> HashMap<[String; 2], Vec<usize>> {
    let mut odd: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, entry) in own(entries) {
        let seen = seen(&entry.relation.name);
        if seen != folded(&entry.relation.name) {
            let key = [folded(entry.schema()), seen.into_owned()];
            odd.entry(key).or_default().push(at);
        }
    }
    odd
}

fn schema_and_name<'e>(entry: &'e Entry) -> [&'e str; 2] {
    [entry.schema(), &entry.relation.name]
}

/// Whether it is a source that stands for all tables whose names begin with its own.
fn is_wildcard(nodes: &[Node], entry: &Entry) -> bool {
    let is_source = |node: &NodeIx| nodes[*node].kind == NodeKind::Source;
    entry.relation.name.ends_with('*') && entry.nodes.iter().any(is_source)
}

/// All relations, each with the nodes that it belongs to.
fn entries<'n, 'a>(
    nodes: &'n [Node<'a>],
    ignores_case: bool,
    prefer_packages: &[String],
) -> Vec<Entry<'n, 'a>> {
    let entry = |(role, on_relation)| {
        let owners = owners(nodes, on_relation, prefer_packages);
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
type Key<'n> = [Option<Cow<'n, str>>; 4];

fn key<'n>(stored: StoredRelation<'n, '_>, ignores_case: bool) -> Key<'n> {
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

/// The nodes that a relation belongs to, by id. One that is a source and also a model, seed or
/// snapshot belongs to the latter; one that is a source of several packages, to the preferred
/// package.
fn owners(nodes: &[Node], mut on_relation: Vec<NodeIx>, prefer_packages: &[String]) -> Vec<NodeIx> {
    keep_built(nodes, &mut on_relation);
    if let Some(package) = preferred(nodes, &on_relation, prefer_packages) {
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

fn preferred<'p>(
    nodes: &[Node],
    on_relation: &[NodeIx],
    prefer_packages: &'p [String],
) -> Option<&'p String> {
    prefer_packages.iter().find(|package| {
        on_relation
            .iter()
            .any(|node| nodes[*node].package == **package)
    })
}

/// The preferred packages that take precedence over another one on some relation.
pub fn deciding_packages<'p>(
    nodes: &[Node],
    adapter: Adapter,
    matching: &'p Matching,
) -> BTreeSet<&'p str> {
    let prefer_packages = &matching.prefer_packages;
    if prefer_packages.is_empty() {
        return BTreeSet::new();
    }
    grouped(nodes, adapter.ignores_case() || matching.ignore_case)
        .into_iter()
        .filter_map(|(_, mut on_relation)| {
            keep_built(nodes, &mut on_relation);
            let package = preferred(nodes, &on_relation, prefer_packages)?;
            let is_other = |node: &NodeIx| nodes[*node].package != *package;
            on_relation.iter().any(is_other).then_some(package.as_str())
        })
        .collect()
}
