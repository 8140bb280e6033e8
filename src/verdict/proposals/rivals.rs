//! Lines of which several would draw tables to one node.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::schemas::Renamed;
use super::{Maker, Proposal};
use crate::model::NodeIx;
use crate::model::listing::first_few;
use crate::verdict::cause::Why;
use crate::verdict::line::Line;
use crate::verdict::renaming::{Renaming, other_schema};
use crate::verdict::rewrite_line::{CHOICE, NewPart, OldPart};
use crate::verdict::withheld::Because;

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

    /// That a table comes as near to one of the nodes as one of these.
    pub(super) fn rivals(&self, items: &[usize], nodes: &BTreeSet<NodeIx>) -> Option<Because> {
        let near = items.iter().flat_map(|item| {
            let nodes = self.sorted[*item].nodes.iter();
            nodes.map(move |node| (*item, *node))
        });
        let mut near = near.filter(|(_, node)| nodes.contains(node));
        let own = items.iter().collect::<BTreeSet<_>>();
        near.find_map(|(item, node)| {
            let mut others = self.near_nodes().get(&node)?.iter();
            let other = others.find(|other| !own.contains(other))?;
            let shown = |item: usize| self.items.get(item).matched.shown.clone();
            let node = self.known.project.nodes[node].unique_id.to_string();
            Some(Because::Rivals(shown(item), shown(*other), node))
        })
    }

    /// The tables that come near each node.
    fn near_nodes(&self) -> &HashMap<NodeIx, Vec<usize>> {
        self.near_nodes.get_or_init(|| {
            let mut near: HashMap<NodeIx, Vec<usize>> = HashMap::new();
            for (item, sorted) in self.sorted.iter().enumerate() {
                for node in &sorted.nodes {
                    near.entry(*node).or_default().push(item);
                }
            }
            near
        })
    }

    /// Lines for one of several schemas that have tables of one relation: the user must choose.
    pub(super) fn rival_schemas(&self, rivals: Vec<Renamed>) -> Vec<Proposal> {
        let shared = self.shared_nodes(rivals.iter().map(|one| one.items));
        let mut by_end: BTreeMap<_, Vec<Renamed>> = BTreeMap::new();
        for one in rivals {
            let key = (one.database, without_shown_end(one.renaming));
            by_end.entry(key).or_default().push(one);
        }
        let (ends, wholes): (Vec<_>, Vec<_>) = by_end.into_values().partition(|group| {
            let has_several = group.iter().any(|one| one.pairs.len() > 1);
            has_several && group.len() > 1
        });
        let mut by_own: BTreeMap<_, Vec<Renamed>> = BTreeMap::new();
        for one in wholes.into_iter().flatten() {
            let own = one.pairs.first().map(|(_, own)| own.clone());
            by_own.entry((one.database, own)).or_default().push(one);
        }
        let ends = ends.iter().filter_map(|group| one_of_ends(group));
        let mut proposals = ends.collect::<Vec<_>>();
        for group in by_own.into_values() {
            match group.as_slice() {
                [one] => proposals.push(Proposal {
                    doubt: self.rivals(one.items, &shared),
                    ..self.renamed_schemas(one)
                }),
                several => proposals.extend(one_of_schemas(several)),
            }
        }
        proposals
    }

    /// The same lines with a choice of the server, where tables of several servers come near one
    /// node.
    pub(super) fn of_one_server(&self, mut proposal: Proposal) -> Proposal {
        let mut by_node: BTreeMap<NodeIx, BTreeSet<&str>> = BTreeMap::new();
        for item in proposal.items() {
            let server = self.items.get(item).table;
            if let Some(server) = server.and_then(|table| table.server.as_deref()) {
                for node in &self.sorted[item].nodes {
                    by_node.entry(*node).or_default().insert(server);
                }
            }
        }
        let rivals = by_node.into_values().filter(|servers| servers.len() > 1);
        let rivals = rivals.flatten().collect::<BTreeSet<_>>();
        if rivals.is_empty() || proposal.choices.len() > 1 {
            return proposal;
        }
        for entry in &mut proposal.entries {
            if let Line::Rewrite(line) = &mut entry.line {
                line.server = Some(OldPart::is(CHOICE));
            }
        }
        let narrower = std::mem::take(&mut proposal.narrower).into_iter();
        proposal.narrower = narrower.map(|one| self.of_one_server(one)).collect();
        proposal.of_choices(rivals.into_iter().map(str::to_owned))
    }

    /// Doubts lines that are for as many tables as others that come near one node with them: neither
    /// are better.
    pub(super) fn doubt_equals(&self, proposals: &mut [Proposal]) {
        let mut counts: BTreeMap<(NodeIx, usize), usize> = BTreeMap::new();
        let undoubted = proposals.iter().filter(|proposal| proposal.doubt.is_none());
        for proposal in undoubted {
            let tables = proposal.items().count();
            for node in self.nodes(proposal) {
                *counts.entry((node, tables)).or_default() += 1;
            }
        }
        for proposal in proposals {
            let tables = proposal.items().count();
            let nodes = self.nodes(proposal).into_iter();
            let equal =
                nodes.filter(|node| counts.get(&(*node, tables)).is_some_and(|many| *many > 1));
            let equal = equal.collect::<BTreeSet<_>>();
            if proposal.doubt.is_none() && !equal.is_empty() {
                let items = proposal.items().collect::<Vec<_>>();
                proposal.doubt = self.rivals(&items, &equal);
            }
        }
    }

    /// The nodes that the tables of a proposal come near.
    fn nodes(&self, proposal: &Proposal) -> BTreeSet<NodeIx> {
        let items = proposal.items();
        let nodes = items.flat_map(|item| self.sorted[item].nodes.iter().copied());
        nodes.collect()
    }
}

