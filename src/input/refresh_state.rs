//! The file in which `autoexpose refresh` remembers extracts from run to run.
//!
//! The types here are the file as it is written and read. A change that this version cannot read gets
//! another number.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::json::{self, utf8, without_mark};
use crate::model::Failure;
use crate::model::refresh::{FailedNode, RefreshState, SeenRun, TargetId, TargetState, Wrong};

/// The format that is written, and the only one that is read.
const VERSION: u64 = 1;
/// What to do about a file that cannot be read.
const HELP: &str = "give the file of an earlier run with `--refresh-state`, or remove it: then only the times that Tableau tells count";

#[derive(Serialize, Deserialize)]
struct File {
    autoexpose_refresh_state: u64,
    runs: Vec<Run>,
    targets: BTreeMap<String, Target>,
}

/// As much of a file as shows whether it can be read.
#[derive(Deserialize)]
struct Head {
    autoexpose_refresh_state: u64,
}

#[derive(Serialize, Deserialize)]
struct Run {
    invocation_id: Option<String>,
    generated_at: Option<Time>,
}

#[derive(Serialize, Deserialize)]
struct Target {
    name: String,
    refreshed_at: Option<Time>,
    job: Option<String>,
    asked_at: Option<Time>,
    built: BTreeMap<String, Time>,
    failed: BTreeMap<String, Failed>,
}

#[derive(Serialize, Deserialize)]
struct Failed {
    node: String,
    what: String,
    at: Option<Time>,
}

/// A time as ISO 8601.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
struct Time(Timestamp);

impl From<Time> for String {
    fn from(time: Time) -> Self {
        time.0.to_string()
    }
}

impl TryFrom<String> for Time {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, jiff::Error> {
        text.parse().map(Self)
    }
}

/// Reads the file.
///
/// # Errors
/// It is another file, or one of a newer version.
pub fn read(file: &str, bytes: &[u8]) -> Result<RefreshState, Failure> {
    let text = without_mark(utf8(file, bytes)?);
    let head = serde_json::from_str::<Head>(text).map_err(|error| match json::not_json(text) {
        Some(reason) => Failure::new(file, reason.to_string()).help(HELP),
        None => json::failure(file, 0, &error, HELP),
    })?;
    if head.autoexpose_refresh_state != VERSION {
        let version = head.autoexpose_refresh_state;
        let message = format!("its format {version} is not known to this version of autoexpose");
        return Err(Failure::new(file, message).help(HELP));
    }
    let read =
        serde_json::from_str::<File>(text).map_err(|error| json::failure(file, 0, &error, HELP))?;
    let targets = read.targets.into_iter().map(|(id, target)| {
        let of = target.into_state();
        TargetId::parse(&id).zip(of).ok_or_else(|| {
            let message = format!("the entry {id:?} is not as autoexpose writes it");
            Failure::new(file, message).help(HELP)
        })
    });
    Ok(RefreshState {
        targets: targets.collect::<Result<_, _>>()?,
        runs: read.runs.into_iter().map(Run::into_seen).collect(),
    })
}

/// The text of the file.
///
/// # Errors
/// A value that cannot be written as JSON, which does not happen.
pub fn write(state: &RefreshState) -> serde_json::Result<String> {
    let targets = state.targets.iter();
    let file = File {
        autoexpose_refresh_state: VERSION,
        runs: state.runs.iter().map(Run::new).collect(),
        targets: targets
            .map(|(id, target)| (id.to_string(), Target::new(target)))
            .collect(),
    };
    let mut text = serde_json::to_string_pretty(&file)?;
    text.push('\n');
    Ok(text)
}

impl Run {
    fn new(run: &SeenRun) -> Self {
        Self {
            invocation_id: run.invocation_id.clone(),
            generated_at: run.generated_at.map(Time),
        }
    }

    fn into_seen(self) -> SeenRun {
        SeenRun {
            invocation_id: self.invocation_id,
            generated_at: self.generated_at.map(|time| time.0),
        }
    }
}

impl Target {
    fn new(state: &TargetState) -> Self {
        let failed = state.failed.iter().map(|(id, one)| {
            let failed = Failed {
                node: one.node.clone(),
                what: one.what.text().to_owned(),
                at: one.at.map(Time),
            };
            (id.clone(), failed)
        });
        let built = state.built.iter();
        let built = built.map(|(node, at)| (node.clone(), Time(*at)));
        Self {
            name: state.name.clone(),
            refreshed_at: state.refreshed_at.map(Time),
            job: state.job.clone(),
            asked_at: state.asked_at.map(Time),
            built: built.collect(),
            failed: failed.collect(),
        }
    }

    /// `None` if something in it is not known.
    fn into_state(self) -> Option<TargetState> {
        let failed = self.failed.into_iter().map(|(id, one)| {
            let failed = FailedNode {
                what: Wrong::from_name(&one.what)?,
                node: one.node,
                at: one.at.map(|time| time.0),
            };
            Some((id, failed))
        });
        let built = self.built.into_iter();
        Some(TargetState {
            failed: failed.collect::<Option<_>>()?,
            name: self.name,
            refreshed_at: self.refreshed_at.map(|time| time.0),
            job: self.job,
            asked_at: self.asked_at.map(|time| time.0),
            built: built.map(|(node, at)| (node, at.0)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::refresh::TargetKind;

    #[test]
    fn what_is_written_is_read_back() {
        let at = |second| Timestamp::from_second(second).ok();
        let failed = FailedNode {
            node: "model.a.x".to_owned(),
            what: Wrong::TestFailed,
            at: at(3),
        };
        let target = TargetState {
            name: "Sales \"x\"".to_owned(),
            refreshed_at: at(1),
            job: Some("j".to_owned()),
            asked_at: at(2),
            built: [("model.a.x".to_owned(), Timestamp::MAX)].into(),
            failed: [("test.a.t".to_owned(), failed)].into(),
        };
        let state = RefreshState {
            runs: vec![SeenRun {
                invocation_id: Some("i".to_owned()),
                generated_at: at(1),
            }],
            targets: [(TargetId::new(TargetKind::Workbook, "A1"), target)].into(),
        };
        let text = write(&state).expect("JSON");
        assert_eq!(read("s.json", text.as_bytes()), Ok(state));
    }

    #[test]
    fn another_file_is_told() {
        for (text, why) in [
            ("", "the file is empty"),
            ("{}", "autoexpose_refresh_state"),
            (r#"{"autoexpose_refresh_state": 2}"#, "format 2"),
            (
                r#"{"autoexpose_refresh_state": 1, "runs": [], "targets": {"x": {"name": "", "built": {}, "failed": {}}}}"#,
                "\"x\"",
            ),
        ] {
            let failure = read("s.json", text.as_bytes()).expect_err(text);
            assert!(failure.message.contains(why), "{failure}");
            assert!(failure.help.is_some(), "{failure}");
        }
    }
}
