//! What becomes of one table in each project of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::join::{Group, Home};
use super::settle::Settled;
use crate::link::entries::owners_of;
use crate::link::finding::Finding;
use crate::link::outcome::{NearMiss, Outcome, Rule};
use crate::link::reason::UnknownReason;
use crate::model::{Node, NodeIx, Project};
use crate::settings::Matching;

/// What becomes of a table.
#[derive(Debug)]
pub struct Shares<T> {
    /// In each group of projects as one.
    pub whole: Vec<T>,
    /// In the projects of each group that have no part in it.
    other: Vec<T>,
    /// In those that have, in their order.
    own: Vec<(usize, T)>,
}

impl<T> Shares<T> {
    /// What becomes of it in a project of this group.
    pub fn of(&self, project: usize, group: usize) -> &T {
        let own = self.own.binary_search_by_key(&project, |(other, _)| *other);
        own.map_or(&self.other[group], |at| &self.own[at].1)
    }

    /// The same with other values.
    pub fn map<U>(self, mut to: impl FnMut(T) -> U) -> Shares<U> {
        Shares {
            whole: self.whole.into_iter().map(&mut to).collect(),
            other: self.other.into_iter().map(&mut to).collect(),
            own: self
                .own
                .into_iter()
                .map(|(at, one)| (at, to(one)))
                .collect(),
        }
    }
}

/// What is needed to share tables out to projects.
pub struct Sharing<'s, 'p> {
    /// All projects.
    pub projects: &'s [&'p Project<'p>],
    /// Their groups.
    pub groups: &'s [Group<'p>],
    /// The settings.
    pub matching: &'s Matching,
}

impl Sharing<'_, '_> {
    /// What becomes of a table in each project, by what is found for it in each group.
    pub fn shares(&self, settled: &Settled, row: &[Finding]) -> Shares<Outcome> {
        let group = match settled {
            Settled::By(group) => *group,
            Settled::Several(groups) => return self.ambiguous(groups, row),
        };
        match &row[group].outcome {
            Outcome::Linked { node, rule } => self.linked(group, (*node, *rule), row),
            Outcome::Ambiguous { candidates, .. } => match row[group].by {
                Some(rule) if self.are_one_relation(group, candidates) => {
                    self.linked(group, (candidates[0], rule), row)
                }
                _ => self.ambiguous(&[group], row),
            },
            Outcome::Unknown { reason, nearest } => self.unknown(group, reason, nearest, row),
            outcome => self.told_with(group, outcome.clone(), row),
        }
    }

    /// Whether some nodes are sources of one relation that several projects declare.
    fn are_one_relation(&self, group: usize, nodes: &[NodeIx]) -> bool {
        let joined = &self.groups[group];
        let homes = joined.homes(nodes[0]);
        homes.len() >= nodes.len() && nodes.iter().all(|node| joined.homes(*node) == homes)
    }

    /// The table is that of a node, which is the own one of some projects.
    fn linked(
        &self,
        group: usize,
        (node, rule): (NodeIx, Rule),
        row: &[Finding],
    ) -> Shares<Outcome> {
        let joined = &self.groups[group];
        let other = Arc::new(joined.other_node(self.projects, node));
        let elsewhere = |own| Outcome::OtherProject {
            node: Arc::clone(&other),
            own,
        };
        let mut own = BTreeMap::new();
        for (project, nodes) in by_project(joined.homes(node)) {
            let all = &self.projects[project].nodes;
            let nodes = owners_of(all, nodes, &self.matching.prefer_packages);
            own.insert(project, fitting(nodes, rule));
        }
        let weaker = self.fitting_nodes(row).filter(|(other, _)| *other != group);
        let weaker = weaker.flat_map(|(other, node)| self.groups[other].homes(node));
        let read = joined.displaced(node).iter().chain(weaker);
        for (project, nodes) in by_project(read) {
            own.entry(project).or_insert_with(|| elsewhere(nodes));
        }
        Shares {
            whole: self.whole(group, row[group].outcome.clone()),
            other: self.groups.iter().map(|_| elsewhere(Vec::new())).collect(),
            own: own.into_iter().collect(),
        }
    }

