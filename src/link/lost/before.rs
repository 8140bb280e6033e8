//! What is known of the run that this one compares with.

use foldhash::{HashSet, HashSetExt};

use crate::link::outcome::MatchedTable;
use crate::model::{Findings, Node, Project};

/// What is known of the nodes that the run before linked to.
#[derive(Debug, Clone, Copy)]
pub enum Before<'b> {
    /// The exposures are those of the manifest, made by a run on its own nodes.
    Same,
    /// All nodes: the manifest of `--state`.
    State(&'b Project<'b>),
    /// The nodes that its exposures depended on, and what Tableau called the tables behind them: what
    /// it left beside the manifest.
    Left(&'b Project<'b>, &'b Findings),
}

/// The links that a run recorded.
///
/// A few of the nodes of a project link tables that all of them would not, as where one more fits as
/// well. So only a link that is recorded counts.
#[derive(Debug)]
pub(super) struct Record<'b> {
    /// The ids of nodes, each with a table that was linked to it.
    links: HashSet<(&'b str, &'b str)>,
    tables: HashSet<&'b str>,
    nodes: HashSet<&'b str>,
}

impl<'b> Record<'b> {
    pub(super) fn new(findings: &'b Findings) -> Self {
        let mut record = Self {
            links: HashSet::new(),
            tables: HashSet::new(),
            nodes: HashSet::new(),
        };
        for (node, tables) in findings.tables.values().flatten() {
            record.nodes.insert(node);
            for table in tables {
                record.tables.insert(table);
                record.links.insert((node, table));
            }
        }
        record
    }

    /// Whether a table was linked to a node with this id.
    pub(super) fn has(&self, node: &str, table: &str) -> bool {
        self.links.contains(&(node, table))
    }

    /// How many links are recorded.
    pub(super) fn links(&self) -> usize {
        self.links.len()
    }

    /// Whether a table was linked.
    pub(super) fn has_table(&self, table: &str) -> bool {
        self.tables.contains(table)
    }

    /// Whether the tables that were linked to a node are known.
    pub(super) fn knows(&self, node: &str) -> bool {
        self.nodes.contains(node)
    }

    /// Whether a table was linked, and is not linked as it was.
    pub(super) fn is_changed(&self, table: &MatchedTable, nodes: &[Node]) -> bool {
        let node = table.outcome.node();
        let is_same = node.is_some_and(|node| self.has(&nodes[node].unique_id, &table.shown));
        !is_same && self.has_table(&table.shown)
    }
}
