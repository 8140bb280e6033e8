//! `cargo xtask results`: real dbt builds a small project again and again, and what it reports each
//! time is kept, for the tests of what is due after a run.
//!
//! The project, `ferry`, reads from a variable what shall go wrong ([`steps`]). Of each report, what
//! differs at each run is made the same, and what nobody reads is left out ([`keep`]).

mod keep;
pub(crate) mod steps;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::e2e::duckdb_driver;
use crate::failure::{Result, Trying};
use crate::fixtures::{in_project, project};
use crate::python::Environment;
use crate::{pairs, repository};
use keep::Paths;
use steps::{STEPS, Step, VARIABLE};

/// The versions of dbt.
const VERSIONS: [&str; 2] = ["1.11", "2.0"];

/// Makes the results of all versions.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        return Err(format!(
            "`results` takes no arguments, but `{argument}` was given"
        ));
    }
    let root = repository::root();
    let cache = root.join("target/xtask");
    for version in VERSIONS {
        println!("dbt {version}");
        make(&root, &cache, version).trying(version)?;
    }
    Ok(())
}

fn make(root: &Path, cache: &Path, version: &str) -> Result<()> {
    let fixtures = root.join("fixtures/run-results");
    let environment = pairs::environment(cache, version)?;
    let temporary = tempfile::tempdir().trying("a temporary folder")?;
    // dbt writes resolved paths, and some systems keep temporary folders behind a link.
    let work = temporary
        .path()
        .canonicalize()
        .trying("a temporary folder")?;
    let folder = work.join("ferry");
    project::copy(&fixtures.join("project"), &folder)?;
    let paths = Paths {
        project: &folder,
        environment: environment.folder(),
    };
    let kept = fixtures.join(version);
    fs::create_dir_all(&kept).trying(kept.display())?;
    for (number, step) in STEPS.iter().enumerate() {
        println!("  {}", step.name);
        dbt(&environment, cache, &folder, step)?;
        if number == 0 {
            keep::manifest(&paths, &kept.join("manifest.json"))?;
        }
        let name = format!("{}.json", step.name);
        keep::results(&paths, number, &kept.join(name))?;
    }
    Ok(())
}

/// Runs one command of dbt, which must end as the step says.
fn dbt(environment: &Environment, cache: &Path, folder: &Path, step: &Step) -> Result<()> {
    let mut command = Command::new(environment.program("dbt"));
    in_project(command.args(step.dbt), folder)
        .env(VARIABLE, step.goes_wrong)
        .env("ADBC_DRIVER_PATH", duckdb_driver::folder(cache)?);
    let output = command.output().trying("dbt")?;
    if output.status.success() == step.succeeds {
        return Ok(());
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    Err(format!("{}: {}\n{printed}", step.name, output.status))
}
