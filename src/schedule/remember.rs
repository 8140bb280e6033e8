//! What run results add to what is remembered of extracts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::target::{Content, Target};
use crate::model::artifacts::{ArtifactFile, Invocation, NodeRun, NodeStatus, RunResults};
use crate::model::graph::{Graph, ResourceType};
use crate::model::refresh::{FailedNode, RefreshState, SeenRun, TargetState, Wrong};

/// How many runs of dbt are remembered, so that one is not counted twice.
const MOST_RUNS: usize = 500;

/// Run results that were not counted yet.
#[derive(Debug, Default)]
pub struct Unseen {
    /// The results.
    pub files: Vec<ArtifactFile<NodeRun>>,
    /// The files that an earlier run has counted.
    pub seen: Vec<String>,
}

/// The run results that were not counted yet: dbt leaves the file of an earlier run where it stops
/// before it runs anything.
pub fn unseen(files: Vec<ArtifactFile<NodeRun>>, state: &RefreshState) -> Unseen {
    let mut unseen = Unseen::default();
    for file in files {
        if state.runs.iter().any(|run| is_same(run, &file.invocation)) {
            unseen.seen.push(file.invocation.file.clone());
        } else {
            unseen.files.push(file);
        }
    }
    unseen
}

fn is_same(seen: &SeenRun, invocation: &Invocation) -> bool {
    match (&seen.invocation_id, &invocation.id) {
        (Some(seen), Some(id)) => seen == id,
        _ => seen.generated_at.is_some() && seen.generated_at == invocation.generated_at,
    }
}

/// What is remembered after these results, which must not have been counted before.
#[must_use]
pub fn remember(
    state: &RefreshState,
    targets: &[Target],
    runs: &RunResults,
    graphs: &[Graph],
) -> RefreshState {
    let mut state = state.clone();
    let invocations = runs.invocations().iter();
    state.runs.extend(invocations.map(|invocation| SeenRun {
        invocation_id: invocation.id.clone(),
        generated_at: invocation.generated_at,
    }));
    let old = state.runs.len().saturating_sub(MOST_RUNS);
    state.runs.drain(..old);
    let results = Results { runs, graphs };
    // What several targets read is looked up once.
    let mut known = BTreeMap::new();
    for target in targets {
        let Some(id) = target
            .id
            .as_ref()
            .filter(|_| target.content == Content::Extract)
        else {
            continue;
        };
        let mut of = state.targets.remove(id).unwrap_or_default();
        of.name = target.name.clone();
        of.built.retain(|node, _| target.nodes.contains(node));
        // A test that was removed never passes again.
        let is_there = |id: &String| graphs.iter().any(|graph| graph.find(id).is_some());
        of.failed
            .retain(|id, failed| target.nodes.contains(&failed.node) && is_there(id));
        for node in &target.nodes {
            let told = known
                .entry(node.as_str())
                .or_insert_with(|| results.of(node));
            told.add_to(&mut of, node);
        }
        if of != TargetState::default() {
            state.targets.insert(id.clone(), of);
        }
    }
    state
}

struct Results<'r, 'a> {
    runs: &'r RunResults,
    graphs: &'r [Graph<'a>],
}

/// What results tell of one node and its tests.
#[derive(Default)]
struct Told {
    built_at: Option<Timestamp>,
    /// What is wrong, by the id of the node or of the test.
    wrong: Vec<(String, Wrong, Option<Timestamp>)>,
    /// The ids of what is right.
    right: BTreeSet<String>,
}

impl Results<'_, '_> {
    fn of(&self, node: &str) -> Told {
        let mut told = Told::default();
        if let Some(run) = self.runs.get(node) {
            told.built_at = self.runs.last_built(node);
            if run.invocation.is_empty && run.status.has_built() {
                told.built_at = None;
                told.wrong
                    .push((node.to_owned(), Wrong::WithoutRows, time(run)));
            } else {
                told.add_node(node, run);
            }
        }
        for test in self.tests(node) {
            if let Some(run) = self.runs.get(&test) {
                told.add_test(test, run);
            }
        }
        told
    }

    /// The ids of all tests that read a node: where one fails that compares two nodes, either of them
    /// may be wrong.
    fn tests(&self, node: &str) -> BTreeSet<String> {
        let graphs = self.graphs.iter();
        let found = graphs.filter_map(|graph| Some((graph, graph.find(node)?)));
        let tests = found.flat_map(|(graph, at)| {
            let children = graph.children(at).iter().map(|child| &graph[*child]);
            let tests = children.filter(|child| {
                let kind = child.resource_type;
                matches!(kind, Some(ResourceType::Test | ResourceType::UnitTest))
            });
            tests.map(|test| test.unique_id.clone().into_owned())
        });
        tests.collect()
    }
}

impl Told {
    fn add_node(&mut self, node: &str, run: &NodeRun) {
        use NodeStatus::{
            Error, Fail, NoOp, Other, PartialSuccess, Pass, Reused, RuntimeError, Skipped, Success,
            Warn,
        };
        match run.status {
            // Of a microbatch model, some batches are new.
            Success | PartialSuccess | Warn | Pass => {
                self.right.insert(node.to_owned());
            }
            Error | Fail | RuntimeError => {
                self.wrong.push((node.to_owned(), Wrong::Failed, time(run)));
            }
            Skipped => self
                .wrong
                .push((node.to_owned(), Wrong::Skipped, time(run))),
            // What an earlier run built is still right, so that it is not wrong any more.
            Reused => {
                self.right.insert(node.to_owned());
            }
            NoOp | Other(_) => {}
        }
    }

    fn add_test(&mut self, test: String, run: &NodeRun) {
        match run.status {
            NodeStatus::Pass | NodeStatus::Warn | NodeStatus::Success => {
                self.right.insert(test);
            }
            _ if run.status.has_failed() => self.wrong.push((test, Wrong::TestFailed, time(run))),
            // A test that did not run tells nothing.
            _ => {}
        }
    }

    fn add_to(&self, target: &mut TargetState, node: &str) {
        if let Some(at) = self.built_at.filter(|at| Some(*at) > target.refreshed_at) {
            let built = target.built.entry(node.to_owned()).or_insert(at);
            *built = at.max(*built);
        }
        target.failed.retain(|id, _| !self.right.contains(id));
        for (id, what, at) in &self.wrong {
            let failed = FailedNode {
                node: node.to_owned(),
                what: *what,
                at: *at,
            };
            target.failed.insert(id.clone(), failed);
        }
    }
}

fn time(run: &NodeRun) -> Option<Timestamp> {
    run.completed_at.or(run.invocation.generated_at)
}
