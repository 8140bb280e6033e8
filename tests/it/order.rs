//! The order of an export's parts, and the number of chunks that they come in, make no difference.
//!
//! The parts below describe the same few objects again and again: by id, by luid or by both, whole
//! or only mentioned, captured early and late, in copies that contradict each other.

use autoexpose::input::tableau::{Chunk, Source};
use autoexpose::output::json;
use proptest::prelude::*;

use super::run::Run;

const MANIFEST: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/dbt/snowflake-1.11/manifest.json"
));

/// Lines of an export.
const PARTS: [&str; 22] = [
    r#"{"data":{"workbooks":[{"id":"w1","luid":"L1","name":"Tables","upstreamTables":[{"id":"t1"},{"id":"t2"}],"embeddedDatasources":[{"id":"e1","name":"Till","upstreamTables":[{"id":"t3"}]}],"sheets":[{"path":"Tables/One"}]}]}}"#,
    r#"{"data":{"workbooks":[{"luid":"L1","name":"Old tables","updatedAt":"2024-01-01T00:00:00Z","upstreamTables":[{"id":"t4"}]}]}}"#,
    r#"{"data":{"workbooks":[{"luid":"L1","name":"New tables","updatedAt":"2025-01-01T00:00:00Z","upstreamTables":[{"id":"t1"},null]}]}}"#,
    r#"{"data":{"workbooks":[{"id":"w2","name":"By id"},{"id":"w3","luid":"L3","name":"By both","upstreamTables":[]},{"name":"Without"},{"name":"Without"}]}}"#,
    r#"{"data":{"workbooks":[{"id":"w2","luid":"L2","upstreamDatasources":[{"luid":"P1"}]},{"luid":"L5","name":"Mentioned"}]}}"#,
    r#"{"data":{"workbooksConnection":{"nodes":[{"id":"w4","luid":"L4","name":"Virtual","upstreamVirtualConnectionTables":[{"id":"v1"}],"upstreamVirtualConnections":[{"id":"c1","name":"One"},{"id":"c2","name":"Two"}]}],"totalCount":5,"pageInfo":{"hasNextPage":true}}}}"#,
    r#"{"data":{"publishedDatasources":[{"id":"p1","luid":"P1","name":"Published","upstreamTables":[{"id":"t3"}],"downstreamWorkbooks":[{"luid":"L3"}]}]}}"#,
    r#"{"data":{"datasources":[{"id":"p1","name":"Published, as all","upstreamTables":[{"id":"t3"},{"id":"t4"}]},{"id":"e1","workbook":{"id":"w3"}}]}}"#,
    r#"{"data":{"databaseTables":[{"id":"t1","luid":"T1","name":"DISH_SALES","fullName":"[BISTRO].[PROD_MARTS].[DISH_SALES]","connectionType":"snowflake","database":{"id":"d1"}}]}}"#,
    r#"{"data":{"databaseTables":[{"luid":"T1","name":"CALENDAR","schema":"PROD_MARTS","database":{"id":"d1"}},{"luid":"T1","name":"DISH_SALES"}]}}"#,
    r#"{"data":{"databaseTables":[{"id":"t2","name":"TIPS_BY_WAITER","schema":"PROD_MARTS","database":{"id":"d1"}},{"id":"t3","name":null,"fullName":null}]}}"#,
    r#"{"data":{"databaseTables":[{"id":"t3","luid":"T3","name":"FACT_BILLS","schema":"PROD_MARTS","database":{"id":"d1"}},{"id":"t4","name":"STG_BILLS","schema":"PROD","database":{"name":"ELSEWHERE"},"upstreamFlows":[{"id":"f1","name":"Flow"}]}]}}"#,
    r#"{"data":{"databases":[{"id":"d1","name":"BISTRO","connectionType":"snowflake"}]}}"#,
    r#"{"data":{"databases":[{"id":"d1","name":"BISTRO 2"}],"flows":[{"id":"f1","name":"Flow","upstreamTables":[{"id":"t1"}],"downstreamDatasources":[{"id":"p1"}]}]}}"#,
    r#"{"data":{"customSQLTables":[{"id":"s1","name":"Custom SQL Query","query":"select 1","tables":[{"id":"t2"},{"id":"t4"}],"downstreamWorkbooks":[{"luid":"L2"},{"name":"Tables"}]}]}}"#,
    r#"{"data":{"customSQLTables":[{"name":"Custom SQL Query","query":"select 2","tables":[],"downstreamWorkbooks":[{"luid":"L1"}]},{"name":"Custom SQL Query","query":null,"downstreamDatasources":[{"id":"e1"}]}]}}"#,
    r#"{"data":{"virtualConnectionTables":[{"id":"v1","luid":"V1","name":"Rows","upstreamTables":[{"id":"t2"}],"virtualConnection":{"id":"c1"}}]}}"#,
    r#"{"data":{"virtualConnectionTables":[{"luid":"V1","name":"Rows","virtualConnection":{"id":"c2"}}],"virtualConnections":[{"id":"c2","name":"Two","tables":[{"id":"v1"}]}]}}"#,
    r#"{"autoexpose_export":1,"server":"https://one.example","site":{"content_url":"a"},"captured_at":"2025-01-01T00:00:00Z","projects":[{"luid":"J1","name":"One"}],"answers":[{"data":{"workbooks":[{"luid":"L1","name":"Captured early","projectLuid":"J1","upstreamTables":[{"id":"t2"}]}]}}]}"#,
    r#"{"autoexpose_export":1,"server":"https://one.example","site":{"content_url":"a"},"captured_at":"2026-01-01T00:00:00Z","projects":[{"luid":"J1","name":"Two"}],"answers":[{"data":{"workbooks":[{"luid":"L1","name":"Captured late","projectLuid":"J1","upstreamTables":[{"id":"t1"}]}]}}]}"#,
    r#"{"autoexpose_export":1,"server":"https://two.example","site":{"content_url":"b"},"captured_at":"soon","sections":{"workbooks":{"complete":true}},"answers":[{"data":{"workbooks":[{"luid":"L1","name":"Elsewhere","upstreamTables":[{"id":"t1","name":"DISH_SALES","schema":"PROD_MARTS"}]}]},"errors":[{"message":"slow","extensions":{"code":"TIME_LIMIT_EXCEEDED"}}]}]}"#,
    r#"{"data":{"views":[{"path":"Tables/Two","workbook":{"luid":"L1"}},{"path":"Id/One","workbook":{"id":"w2"}}],"tags":[]}}"#,
];

