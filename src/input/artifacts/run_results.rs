//! The fields of `run_results.json` (`RunResultOutput` in dbt-core's `artifacts/schemas/run`).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::lenient::{count, text, time};
use super::read::Artifact;
use super::remark::Remark;
use crate::input::mistaken::Wanted;
use crate::model::Failure;
use crate::model::artifacts::{ArtifactFile, Invocation, NodeRun, NodeStatus};

impl Artifact {
    /// `run_results.json`, of dbt 0.19 and later, dbt 2.0 and Fusion.
    pub const RUN_RESULTS: Self = Self {
        file_name: "run_results.json",
        schema: "run-results",
        newest: 6,
        wanted: Wanted {
            what: "dbt's run_results.json",
            help: "give the run_results.json that `dbt build`, `dbt run` or `dbt test` writes to target/",
        },
    };
}

/// A result. Its SQL, which makes up most of it, is skipped.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RawRun {
    unique_id: Value,
    status: Value,
    message: Value,
    failures: Value,
    relation_name: Value,
    timing: Value,
}

/// Reads the results of a run, and what users should know of the file.
///
/// # Errors
/// It is another file, of a dbt before 0.19, or not JSON.
pub fn run_results(
    file: &str,
    bytes: &[u8],
) -> Result<(ArtifactFile<NodeRun>, Vec<Remark>), Failure> {
    let (run, mut remarks) = Artifact::RUN_RESULTS.read(file, bytes, node_run)?;
    remarks.extend(unknown_statuses(
        run.results
            .iter()
            .map(|(id, run)| (id.as_str(), &run.status)),
    ));
    Ok((run, remarks))
}

/// A remark for each status that is not known.
pub(super) fn unknown_statuses<'r>(
    results: impl Iterator<Item = (&'r str, &'r NodeStatus)>,
) -> Vec<Remark> {
    let mut unknown = BTreeMap::<&str, Vec<&str>>::new();
    for (id, status) in results {
        if let NodeStatus::Other(word) = status {
            unknown.entry(word).or_default().push(id);
        }
    }
    let remark = |(word, ids): (&str, Vec<&str>)| {
        let first = ids.iter().min().copied().unwrap_or_default();
        Remark::UnknownStatus(word.to_owned(), ids.len(), first.to_owned())
    };
    unknown.into_iter().map(remark).collect()
}

fn node_run(result: &str, invocation: &Arc<Invocation>) -> Option<(String, NodeRun)> {
    let raw = serde_json::from_str::<RawRun>(result).ok()?;
    let (started_at, completed_at) = execution(&raw.timing);
    let run = NodeRun {
        status: NodeStatus::from_word(&text(&raw.status)?),
        message: text(&raw.message),
        failures: count(&raw.failures),
        started_at: started_at.and_then(time),
        completed_at: completed_at.and_then(time),
        relation_name: text(&raw.relation_name),
        invocation: Arc::clone(invocation),
    };
    Some((text(&raw.unique_id)?, run))
}

