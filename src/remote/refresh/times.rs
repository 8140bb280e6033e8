//! When extracts last got new data, asked of the Metadata API: an export on a disk is old.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::refresh::{TargetId, TargetKind};

/// How many are asked for at once.
pub(super) const AT_ONCE: usize = 100;

const TIMES: &str =
    "hasExtracts extractLastRefreshTime extractLastIncrementalUpdateTime extractLastUpdateTime";

/// What Tableau tells of one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Whether it has extracts.
    pub(super) has_extracts: bool,
    /// When the oldest of them got new data; `None` if one does not tell.
    pub(super) refreshed_at: Option<Timestamp>,
}

/// The question about some of them.
pub(super) fn question<'t>(of: impl Iterator<Item = &'t TargetId> + Clone) -> String {
    let luids = |kind| {
        let of = of.clone().filter(move |id: &&TargetId| id.kind == kind);
        of.map(|id| id.luid.as_str()).collect::<Vec<_>>()
    };
    let query = format!(
        "query times($workbooks: [String], $datasources: [String]) {{\
         workbooks(filter: {{luidWithin: $workbooks}}) {{luid embeddedDatasources {{{TIMES} upstreamDatasources {{id}}}}}} \
         publishedDatasources(filter: {{luidWithin: $datasources}}) {{luid {TIMES}}}}}"
    );
    let variables = json!({
        "workbooks": luids(TargetKind::Workbook),
        "datasources": luids(TargetKind::Datasource),
    });
    json!({"query": query, "variables": variables}).to_string()
}

/// The answer; `None` if it is not one, or has errors.
pub(super) fn read(body: &[u8]) -> Option<BTreeMap<TargetId, Told>> {
    let body = serde_json::from_slice::<Value>(body).ok()?;
    let errors = body.get("errors").and_then(Value::as_array);
    if errors.is_some_and(|errors| !errors.is_empty()) {
        return None;
    }
    let data = body.get("data")?;
    let list = |key: &str| {
        data.get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let workbooks = list("workbooks").filter_map(|workbook| {
        let inside = workbook.get("embeddedDatasources")?.as_array()?;
        Some((id(TargetKind::Workbook, workbook)?, told(inside.iter())))
    });
    let published = list("publishedDatasources")
        .filter_map(|one| Some((id(TargetKind::Datasource, one)?, told([one].into_iter()))));
    Some(workbooks.chain(published).collect())
}

fn id(kind: TargetKind, object: &Value) -> Option<TargetId> {
    Some(TargetId::new(kind, object.get("luid")?.as_str()?))
}

fn told<'v>(datasources: impl Iterator<Item = &'v Value>) -> Told {
    let extracts = datasources.filter(|one| {
        let published = one.get("upstreamDatasources").and_then(Value::as_array);
        one.get("hasExtracts") == Some(&Value::Bool(true)) && published.is_none_or(Vec::is_empty)
    });
    let times = extracts.map(refreshed_at).collect::<Vec<_>>();
    Told {
        has_extracts: !times.is_empty(),
        refreshed_at: times
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .and_then(|times| times.into_iter().min()),
    }
}

fn refreshed_at(datasource: &Value) -> Option<Timestamp> {
    let keys = [
        "extractLastRefreshTime",
        "extractLastIncrementalUpdateTime",
        "extractLastUpdateTime",
    ];
    let times = keys.iter().filter_map(|key| datasource.get(key)?.as_str());
    times.filter_map(|time| time.parse().ok()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_workbook_the_oldest_of_its_own_extracts_counts() {
        let time = |day: u32| format!("2026-05-0{day}T00:00:00Z");
        let answer = json!({"data": {
            "workbooks": [
                {"luid": "A", "embeddedDatasources": [
                    {"hasExtracts": true, "extractLastRefreshTime": time(3), "extractLastUpdateTime": time(4)},
                    {"hasExtracts": true, "extractLastRefreshTime": time(2), "upstreamDatasources": []},
                    {"hasExtracts": true, "extractLastRefreshTime": time(1), "upstreamDatasources": [{"id": "p"}]},
                ]},
                {"luid": "b", "embeddedDatasources": [{"hasExtracts": false}]},
            ],
            "publishedDatasources": [{"luid": "p", "hasExtracts": true}],
        }});
        let read = read(answer.to_string().as_bytes()).expect("an answer");
        let told = |kind, luid| read[&TargetId::new(kind, luid)];
        let workbook = told(TargetKind::Workbook, "a");
        assert!(workbook.has_extracts);
        assert_eq!(workbook.refreshed_at, time(2).parse().ok());
        assert!(!told(TargetKind::Workbook, "b").has_extracts);
        let published = told(TargetKind::Datasource, "p");
        assert_eq!(
            (published.has_extracts, published.refreshed_at),
            (true, None)
        );
    }

    #[test]
    fn an_answer_with_errors_tells_nothing() {
        let answer = br#"{"data": {"workbooks": []}, "errors": [{"message": "m"}]}"#;
        assert_eq!(read(answer), None);
        assert_eq!(read(b"<html>"), None);
    }
}
