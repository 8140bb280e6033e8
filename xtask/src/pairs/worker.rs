//! A process of Python that runs many commands of one dbt, which takes seconds to start.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::failure::{Result, Trying};
use crate::fixtures::in_project;
use crate::python::Environment;

const SCRIPT: &str = include_str!("worker.py");

/// One dbt 1.x, kept running.
pub(super) struct Worker {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What is to be done in a project.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Task<'t> {
    /// A command of dbt.
    Commands { commands: Vec<Vec<String>> },
    /// `dbt ls` with each selector, up to the first that selects nothing.
    Lists {
        selectors: &'t [&'t str],
        /// Those that `dbt parse` takes as well.
        flags: Vec<String>,
        arguments: Vec<String>,
    },
    /// SQL for databases, which are made if they are not there.
    Load { load: &'t Path, into: Vec<String> },
}

#[derive(Serialize)]
struct Request<'r> {
    folder: &'r Path,
    environment: &'r BTreeMap<String, String>,
    #[serde(flatten)]
    task: Task<'r>,
}

/// What came of a command.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub(super) is_success: bool,
    /// What `dbt ls` lists.
    pub(super) lines: Vec<String>,
    pub(super) errors: Vec<String>,
}

impl Answer {
    /// What went wrong, if anything did.
    pub(super) fn must_succeed(&self, what: &str) -> Result<()> {
        if self.is_success {
            return Ok(());
        }
        Err(format!("{what}: {}", self.errors.join("\n")))
    }
}

impl Worker {
    pub(super) fn start(environment: &Environment, home: &Path) -> Result<Self> {
        fs::create_dir_all(home).trying(home.display())?;
        let script: PathBuf = home.join("worker.py");
        fs::write(&script, SCRIPT).trying(script.display())?;
        let mut command = Command::new(environment.program("python"));
        command.arg(&script);
        in_project(&mut command, home)
            // Each project has its own.
            .env_remove("DBT_PROFILES_DIR")
            // Processes end as soon as they have answered, which Python remarks.
            .env("PYTHONWARNINGS", "ignore")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().trying("Python")?;
        let requests = child.stdin.take().ok_or("Python has no standard input")?;
        let answers = child.stdout.take().ok_or("Python has no standard output")?;
        Ok(Self {
            child,
            requests,
            answers: BufReader::new(answers),
        })
    }

    pub(super) fn ask(
        &mut self,
        folder: &Path,
        environment: &BTreeMap<String, String>,
        task: Task<'_>,
    ) -> Result<Vec<Answer>> {
        let request = Request {
            folder,
            environment,
            task,
        };
        let line = serde_json::to_string(&request).trying("a request")?;
        writeln!(self.requests, "{line}").trying("the worker")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).trying("the worker")?;
        serde_json::from_str(&answer).trying("the worker's answer")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It has nothing to save; a process that has ended already is all right.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
