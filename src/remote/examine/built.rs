//! Whether Tableau has built its metadata store.

use serde_json::Value;

/// Whether the metadata store is built: one part that is not built is enough. Tableau tells of each kind
/// of content, and after that of lineage, whether its `backfillComplete` is true
/// (<https://help.tableau.com/current/server/en-us/dm_tools_backfill.htm>). Words such as `COMPLETED` count
/// as well.
pub(super) fn is_built(body: &[u8]) -> Option<bool> {
    let body = serde_json::from_slice::<Value>(body).ok()?;
    let mut said = Said::default();
    said.collect("", &body);
    let is_built = said.parts.into_iter().reduce(|one, other| one && other)?;
    // Where lineage is named and nothing is told of it, it is not begun.
    let is_lineage_begun = said.tells_lineage || !said.names_lineage;
    Some(is_built && is_lineage_begun)
}

/// What an answer says of the parts of the metadata store.
#[derive(Default)]
struct Said {
    /// Whether each part is built.
    parts: Vec<bool>,
    /// Whether lineage is named at all.
    names_lineage: bool,
    /// Whether it is told of lineage if that is built.
    tells_lineage: bool,
}

impl Said {
    /// Collects what is below a path of keys.
    fn collect(&mut self, path: &str, value: &Value) {
        let is_of_lineage = path.contains("lineage");
        self.names_lineage |= is_of_lineage;
        let key = path.rsplit('/').next().unwrap_or_default();
        let part = match value {
            Value::Object(members) => {
                for (key, value) in members {
                    self.collect(&format!("{path}/{}", key.to_lowercase()), value);
                }
                None
            }
            Value::Array(items) => {
                items.iter().for_each(|item| self.collect(path, item));
                None
            }
            Value::Bool(is) if key.contains("complete") => Some(*is),
            Value::String(text) => match text.to_uppercase().as_str() {
                "TRUE" if key.contains("complete") => Some(true),
                "FALSE" if key.contains("complete") => Some(false),
                "COMPLETED" | "COMPLETE" => Some(true),
                "RUNNING" | "IN_PROGRESS" | "PENDING" | "NOT_STARTED" | "QUEUED" => Some(false),
                _ => None,
            },
            _ => None,
        };
        self.tells_lineage |= is_of_lineage && part.is_some();
        self.parts.extend(part);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_store_is_built_when_all_of_it_is() {
        let built = |body: &str| is_built(body.as_bytes());
        assert_eq!(built(r#"{"status":"COMPLETED"}"#), Some(true));
        assert_eq!(built(r#"{"status":"RUNNING"}"#), Some(false));
        let parts = r#"{"s":[{"backfillComplete":true},{"backfillComplete":"false"}]}"#;
        assert_eq!(built(parts), Some(false));
        assert_eq!(built("{}"), None);
        assert_eq!(built("<html>"), None);
    }

    /// As Tableau documents the answer. Lineage is told of when all content is built.
    #[test]
    fn a_store_is_built_when_its_lineage_is() {
        let content = |workbooks: bool| {
            let of = |kind: &str, complete: bool| {
                json!({
                    "contentType": kind,
                    "contentId": 12,
                    "successfullyIngestedCount": 12,
                    "failedIngestedCount": 0,
                    "durationSeconds": 40,
                    "totalCount": 12,
                    "checkpointCreatedTime": "2026-05-01T06:00:00Z",
                    "backfillComplete": complete,
                })
            };
            json!([of("PublishedDatasource", true), of("Workbook", workbooks)])
        };
        let built = |workbooks: bool, lineage: Value| {
            let body = json!({
                "contentBackfillTotalDurationSeconds": 362,
                "lineageBackfillTotalDurationSeconds": 14,
                "contentBackfillStatus": content(workbooks),
                "lineageBackfillStatus": lineage,
            });
            is_built(body.to_string().as_bytes())
        };
        let lineage = |complete: bool| {
            json!({
                "totalCount": 9,
                "processedCount": 4,
                "lastLineageConnection": "x",
                "backfillComplete": complete,
            })
        };
        assert_eq!(built(true, lineage(true)), Some(true));
        assert_eq!(built(true, lineage(false)), Some(false));
        assert_eq!(built(false, json!(null)), Some(false));
        assert_eq!(built(true, json!(null)), Some(false), "lineage comes last");
        assert_eq!(built(true, json!([])), Some(false));
    }
}
