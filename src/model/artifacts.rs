//! What dbt reports of its invocations beside the manifest: which nodes it ran and what became of
//! them (`run_results.json`), and how fresh sources are (`sources.json`).
//!
//! Each file tells of one invocation, and of what that invocation selected. What no file lists is
//! unknown: it is neither built nor failed, neither fresh nor stale.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

macro_rules! statuses {
    ($($(#[$doc:meta])* $variant:ident = $word:literal;)*) => {
        /// What became of a node: dbt's `NodeStatus` (`artifacts/schemas/results.py` in dbt-core).
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub enum NodeStatus {
            $($(#[$doc])* $variant,)*
            /// A word that this version does not know. It says neither success nor failure.
            Other(String),
        }

        impl NodeStatus {
            /// Every status that is known.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The status of dbt's word.
            pub fn from_word(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    word => Self::Other(word.to_owned()),
                }
            }

            /// dbt's word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }
    };
}

statuses! {
    /// A model, seed, snapshot or hook ran to its end.
    Success = "success";
    /// Some batches of a microbatch model ran, and some failed (since dbt 1.9).
    PartialSuccess = "partial success";
    /// It failed. Of a source: it is older than `error_after` allows.
    Error = "error";
    /// The freshness of a source could not be determined. dbt 1.7 lists such sources, and dbt 1.11
    /// leaves them out, as measured.
    RuntimeError = "runtime error";
    /// A test of severity error found rows.
    Fail = "fail";
    /// A test of severity warn found rows. Of a source: it is older than `warn_after` allows.
    Warn = "warn";
    /// A test found nothing. Of a source: it is fresh.
    Pass = "pass";
    /// It did not run, since what it depends on failed.
    Skipped = "skipped";
    /// There is nothing to run, as for exposures (since dbt 1.10).
    NoOp = "no-op";
    /// What an earlier run built is still right (since dbt 1.12).
    Reused = "reused";
}

impl NodeStatus {
    /// Whether it says that a node failed, in whole or in part.
    pub fn has_failed(&self) -> bool {
        use NodeStatus::{Error, Fail, PartialSuccess, RuntimeError};
        matches!(self, Error | Fail | PartialSuccess | RuntimeError)
    }

    /// Whether it says that a model, seed or snapshot was written anew, in whole or in part.
    pub fn has_built(&self) -> bool {
        matches!(self, Self::Success | Self::PartialSuccess | Self::Warn)
    }
}

/// The invocation of dbt that an artifact tells of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invocation {
    /// The artifact's file, for messages.
    pub file: String,
    /// dbt's id of it, which the manifest of the same invocation has as well.
    pub id: Option<String>,
    /// The command, such as `build` (`args.which`). `dbt retry` has that of the run that it repeats.
    pub command: Option<String>,
    /// The target, if `--target` named it.
    pub target: Option<String>,
    /// When the artifact was written, at the end of the invocation.
    pub generated_at: Option<Timestamp>,
    /// The version of dbt.
    pub dbt_version: Option<String>,
    /// Whether it ran with `--empty`, which builds relations without rows.
    pub is_empty: bool,
}

/// Commands that build and test nothing, and write `run_results.json` all the same, with `success` for
/// all that they compile [measured with dbt 1.11].
const EXECUTE_NOTHING: [&str; 6] = ["compile", "generate", "list", "ls", "parse", "show"];

impl Invocation {
    /// Whether it may have built or tested something.
    pub fn may_execute(&self) -> bool {
        let command = self.command.as_deref();
        command.is_none_or(|command| !EXECUTE_NOTHING.contains(&command))
    }
}

/// What an invocation made of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRun {
    /// What became of it.
    pub status: NodeStatus,
    /// What dbt says about it: the error, or the database's answer. Several lines, from outside.
    pub message: Option<String>,
    /// How many rows a test found.
    pub failures: Option<u64>,
    /// When it began to execute.
    pub started_at: Option<Timestamp>,
    /// When it was done; `None` if it did not run.
    pub completed_at: Option<Timestamp>,
    /// The relation, as in the manifest of the same target (since dbt 1.7).
    pub relation_name: Option<String>,
    /// The invocation.
    pub invocation: Arc<Invocation>,
}

impl NodeRun {
    /// When it was built, if it was. Tests and hooks are not built.
    fn built_at(&self, unique_id: &str) -> Option<Timestamp> {
        const BUILT: [&str; 3] = ["model.", "seed.", "snapshot."];
        let is_built = BUILT.iter().any(|kind| unique_id.starts_with(kind));
        let is_built = is_built && self.status.has_built();
        let at = self.completed_at.or(self.invocation.generated_at);
        at.filter(|_| is_built)
    }
}

/// What an invocation found of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFreshness {
    /// `pass`, `warn`, `error` or `runtime error`.
    pub status: NodeStatus,
    /// When its newest row was loaded.
    pub max_loaded_at: Option<Timestamp>,
    /// When that was looked up.
    pub snapshotted_at: Option<Timestamp>,
    /// How old its newest row was then, in whole seconds.
    pub age: Option<u64>,
    /// From which age on dbt warns.
    pub warn_after: Option<Threshold>,
    /// From which age on dbt reports an error.
    pub error_after: Option<Threshold>,
    /// Why it could not be determined. Several lines, from outside.
    pub error: Option<String>,
    /// The invocation.
    pub invocation: Arc<Invocation>,
}

/// An age of data, as a project sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// How many periods.
    pub count: u64,
    /// `minute`, `hour` or `day`.
    pub period: String,
}

