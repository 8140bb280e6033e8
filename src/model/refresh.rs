//! What is remembered of extracts from one run of `autoexpose refresh` to the next.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use super::display::display_enum;
use super::luid;

display_enum! {
    /// What Tableau refreshes in one go.
    pub enum TargetKind {
        /// All extracts inside a workbook.
        Workbook => "workbook";
        /// A published data source.
        Datasource => "datasource";
    }
}

impl TargetKind {
    /// What people call it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Workbook => "workbook",
            Self::Datasource => "published data source",
        }
    }
}

/// What tells something apart that Tableau refreshes in one go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetId {
    /// What it is.
    pub kind: TargetKind,
    /// Its luid, in lower case.
    pub luid: String,
}

impl TargetId {
    /// The one with this luid, in whatever case.
    pub fn new(kind: TargetKind, luid: &str) -> Self {
        let luid = luid::identity(luid.trim()).into_owned();
        Self { kind, luid }
    }

    /// Reads a text such as `workbook:1a2b…`.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, luid) = text.split_once(':')?;
        let mut kinds = TargetKind::ALL.iter().copied();
        let kind = kinds.find(|known| known.text() == kind)?;
        (!luid.is_empty()).then(|| Self::new(kind, luid))
    }
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.luid)
    }
}

/// What is remembered of all extracts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RefreshState {
    /// The runs of dbt that were counted, the oldest first.
    pub runs: Vec<SeenRun>,
    /// What is known of each.
    pub targets: BTreeMap<TargetId, TargetState>,
}

/// A run of dbt that was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRun {
    /// dbt's id of the invocation.
    pub invocation_id: Option<String>,
    /// When its results were written.
    pub generated_at: Option<Timestamp>,
}

/// What is remembered of one workbook or published data source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetState {
    /// Its name, for people who read the file.
    pub name: String,
    /// When Tableau last took a refresh that we asked for.
    pub refreshed_at: Option<Timestamp>,
    /// The job of that refresh, as far as Tableau named it.
    pub job: Option<String>,
    /// When a refresh was asked for of which it is not known whether Tableau took it.
    pub asked_at: Option<Timestamp>,
    /// The nodes that it reads and that were built since it was refreshed, with the time of each.
    pub built: BTreeMap<String, Timestamp>,
    /// What went wrong with the nodes that it reads and was not right since, by the id of the node or
    /// of the test.
    pub failed: BTreeMap<String, FailedNode>,
}

impl TargetState {
    /// Notes that a refresh was asked for, before it is known what came of it.
    pub fn ask(&mut self, at: Timestamp) {
        self.asked_at = Some(at);
    }

    /// Notes that Tableau took the refresh that was asked for at this time. What was built after that
    /// is still to be refreshed.
    pub fn take(&mut self, at: Timestamp, job: Option<String>) {
        self.asked_at = None;
        self.refreshed_at = self.refreshed_at.max(Some(at));
        self.job = job;
        self.built.retain(|_, built| *built > at);
    }

    /// Notes that this job did not refresh it, so that it is as it was before, and what was built is still
    /// to be refreshed. Nothing changes if another refresh was asked for since.
    pub fn give_back(&mut self, before: &Self, job: &str) {
        if self.job.as_deref() != Some(job) {
            return;
        }
        self.refreshed_at = before.refreshed_at;
        self.job.clone_from(&before.job);
        for (node, at) in &before.built {
            let built = self.built.entry(node.clone()).or_insert(*at);
            *built = (*built).max(*at);
        }
    }

    /// Notes that Tableau refused the refresh.
    pub fn refuse(&mut self) {
        self.asked_at = None;
    }
}

/// A node that must be right before its readers are refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedNode {
    /// The node that is read.
    pub node: String,
    /// What went wrong.
    pub what: Wrong,
    /// When that was.
    pub at: Option<Timestamp>,
}

