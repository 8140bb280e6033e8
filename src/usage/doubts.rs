//! Tables of workbooks that are not linked and may yet be a model that nobody is known to read.

use std::collections::{BTreeMap, BTreeSet};

use super::world::{Known, ProjectNode, World};
use crate::link::Outcome;
use crate::model::NodeIx;

/// How many workbooks may read a node all the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Workbooks with a table that fits this node and others equally well.
    pub ambiguous: usize,
    /// Workbooks with a table that no node fits, and this one nearly does.
    pub near: usize,
    /// Whether custom SQL reads it whose own reader the export does not name.
    pub is_unclaimed: bool,
}

/// What may be read, by project and node.
pub(super) fn doubts(world: &World) -> BTreeMap<ProjectNode, Doubts> {
    let mut doubts = BTreeMap::<_, Doubts>::new();
    let workbooks = world.projects.first();
    let workbooks = workbooks.map_or(0, |known| known.links.workbooks.len());
    for workbook in 0..workbooks {
        let linked = linked(world.projects, workbook);
        for (project, known) in world.projects.iter().enumerate() {
            let place = |node| {
                let node = known.place(node)?;
                Some(ProjectNode { project, node })
            };
            let tables = known.links.workbooks[workbook].tables.iter().zip(&linked);
            let (mut ambiguous, mut near) = (BTreeSet::new(), BTreeSet::new());
            for (read, _) in tables.filter(|(_, is_linked)| !**is_linked) {
                ambiguous.extend(candidates(&read.table.outcome));
                near.extend(nearest(&read.table.outcome));
            }
            for at in ambiguous.into_iter().filter_map(place) {
                doubts.entry(at).or_default().ambiguous += 1;
            }
            for at in near.into_iter().filter_map(place) {
                doubts.entry(at).or_default().near += 1;
            }
        }
    }
    for (project, known) in world.projects.iter().enumerate() {
        let nodes = known.links.unclaimed.iter();
        let nodes = nodes.filter_map(|node| known.place(*node));
        for node in nodes {
            let at = ProjectNode { project, node };
            doubts.entry(at).or_default().is_unclaimed = true;
        }
    }
    doubts
}

/// Of each thing that a workbook reads, whether it is linked to a node of any project.
fn linked(projects: &[Known], workbook: usize) -> Vec<bool> {
    let mut linked = Vec::new();
    for known in projects {
        let tables = &known.links.workbooks[workbook].tables;
        linked.resize(tables.len().max(linked.len()), false);
        for (is_linked, read) in linked.iter_mut().zip(tables) {
            *is_linked |= read.table.outcome.node().is_some();
        }
    }
    linked
}

fn candidates(outcome: &Outcome) -> impl Iterator<Item = NodeIx> {
    let candidates = match outcome {
        Outcome::Ambiguous { candidates, .. } => candidates.as_slice(),
        _ => &[],
    };
    candidates.iter().copied()
}

fn nearest(outcome: &Outcome) -> impl Iterator<Item = NodeIx> {
    let nearest = match outcome {
        Outcome::Unknown { nearest, .. } => nearest.as_slice(),
        _ => &[],
    };
    nearest.iter().map(|miss| miss.node)
}
