//! Files of `fixtures/runs`, which real dbt wrote, through the library.

use autoexpose::input::artifacts::{Remark, run_results, sources};
use autoexpose::model::artifacts::{ArtifactFile, Freshness, NodeRun, NodeStatus, RunResults};

use super::fixtures;

/// The files, by their names without the ending.
fn files() -> Vec<(String, Vec<u8>)> {
    let all = fixtures::files(&fixtures::root().join("runs"));
    let files = all.into_iter().filter_map(|(path, bytes)| {
        let name = path.strip_suffix(".json")?.to_owned();
        (!name.contains('/')).then_some((name, bytes))
    });
    files.collect()
}

fn results(name: &str) -> ArtifactFile<NodeRun> {
    let bytes = fixtures::read(&format!("runs/{name}.json"));
    run_results(name, &bytes).unwrap().0
}

#[test]
fn every_file_is_read_whole() {
    let files = files();
    assert!(files.len() > 8, "fixtures/runs has its files");
    for (name, bytes) in files {
        let (invocation, statuses, remarks) = if name.starts_with("sources") {
            let (file, remarks) = sources(&name, &bytes).unwrap();
            let results = file.results.into_iter();
            let statuses = results.map(|(_, freshness)| freshness.status);
            (file.invocation, statuses.collect::<Vec<_>>(), remarks)
        } else {
            let (file, remarks) = run_results(&name, &bytes).unwrap();
            let results = file.results.into_iter();
            let statuses = results.map(|(_, run)| run.status);
            (file.invocation, statuses.collect(), remarks)
        };
        assert!(!statuses.is_empty(), "{name}");
        let known = |status: &NodeStatus| !matches!(status, NodeStatus::Other(_));
        assert!(statuses.iter().all(known), "{name}");
        assert!(invocation.generated_at.is_some(), "{name}");
        assert!(invocation.dbt_version.is_some(), "{name}");
        let is_compile = name.starts_with("compile");
        assert_eq!(invocation.may_execute(), !is_compile, "{name}");
        let is_expected = |remark: &Remark| matches!(remark, Remark::ExecutesNothing(_));
        assert!(remarks.iter().all(is_expected), "{name}: {remarks:?}");
    }
}

#[test]
fn a_retry_replaces_what_it_runs_again_and_a_compilation_nothing() {
    for version in ["1.11", "1.7"] {
        let files = ["compile", "test", "retry", "build"];
        let files = files.map(|command| results(&format!("{command}-{version}")));
        let [_, _, retry, build] = &files;
        let (retried, built) = (retry.invocation.generated_at, build.invocation.generated_at);
        assert!(built < retried, "dbt {version}");
        let merged = RunResults::merge(files.to_vec());
        assert_eq!(merged.invocations().len(), 3, "dbt {version}");
        let status = |id: &str| merged.get(id).unwrap().status.clone();
        assert_eq!(status("model.kiosk.visitors"), NodeStatus::Success);
        assert!(merged.last_built("model.kiosk.visitors") > built);
        assert!(merged.last_built("model.kiosk.sales") < built);
        assert_eq!(status("model.kiosk.revenue"), NodeStatus::Skipped);
        assert_eq!(merged.last_built("model.kiosk.revenue"), None);
        assert_eq!(
            status("test.kiosk.unique_sales_id.734dbbcdc5"),
            NodeStatus::Fail
        );
    }
}

#[test]
fn what_dbt_could_not_look_up_is_unknown_since_it_leaves_that_out() {
    let freshness = |version: &str| {
        let bytes = fixtures::read(&format!("runs/sources-{version}.json"));
        Freshness::merge(vec![sources("sources.json", &bytes).unwrap().0])
    };
    let status = |freshness: &Freshness, id: &str| {
        let source = freshness.get(&format!("source.kiosk.till.{id}"));
        source.map(|source| source.status.clone())
    };
    for (version, gone) in [("1.7", Some(NodeStatus::RuntimeError)), ("1.11", None)] {
        let freshness = freshness(version);
        assert_eq!(status(&freshness, "tickets"), Some(NodeStatus::Error));
        assert_eq!(status(&freshness, "coupons"), Some(NodeStatus::Warn));
        assert_eq!(status(&freshness, "gone"), gone, "dbt {version}");
        assert_eq!(status(&freshness, "unwatched"), None);
    }
}
