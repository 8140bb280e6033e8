//! Walks along dependencies.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::facts::GraphIx;

/// How one is reached from where a walk starts, by the fewest steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// How many steps it is away.
    pub distance: usize,
    /// The neighbour from which it is reached: of several that are as near, the first by its id.
    pub from: GraphIx,
}

/// Everything that is reached from some starts, which are not among it themselves, even where they lead in a circle.
///
/// A walk costs as much as what it reaches, not as much as the graph.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    reached: BTreeMap<GraphIx, Reached>,
    /// In the order of their distances, and of their ids where these are equal.
    order: Vec<GraphIx>,
}

impl Walk {
    pub(super) fn new<'g>(
        from: impl IntoIterator<Item = GraphIx>,
        neighbours: impl Fn(GraphIx) -> &'g [GraphIx],
    ) -> Self {
        let starts = from.into_iter().collect::<BTreeSet<_>>();
        let mut walk = Self::default();
        let mut last = starts.iter().copied().collect::<Vec<_>>();
        let mut distance = 0;
        while !last.is_empty() {
            distance += 1;
            let mut next = Vec::new();
            for from in last {
                for at in neighbours(from) {
                    if starts.contains(at) {
                        continue;
                    }
                    if let Entry::Vacant(entry) = walk.reached.entry(*at) {
                        entry.insert(Reached { distance, from });
                        next.push(*at);
                    }
                }
            }
            next.sort_unstable();
            walk.order.extend(&next);
            last = next;
        }
        walk
    }

    /// All that is reached, the nearest first, in the order of the ids where the distance is equal.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (GraphIx, Reached)> {
        self.order.iter().map(|at| (*at, self.reached[at]))
    }

    /// Whether it is reached.
    pub fn contains(&self, at: GraphIx) -> bool {
        self.reached.contains_key(&at)
    }

    /// How it is reached.
    pub fn get(&self, at: GraphIx) -> Option<Reached> {
        self.reached.get(&at).copied()
    }

    /// The shortest way from a start to what is reached, both ends included; empty for what is not.
    pub fn chain(&self, to: GraphIx) -> Vec<GraphIx> {
        let Some(mut last) = self.get(to) else {
            return Vec::new();
        };
        let mut chain = vec![to];
        loop {
            chain.push(last.from);
            let Some(before) = self.get(last.from) else {
                chain.reverse();
                return chain;
            };
            last = before;
        }
    }
}
