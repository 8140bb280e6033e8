//! dbt's relations, to be found by schema and name, built once and then only read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::relation::{Casing, folded};
use crate::model::{Node, NodeKind, Relation};

/// A relation and the node that stands for it.
#[derive(Debug)]
pub struct Entry<'n, 'a> {
    /// The relation in its stored form.
    pub relation: &'n Relation<'a>,
    /// The database that dbt knows but leaves out of the relation.
    pub unrendered_database: Option<&'n str>,
    /// Positions of the nodes that a reader of this relation depends on. More than one if
    /// dbt's side itself is ambiguous.
    pub nodes: Vec<usize>,
}

/// All relations of a manifest.
pub struct Index<'n, 'a> {
    adapter: &'n str,
    casing: Casing,
    nodes: &'n [Node<'a>],
    entries: Vec<Entry<'n, 'a>>,
    by_schema_and_name: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    by_schema: HashMap<String, Vec<usize>>,
    /// Sources whose identifier ends in `*`, by schema.
    wildcards: HashMap<String, Vec<usize>>,
}

impl<'n, 'a> Index<'n, 'a> {
    /// Builds the index. Of sources on one relation, those of the first preferred package count.
    pub fn new(nodes: &'n [Node<'a>], adapter: &'n str, prefer_packages: &[String]) -> Self {
        let grouped = grouped(nodes);
        let mut index = Self {
            adapter,
            casing: Casing::of_adapter(adapter),
            nodes,
            entries: Vec::with_capacity(grouped.len()),
            by_schema_and_name: HashMap::new(),
            by_name: HashMap::new(),
            by_schema: HashMap::new(),
            wildcards: HashMap::new(),
        };
        for ((relation, unrendered_database), positions) in grouped {
            index.insert(Entry {
                relation,
                unrendered_database,
                nodes: owners(nodes, positions, prefer_packages),
            });
        }
        index
    }

    fn insert(&mut self, entry: Entry<'n, 'a>) {
        let number = self.entries.len();
        let schema = entry.relation.schema.as_deref().unwrap_or_default();
        self.by_schema_and_name.entry(key(schema, &entry.relation.name)).or_default().push(number);
        self.by_name.entry(folded(&entry.relation.name)).or_default().push(number);
        self.by_schema.entry(folded(schema)).or_default().push(number);
        let is_source = entry.nodes.iter().any(|node| self.nodes[*node].kind == NodeKind::Source);
        if is_source && entry.relation.name.ends_with('*') {
            self.wildcards.entry(folded(schema)).or_default().push(number);
        }
        self.entries.push(entry);
    }

    /// The dbt adapter; empty where the manifest does not name it.
    pub fn adapter(&self) -> &'n str {
        self.adapter
    }

    /// How the warehouse keeps names.
    pub fn casing(&self) -> Casing {
        self.casing
    }

    /// The node at a position.
    pub fn node(&self, position: usize) -> &'n Node<'a> {
        &self.nodes[position]
    }

    /// Relations with this schema and name, whatever their case and database.
    pub fn with_schema_and_name(
        &self,
        schema: &str,
        name: &str,
    ) -> impl Iterator<Item = &Entry<'n, 'a>> {
        self.look_up(&self.by_schema_and_name, &key(schema, name))
    }

    /// Relations with this name, whatever their case, schema and database.
    pub fn with_name(&self, name: &str) -> impl Iterator<Item = &Entry<'n, 'a>> {
        self.look_up(&self.by_name, &folded(name))
    }

    /// Relations in this schema, whatever its case and database.
    pub fn in_schema(&self, schema: &str) -> impl Iterator<Item = &Entry<'n, 'a>> {
        self.look_up(&self.by_schema, &folded(schema))
    }

    /// Wildcard sources in this schema, whatever its case and database.
    pub fn wildcards_in(&self, schema: &str) -> impl Iterator<Item = &Entry<'n, 'a>> {
        self.look_up(&self.wildcards, &folded(schema))
    }

    fn look_up<'i>(
        &'i self,
        by: &'i HashMap<String, Vec<usize>>,
        key: &str,
    ) -> impl Iterator<Item = &'i Entry<'n, 'a>> + use<'i, 'n, 'a> {
        by.get(key).into_iter().flatten().map(|number| &self.entries[*number])
    }
}

/// A relation, with the database that dbt leaves out of it.
type Key<'n, 'a> = (&'n Relation<'a>, Option<&'n str>);

/// The positions of the nodes on each relation.
fn grouped<'n, 'a>(nodes: &'n [Node<'a>]) -> BTreeMap<Key<'n, 'a>, Vec<usize>> {
    let mut grouped: BTreeMap<Key<'n, 'a>, Vec<usize>> = BTreeMap::new();
    for (position, node) in nodes.iter().enumerate() {
        if let Some(relation) = &node.relation {
            let key = (relation, node.unrendered_database.as_deref());
            grouped.entry(key).or_default().push(position);
        }
    }
    grouped
}

/// A relation that is a source and also a model, seed or snapshot belongs to the latter; one that
/// is a source of several packages to the preferred package.
fn owners(nodes: &[Node], mut positions: Vec<usize>, prefer_packages: &[String]) -> Vec<usize> {
    keep_built(nodes, &mut positions);
    if let Some(package) = preferred(nodes, &positions, prefer_packages) {
        positions.retain(|position| nodes[*position].package == *package);
    }
    positions.sort_by(|a, b| nodes[*a].unique_id.cmp(&nodes[*b].unique_id));
    positions
}

fn keep_built(nodes: &[Node], positions: &mut Vec<usize>) {
    let is_built = |position: &usize| nodes[*position].kind != NodeKind::Source;
    if positions.iter().any(is_built) {
        positions.retain(is_built);
    }
}

fn preferred<'p>(
    nodes: &[Node],
    positions: &[usize],
    prefer_packages: &'p [String],
) -> Option<&'p String> {
    prefer_packages
        .iter()
        .find(|package| positions.iter().any(|position| nodes[*position].package == **package))
}

/// The preferred packages that go before another one on some relation.
pub fn deciding_packages<'p>(nodes: &[Node], prefer_packages: &'p [String]) -> BTreeSet<&'p str> {
    if prefer_packages.is_empty() {
        return BTreeSet::new();
    }
    let deciding = grouped(nodes).into_values().filter_map(|mut positions| {
        keep_built(nodes, &mut positions);
        let package = preferred(nodes, &positions, prefer_packages)?;
        let is_other = |position: &usize| nodes[*position].package != *package;
        positions.iter().any(is_other).then_some(package.as_str())
    });
    deciding.collect()
}

fn key(schema: &str, name: &str) -> String {
    // NUL can stand in no identifier.
    format!("{}\0{}", folded(schema), folded(name))
}
