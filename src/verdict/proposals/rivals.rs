//! Lines of which several would draw tables to one node.

use std::collections::{BTreeMap, BTreeSet};

use super::{MOST_CHOICES, Maker, Proposal};
use crate::model::NodeIx;
use crate::verdict::line::{CHOICE, Line, OldPart};

impl Maker<'_, '_, '_> {
    /// The nodes that tables of several of these groups come near.
    pub(super) fn shared_nodes<'t>(
        &self,
        groups: impl Iterator<Item = &'t [usize]>,
    ) -> BTreeSet<NodeIx> {
        let mut first = BTreeMap::new();
        let mut shared = BTreeSet::new();
        for (group, items) in groups.enumerate() {
            for node in items.iter().flat_map(|item| &self.sorted[*item].nodes) {
                if *first.entry(*node).or_insert(group) != group {
                    shared.insert(*node);
                }
            }
        }
        shared
    }

    /// Whether one of these tables comes near one of the nodes.
    pub(super) fn is_near(&self, items: &[usize], nodes: &BTreeSet<NodeIx>) -> bool {
        let mut near = items.iter().flat_map(|item| &self.sorted[*item].nodes);
        near.any(|node| nodes.contains(node))
    }

    /// The same lines with a choice of the server, where tables of several servers come near one
    /// node.
    pub(super) fn of_one_server(&self, mut proposal: Proposal) -> Proposal {
        let mut by_node: BTreeMap<NodeIx, BTreeSet<&str>> = BTreeMap::new();
        for item in &proposal.items {
            let server = self.items.get(*item).table;
            if let Some(server) = server.and_then(|table| table.server.as_deref()) {
                for node in &self.sorted[*item].nodes {
                    by_node.entry(*node).or_default().insert(server);
                }
            }
        }
        let rivals = by_node.into_values().filter(|servers| servers.len() > 1);
        let rivals = rivals.flatten().collect::<BTreeSet<_>>();
        if rivals.is_empty() || proposal.choices.len() > 1 {
            return proposal;
        }
        for line in &mut proposal.lines {
            if let Line::Rewrite(line) = line {
                line.server = Some(OldPart::is(CHOICE));
            }
        }
        let names = rivals.into_iter().take(MOST_CHOICES);
        proposal.choices = names.map(str::to_owned).collect();
        proposal
    }

    /// Drops lines that are for as many tables as others that come near one node with them: neither
    /// are better.
    pub(super) fn drop_equals(&self, proposals: &mut Vec<Proposal>) {
        let mut counts: BTreeMap<(NodeIx, usize), usize> = BTreeMap::new();
        for proposal in proposals.iter() {
            for node in self.nodes(proposal) {
                *counts.entry((node, proposal.items.len())).or_default() += 1;
            }
        }
        proposals.retain(|proposal| {
            let mut nodes = self.nodes(proposal).into_iter();
            nodes.all(|node| counts[&(node, proposal.items.len())] == 1)
        });
    }

    /// The nodes that the tables of a proposal come near.
    pub(super) fn nodes(&self, proposal: &Proposal) -> BTreeSet<NodeIx> {
        let items = proposal.items.iter();
        let nodes = items.flat_map(|item| self.sorted[*item].nodes.iter().copied());
        nodes.collect()
    }
}