/// One artifact: an invocation, and what it reports of nodes or sources by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactFile<T> {
    /// The invocation.
    pub invocation: Arc<Invocation>,
    /// What it reports, in the order of the file.
    pub results: Vec<(String, T)>,
}

/// What several invocations report, the last one of each node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunResults {
    invocations: Vec<Arc<Invocation>>,
    nodes: BTreeMap<String, NodeRun>,
    built: BTreeMap<String, Timestamp>,
}

impl RunResults {
    /// The results of these files, in any order. Of each node the last invocation counts that ran it,
    /// by the time of the file; those of commands that execute nothing do not count.
    pub fn merge(files: Vec<ArtifactFile<NodeRun>>) -> Self {
        let mut merged = Self::default();
        let executing = files
            .into_iter()
            .filter(|file| file.invocation.may_execute());
        for file in in_order(executing) {
            merged.invocations.push(file.invocation);
            for (id, run) in file.results {
                if let Some(at) = run.built_at(&id) {
                    let built = merged.built.entry(id.clone()).or_insert(at);
                    *built = at.max(*built);
                }
                merged.nodes.insert(id, run);
            }
        }
        merged
    }

    /// The invocations, the oldest first.
    pub fn invocations(&self) -> &[Arc<Invocation>] {
        &self.invocations
    }

    /// What the last invocation made of a node; `None` if all of them left it out.
    pub fn get(&self, unique_id: &str) -> Option<&NodeRun> {
        self.nodes.get(unique_id)
    }

    /// When a model, seed or snapshot was last built, by any of the invocations, if one of them built
    /// it. A later run that fails leaves the relation as it was built before.
    pub fn last_built(&self, unique_id: &str) -> Option<Timestamp> {
        self.built.get(unique_id).copied()
    }

    /// All nodes, in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &NodeRun)> {
        self.nodes.iter().map(|(id, run)| (id.as_str(), run))
    }
}

/// How fresh sources are, by the last invocation that looked at each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Freshness {
    invocations: Vec<Arc<Invocation>>,
    sources: BTreeMap<String, SourceFreshness>,
}

impl Freshness {
    /// The freshness that these files report, in any order.
    pub fn merge(files: Vec<ArtifactFile<SourceFreshness>>) -> Self {
        let mut merged = Self::default();
        for file in in_order(files) {
            merged.invocations.push(file.invocation);
            merged.sources.extend(file.results);
        }
        merged
    }

    /// The invocations, the oldest first.
    pub fn invocations(&self) -> &[Arc<Invocation>] {
        &self.invocations
    }

