//! Races: several commands on one job, run in turns.

use std::fs;
use std::path::PathBuf;

use serde::Serialize;

use super::measure::{Cost, measure, median};
use crate::failure::{Result, Trying};

/// The file that runners write, which is removed before each run.
const TARGET: &str = "copy.json";

/// Commands that do the same job.
pub(super) struct Race {
    pub(super) name: String,
    /// The size of what they read, as far as it grows from race to race.
    pub(super) input_mb: f64,
    /// Where they run.
    pub(super) folder: PathBuf,
    pub(super) runners: Vec<Runner>,
}

/// A command, and how often it runs.
pub(super) struct Runner {
    name: &'static str,
    runs: usize,
    command: Vec<String>,
    /// What is copied to the target before each run, for a command that changes it in place.
    pub(super) copy: Option<PathBuf>,
}

/// What came of a race.
#[derive(Serialize)]
pub(super) struct Outcome {
    pub(super) race: String,
    pub(super) input_mb: f64,
    pub(super) results: Vec<Finish>,
}

/// What one runner needed.
#[derive(Serialize)]
pub(super) struct Finish {
    pub(super) runner: &'static str,
    pub(super) median: Cost,
    pub(super) runs: Vec<Cost>,
}

impl Runner {
    pub(super) fn new(name: &'static str, runs: usize, command: Vec<String>) -> Self {
        Self {
            name,
            runs,
            command,
            copy: None,
        }
    }
}

impl Race {
    /// Runs everybody in turns, so that what disturbs the machine disturbs all alike.
    pub(super) fn run(self) -> Result<Outcome> {
        println!("{}", self.name);
        let most = self
            .runners
            .iter()
            .map(|runner| runner.runs)
            .max()
            .unwrap_or_default();
        let mut costs = vec![Vec::new(); self.runners.len()];
        for round in 0..most {
            for (runner, costs) in self.runners.iter().zip(&mut costs) {
                if round < runner.runs {
                    costs.push(self.once(runner)?);
                }
            }
        }
        let _ = fs::remove_file(self.folder.join(TARGET));
        let results = self
            .runners
            .iter()
            .zip(costs)
            .map(|(runner, runs)| {
                Ok(Finish {
                    runner: runner.name,
                    median: median(&runs).ok_or("a runner never ran")?,
                    runs,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Outcome {
            race: self.name,
            input_mb: self.input_mb,
            results,
        })
    }

    fn once(&self, runner: &Runner) -> Result<Cost> {
        let target = self.folder.join(TARGET);
        // A target that is not there is as removed as can be.
        let _ = fs::remove_file(&target);
        if let Some(original) = &runner.copy {
            fs::copy(original, &target).trying(target.display())?;
        }
        measure(&runner.command, &self.folder)
    }
}
