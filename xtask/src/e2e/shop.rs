//! A dbt project that really runs, with a Tableau export that reads it, for one version of dbt.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::duckdb_driver;
use super::lab::{Lab, output};
use crate::failure::{Result, Trying};
use crate::fixtures::project;

/// The exposure of the export's workbook.
pub(super) const NAME: &str = "tableau_sales_100_growth_5a1e5000";
/// What the workbook reads.
pub(super) const PARENTS: [&str; 4] = [
    "model.shop.dim_customers.v2",
    "model.shop.fct_orders",
    "seed.shop.raw_orders",
    "source.shop.payments.raw_payments",
];
/// The settings that switch the plugin on.
pub(super) const WITH_PLUGIN: &str = "dbt_plugin: true\ntableau: {exports: [export]}\n";

/// A version of dbt, and what is installed for it.
pub(super) struct Version {
    pub(super) name: &'static str,
    pub(super) packages: &'static [&'static str],
    /// Whether it is written in Python. dbt 2.0 is not, and loads DuckDB as a library.
    pub(super) is_python: bool,
}

impl Version {
    const fn python(name: &'static str, packages: &'static [&'static str]) -> Self {
        Self {
            name,
            packages,
            is_python: true,
        }
    }

    const fn rust(name: &'static str, packages: &'static [&'static str]) -> Self {
        Self {
            name,
            packages,
            is_python: false,
        }
    }
}

pub(super) const V1_6: Version = Version::python("1.6", &["dbt-core==1.6.19", "dbt-duckdb==1.6.2"]);
pub(super) const V1_8: Version = Version::python(
    "1.8",
    &[
        "dbt-core==1.8.10",
        "dbt-adapters==1.16.3",
        "dbt-duckdb==1.8.4",
    ],
);
pub(super) const V1_9: Version = Version::python(
    "1.9",
    &[
        "dbt-core==1.9.11",
        "dbt-adapters==1.24.5",
        "dbt-duckdb==1.9.6",
    ],
);
pub(super) const V1_10: Version = Version::python(
    "1.10",
    &[
        "dbt-core==1.10.23",
        "dbt-adapters==1.24.5",
        "dbt-duckdb==1.10.1",
    ],
);
pub(super) const V1_11: Version = Version::python(
    "1.11",
    &[
        "dbt-core==1.11.16",
        "dbt-adapters==1.24.5",
        "dbt-duckdb==1.11.1",
    ],
);
/// The newest dbt Core 1.
pub(super) const NEWEST: Version = Version::python(
    "1.12",
    &[
        "dbt-core==1.12.6",
        "dbt-adapters==1.24.5",
        "dbt-duckdb==1.11.1",
    ],
);
/// dbt Core 2.0. Only wheels: the source packages of 2.0 fetch programs while they are built.
pub(super) const V2_0: Version =
    Version::rust("2.0", &["--only-binary=:all:", "dbt-core==2.0.0a4"]);
pub(super) const FUSION: Version =
    Version::rust("Fusion", &["--only-binary=:all:", "dbt==2.0.0rc196"]);

/// Lets dbt list several selections in one process, most of whose time it takes to begin.
const LISTS: &str = r#"
import json, sys
from dbt.cli.main import dbtRunner

lists = []
for selection in json.loads(sys.argv[1]):
    ls = ["--quiet", "--warn-error", "ls", "--output", "name", "--select", selection]
    outcome = dbtRunner().invoke(ls)
    if not outcome.success:
        sys.exit(f"{selection}: {outcome.exception}")
    lists.append(sorted(outcome.result))
print()
print(json.dumps(lists))
"#;

/// The project in a folder of its own, and a dbt for it.
pub(super) struct Shop<'l> {
    lab: &'l Lab,
    pub(super) environment: PathBuf,
    pub(super) folder: PathBuf,
    is_python: bool,
    driver: Option<PathBuf>,
}

impl<'l> Shop<'l> {
    /// Installs dbt, and the wheel beside it.
    pub(super) fn open(lab: &'l Lab, version: &Version, wheel: &Path, name: &str) -> Result<Self> {
        let wheel = wheel.display().to_string();
        let packages = [version.packages, &[&wheel]].concat();
        let environment = lab.environment(&format!("{name}-dbt"), &packages)?;
        let folder = lab.work.join(name);
        let shop = lab.root.join("fixtures/shop");
        project::copy(&shop.join("project"), &folder)?;
        for export in ["export", "traps"] {
            project::copy(&shop.join(export), &folder.join(export))?;
        }
        let is_python = version.is_python;
        let driver = (!is_python).then(|| duckdb_driver::folder(&lab.cache));
        Ok(Self {
            lab,
            environment,
            folder,
            is_python,
            driver: driver.transpose()?,
        })
    }