display_enum! {
    /// What went wrong with a node. The texts follow its id.
    pub enum Wrong {
        /// It could not be built.
        Failed => "failed";
        /// It was not built, since what it depends on failed, or since dbt stopped.
        Skipped => "skipped";
        /// A test of severity error failed, or could not run.
        TestFailed => "test-failed";
        /// It was built without rows (`--empty`).
        WithoutRows => "without-rows";
    }
}

impl Wrong {
    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|known| known.text() == name)
    }
}

display_enum! {
    /// What came of a refresh that was due: the end of a sentence about it.
    pub enum Posted {
        /// Tableau took it.
        Queued = "queued" => "queued";
        /// Tableau took it, but its answer did not come: the job was found.
        FoundQueued = "found-queued" => "queued: the answer was lost, and its job was found";
        /// A refresh of it is waiting or running already.
        AlreadyQueued = "already-queued" => "a refresh of it was queued already";
        /// It is refreshed.
        Done = "done" => "refreshed";
        /// Tableau Bridge has refreshed it.
        DoneOnBridge = "done-on-bridge" => "refreshed by Tableau Bridge";
        /// Nobody may watch the job.
        CannotWatch(why: String) = "cannot-watch" => "queued; its job cannot be watched: {why}";
        /// The job has not ended.
        StillRunning(minutes: u64) = "still-running" => "queued; its job had not ended after {minutes} minutes";
        /// The job failed.
        JobFailed(notes: String) = "job-failed" => "its job failed: {notes}";
        /// The job was cancelled.
        Cancelled = "cancelled" => "its job was cancelled";
        /// Tableau refuses it to this user.
        Forbidden(code: String) = "forbidden" => "this token may not refresh it (error {code}): its owner, a leader of its project or an administrator may";
        /// It is not an extract.
        Live = "live" => "Tableau says that its connection is live";
        /// It was refreshed a short time ago.
        TooEarly(minutes: i64) = "too-early" => "not asked for: Tableau says that it was refreshed {minutes} minutes ago";
        /// It is not there.
        Gone = "gone" => "Tableau does not have it any more: the export is older";
        /// Nobody may refresh on request.
        SwitchedOff = "switched-off" => "the site does not allow refreshes on request (Run Now)";
        /// Tableau refuses it, or could not be asked.
        Failed(why: String) = "failed" => "{why}";
        /// It may be queued or not.
        NotKnown(why: String) = "not-known" => "it is not known whether Tableau took it, so it is not asked for again: {why}";
        /// It was not asked for.
        NotAsked(why: String) = "not-asked" => "not asked for: {why}";
    }
}

/// What is told in the place of words of Tableau.
const WITHHELD: &str = "why is withheld from the audience";

impl Posted {
    /// The same without words of Tableau, which may name what an audience may not see.
    #[must_use]
    pub fn without_words(self) -> Self {
        let withheld = || WITHHELD.to_owned();
        match self {
            Self::CannotWatch(_) => Self::CannotWatch(withheld()),
            Self::JobFailed(_) => Self::JobFailed(withheld()),
            Self::Failed(_) => Self::Failed(format!("it failed; {WITHHELD}")),
            Self::NotKnown(_) => Self::NotKnown(withheld()),
            other => other,
        }
    }

    /// Whether what was due is done, or surely on its way.
    pub fn is_good(&self) -> bool {
        use Posted::{
            AlreadyQueued, CannotWatch, Done, DoneOnBridge, FoundQueued, Queued, TooEarly,
        };
        matches!(
            self,
            Queued
                | FoundQueued
                | AlreadyQueued
                | TooEarly(_)
                | Done
                | DoneOnBridge
                | CannotWatch(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_job_did_not_refresh_is_still_to_be_refreshed() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let before = TargetState {
            refreshed_at: Some(at(1)),
            built: [("model.b.orders".to_owned(), at(2))].into(),
            ..TargetState::default()
        };
        let mut state = before.clone();
        state.take(at(3), Some("j1".to_owned()));
        let taken = state.clone();
        state.give_back(&before, "j0");
        assert_eq!(state, taken, "another refresh was asked for since");
        state.give_back(&before, "j1");
        assert_eq!(state, before);
    }
}
