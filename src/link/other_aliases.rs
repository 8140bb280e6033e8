//! Nodes by their own name, where their relation has another one: `alias` of a model, seed or
//! snapshot, `identifier` of a source.

use super::entries::Entry;
use super::hash_index::HashIndex;
use crate::model::relation::same_but_case;
use crate::model::{Node, NodeIx, Role};

/// How many nodes of one name are looked at: sources of one name may be thousands.
const MOST: usize = 32;

/// Nodes whose relation is called otherwise, each with the position of its entry, by id.
#[derive(Debug, Default)]
pub struct OtherAliases {
    nodes: Vec<(usize, NodeIx)>,
    by_name: HashIndex,
}

impl OtherAliases {
    /// Collects them from entries with their positions, which come by id.
    pub fn new<'e, 'n: 'e, 'a: 'n>(
        nodes: &[Node],
        entries: impl Iterator<Item = (usize, &'e Entry<'n, 'a>)>,
    ) -> Self {
        let own = entries.filter(|(_, entry)| entry.role == Role::Own);
        let called_otherwise = own
            .flat_map(|(at, entry)| {
                let others = entry.nodes.iter().filter(|node| {
                    let name = &nodes[**node].name;
                    !same_but_case(name, &entry.relation.name)
                });
                others.map(move |node| (at, *node))
            })
            .collect::<Vec<_>>();
        let numbered = called_otherwise.iter().enumerate();
        let names = numbered.map(|(number, (_, node))| ([nodes[*node].name.as_ref()], number));
        Self {
            by_name: HashIndex::new(names),
            nodes: called_otherwise,
        }
    }

    /// The first nodes that may have this name, each with the position of its entry.
    pub fn find(&self, name: &str) -> impl Iterator<Item = (usize, NodeIx)> {
        self.by_name
            .get(&[name])
            .take(MOST)
            .map(|number| self.nodes[number])
    }
}
