//! The versions of dbt, and the commands that make artifacts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::lay::Laid;
use super::recipe::{Make, Run};
use super::worker::{Answer, Task, Worker};
use crate::failure::{Result, Trying};
use crate::fixtures::in_project;
use crate::python::{Environment, Recipe};
use crate::repository;

const PYTHON: &[&str] = &["3.11"];

/// What pip installs for a version.
fn packages(version: &str) -> Result<&'static [&'static str]> {
    match version {
        "1.8" => Ok(&[
            "dbt-core==1.8.10",
            "dbt-adapters==1.16.3",
            "dbt-duckdb==1.8.4",
            "duckdb==2.0.1",
        ]),
        "1.11" => Ok(&[
            "dbt-core==1.11.16",
            "dbt-adapters==1.24.5",
            "dbt-duckdb==1.11.1",
            "duckdb==2.0.1",
        ]),
        // Only wheels: the source packages of 2.0 fetch programs while they are built.
        "2.0" => Ok(&["--only-binary=:all:", "dbt-core==2.0.0a4"]),
        _ => Err(format!("it is not known how dbt {version} is installed")),
    }
}

/// All versions that were needed so far.
pub(super) struct Dbts {
    cache: PathBuf,
    workshop: PathBuf,
    workers: RefCell<BTreeMap<String, Worker>>,
}

impl Dbts {
    pub(super) fn new(cache: PathBuf, workshop: PathBuf) -> Self {
        Self {
            cache,
            workshop,
            workers: RefCell::default(),
        }
    }

    /// Makes what a run leaves in `target`.
    pub(super) fn make(&self, laid: &Laid, run: &Run, state: Option<&Path>) -> Result<()> {
        if run.make == Make::Parse {
            return self.succeed(laid, run, &["parse"]);
        }
        if let Some(raw) = &laid.raw {
            self.load(laid, run, raw)?;
        }
        let state = state.map(|state| state.display().to_string());
        let mut build = vec!["build"];
        let mut docs = vec!["docs", "generate"];
        if let (Make::BuildModified, Some(state)) = (run.make, &state) {
            build.extend(["--select", "state:modified+", "--defer", "--state", state]);
            docs.extend(["--defer", "--state", state]);
        }
        build.extend(run.build_flags.iter().map(String::as_str));
        if run.may_fail {
            self.command(laid, run, &build)?;
        } else {
            self.succeed(laid, run, &build)?;
        }
        self.succeed(laid, run, &docs)?;
        if run.patched {
            return patch(laid);
        }
        Ok(())
    }

    /// Runs a command that must succeed.
    fn succeed(&self, laid: &Laid, run: &Run, arguments: &[&str]) -> Result<()> {
        self.command(laid, run, arguments)?
            .must_succeed(&arguments.join(" "))
    }

    /// Runs a command of dbt in the project, for the run's target.
    fn command(&self, laid: &Laid, run: &Run, arguments: &[&str]) -> Result<Answer> {
        let mut all: Vec<String> = arguments.iter().map(|&part| part.to_owned()).collect();
        all.extend(flags(run));
        if run.dbt == "2.0" {
            return self.program(laid, run, &all);
        }
        let commands = vec![all];
        let mut answers = self.ask(&run.dbt, laid, run, Task::Commands { commands })?;
        answers.pop().ok_or_else(|| "no answer".to_owned())
    }

    /// What each selector lists; if the first lists nothing, the others are not asked.
    pub(super) fn lists(
        &self,
        laid: &Laid,
        run: &Run,
        selectors: &[&str],
        options: &[&str],
    ) -> Result<Vec<Answer>> {
        if run.dbt != "2.0" {
            let mut arguments: Vec<String> = options.iter().map(|&part| part.to_owned()).collect();
            arguments.extend(flags(run));
            let task = Task::Lists {
                selectors,
                flags: flags(run),
                arguments,
            };
            return self.ask(&run.dbt, laid, run, task);
        }
        selectors
            .iter()
            .map(|selector| {
                let arguments = [&["ls", "--select", selector], options].concat();
                self.command(laid, run, &arguments)
            })
            .collect()
    }

    fn load(&self, laid: &Laid, run: &Run, raw: &Path) -> Result<()> {
        let into = ["piste.duckdb", "checks.duckdb"].map(str::to_owned).into();
        let task = Task::Load { load: raw, into };
        let answers = self.ask(&run.dbt, laid, run, task)?;
        answers
            .iter()
            .try_for_each(|answer| answer.must_succeed("loading"))
    }

    fn ask(&self, version: &str, laid: &Laid, run: &Run, task: Task<'_>) -> Result<Vec<Answer>> {
        let mut workers = self.workers.borrow_mut();
        if !workers.contains_key(version) {
            let home = self.workshop.join("home");
            let worker = Worker::start(&self.environment(version)?, &home)?;
            workers.insert(version.to_owned(), worker);
        }
        let worker = workers.get_mut(version).ok_or("a worker vanished")?;
        worker.ask(&laid.folder, &run.environment, task)
    }

    /// Runs dbt 2.0, which is a program that starts at once.
    fn program(&self, laid: &Laid, run: &Run, arguments: &[String]) -> Result<Answer> {
        let mut command = Command::new(self.environment(&run.dbt)?.program("dbt"));
        command.args(arguments);
        let output = in_project(&mut command, &laid.folder)
            .envs(&run.environment)
            .output()
            .trying("dbt 2.0")?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        Ok(Answer {
            is_success: output.status.success(),
            lines: printed.lines().map(str::to_owned).collect(),
            errors: vec![format!("{printed}{complained}")],
        })
    }

    /// The folder in which all runs have theirs.
    pub(super) fn workshop(&self) -> &Path {
        &self.workshop
    }

    pub(super) fn environment(&self, version: &str) -> Result<Environment> {
        environment(&self.cache, version)
    }
}

/// A version of dbt with its adapter for DuckDB.
pub(crate) fn environment(cache: &Path, version: &str) -> Result<Environment> {
    let recipe = Recipe {
        python: PYTHON,
        pip: packages(version)?,
    };
    Environment::make(cache, &recipe)
}

/// What follows the arguments of every command of a run.
fn flags(run: &Run) -> Vec<String> {
    let target = ["--target".to_owned(), run.target.clone()];
    target
        .into_iter()
        .chain(run.flags.iter().cloned())
        .collect()
}

/// Writes our exposures into the manifest, as a job of production may.
fn patch(laid: &Laid) -> Result<()> {
    let root = repository::root();
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["run", "--quiet", "--", "patch", "--manifest"])
        .arg(laid.artifact("manifest.json"))
        .arg("--tableau")
        .arg(root.join("fixtures/pairs/export"))
        .current_dir(&root);
    repository::run_quietly(&mut command)
}