    /// What is known of a source; `None` if dbt did not look at it, or could not.
    pub fn get(&self, unique_id: &str) -> Option<&SourceFreshness> {
        self.sources.get(unique_id)
    }

    /// All sources, in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &SourceFreshness)> {
        let sources = self.sources.iter();
        sources.map(|(id, freshness)| (id.as_str(), freshness))
    }
}

/// The files from the oldest to the newest. One without a time is older than all others.
fn in_order<T>(files: impl IntoIterator<Item = ArtifactFile<T>>) -> Vec<ArtifactFile<T>> {
    let mut files = files.into_iter().collect::<Vec<_>>();
    files.sort_by(|one, other| {
        let key = |file: &ArtifactFile<T>| {
            let invocation = &file.invocation;
            let id = invocation.id.clone();
            (invocation.generated_at, id, invocation.file.clone())
        };
        key(one).cmp(&key(other))
    });
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(time: i64, command: &str, results: &[(&str, &str)]) -> ArtifactFile<NodeRun> {
        let generated_at = Some(Timestamp::from_second(time).expect("a time"));
        let invocation = Arc::new(Invocation {
            command: Some(command.to_owned()),
            generated_at,
            ..Invocation::default()
        });
        let run = |status: &str| NodeRun {
            status: NodeStatus::from_word(status),
            message: None,
            failures: None,
            started_at: None,
            completed_at: generated_at,
            relation_name: None,
            invocation: Arc::clone(&invocation),
        };
        ArtifactFile {
            invocation: Arc::clone(&invocation),
            results: results
                .iter()
                .map(|(id, status)| ((*id).to_owned(), run(status)))
                .collect(),
        }
    }

    #[track_caller]
    fn check(
        files: Vec<ArtifactFile<NodeRun>>,
        id: &str,
        status: Option<&str>,
        built: Option<i64>,
    ) {
        let mut backwards = files.clone();
        backwards.reverse();
        let merged = RunResults::merge(files);
        assert_eq!(merged, RunResults::merge(backwards), "in any order");
        assert_eq!(merged.get(id).map(|run| run.status.as_str()), status);
        assert_eq!(merged.last_built(id).map(Timestamp::as_second), built);
    }

    #[test]
    fn of_each_node_the_last_invocation_counts() {
        let build = || {
            file(
                1,
                "build",
                &[("model.a.x", "error"), ("model.a.y", "success")],
            )
        };
        let retry = || file(2, "build", &[("model.a.x", "success")]);
        check(
            vec![build(), retry()],
            "model.a.x",
            Some("success"),
            Some(2),
        );
        check(
            vec![build(), retry()],
            "model.a.y",
            Some("success"),
            Some(1),
        );
        check(vec![build(), retry()], "model.a.z", None, None);
        let later = file(3, "run", &[("model.a.y", "skipped")]);
        check(vec![build(), later], "model.a.y", Some("skipped"), Some(1));
    }

    #[test]
    fn what_executes_nothing_does_not_count() {
        let build = || file(1, "build", &[("model.a.x", "error")]);
        for command in EXECUTE_NOTHING {
            let compile = file(2, command, &[("model.a.x", "success")]);
            check(vec![build(), compile], "model.a.x", Some("error"), None);
        }
    }

    #[test]
    fn tests_and_what_was_left_as_it_is_are_not_built() {
        for (id, status, built) in [
            ("model.a.x", "success", Some(1)),
            ("model.a.x", "partial success", Some(1)),
            ("model.a.x", "reused", None),
            ("model.a.x", "no-op", None),
            ("model.a.x", "in the clouds", None),
            ("seed.a.x", "success", Some(1)),
            ("snapshot.a.x", "success", Some(1)),
            ("test.a.x", "warn", None),
            ("operation.a.x", "success", None),
        ] {
            check(
                vec![file(1, "build", &[(id, status)])],
                id,
                Some(status),
                built,
            );
        }
    }

    #[test]
    fn statuses_are_their_words() {
        for status in NodeStatus::ALL {
            assert_eq!(NodeStatus::from_word(status.as_str()), *status);
        }
    }
}
