//! Nodes, and the selected workbooks that read them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::facts::{Facts, ProjectFacts, Shown};
use crate::check::finding::Finding;
use crate::model::WorkbookIx;
use crate::settings::Gate;

/// A node, and the selected workbooks that read it.
pub(super) struct Reader<'r, 'f, 'a> {
    pub(super) id: &'r str,
    pub(super) project: &'r ProjectFacts<'f, 'a>,
    pub(super) workbooks: Vec<WorkbookIx>,
}

impl Reader<'_, '_, '_> {
    /// What is wrong with the node, for each of the workbooks.
    pub(super) fn findings(
        &self,
        gate: Gate,
        message: &Arc<str>,
        shown: &Shown,
        is_new: impl Fn(WorkbookIx) -> Option<bool>,
    ) -> Vec<Finding> {
        let (project, node) = (self.project.name(), self.project.node(self.id));
        let findings = self.workbooks.iter().map(|at| Finding {
            gate,
            project: Some(Arc::clone(&project)),
            message: Arc::clone(message),
            workbook: Some(shown.workbook(*at)),
            node: Some(Arc::clone(&node)),
            table: None,
            is_new: is_new(*at),
        });
        findings.collect()
    }
}

/// The nodes of a project that selected workbooks read themselves.
pub(super) fn readers<'r, 'f, 'a>(
    facts: &Facts,
    project: &'r ProjectFacts<'f, 'a>,
) -> Vec<Reader<'r, 'f, 'a>> {
    let mut readers = BTreeMap::<_, Vec<_>>::new();
    for (at, _) in facts.workbooks() {
        let tables = &project.links.workbooks[at.0].tables;
        let nodes = tables.iter().filter_map(|read| read.table.outcome.node());
        for node in nodes.collect::<BTreeSet<_>>() {
            readers.entry(node).or_default().push(at);
        }
    }
    let readers = readers.into_iter().map(|(node, workbooks)| Reader {
        id: &project.project.nodes[node].unique_id,
        project,
        workbooks,
    });
    readers.collect()
}
