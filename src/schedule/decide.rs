//! Decides which extracts are due.

use jiff::Timestamp;

use super::target::{Content, Target};
use crate::model::display::display_enum;
use crate::model::refresh::{FailedNode, RefreshState, TargetState, Wrong};
use crate::settings::{OnlyIf, RefreshSettings};

/// How long a refresh takes at most, and may still be on its way: a job of Tableau Cloud ends after two
/// hours (<https://help.tableau.com/current/online/en-us/to_site_capacity.htm>).
const LONGEST_MINUTES: i64 = 120;

/// By what it is decided.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'r> {
    /// What the user wants.
    pub settings: &'r RefreshSettings,
    /// The time.
    pub now: Timestamp,
}

/// Which extracts are due and which are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    /// What is due: what was refreshed longest ago comes first.
    pub due: Vec<Due>,
    /// What is not, in the order of the targets.
    pub held: Vec<Held>,
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// It.
    pub target: Target,
    /// The nodes that were built since it was refreshed, and when.
    pub built: Vec<(String, Timestamp)>,
    /// When it was last refreshed, as far as that is known.
    pub refreshed_at: Option<Timestamp>,
}

/// What is not due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// It.
    pub target: Target,
    /// Why.
    pub reason: Reason,
    /// The nodes that were built since it was refreshed, and when: they are remembered.
    pub built: Vec<(String, Timestamp)>,
    /// When it was last refreshed, as far as that is known.
    pub refreshed_at: Option<Timestamp>,
}

display_enum! {
    /// Why an extract is not due: the end of a sentence about it.
    pub enum Reason {
        /// A node could not be built.
        UpstreamFailed(node: String) = "upstream-failed" => "{node} failed";
        /// A node was skipped.
        UpstreamSkipped(node: String) = "upstream-skipped" => "{node} was skipped";
        /// A node was built without rows.
        WithoutRows(node: String) = "without-rows" => "{node} was built without rows, by `--empty`";
        /// A test failed.
        TestFailed(test: String, node: String) = "test-failed" => "the test {test} of {node} failed";
        /// Nothing that it reads was built.
        NothingBuilt(nodes: usize) = "nothing-built" => "{}", nothing_built(*nodes);
        /// Not everything that it reads was built.
        NotAllBuilt(missing: usize, first: String) = "not-all-built" => "{}", not_all_built(*missing, first);
        /// It has no extract.
        Live = "live" => "its connection is live";
        /// A Prep flow writes it.
        ByFlow = "by-flow" => "a Prep flow writes it: run the flow instead";
        /// It is not known whether it is an extract.
        Unknown = "extract-unknown" => "the export does not say whether it is an extract (`hasExtracts`)";
        /// It has no luid.
        WithoutLuid = "without-luid" => "the export does not show its luid";
        /// It reads nothing of the project.
        NotLinked = "not-linked" => "it reads not one node of the project, as far as the export shows";
        /// It is not selected.
        NotSelected(why: String) = "not-selected" => "not selected: {why}";
        /// It was refreshed a short time ago.
        TooEarly(minutes: i64, least: u32) = "too-early" => "it was refreshed {minutes} minutes ago, which is less than {least}";
        /// It is not known what became of the last refresh.
        Unsettled(minutes: i64) = "unsettled" => "a refresh was asked for {minutes} minutes ago, and it is not known whether Tableau took it";
        /// There are too many.
        OverMax(most: usize) = "over-max" => "more than {most} are due, and this one waits for the next run";
    }
}

fn nothing_built(nodes: usize) -> String {
    match nodes {
        1 => "the node that it reads was not built since its last refresh".to_owned(),
        nodes => {
            format!("not one of the {nodes} nodes that it reads was built since its last refresh")
        }
    }
}

fn not_all_built(missing: usize, first: &str) -> String {
    match missing {
        1 => format!("{first} was not built since its last refresh"),
        missing => {
            format!("{missing} nodes were not built since its last refresh, the first is {first}")
        }
    }
}

impl Reason {
    /// Whether it is about what the target is, and not about this run: such targets are never due.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::Live | Self::ByFlow | Self::Unknown | Self::WithoutLuid | Self::NotLinked
        )
    }
}