/// When a node began to execute and was done: the times of the step `execute`, the last one.
fn execution(timing: &Value) -> (Option<&Value>, Option<&Value>) {
    let steps = timing.as_array().map(Vec::as_slice).unwrap_or_default();
    let execute = steps.iter().rfind(|step| step["name"] == "execute");
    let step = |key: &str| execute?.get(key);
    (step("started_at"), step("completed_at"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as dbt 1.11 writes it, with these results and arguments.
    fn file(results: &str, args: &str) -> String {
        format!(
            r#"{{"metadata": {{"dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json", "dbt_version": "1.11.16", "generated_at": "2026-11-26T17:50:07.334636Z", "invocation_id": "9cdc", "env": {{}}}}, "results": [{results}], "elapsed_time": 0.5, "args": {args}}}"#
        )
    }

    #[track_caller]
    fn read(text: &str) -> (ArtifactFile<NodeRun>, Vec<String>) {
        let (found, remarks) = run_results("r.json", text.as_bytes()).expect(text);
        (found, remarks.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_result_is_read_whole() {
        let result = r#"{"status": "error", "timing": [{"name": "compile", "started_at": "2026-11-26T17:50:01Z", "completed_at": "2026-11-26T17:50:02Z"}, {"name": "execute", "started_at": "2026-11-26T17:50:03Z", "completed_at": "2026-11-26T17:50:04Z"}], "message": "Binder Error", "failures": null, "unique_id": "model.kiosk.visitors", "compiled_code": "select '\ud83d'", "relation_name": "\"kiosk\".\"prod\".\"visitors\""}"#;
        let (found, remarks) = read(&file(result, r#"{"which": "build", "target": "prod"}"#));
        assert_eq!(remarks, [""; 0]);
        let invocation = &found.invocation;
        assert_eq!(invocation.command.as_deref(), Some("build"));
        assert_eq!(invocation.target.as_deref(), Some("prod"));
        assert_eq!(invocation.id.as_deref(), Some("9cdc"));
        let [(id, run)] = &found.results[..] else {
            panic!("one result");
        };
        assert_eq!(id, "model.kiosk.visitors");
        assert_eq!(run.status, NodeStatus::Error);
        assert_eq!(run.message.as_deref(), Some("Binder Error"));
        assert_eq!(run.failures, None);
        assert_eq!(
            run.relation_name.as_deref(),
            Some("\"kiosk\".\"prod\".\"visitors\"")
        );
        let seconds = [run.started_at, run.completed_at].map(|at| at.expect("a time").as_second());
        assert_eq!(seconds[1] - seconds[0], 1);
    }

    #[test]
    fn what_one_result_lacks_spoils_no_other() {
        let results = r#"{"unique_id": "model.a.x"}, 7, {"unique_id": "test.a.y", "status": "fail", "failures": 3, "message": 5}, {"status": "pass"}, {"unique_id": "model.a.z", "status": "on fire"}"#;
        let (found, remarks) = read(&file(results, r#"{"vars": {"x": NaN}, "empty": true}"#));
        assert_eq!(
            remarks,
            [
                "it is of a run with `--empty`, which builds relations without rows",
                "3 of its 5 results cannot be read and are not used; the first is `results[0]`",
                "the status `on fire` is not known, so these nodes count neither as built nor as failed: 1, the first is model.a.z",
            ]
        );
        let (id, run) = &found.results[0];
        assert_eq!((id.as_str(), run.failures), ("test.a.y", Some(3)));
        assert_eq!(run.message.as_deref(), Some("5"));
        assert_eq!(run.completed_at, None);
    }

    #[test]
    fn what_a_file_cannot_tell_is_told() {
        let (_, remarks) = read(
            &file("", r#"{"which": "generate"}"#)
                .replace("v6", "v7")
                .replace("2026", "x"),
        );
        assert_eq!(
            remarks,
            [
                "its schema v7 is newer than v6; it is read as v6",
                "`metadata.generated_at` is missing or not a timestamp, so that every other file counts as newer",
                "it is of `dbt docs generate`, which builds and tests nothing, so it is not used",
                "it lists no results: dbt selected nothing, or stopped before it ran anything",
            ]
        );
    }

    #[test]
    fn other_files_are_told_as_what_they_are() {
        let whole = file("", "{}");
        for (text, expected) in [
            (
                whole.replace("run-results/v6", "manifest/v12"),
                "this is dbt's manifest.json, not dbt's run_results.json",
            ),
            (
                whole.replace("run-results/v6", "sources/v3"),
                "this is dbt's sources.json, not dbt's run_results.json",
            ),
            (
                whole.replace("\"results\"", "\"x\""),
                "not dbt's run_results.json: `results` is missing or not a list",
            ),
            (
                whole.replace("[]", "{}"),
                "not dbt's run_results.json: `results` is missing or not a list",
            ),
            (
                whole.replace("dbt_schema_version", "x"),
                "not dbt's run_results.json: the schema version is missing, as before dbt 0.19",
            ),
            (
                "{\"data\": {}}".to_owned(),
                "this is a Tableau export, not dbt's run_results.json",
            ),
            ("[]".to_owned(), "not dbt's run_results.json"),
            (String::new(), "the file is empty"),
            (
                whole[..90].to_owned(),
                "the text ends where a value must follow",
            ),
        ] {
            let failure = run_results("r.json", text.as_bytes()).expect_err(&text);
            assert!(failure.message.starts_with(expected), "{failure}");
            assert!(failure.help.is_some(), "{failure}");
        }
        let failure = run_results("r.json", b"\xff\xfe{").expect_err("UTF-16");
        assert_eq!(failure.message, "this is UTF-16 text: save it as UTF-8");
    }

    #[test]
    fn a_file_is_held_against_the_manifests_of_the_run() {
        let result = |id: &str| format!(r#"{{"unique_id": "{id}", "status": "success"}}"#);
        let two = format!("{}, {}", result("model.a.x"), result("model.a.y"));
        let (found, _) = read(&file(&two, "{}"));
        let compare = |ids: &'static [&str], at, id| {
            let known = super::super::KnownManifest {
                has_id: &|id| ids.contains(&id),
                invocation_id: Some(id),
                generated_at: Some(at),
            };
            let remarks = super::super::compare(&Artifact::RUN_RESULTS, &found, &[known]);
            remarks.map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let (before, after) = ("2026-11-26T17:50:06Z", "2026-11-26T18:00:00Z");
        assert_eq!(
            compare(&["model.a.x", "model.a.y"], before, "1"),
            Ok(Vec::new())
        );
        assert_eq!(
            compare(&["model.a.x", "model.a.y"], after, "9cdc"),
            Ok(Vec::new())
        );
        assert_eq!(
            compare(&["model.a.x"], after, "1"),
            Ok(vec![
                "1 of its 2 nodes are not in the manifest; the first is model.a.y".to_owned(),
                "it is older than the manifest, which a later invocation of dbt wrote".to_owned(),
            ])
        );
        let failure = compare(&["model.b.x"], before, "1").expect_err("another project");
        assert!(
            failure
                .message
                .starts_with("this is of another dbt project: not one of its 2 nodes")
        );
    }
}
