//! Workbooks that read what is meant for models alone: sources and staging models.

use super::world::Known;
use crate::model::display::display_enum;
use crate::model::{GraphIx, GraphNode, ResourceType, WorkbookIx};

/// How the names of staging models begin.
const PREFIX: &str = "stg_";
/// The folder of staging models.
const FOLDER: &str = "staging";

display_enum! {
    /// What a workbook reads past the models that are meant for it.
    pub enum DirectKind {
        /// A source.
        Source => "source";
        /// A staging model.
        Staging => "staging";
    }
}

/// A source or staging model that a workbook reads directly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirectRead {
    /// The workbook.
    pub workbook: WorkbookIx,
    /// The position of the project.
    pub project: usize,
    /// The source or model.
    pub node: GraphIx,
    /// What it is.
    pub kind: DirectKind,
}

/// The sources and staging models that workbooks read directly, in the order of the workbooks.
pub fn direct_reads(projects: &[Known]) -> Vec<DirectRead> {
    let mut reads = Vec::new();
    for (project, known) in projects.iter().enumerate() {
        for (at, workbook) in known.links.workbooks.iter().enumerate() {
            let linked = workbook
                .tables
                .iter()
                .filter_map(|read| read.table.outcome.node());
            let linked = linked.filter_map(|node| known.place(node));
            reads.extend(linked.filter_map(|node| {
                Some(DirectRead {
                    workbook: WorkbookIx(at),
                    project,
                    node,
                    kind: kind(&known.graph[node])?,
                })
            }));
        }
    }
    reads.sort_unstable();
    reads.dedup();
    reads
}

fn kind(node: &GraphNode) -> Option<DirectKind> {
    match node.resource_type? {
        ResourceType::Source => Some(DirectKind::Source),
        ResourceType::Model if is_staging(node) => Some(DirectKind::Staging),
        _ => None,
    }
}

/// Whether a model is a staging model by dbt's own guide: its name begins with `stg_`, or it is in
/// a folder `staging` (<https://docs.getdbt.com/best-practices/how-we-structure/2-staging>).
pub fn is_staging(node: &GraphNode) -> bool {
    let folders = node.fqn.get(1..node.fqn.len().saturating_sub(1));
    let mut folders = folders.unwrap_or_default().iter();
    node.name.starts_with(PREFIX) || folders.any(|folder| folder == FOLDER)
}