/// The manifest, the report and what is left for the next run after a run on one file, which is read
/// in these chunks.
fn outcome(chunks: Vec<String>) -> (String, String, String) {
    let chunks = chunks.into_iter().enumerate().map(|(line, text)| {
        Ok(Chunk {
            bytes: text.into_bytes(),
            line,
        })
    });
    let export = Source {
        file: "export.json",
        chunks: Box::new(chunks),
        is_found: false,
    };
    let run = Run {
        manifest: MANIFEST,
        exports: vec![export],
        ..Run::default()
    };
    let outcome = run.unwrap();
    let report = json::render(&outcome.report).unwrap();
    (outcome.manifest, report, outcome.left)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn parts_may_come_in_any_order(
        parts in prop::sample::subsequence(PARTS.to_vec(), 1..PARTS.len()),
        seed in any::<u64>(),
        first in 0..PARTS.len(),
    ) {
        let (manifest, report, left) = outcome(vec![parts.join("\n")]);
        let mut shuffled = parts.clone();
        shuffled.sort_by_key(|part| (seed ^ part.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        shuffled.rotate_left(first % parts.len());
        let turned = outcome(shuffled.into_iter().map(str::to_owned).collect());
        prop_assert_eq!(turned.0, manifest);
        prop_assert_eq!(turned.1, report);
        prop_assert_eq!(turned.2, left);
    }
}
