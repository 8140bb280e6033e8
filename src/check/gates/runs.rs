//! Nodes that workbooks read and that the last runs of dbt did not build, or whose tests fail.

use std::sync::Arc;

use super::readers::readers;
use crate::check::facts::{Facts, ProjectFacts, Shown};
use crate::check::figures::counted;
use crate::check::found::Found;
use crate::model::artifacts::{NodeStatus, RunResults};
use crate::model::display::one_line;
use crate::model::graph::Graph;
use crate::settings::Gate;

pub(super) fn find(facts: &Facts, shown: &Shown) -> Found {
    let Some(runs) = facts.runs else {
        return Found::Missing {
            why: "the results of a run of dbt are missing".to_owned(),
            help: "pass `--run-results target/run_results.json`".to_owned(),
        };
    };
    let mut findings = Vec::new();
    let (mut told, mut untold) = (0, 0);
    for project in &facts.projects {
        for reader in readers(facts, project) {
            let results = Results::of(runs, project, reader.id);
            if results.is_any {
                told += 1;
            } else {
                untold += 1;
            }
            for wrong in results.wrong {
                let message = Arc::from(format!("{} {wrong}", reader.id));
                findings.extend(reader.findings(Gate::Failed, &message, shown, |_| None));
            }
        }
    }
    if told + untold == 0 {
        return Found::no_node_is_read();
    }
    if told == 0 {
        return Found::Missing {
            why: "the run results have nothing about the nodes that workbooks read".to_owned(),
            help: "give the results of a run that builds or tests these nodes".to_owned(),
        };
    }
    let untold = match untold {
        0 => String::new(),
        count => format!("; of {count} the run results have nothing"),
    };
    Found::Findings {
        findings,
        held: format!(
            "{} that workbooks read, 0 failed{untold}",
            counted(told, "node")
        ),
    }
}

/// What runs report of a node and its tests.
#[derive(Default)]
struct Results {
    is_any: bool,
    /// What is wrong, behind the node's id.
    wrong: Vec<String>,
}

impl Results {
    fn of(runs: &RunResults, project: &ProjectFacts, id: &str) -> Self {
        let mut results = Self::default();
        if let Some(run) = runs.get(id) {
            // A status that nobody knows tells nothing.
            results.is_any = !matches!(run.status, NodeStatus::Other(_));
            let message = run.message.as_deref().map(one_line);
            let because = message.map(|message| format!(": {message}"));
            let because = because.unwrap_or_default();
            if run.status.has_failed() {
                results.wrong.push(format!("failed{because}"));
            } else if run.status == NodeStatus::Skipped {
                results
                    .wrong
                    .push("was skipped, since what it depends on failed".to_owned());
            }
        }
        if let Some(graph) = project.graph {
            results.add_tests(runs, graph, id);
        }
        results
    }

    fn add_tests(&mut self, runs: &RunResults, graph: &Graph, id: &str) {
        let tests = graph.find(id).into_iter().flat_map(|at| graph.tests(at));
        for test in tests {
            let node = &graph[test];
            let Some(run) = runs.get(&node.unique_id) else {
                continue;
            };
            self.is_any |= !matches!(run.status, NodeStatus::Other(_));
            // A test of severity warn that finds rows has status `warn`.
            if run.status.has_failed() {
                let rows = run.failures.filter(|rows| *rows > 0);
                let rows = rows.map(|rows| format!(", which found {rows} rows"));
                let test = format!(
                    "has a failing test: {}{}",
                    node.name,
                    rows.unwrap_or_default()
                );
                self.wrong.push(test);
            }
        }
    }
}
