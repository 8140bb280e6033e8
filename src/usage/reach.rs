//! Walks from what is read up to what it is made of, through all projects.

use super::world::{ProjectNode, World};

/// Why a node is reached: what a walk that reaches it starts with, and by how many steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached<T> {
    pub(super) cause: T,
    pub(super) distance: usize,
}

/// What is reached, by project and node.
pub(super) struct Reach<T> {
    reached: Vec<Vec<Option<Reached<T>>>>,
}

impl<T: Copy> Reach<T> {
    /// Nothing.
    pub(super) fn none(world: &World) -> Self {
        let projects = world.projects.iter();
        let reached = projects.map(|known| vec![None; known.graph.len()]);
        Self {
            reached: reached.collect(),
        }
    }

    /// Everything from these starts up, each with the cause of the nearest one: of several that are
    /// as near, of the first. `more` gives what a node that is reached makes reach as well, each with
    /// a cause of its own. What `is_settled` is passed over.
    pub(super) fn up(
        world: &World,
        starts: Vec<(ProjectNode, T)>,
        more: impl Fn(ProjectNode) -> Vec<(ProjectNode, T)>,
        is_settled: impl Fn(ProjectNode) -> bool,
    ) -> Self {
        let mut reach = Self::none(world);
        let starts = starts.into_iter();
        let mut next = starts
            .map(|(at, cause)| (at, Reached { cause, distance: 0 }))
            .collect::<Vec<_>>();
        while !next.is_empty() {
            // Stable: of one node, the first cause stays the first.
            next.sort_by_key(|(at, _)| *at);
            let mut after = Vec::new();
            for (at, reached) in next {
                if is_settled(at) || reach.get(at).is_some() {
                    continue;
                }
                reach.reached[at.project][at.node.0] = Some(reached);
                let parents = world.parents(at).map(|parent| {
                    let distance = reached.distance + 1;
                    (
                        parent,
                        Reached {
                            distance,
                            ..reached
                        },
                    )
                });
                after.extend(parents);
                let more = more(at).into_iter();
                after.extend(more.map(|(at, cause)| (at, Reached { cause, distance: 0 })));
            }
            next = after;
        }
        reach
    }

    /// How a node is reached.
    pub(super) fn get(&self, at: ProjectNode) -> Option<Reached<T>> {
        self.reached[at.project][at.node.0]
    }
}
