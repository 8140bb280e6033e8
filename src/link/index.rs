//! dbt's relations, to be found by schema and name, built once and then only read.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use super::similar::Names;
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

/// The relations of one schema.
#[derive(Default)]
struct Schema {
    entries: Vec<usize>,
    /// Their names, which are put in order when somebody asks for a similar one.
    names: OnceLock<Names>,
}

/// All relations of a manifest.
pub struct Index<'n, 'a> {
    adapter: &'n str,
    casing: Casing,
    nodes: &'n [Node<'a>],
    entries: Vec<Entry<'n, 'a>>,
    by_schema_and_name: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    by_schema: HashMap<String, Schema>,
    /// Sources whose identifier ends in `*`, by schema.
    wildcards: HashMap<String, Vec<usize>>,
}

impl<'n, 'a> Index<'n, 'a> {
    /// Builds the index. Of sources on one relation, those of the first preferred package count.
    pub fn new(nodes: &'n [Node<'a>], adapter: &'n str, prefer_packages: &[String]) -> Self {
        let mut grouped: BTreeMap<(&Relation<'a>, Option<&str>), Vec<usize>> = BTreeMap::new();
        for (position, node) in nodes.iter().enumerate() {
            if let Some(relation) = &node.relation {
                grouped
                    .entry((relation, node.unrendered_database.as_deref()))
                    .or_default()
                    .push(position);
            }
        }
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
        self.by_schema.entry(folded(schema)).or_default().entries.push(number);
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

    /// Relations in this schema, whatever its case and database, whose names in folded case are at
    /// least one and at most `most` edits away from this one, with that distance.
    pub fn similar_in_schema(
        &self,
        schema: &str,
        name: &str,
        most: usize,
    ) -> impl Iterator<Item = (&Entry<'n, 'a>, usize)> {
        let near = self.by_schema.get(&folded(schema)).map(|schema| {
            let folded = |number: &usize| (folded(&self.entries[*number].relation.name), *number);
            let names = schema
                .names
                .get_or_init(|| Names::new(schema.entries.iter().map(folded).collect()));
            names.near(name, most)
        });
        near.into_iter().flatten().map(|(number, edits)| (&self.entries[number], edits))
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

/// A relation that is a source and also a model, seed or snapshot belongs to the latter; one that
/// is a source of several packages to the preferred package.
fn owners(nodes: &[Node], mut positions: Vec<usize>, prefer_packages: &[String]) -> Vec<usize> {
    let is_built = |position: &usize| nodes[*position].kind != NodeKind::Source;
    if positions.iter().any(is_built) {
        positions.retain(is_built);
    }
    let is_of = |position: &usize, package: &String| nodes[*position].package == *package;
    let preferred = prefer_packages
        .iter()
        .find(|package| positions.iter().any(|position| is_of(position, package)));
    if let Some(package) = preferred {
        positions.retain(|position| is_of(position, package));
    }
    positions.sort_by(|a, b| nodes[*a].unique_id.cmp(&nodes[*b].unique_id));
    positions
}

fn key(schema: &str, name: &str) -> String {
    // NUL can stand in no identifier.
    format!("{}\0{}", folded(schema), folded(name))
}