/// Decides for each target whether it is due, by what is remembered.
pub fn decide(targets: Vec<Target>, state: &RefreshState, rules: &Rules) -> Schedule {
    let unknown = TargetState::default();
    let mut schedule = Schedule::default();
    for target in targets {
        let known = target.id.as_ref().and_then(|id| state.targets.get(id));
        let known = known.unwrap_or(&unknown);
        let refreshed_at = target.refreshed_at.max(known.refreshed_at);
        let built = known.built.iter();
        // A clock that is ahead says nothing of what was built.
        let told = target.refreshed_at.filter(|told| *told <= rules.now);
        let built = built.filter(|(_, at)| !is_surely_in(**at, told));
        let built = built.map(|(node, at)| (node.clone(), *at));
        let built = built.collect::<Vec<_>>();
        let reason = reason(&target, known, &built, refreshed_at, rules);
        match reason {
            None => schedule.due.push(Due {
                target,
                built,
                refreshed_at,
            }),
            Some(reason) => schedule.held.push(Held {
                target,
                reason,
                built,
                refreshed_at,
            }),
        }
    }
    schedule.due.sort_by(|one, other| {
        let key = |due: &Due| (due.refreshed_at, due.target.id.clone());
        key(one).cmp(&key(other))
    });
    if let Some(most) = rules.settings.max.filter(|most| *most < schedule.due.len()) {
        let over = schedule.due.split_off(most).into_iter();
        schedule.held.extend(over.map(|due| Held {
            target: due.target,
            reason: Reason::OverMax(most),
            built: due.built,
            refreshed_at: due.refreshed_at,
        }));
    }
    schedule
}

/// Whether what was built at this time is in an extract that Tableau refreshed at that time, which may
/// be the end of the refresh.
fn is_surely_in(built_at: Timestamp, refreshed_at: Option<Timestamp>) -> bool {
    refreshed_at
        .is_some_and(|refreshed_at| minutes_since(built_at, refreshed_at) >= LONGEST_MINUTES)
}

/// Why a target is not due; `None` if it is.
fn reason(
    target: &Target,
    known: &TargetState,
    built: &[(String, Timestamp)],
    refreshed_at: Option<Timestamp>,
    rules: &Rules,
) -> Option<Reason> {
    match target.content {
        Content::Live => return Some(Reason::Live),
        Content::ByFlow => return Some(Reason::ByFlow),
        Content::Unknown if !target.nodes.is_empty() => return Some(Reason::Unknown),
        Content::Extract | Content::Unknown => {}
    }
    if target.nodes.is_empty() {
        return Some(Reason::NotLinked);
    }
    if target.id.is_none() {
        return Some(Reason::WithoutLuid);
    }
    if let Some(why) = &target.not_selected {
        return Some(Reason::NotSelected(why.clone()));
    }
    blocked(known, rules.settings)
        .or_else(|| not_built(target, built, rules.settings.only_if))
        .or_else(|| unsettled(known, rules.now))
        .or_else(|| too_early(refreshed_at, rules))
}

/// What went wrong with a node that it reads: what failed itself goes before what failed because of it.
fn blocked(known: &TargetState, settings: &RefreshSettings) -> Option<Reason> {
    let failed = known.failed.iter();
    let failed = failed.filter(|(_, one)| one.what != Wrong::TestFailed || !settings.ignore_tests);
    let first = failed.min_by_key(|(_, failed)| failed.what);
    first.map(|(id, FailedNode { node, what, .. })| match what {
        Wrong::Failed => Reason::UpstreamFailed(node.clone()),
        Wrong::Skipped => Reason::UpstreamSkipped(node.clone()),
        Wrong::TestFailed => Reason::TestFailed(id.clone(), node.clone()),
        Wrong::WithoutRows => Reason::WithoutRows(node.clone()),
    })
}

/// That too little was built. dbt builds no sources, so that they do not count where all must be built.
fn not_built(target: &Target, built: &[(String, Timestamp)], only_if: OnlyIf) -> Option<Reason> {
    if built.is_empty() {
        return Some(Reason::NothingBuilt(target.nodes.len()));
    }
    let nodes = target
        .nodes
        .iter()
        .filter(|node| !node.starts_with("source."));
    let mut missing = nodes.filter(|node| !built.iter().any(|(built, _)| built == *node));
    match (only_if, missing.next()) {
        (OnlyIf::All, Some(first)) => Some(Reason::NotAllBuilt(1 + missing.count(), first.clone())),
        _ => None,
    }
}

fn unsettled(known: &TargetState, now: Timestamp) -> Option<Reason> {
    let minutes = minutes_since(known.asked_at?, now);
    (minutes < LONGEST_MINUTES).then_some(Reason::Unsettled(minutes))
}

fn too_early(refreshed_at: Option<Timestamp>, rules: &Rules) -> Option<Reason> {
    let minutes = minutes_since(refreshed_at?, rules.now);
    let least = rules.settings.build_after;
    (minutes < i64::from(least)).then_some(Reason::TooEarly(minutes, least))
}

/// How many minutes ago it was; 0 for what clocks say is to come.
fn minutes_since(then: Timestamp, now: Timestamp) -> i64 {
    (now.as_second().saturating_sub(then.as_second()) / 60).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_counted() {
        let reason = Reason::NotAllBuilt(3, "model.b.orders".to_owned());
        assert!(reason.to_string().starts_with("3 nodes were not built"));
        let reason = Reason::NothingBuilt(2);
        assert!(reason.to_string().starts_with("not one of the 2 nodes"));
    }
}
