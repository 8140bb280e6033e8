//! Python scripts that judge: what they are given, and what they print.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::verdict::Statement;
use crate::failure::{Result, Trying};
use crate::fixtures::in_project;
use crate::python::Environment;

/// What all scripts import.
const COMMON: &str = include_str!("common.py");

/// Variables that stop tools from reporting their use.
const SILENCE: [(&str, &str); 3] = [
    ("DO_NOT_TRACK", "1"),
    ("DATAHUB_TELEMETRY_ENABLED", "false"),
    ("RECCE_DISABLE_TELEMETRY", "1"),
];

/// A script that the Python of an environment runs.
pub(super) struct Script<'s> {
    /// Where it runs: the environment's packages are there, and nothing of the user's.
    pub(super) environment: &'s Environment,
    /// The folder to run in, which is HOME as well.
    pub(super) folder: &'s Path,
    /// Its name, for messages.
    pub(super) name: &'s str,
    /// Its text.
    pub(super) text: &'s str,
}

impl Script<'_> {
    /// Runs it with a task on standard input. Each line that it prints is a verdict.
    pub(super) fn run(&self, task: &Value) -> Result<Vec<Statement>> {
        let script = self.lay_out()?;
        let mut command = Command::new(self.environment.program("python"));
        command.arg(script);
        let mut child = in_project(&mut command, self.folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(SILENCE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .trying(self.name)?;
        if let Some(mut input) = child.stdin.take() {
            input
                .write_all(task.to_string().as_bytes())
                .trying(self.name)?;
        }
        let output = child.wait_with_output().trying(self.name)?;
        if !output.status.success() {
            let complained = String::from_utf8_lossy(&output.stderr);
            return Err(format!(
                "{} failed ({}):\n{complained}",
                self.name, output.status
            ));
        }
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        lines
            .lines()
            .map(|line| line.parse::<Statement>().trying(self.name))
            .collect()
    }

    fn lay_out(&self) -> Result<PathBuf> {
        let folder = self.folder.join("scripts");
        fs::create_dir_all(&folder).trying(folder.display())?;
        let script = folder.join(self.name);
        for (path, text) in [
            (folder.join("common.py"), COMMON),
            (script.clone(), self.text),
        ] {
            fs::write(&path, text).trying(path.display())?;
        }
        Ok(script)
    }
}
