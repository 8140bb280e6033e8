//! dbt's relations, found by schema and name. The index is built once and then only read.

use std::sync::OnceLock;

use super::alike::seen;
use super::crowd::Crowds;
use super::entries::{Entry, entries};
use super::hash_index::HashIndex;
use super::neighbours::Neighbours;
use super::other_aliases::OtherAliases;
use super::similar::Effort;
use super::wildcards::Wildcards;
use crate::model::relation::{folded, same_but_case};
use crate::model::{Adapter, Node, NodeIx, NodeKind, Role};
use crate::settings::Matching;

/// Relations that share a name with more others than this are a crowd.
const MOST_COMPARED: usize = 32;

/// All relations of a manifest.
pub struct Index<'n, 'a> {
    adapter: Adapter<'n>,
    nodes: &'n [Node<'a>],
    entries: Vec<Entry<'n, 'a>>,
    by_schema_and_name: HashIndex,
    by_name: HashIndex,
    wildcards: Wildcards,
    lazy: Lazy,
}

/// What few manifests or tables need, made when it is first asked for.
#[derive(Default)]
struct Lazy {
    /// The relations in the order of their nodes' ids, which is that of reports.
    by_id: OnceLock<Vec<usize>>,
    /// Relations that share schema and name with many others.
    crowds: OnceLock<Crowds>,
    /// Relations that share their name with many others.
    crowds_by_name: OnceLock<Crowds>,
    /// Names that come near another one, for tables whose database is known.
    neighbours: OnceLock<Neighbours>,
    /// The same for tables whose database is not known.
    neighbours_anywhere: OnceLock<Neighbours>,
    /// Nodes whose relation is called otherwise.
    other_aliases: OnceLock<OtherAliases>,
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
        let mut wildcards = numbered()
            .filter(|(_, entry)| is_wildcard(nodes, entry))
            .collect::<Vec<_>>();
        wildcards.sort_by_key(|(_, entry)| first_id(nodes, entry));
        Self {
            adapter,
            nodes,
            by_schema_and_name,
            by_name,
            wildcards: Wildcards::new(wildcards.into_iter()),
            lazy: Lazy::default(),
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

    /// Relations with this schema and name, whatever their case and database. Where there are very
    /// many, those that may matter for a table of this database.
    pub fn with_schema_and_name(
        &self,
        schema: &str,
        name: &str,
        database: Option<&str>,
    ) -> impl Iterator<Item = &Entry<'n, 'a>> {
        let found = self.by_schema_and_name.get(&[schema, name]);
        let positions = if found.len() > MOST_COMPARED {
            let crowds = self.lazy.crowds.get_or_init(|| {
                self.crowds(&self.by_schema_and_name, |entry| {
                    schema_and_name(entry).to_vec()
                })
            });
            crowds.find(self.adapter.casing(), database, &vec![schema, name])
        } else {
            found.collect()
        };
        positions
            .into_iter()
            .map(|at| &self.entries[at])
            .filter(move |entry| {
                same_but_case(&entry.relation.name, name) && same_but_case(entry.schema(), schema)
            })
    }

    /// Relations with this name, whatever their case, schema and database. Where there are very
    /// many, those that may matter for a table of this database.
    pub fn with_name(
        &self,
        name: &str,
        database: Option<&str>,
    ) -> impl Iterator<Item = &Entry<'n, 'a>> {
        let found = self.by_name.get(&[name]);
        let positions = if found.len() > MOST_COMPARED {
            let crowds = self.lazy.crowds_by_name.get_or_init(|| {
                self.crowds(&self.by_name, |entry| vec![entry.relation.name.as_ref()])
            });
            crowds.find(self.adapter.casing(), database, &vec![name])
        } else {
            found.collect()
        };
        positions
            .into_iter()
            .map(|at| &self.entries[at])
            .filter(move |entry| same_but_case(&entry.relation.name, name))
    }

    /// The relations that share a key of an index with many others.
    fn crowds(
        &self,
        index: &HashIndex,
        called: impl for<'e> Fn(&'e Entry<'n, 'a>) -> Vec<&'e str>,
    ) -> Crowds {
        let mut is_member = vec![false; self.entries.len()];
        for at in index.shared_by_more_than(MOST_COMPARED) {
            is_member[at] = true;
        }
        let members = self.by_id().iter().filter(|at| is_member[**at]);
        Crowds::new(members.map(|at| {
            let entry = &self.entries[*at];
            (*at, entry, called(entry))
        }))
    }