/// A renaming without what Tableau shows before or behind the names: what rivals have in common.
fn without_shown_end(renaming: &Renaming) -> Renaming {
    let mut renaming = renaming.clone();
    match &mut renaming {
        Renaming::WithoutPrefix(text) | Renaming::WithoutSuffix(text) => text.clear(),
        Renaming::OtherPrefix { shown, .. } | Renaming::OtherSuffix { shown, .. } => shown.clear(),
        Renaming::Prefix(_) | Renaming::Suffix(_) | Renaming::Another { .. } => {}
    }
    renaming
}

/// A line for the schemas with one of several prefixes or suffixes.
fn one_of_ends(group: &[Renamed]) -> Option<Proposal> {
    let (first, parts) = (group.first()?, group.first()?.renaming.parts_with(CHOICE)?);
    let line = other_schema(first.database, None, parts);
    let ends = group.iter().filter_map(|one| one.renaming.shown_end());
    Some(choice(group, line).of_choices(ends.map(str::to_owned)))
}

/// A line for one of several schemas.
fn one_of_schemas(group: &[Renamed]) -> Option<Proposal> {
    let first = group.first()?;
    let (_, own) = first.pairs.first()?;
    let parts = (OldPart::is(CHOICE), NewPart::Is(own.clone()));
    let line = other_schema(first.database, None, parts);
    let mut shown = group.iter().collect::<Vec<_>>();
    shown.sort_by_key(|one| std::cmp::Reverse(one.items.len()));
    let shown = shown.into_iter().flat_map(|one| one.pairs.first());
    Some(choice(group, line).of_choices(shown.map(|(shown, _)| shown.clone())))
}

fn choice(group: &[Renamed], line: Line) -> Proposal {
    let names = || {
        let pairs = group.iter().flat_map(|one| &one.pairs);
        pairs.map(|(shown, own)| format!("{shown} for {own}"))
    };
    let why = Why::OtherSchema(first_few(names().count(), names()));
    let items = group.iter().flat_map(|one| one.items.iter().copied());
    Proposal::new(why, line, &items.collect::<Vec<_>>())
}
