//! dbt's relations, found by schema and name. The index is built once and then only read.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use foldhash::{HashMap, HashMapExt};

use super::alike::seen;
use super::hash_index::HashIndex;
use super::similar::Names;
use crate::model::relation::{folded, same_but_case};
use crate::model::{Adapter, Node, NodeIx, NodeKind, Relation};

/// A relation and the nodes that stand for it.
#[derive(Debug)]
pub struct Entry<'n, 'a> {
    /// The relation in its stored form.
    pub relation: &'n Relation<'a>,
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
    pub fn new(nodes: &'n [Node<'a>], adapter: Adapter<'n>, prefer_packages: &[String]) -> Self {
        let entries = entries(nodes, prefer_packages);
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
    for (at, entry) in entries.iter().enumerate() {
        let names = by_schema.entry(folded(entry.schema())).or_default();
        names.push((folded(&entry.relation.name), at));
    }
    by_schema
        .into_iter()
        .map(|(schema, names)| (schema, Names::new(names)))
        .collect()
}

fn odd_names(entries: &[Entry]) -> HashMap<[String; 2], Vec<usize>> {
    let mut odd: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
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
fn entries<'n, 'a>(nodes: &'n [Node<'a>], prefer_packages: &[String]) -> Vec<Entry<'n, 'a>> {
    grouped(nodes)
        .into_iter()
        .map(|((relation, unrendered_database), on_relation)| Entry {
            relation,
            unrendered_database,
            nodes: owners(nodes, on_relation, prefer_packages),
        })
        .collect()
}

/// A relation, with the database that dbt leaves out of it.
type Key<'n, 'a> = (&'n Relation<'a>, Option<&'n str>);

/// The nodes on each relation, in the order of the manifest.
fn grouped<'n, 'a>(nodes: &'n [Node<'a>]) -> Vec<(Key<'n, 'a>, Vec<NodeIx>)> {
    let mut grouped: Vec<(Key<'n, 'a>, Vec<NodeIx>)> = Vec::with_capacity(nodes.len());
    let mut positions = HashMap::with_capacity(nodes.len());
    for (ix, node) in NodeIx::enumerate(nodes) {
        let Some(relation) = &node.relation else {
            continue;
        };
        let key = (relation, node.unrendered_database.as_deref());
        let position = *positions.entry(key).or_insert_with(|| {
            grouped.push((key, Vec::new()));
            grouped.len() - 1
        });
        grouped[position].1.push(ix);
    }
    grouped
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
pub fn deciding_packages<'p>(nodes: &[Node], prefer_packages: &'p [String]) -> BTreeSet<&'p str> {
    if prefer_packages.is_empty() {
        return BTreeSet::new();
    }
    grouped(nodes)
        .into_iter()
        .filter_map(|(_, mut on_relation)| {
            keep_built(nodes, &mut on_relation);
            let package = preferred(nodes, &on_relation, prefer_packages)?;
            let is_other = |node: &NodeIx| nodes[*node].package != *package;
            on_relation.iter().any(is_other).then_some(package.as_str())
        })
        .collect()
}
