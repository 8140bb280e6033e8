//! Nodes that workbooks read themselves and that are not as they should be: private, not tested, not
//! described.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::readers::readers;
use crate::check::facts::{Facts, Shown};
use crate::check::figures::counted;
use crate::check::found::Found;
use crate::model::graph::{Access, Graph, GraphIx, ResourceType};
use crate::settings::Gate;

/// What a gate asks of a node.
pub(super) struct Question {
    pub(super) gate: Gate,
    /// Why a node is not as it should be, behind its id; `None` if it is.
    pub(super) wrong: fn(&Graph, GraphIx) -> Option<String>,
    /// What nodes are called that are not.
    pub(super) held: &'static str,
}

pub(super) const PRIVATE: Question = Question {
    gate: Gate::Private,
    wrong: private,
    held: "private",
};
pub(super) const UNTESTED: Question = Question {
    gate: Gate::Untested,
    wrong: untested,
    held: "without a data test",
};
pub(super) const UNDOCUMENTED: Question = Question {
    gate: Gate::Undocumented,
    wrong: undocumented,
    held: "without a description",
};

fn private(graph: &Graph, at: GraphIx) -> Option<String> {
    let is_private = graph[at].access == Some(Access::Private);
    is_private.then(|| match &graph[at].group {
        Some(group) => format!("is private to group {group}"),
        None => "is private".to_owned(),
    })
}

fn untested(graph: &Graph, at: GraphIx) -> Option<String> {
    let types = graph.tests(at).map(|test| graph[test].resource_type);
    let types = types.collect::<BTreeSet<_>>();
    if types.contains(&Some(ResourceType::Test)) {
        return None;
    }
    Some(if types.is_empty() {
        "is not tested".to_owned()
    } else {
        "has unit tests alone, which say nothing of its data".to_owned()
    })
}

fn undocumented(graph: &Graph, at: GraphIx) -> Option<String> {
    (!graph[at].is_described).then(|| "is not described".to_owned())
}

/// The nodes that are not as a gate asks, each with the workbooks that read it.
pub(super) fn find(question: &Question, facts: &Facts, shown: &Shown) -> Found {
    let mut findings = Vec::new();
    let mut all = 0;
    for project in &facts.projects {
        let Some(graph) = project.graph else { continue };
        for reader in readers(facts, project) {
            all += 1;
            let wrong = match graph.find(reader.id) {
                Some(at) => (question.wrong)(graph, at),
                None => Some("could not be read in the manifest".to_owned()),
            };
            let Some(wrong) = wrong else { continue };
            let message = Arc::from(format!("{} {wrong}", reader.id));
            let is_new = |at| {
                let is_wrong =
                    |graph: &Graph<'_>, at: GraphIx| (question.wrong)(graph, at).is_some();
                let state = project.state.as_ref()?;
                state.is_new(facts.site.workbook(at), reader.id, is_wrong)
            };
            findings.extend(reader.findings(question.gate, &message, shown, is_new));
        }
    }
    if all == 0 {
        return Found::no_node_is_read();
    }
    Found::Findings {
        findings,
        held: format!(
            "{} that workbooks read, 0 {}",
            counted(all, "node"),
            question.held
        ),
    }
}