    /// Writes a file of the project.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, text).trying(path.display())
    }

    /// Runs dbt; what it printed, and what was said on standard error.
    pub(super) fn dbt(&self, arguments: &[&str]) -> Result<[String; 2]> {
        output(&mut self.command(arguments))
    }

    /// A dbt command in the project.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of("dbt", arguments)
    }

    fn command_of(&self, program: &str, arguments: &[&str]) -> Command {
        let program = self.environment.join("bin").join(program);
        let mut command = self.lab.program(&program, &self.folder);
        command.args(arguments).env("NO_COLOR", "1");
        if let Some(driver) = &self.driver {
            command.env("ADBC_DRIVER_PATH", driver);
        }
        command
    }

    /// The program, in the project.
    pub(super) fn autoexpose(&self, arguments: &[&str]) -> Command {
        let program = self.environment.join("bin/autoexpose");
        let mut command = self.lab.program(&program, &self.folder);
        command.args(arguments);
        command
    }

    /// The names that `dbt ls` lists for each selection, sorted. A warning is an error.
    pub(super) fn lists(&self, selections: &[&str]) -> Result<Vec<Vec<String>>> {
        if !self.is_python {
            let ls = ["--warn-error", "--select"];
            let lists = selections.iter().map(|selection| {
                let (names, _) = self.list(&[&ls[..], &[selection]].concat())?;
                Ok(names)
            });
            return lists.collect();
        }
        let selections = serde_json::to_string(selections).trying("the selections")?;
        let mut python = self.command_of("python", &["-c", LISTS, &selections]);
        let [printed, _] = output(&mut python)?;
        let last = printed.lines().last().unwrap_or_default();
        serde_json::from_str(last).trying(last)
    }

    /// The names that `dbt ls` lists, sorted, and what was said on standard error.
    pub(super) fn list(&self, arguments: &[&str]) -> Result<(Vec<String>, String)> {
        let ls = ["--quiet", "ls", "--output", "name"];
        let [printed, said] = self.dbt(&[&ls[..], arguments].concat())?;
        let mut names = lines_of(&printed);
        names.sort();
        Ok((names, said))
    }

    /// The manifest that dbt wrote.
    pub(super) fn manifest(&self, target: &str) -> Result<Value> {
        let path = self.folder.join(target).join("manifest.json");
        let text = fs::read(&path).trying(path.display())?;
        serde_json::from_slice(&text).trying(path.display())
    }

    /// What the manifest says of the exposure: its parents, sorted, and whether `child_map` of one of
    /// them has it.
    pub(super) fn parents(&self, target: &str) -> Result<(Vec<String>, bool)> {
        let manifest = self.manifest(target)?;
        let id = format!("exposure.shop.{NAME}");
        let listed = |value: &Value| {
            let items = value.as_array().into_iter().flatten();
            let mut items = items
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect::<Vec<_>>();
            items.sort();
            items
        };
        let parents = listed(&manifest["parent_map"][&id]);
        let is_child = listed(&manifest["child_map"]["model.shop.fct_orders"]).contains(&id);
        let is_there = manifest["exposures"].get(&id).is_some();
        Ok((parents, is_child && is_there))
    }
}

/// The lines of what was printed, without those that are empty.
pub(super) fn lines_of(printed: &str) -> Vec<String> {
    let lines = printed.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}
