//! `autoexpose refresh --dry-run` directly after real runs of dbt: which extracts are due, and why the
//! others are not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::checks::{Checks, expect};
use super::duckdb_driver;
use super::lab::{Lab, output};
use super::shop::{V1_11, V2_0, Version};
use crate::failure::{Result, Trying};
use crate::fixtures::project;
use crate::results::steps::{self, VARIABLE};

/// The versions that are checked. With `--quick` only the fast one is.
const VERSIONS: [(Version, bool); 2] = [(V1_11, false), (V2_0, true)];

/// The workbook whose connection is live.
const LIVE: &str = "Radar";

/// A run of dbt, and what becomes of each extract: `due`, or why it is not.
type After = (&'static str, [(&'static str, &'static str); 5]);

/// The runs, one after the other.
const RUNS: [After; 4] = [
    (
        "build",
        [
            ("Board", "due"),
            ("Crossings", "due"),
            ("Draft", "due"),
            ("Harbours", "due"),
            ("Passengers", "due"),
        ],
    ),
    (
        "build-broken",
        [
            ("Board", "upstream-failed"),
            ("Crossings", "upstream-failed"),
            ("Draft", "upstream-skipped"),
            ("Harbours", "due"),
            ("Passengers", "upstream-skipped"),
        ],
    ),
    (
        "retry",
        [
            ("Board", "due"),
            ("Crossings", "due"),
            ("Draft", "due"),
            ("Harbours", "nothing-built"),
            ("Passengers", "due"),
        ],
    ),
    (
        "build-twice",
        [
            ("Board", "test-failed"),
            ("Crossings", "test-failed"),
            ("Draft", "upstream-skipped"),
            ("Harbours", "due"),
            ("Passengers", "upstream-skipped"),
        ],
    ),
];

/// Checks each version of dbt.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    let versions = VERSIONS
        .iter()
        .filter(|(_, is_quick)| *is_quick || !lab.is_quick);
    for (version, _) in versions {
        let what = |text: &str| format!("refresh, dbt {}: {text}", version.name);
        let ferry = checks.check(&what("installed"), || Ferry::open(lab, version, wheel));
        let Some(ferry) = ferry else {
            continue;
        };
        for (name, expected) in &RUNS {
            checks.check(&what(&format!("after {name}")), || {
                ferry.run(name)?;
                let due = ferry.due()?;
                let due = due
                    .iter()
                    .map(|(name, what)| (name.as_str(), what.as_str()));
                expect("what is due", due.collect(), expected.to_vec())
            });
        }
    }
}

/// The project of `fixtures/run-results` in a folder of its own, and a dbt for it.
struct Ferry<'l> {
    lab: &'l Lab,
    environment: PathBuf,
    folder: PathBuf,
    driver: PathBuf,
}

impl<'l> Ferry<'l> {
    /// Installs dbt, and the wheel beside it.
    fn open(lab: &'l Lab, version: &Version, wheel: &Path) -> Result<Self> {
        let wheel = wheel.display().to_string();
        let packages = [version.packages, &[&wheel]].concat();
        let name = format!("refresh-{}", version.name);
        let folder = lab.work.join(&name);
        let fixtures = lab.root.join("fixtures/run-results");
        project::copy(&fixtures.join("project"), &folder)?;
        let export = fixtures.join("export.json");
        fs::copy(&export, folder.join("export.json")).trying(export.display())?;
        Ok(Self {
            lab,
            environment: lab.environment(&format!("{name}-dbt"), &packages)?,
            folder,
            driver: duckdb_driver::folder(&lab.cache)?,
        })
    }

    /// Runs a command of dbt, which must end as it should.
    fn run(&self, name: &str) -> Result<()> {
        let step = steps::named(name)?;
        let mut dbt = self.program("dbt");
        dbt.args(step.dbt).env(VARIABLE, step.goes_wrong);
        let ran = dbt.output().trying("dbt")?;
        let printed = String::from_utf8_lossy(&ran.stdout);
        expect(&printed, ran.status.success(), step.succeeds)
    }

    fn program(&self, name: &str) -> Command {
        let program = self.environment.join("bin").join(name);
        let mut command = self.lab.program(&program, &self.folder);
        command
            .env("NO_COLOR", "1")
            .env("ADBC_DRIVER_PATH", &self.driver);
        command
    }

    /// What becomes of each extract.
    fn due(&self) -> Result<BTreeMap<String, String>> {
        let mut refresh = self.program("autoexpose");
        refresh.args(["refresh", "--dry-run", "--format", "json"]);
        refresh.args(["--tableau", "export.json"]);
        let [printed, _] = output(&mut refresh)?;
        let report: Value = serde_json::from_str(&printed).trying("the report")?;
        let list = |key: &str| report[key].as_array().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let due = list("due").map(|due| (text(&due["name"]), "due".to_owned()));
        let held = list("held").map(|held| (text(&held["name"]), text(&held["reason"])));
        let mut all: BTreeMap<_, _> = due.chain(held).collect();
        expect(LIVE, all.remove(LIVE).as_deref(), Some("live"))?;
        Ok(all)
    }
}
