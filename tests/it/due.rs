//! What is due after real dbt has run (`fixtures/run-results`), for each version of it.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::Value;

use super::bistro::PROGRAM;
use super::fixtures;

const VERSIONS: [&str; 2] = ["1.11", "2.0"];

/// What is refreshed. Another workbook, Radar, has a live connection.
const TARGETS: [&str; 5] = ["Board", "Crossings", "Draft", "Harbours", "Passengers"];
const DUE: [&str; 5] = ["due"; 5];
const NOTHING_BUILT: [&str; 5] = ["nothing-built"; 5];
const EMPTY: [&str; 5] = ["without-rows"; 5];
const BROKEN: [&str; 5] = [
    "upstream-failed",
    "upstream-failed",
    "upstream-skipped",
    "due",
    "upstream-skipped",
];
const TWICE: [&str; 5] = [
    "test-failed",
    "test-failed",
    "upstream-skipped",
    "due",
    "upstream-skipped",
];

/// A project after runs of one version of dbt.
struct Ferry {
    folder: tempfile::TempDir,
}

impl Ferry {
    fn new(version: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let results = fixtures::root().join("run-results").join(version);
        for (name, bytes) in fixtures::files(&results) {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let export = fixtures::read("run-results/export.json");
        fs::write(folder.path().join("export.json"), export).unwrap();
        Self { folder }
    }

    /// What becomes of each target by these results: `due`, or why it is not.
    #[track_caller]
    fn refresh(&self, results: &[&str], more: &[&str]) -> Vec<String> {
        let results = results.iter().map(|name| format!("{name}.json"));
        let mut command = Command::new(PROGRAM);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .args(["refresh", "--manifest", "manifest.json"])
            .args(["--tableau", "export.json", "--format", "json"])
            .args(more)
            .arg("--run-results")
            .args(results);
        let output = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let list = |key: &str| report[key].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let due = list("due").map(|due| (text(&due["name"]), "due".to_owned()));
        let held = list("held").map(|held| (text(&held["name"]), text(&held["reason"])));
        let mut all = due.chain(held).collect::<BTreeMap<_, _>>();
        assert_eq!(all.remove("Radar").as_deref(), Some("live"));
        assert_eq!(all.keys().collect::<Vec<_>>(), TARGETS);
        all.into_values().collect()
    }

    #[track_caller]
    fn dry_run(&self, results: &[&str], more: &[&str]) -> Vec<String> {
        self.refresh(results, &[&["--dry-run"], more].concat())
    }
}

#[test]
fn what_was_built_well_is_due() {
    let rows: [(&[&str], &[&str], [&str; 5]); 13] = [
        (&["build"], &[], DUE),
        (&["build-broken"], &[], BROKEN),
        (&["build-twice"], &[], TWICE),
        (
            &["build-twice"],
            &["--ignore-tests"],
            ["due", "due", "upstream-skipped", "due", "upstream-skipped"],
        ),
        // A test of severity warn fails.
        (&["build-uncounted"], &[], DUE),
        (
            &["build-selected"],
            &[],
            [
                "due",
                "nothing-built",
                "nothing-built",
                "due",
                "nothing-built",
            ],
        ),
        (
            &["build-selected"],
            &["--only-if", "all"],
            [
                "not-all-built",
                "nothing-built",
                "nothing-built",
                "due",
                "nothing-built",
            ],
        ),
        (&["build"], &["--only-if", "all"], DUE),
        (&["compile"], &[], NOTHING_BUILT),
        (
            &["build"],
            &["--build-after", "4294967295"],
            ["too-early"; 5],
        ),
        (&["build"], &["--build-after", "0"], DUE),
        (
            &["build"],
            &["--exclude", "project:Drafts"],
            ["due", "due", "not-selected", "due", "due"],
        ),
        (
            &["build"],
            &["--max", "1"],
            ["over-max", "due", "over-max", "over-max", "over-max"],
        ),
    ];
    for version in VERSIONS {
        let ferry = Ferry::new(version);
        for (results, more, expected) in &rows {
            let found = ferry.dry_run(results, more);
            assert_eq!(found, expected, "dbt {version}: {results:?} {more:?}");
        }
    }
}

/// `dbt retry` and `dbt test` write their own nodes alone.
#[test]
fn of_several_results_the_last_of_each_node_counts() {
    let untested = ["test-failed", "test-failed", "due", "due", "due"];
    let rows: [(&[&str], [&str; 5]); 6] = [
        (&["build-broken", "retry"], DUE),
        (&["retry", "build-broken"], DUE),
        (&["retry"], ["due", "due", "due", "nothing-built", "due"]),
        (&["run", "test"], untested),
        (&["run"], DUE),
        (
            &["test"],
            [
                "test-failed",
                "test-failed",
                "nothing-built",
                "nothing-built",
                "nothing-built",
            ],
        ),
    ];
    for version in VERSIONS {
        let ferry = Ferry::new(version);
        for (results, expected) in rows {
            let found = ferry.dry_run(results, &[]);
            assert_eq!(found, expected, "dbt {version}: {results:?}");
        }
    }
}

/// What the two versions of dbt tell differently.
#[test]
fn each_dbt_counts_by_what_it_says() {
    let empty = |version| Ferry::new(version).dry_run(&["build-empty"], &[]);
    assert_eq!(empty("1.11"), EMPTY);
    assert_eq!(empty("2.0"), DUE, "dbt 2.0 does not write `--empty` down");
    let fail_fast = |version| Ferry::new(version).dry_run(&["build-fail-fast"], &[]);
    let skipped = "upstream-skipped";
    assert_eq!(
        fail_fast("1.11"),
        [
            "upstream-failed",
            "upstream-failed",
            skipped,
            skipped,
            skipped
        ]
    );
    assert_eq!(fail_fast("2.0"), ["upstream-failed"; 5]);
}

/// Runs after each of which nothing is asked for, and what is due after one more.
#[cfg(feature = "fetch")]
#[test]
fn what_earlier_runs_built_and_broke_is_remembered() {
    let rows: [(&[&str], &str, [&str; 5]); 6] = [
        (&["build"], "build", DUE),
        (&["build"], "compile", DUE),
        (&["build-broken"], "build-selected", BROKEN),
        (&["build-broken", "retry"], "build-selected", DUE),
        (&["build-twice"], "retry", DUE),
        (
            &["run", "test"],
            "build-selected",
            ["test-failed", "test-failed", "due", "due", "due"],
        ),
    ];
    for version in VERSIONS {
        for (earlier, last, expected) in rows {
            let ferry = Ferry::new(version);
            for results in earlier {
                ferry.refresh(&[results], &["--max", "0"]);
            }
            let found = ferry.dry_run(&[last], &[]);
            assert_eq!(found, expected, "dbt {version}: {earlier:?}, then {last}");
        }
    }
}
