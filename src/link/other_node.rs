//! Nodes of other projects, as a project of the same run names them.

use std::fmt;
use std::sync::Arc;

use crate::model::{NodeKind, Verb};

/// A node of another project of the run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OtherNode {
    /// The project, by its root package.
    pub project: Arc<str>,
    /// dbt's id of the node.
    pub unique_id: String,
    /// What it is.
    pub kind: NodeKind,
    /// Its relation, as that project spells it.
    pub relation: String,
}

impl fmt::Display for OtherNode {
    /// What its project does to it, in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (project, verb, id) = (&self.project, Verb::of(self.kind), &self.unique_id);
        write!(f, "project {project} {verb} it as {id}")
    }
}

impl OtherNode {
    /// The same node in a text, which shows names by this function.
    #[must_use]
    pub fn shown(&self, shown: impl Fn(&str) -> String) -> Self {
        Self {
            project: shown(&self.project).into(),
            unique_id: shown(&self.unique_id),
            kind: self.kind,
            relation: shown(&self.relation),
        }
    }
}
