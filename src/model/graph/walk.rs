//! Walks along dependencies.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::facts::GraphIx;

/// How one is reached from where a walk starts, by the fewest steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached<T = GraphIx> {
    /// How many steps it is away.
    pub distance: usize,
    /// The neighbour from which it is reached: of several that are as near, the first by its id.
    pub from: T,
}

/// Everything that is reached from some starts, which are not among it themselves, even where they lead in a circle.
///
/// A walk costs as much as what it reaches, not as much as the graph.
#[derive(Debug, Clone)]
pub struct Walk<T = GraphIx> {
    reached: BTreeMap<T, Reached<T>>,
    /// In the order of their distances, and of their ids where these are equal.
    order: Vec<T>,
}

impl<T: Copy + Ord> Walk<T> {
    /// Walks from neighbour to neighbour.
    pub fn new<N: IntoIterator<Item = T>>(
        from: impl IntoIterator<Item = T>,
        neighbours: impl Fn(T) -> N,
    ) -> Self {
        let starts = from.into_iter().collect::<BTreeSet<_>>();
        let mut walk = Self {
            reached: BTreeMap::new(),
            order: Vec::new(),
        };
        let mut last = starts.iter().copied().collect::<Vec<_>>();
        let mut distance = 0;
        while !last.is_empty() {
            distance += 1;
            let mut next = Vec::new();
            for from in last {
                for at in neighbours(from) {
                    if starts.contains(&at) {
                        continue;
                    }
                    if let Entry::Vacant(entry) = walk.reached.entry(at) {
                        entry.insert(Reached { distance, from });
                        next.push(at);
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
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (T, Reached<T>)> {
        self.order.iter().map(|at| (*at, self.reached[at]))
    }

    /// Whether it is reached.
    pub fn contains(&self, at: T) -> bool {
        self.reached.contains_key(&at)
    }

    /// How it is reached.
    pub fn get(&self, at: T) -> Option<Reached<T>> {
        self.reached.get(&at).copied()
    }

    /// The shortest way from a start to what is reached, both ends included; empty for what is not.
    pub fn chain(&self, to: T) -> Vec<T> {
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