    fn by_id(&self) -> &[usize] {
        self.lazy.by_id.get_or_init(|| {
            let mut by_id = (0..self.entries.len()).collect::<Vec<_>>();
            by_id.sort_by_key(|at| first_id(self.nodes, &self.entries[*at]));
            by_id
        })
    }

    /// Wildcard sources of this schema with whose prefix a name begins, whatever their case, in this
    /// database or in one that nobody knows.
    pub fn wildcards_for(
        &self,
        database: Option<&str>,
        schema: &str,
        name: &str,
    ) -> impl Iterator<Item = &Entry<'n, 'a>> {
        let found = self.wildcards.find(database, schema, name);
        found
            .into_iter()
            .map(|at| &self.entries[at])
            .filter(move |entry| same_but_case(entry.schema(), schema))
    }

    /// Relations in this schema, whatever its case, whose names look like this one and are other
    /// names. Those in another database may be among them.
    pub fn alike_in_schema<'i>(
        &'i self,
        schema: &str,
        name: &str,
        database: Option<&str>,
    ) -> impl Iterator<Item = &'i Entry<'n, 'a>> + use<'i, 'n, 'a> {
        let (name, seen) = (folded(name), seen(name));
        let usual = self.with_schema_and_name(schema, &seen, database);
        let odd = self.neighbours(database).alike(database, schema, &seen);
        let odd = odd.into_iter().map(|at| &self.entries[at]);
        let all = usual.chain(odd).collect::<Vec<_>>();
        all.into_iter()
            .filter(move |entry| folded(&entry.relation.name) != name)
    }

    /// Relations in this schema, whatever its case, whose names in folded case are at least one and
    /// at most `most` edits away from this one, with that distance. They are in this database, or in
    /// one that is not known.
    pub fn similar_in_schema(
        &self,
        schema: &str,
        name: &str,
        database: Option<&str>,
        most: usize,
        effort: &mut Effort,
    ) -> impl Iterator<Item = (&Entry<'n, 'a>, usize)> {
        let neighbours = self.neighbours(database);
        let similar = neighbours.similar(database, schema, name, most, effort);
        similar
            .into_iter()
            .map(|(at, edits)| (&self.entries[at], edits))
    }

    /// Nodes of this name, whatever its case, whose relation has another one.
    pub fn with_other_alias(&self, name: &str) -> impl Iterator<Item = (&Entry<'n, 'a>, NodeIx)> {
        let other_aliases = self.lazy.other_aliases.get_or_init(|| {
            let entries = self.by_id().iter().map(|at| (*at, &self.entries[*at]));
            OtherAliases::new(self.nodes, entries)
        });
        other_aliases
            .find(name)
            .filter(move |(_, node)| same_but_case(&self.nodes[*node].name, name))
            .map(|(at, node)| (&self.entries[at], node))
    }

    fn neighbours(&self, database: Option<&str>) -> &Neighbours {
        let is_database_known = database.is_some();
        let neighbours = if is_database_known {
            &self.lazy.neighbours
        } else {
            &self.lazy.neighbours_anywhere
        };
        neighbours.get_or_init(|| {
            let relations = self.by_id().iter().map(|at| (*at, &self.entries[*at]));
            let relations = relations.filter(|(_, entry)| entry.role == Role::Own);
            Neighbours::new(relations, is_database_known)
        })
    }
}

/// The id of the first node that a relation belongs to.
fn first_id<'i>(nodes: &'i [Node], entry: &Entry) -> Option<&'i str> {
    let first = entry.nodes.first()?;
    Some(&nodes[*first].unique_id)
}

fn schema_and_name<'e>(entry: &'e Entry) -> [&'e str; 2] {
    [entry.schema(), &entry.relation.name]
}

/// Whether it is a source that stands for all tables whose names begin with its own.
fn is_wildcard(nodes: &[Node], entry: &Entry) -> bool {
    let is_source = |node: &NodeIx| nodes[*node].kind == NodeKind::Source;
    entry.relation.name.ends_with('*') && entry.nodes.iter().any(is_source)
}