    /// Nodes of several projects fit, or several of one.
    fn ambiguous(&self, groups: &[usize], row: &[Finding]) -> Shares<Outcome> {
        let is_all = !row
            .iter()
            .any(|found| matches!(found.outcome, Outcome::Ambiguous { is_all: false, .. }));
        let fitting = self.fitting_nodes(row).collect::<Vec<_>>();
        let named = fitting.iter().map(|(group, node)| {
            let other = self.groups[*group].other_node(self.projects, *node);
            (*group, Arc::new(other), self.manifestations(*group, *node))
        });
        let named = named.collect::<Vec<_>>();
        let elsewhere = |is_meant: &dyn Fn(usize, &[Home]) -> bool| {
            let meant = named
                .iter()
                .filter(|(group, _, homes)| is_meant(*group, homes));
            let meant = meant.map(|(_, other, _)| Arc::clone(other));
            meant.collect::<Vec<_>>()
        };
        let homes = fitting.iter().flat_map(|(group, node)| {
            let joined = &self.groups[*group];
            joined.homes(*node).iter().chain(joined.displaced(*node))
        });
        let own = by_project(homes).into_iter().map(|(project, nodes)| {
            let is_other = |_, homes: &[Home]| homes.iter().all(|home| home.project != project);
            let outcome = Outcome::Ambiguous {
                candidates: sorted(&self.projects[project].nodes, nodes),
                is_all,
                elsewhere: elsewhere(&is_other),
            };
            (project, outcome)
        });
        let first = groups[0];
        let whole = Outcome::Ambiguous {
            candidates: (fitting.iter())
                .filter_map(|(group, node)| (*group == first).then_some(*node))
                .collect(),
            is_all,
            elsewhere: elsewhere(&|group, _| group != first),
        };
        let without = if is_all {
            unknown(UnknownReason::NoRelation)
        } else {
            Outcome::Ambiguous {
                candidates: Vec::new(),
                is_all,
                elsewhere: elsewhere(&|_, _| true),
            }
        };
        let other = row.iter().map(|found| match &found.outcome {
            Outcome::Linked { .. } | Outcome::Ambiguous { .. } => without.clone(),
            outcome => outcome.clone(),
        });
        Shares {
            other: other.collect(),
            own: own.collect(),
            whole: self.whole(first, whole),
        }
    }

    /// What a node is in projects under its own id, and not as a source that reads it.
    fn manifestations(&self, group: usize, node: NodeIx) -> Vec<Home> {
        let joined = &self.groups[group];
        let id = &joined.nodes[node].unique_id;
        let displaced = joined.displaced(node).iter();
        let copies =
            displaced.filter(|home| self.projects[home.project].nodes[home.node].unique_id == *id);
        joined.homes(node).iter().chain(copies).copied().collect()
    }

    /// No relation fits; each project has those of its own that come near.
    fn unknown(
        &self,
        group: usize,
        reason: &UnknownReason,
        nearest: &[NearMiss],
        row: &[Finding],
    ) -> Shares<Outcome> {
        let joined = &self.groups[group];
        let mut own: BTreeMap<usize, Vec<NearMiss>> = BTreeMap::new();
        for miss in nearest {
            for home in joined.homes(miss.node) {
                own.entry(home.project).or_default().push(NearMiss {
                    node: home.node,
                    ..miss.clone()
                });
            }
        }
        let own = own.into_iter().map(|(project, nearest)| {
            let reason = reason.clone();
            (project, Outcome::Unknown { reason, nearest })
        });
        let own = own.collect();
        let whole = row[group].outcome.clone();
        let mut shares = self.told_with(group, whole, row);
        shares.other[group] = unknown(reason.clone());
        Shares { own, ..shares }
    }

    /// The table has the same outcome in all projects of a group.
    fn told_with(&self, group: usize, outcome: Outcome, row: &[Finding]) -> Shares<Outcome> {
        Shares {
            whole: self.whole(group, outcome),
            other: row.iter().map(|found| found.outcome.clone()).collect(),
            own: Vec::new(),
        }
    }

    fn whole(&self, group: usize, outcome: Outcome) -> Vec<Outcome> {
        let mut whole = vec![Outcome::ToldElsewhere; self.groups.len()];
        whole[group] = outcome;
        whole
    }

    /// The nodes that fit, each with its group.
    fn fitting_nodes<'f>(
        &self,
        row: &'f [Finding],
    ) -> impl Iterator<Item = (usize, NodeIx)> + use<'f> {
        let nodes = |outcome: &'f Outcome| match outcome {
            Outcome::Linked { node, .. } => std::slice::from_ref(node),
            Outcome::Ambiguous { candidates, .. } => candidates,
            _ => &[],
        };
        let all = row.iter().enumerate();
        all.flat_map(move |(group, found)| {
            nodes(&found.outcome).iter().map(move |node| (group, *node))
        })
    }
}

fn unknown(reason: UnknownReason) -> Outcome {
    let nearest = Vec::new();
    Outcome::Unknown { reason, nearest }
}

/// One node of a project is a link; several are ambiguous.
fn fitting(nodes: Vec<NodeIx>, rule: Rule) -> Outcome {
    match *nodes {
        [node] => Outcome::Linked { node, rule },
        _ => Outcome::Ambiguous {
            candidates: nodes,
            is_all: true,
            elsewhere: Vec::new(),
        },
    }
}

fn by_project<'h>(homes: impl IntoIterator<Item = &'h Home>) -> BTreeMap<usize, Vec<NodeIx>> {
    let mut by_project: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for home in homes {
        by_project.entry(home.project).or_default().push(home.node);
    }
    by_project
}

/// Nodes in the order of their ids.
fn sorted(all: &[Node], mut nodes: Vec<NodeIx>) -> Vec<NodeIx> {
    nodes.sort_by_key(|node| &all[*node].unique_id);
    nodes.dedup();
    nodes
}
