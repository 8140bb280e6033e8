//! The fields of `sources.json` (`SourceFreshnessOutput` and `SourceFreshnessRuntimeError` in
//! dbt-core's `artifacts/schemas/freshness`).

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::lenient::{count, text, time};
use super::read::Artifact;
use super::remark::Remark;
use super::run_results::unknown_statuses;
use crate::input::mistaken::Wanted;
use crate::model::Failure;
use crate::model::artifacts::{ArtifactFile, Invocation, NodeStatus, SourceFreshness, Threshold};

impl Artifact {
    /// `sources.json`, of dbt 0.19 and later.
    pub const SOURCES: Self = Self {
        file_name: "sources.json",
        schema: "sources",
        newest: 3,
        wanted: Wanted {
            what: "dbt's sources.json",
            help: "give the sources.json that `dbt source freshness` writes to target/",
        },
    };
}

/// A result.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RawFreshness {
    unique_id: Value,
    status: Value,
    max_loaded_at: Value,
    snapshotted_at: Value,
    max_loaded_at_time_ago_in_s: Value,
    criteria: Value,
    error: Value,
}

/// Reads how fresh sources are, and what users should know of the file.
///
/// # Errors
/// It is another file, of a dbt before 0.19, or not JSON.
pub fn sources(
    file: &str,
    bytes: &[u8],
) -> Result<(ArtifactFile<SourceFreshness>, Vec<Remark>), Failure> {
    let (found, mut remarks) = Artifact::SOURCES.read(file, bytes, freshness)?;
    let statuses = found.results.iter();
    let statuses = statuses.map(|(id, freshness)| (id.as_str(), &freshness.status));
    remarks.extend(unknown_statuses(statuses));
    Ok((found, remarks))
}

fn freshness(result: &str, invocation: &Arc<Invocation>) -> Option<(String, SourceFreshness)> {
    let raw = serde_json::from_str::<RawFreshness>(result).ok()?;
    let freshness = SourceFreshness {
        status: NodeStatus::from_word(&text(&raw.status)?),
        max_loaded_at: time(&raw.max_loaded_at),
        snapshotted_at: time(&raw.snapshotted_at),
        age: count(&raw.max_loaded_at_time_ago_in_s),
        warn_after: threshold(&raw.criteria["warn_after"]),
        error_after: threshold(&raw.criteria["error_after"]),
        error: text(&raw.error),
        invocation: Arc::clone(invocation),
    };
    Some((text(&raw.unique_id)?, freshness))
}

/// A threshold, if the project sets it: dbt writes nulls in its place where it does not.
fn threshold(value: &Value) -> Option<Threshold> {
    Some(Threshold {
        count: count(&value["count"])?,
        period: text(&value["period"])?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_with_their_thresholds() {
        // As dbt 1.7 writes them; dbt 1.11 leaves out what it could not look up.
        let text = r#"{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/sources/v3.json", "generated_at": "2026-11-26T17:51:04Z"}, "results": [{"unique_id": "source.kiosk.till.tickets", "max_loaded_at": "2026-01-03T10:00:00+00:00", "snapshotted_at": "2026-11-26T17:51:03.731238+00:00", "max_loaded_at_time_ago_in_s": 28281063.73, "status": "error", "criteria": {"warn_after": {"count": null, "period": null}, "error_after": {"count": 2, "period": "hour"}, "filter": null}}, {"unique_id": "source.kiosk.till.gone", "error": "Catalog Error", "status": "runtime error"}]}"#;
        let (found, remarks) = sources("sources.json", text.as_bytes()).expect("sources");
        assert_eq!(remarks, []);
        let (id, tickets) = &found.results[0];
        assert_eq!(id, "source.kiosk.till.tickets");
        assert_eq!(tickets.status, NodeStatus::Error);
        assert_eq!(tickets.age, Some(28_281_063));
        assert_eq!(tickets.warn_after, None);
        let two_hours = Threshold {
            count: 2,
            period: "hour".to_owned(),
        };
        assert_eq!(tickets.error_after, Some(two_hours));
        assert!(tickets.max_loaded_at < tickets.snapshotted_at);
        let (_, gone) = &found.results[1];
        assert_eq!(gone.status, NodeStatus::RuntimeError);
        assert_eq!(gone.error.as_deref(), Some("Catalog Error"));
    }

    #[test]
    fn run_results_are_told_as_such() {
        let text = r#"{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json"}, "results": []}"#;
        let failure = sources("x.json", text.as_bytes()).expect_err("run results");
        assert_eq!(
            failure.message,
            "this is dbt's run_results.json, not dbt's sources.json"
        );
    }
}
