//! Sources that workbooks read, themselves or through other nodes, and that are stale.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::readers::{Reader, readers};
use crate::check::facts::{Facts, Shown};
use crate::check::figures::counted;
use crate::check::found::Found;
use crate::model::artifacts::{NodeStatus, SourceFreshness};
use crate::model::display::one_line;
use crate::model::graph::{Graph, GraphIx, ResourceType};
use crate::settings::Gate;

pub(super) fn find(facts: &Facts, shown: &Shown) -> Found {
    let Some(freshness) = facts.freshness else {
        return Found::Missing {
            why: "the results of `dbt source freshness` are missing".to_owned(),
            help: "pass `--sources target/sources.json`".to_owned(),
        };
    };
    let mut findings = Vec::new();
    let mut counts = Counts::default();
    for project in &facts.projects {
        let Some(graph) = project.graph else { continue };
        let readers = readers(facts, project);
        let readers = readers
            .iter()
            .filter_map(|reader| Some((graph.find(reader.id)?, reader)));
        let readers = readers.collect::<BTreeMap<_, _>>();
        for source in sources(graph, readers.keys().copied()) {
            let id = graph[source].unique_id.as_ref();
            let stale = freshness.get(id);
            counts.add(stale);
            let Some(wrong) = stale.and_then(stale_because) else {
                continue;
            };
            let message = Arc::<str>::from(format!("{id} {wrong}"));
            let below = graph.downstream([source]);
            let reached = below.iter().map(|(at, _)| at).chain([source]);
            let workbooks = reached.filter_map(|at| readers.get(&at));
            let workbooks = workbooks.flat_map(|reader| &reader.workbooks);
            let reader = Reader {
                id,
                project,
                workbooks: workbooks
                    .copied()
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect(),
            };
            findings.extend(reader.findings(Gate::Stale, &message, shown, |_| None));
        }
    }
    counts.found(findings)
}

/// The sources that some nodes are, or are made of.
fn sources(graph: &Graph, nodes: impl Iterator<Item = GraphIx> + Clone) -> BTreeSet<GraphIx> {
    let above = graph.upstream(nodes.clone());
    let all = above.iter().map(|(at, _)| at).chain(nodes);
    all.filter(|at| graph[*at].resource_type == Some(ResourceType::Source))
        .collect()
}

/// How many sources workbooks read, by what is known of them.
#[derive(Default)]
struct Counts {
    known: usize,
    warned: usize,
    unknown: usize,
}

impl Counts {
    fn add(&mut self, freshness: Option<&SourceFreshness>) {
        match freshness {
            None => self.unknown += 1,
            Some(freshness) => {
                self.known += 1;
                self.warned += usize::from(freshness.status == NodeStatus::Warn);
            }
        }
    }

    fn found(&self, findings: Vec<crate::check::Finding>) -> Found {
        if self.known == 0 {
            return Found::Missing {
                why: "the results of `dbt source freshness` have nothing about the sources that workbooks read".to_owned(),
                help: "set `freshness` and `loaded_at_field` of these sources, and run `dbt source freshness`".to_owned(),
            };
        }
        let warned = match self.warned {
            0 => String::new(),
            count => format!("; {count} beyond `warn_after`"),
        };
        let unknown = match self.unknown {
            0 => String::new(),
            count => format!("; of {} dbt did not find out", counted(count, "source")),
        };
        Found::Findings {
            findings,
            held: format!(
                "of {} that workbooks read, not one is stale{warned}{unknown}",
                counted(self.known, "source")
            ),
        }
    }
}

/// Why a source is stale, behind its id; `None` if it is not.
fn stale_because(freshness: &SourceFreshness) -> Option<String> {
    match freshness.status {
        NodeStatus::Error => {
            let after = freshness.error_after.as_ref();
            let after =
                after.map(|after| format!(" (error after {} {}s)", after.count, after.period));
            let age = freshness
                .age
                .map(|age| format!(": its newest row was {} old", age_in_words(age)));
            Some(format!(
                "is stale{}{}",
                age.unwrap_or_default(),
                after.unwrap_or_default()
            ))
        }
        NodeStatus::RuntimeError => {
            let error = freshness.error.as_deref().map(one_line);
            let error = error.map(|error| format!(": {error}"));
            Some(format!(
                "may be stale, dbt could not find out{}",
                error.unwrap_or_default()
            ))
        }
        _ => None,
    }
}

/// An age in the largest unit of which it has two.
fn age_in_words(seconds: u64) -> String {
    let units = [(86_400, "days"), (3_600, "hours"), (60, "minutes")];
    let unit = units.iter().find(|(unit, _)| seconds >= 2 * unit);
    match unit {
        Some((unit, name)) => format!("{} {name}", seconds / unit),
        None => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::age_in_words;

    #[test]
    fn ages_are_told_in_one_unit() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (7_199, "119 minutes"),
            (7_200, "2 hours"),
            (172_799, "47 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(age_in_words(seconds), words);
        }
    }
}
