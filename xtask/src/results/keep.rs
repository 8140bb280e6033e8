//! Keeps what dbt wrote, without what nobody reads, and with the same times at each run.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::artifact::{Fixed, pin};
use crate::failure::{Result, Trying};
use crate::fixtures::{neutral, refuse_paths_of_this_machine};
use crate::repository;

/// Where dbt worked, and where it is.
pub(super) struct Paths<'p> {
    pub(super) project: &'p Path,
    pub(super) environment: &'p Path,
}

impl Paths<'_> {
    /// An artifact, with neutral paths.
    fn artifact(&self, name: &str) -> Result<Value> {
        let path = self.project.join("target").join(name);
        let text = fs::read_to_string(&path).trying(path.display())?;
        let text = neutral(text, self.project, "/srv/dbt/ferry")?;
        let text = neutral(text, self.environment, "/srv/dbt/venv")?;
        refuse_paths_of_this_machine(&text, &repository::root(), self.project)?;
        serde_json::from_str(&text).trying(path.display())
    }
}

/// Keeps the manifest, without macros.
pub(super) fn manifest(paths: &Paths, kept: &Path) -> Result<()> {
    let mut manifest = paths.artifact("manifest.json")?;
    manifest["macros"] = json!({});
    fixed(&mut manifest, 0);
    write(kept, &manifest)
}

/// Keeps the results of the command of this number.
pub(super) fn results(paths: &Paths, number: usize, kept: &Path) -> Result<()> {
    const KEPT: [&str; 6] = [
        "status",
        "timing",
        "message",
        "failures",
        "unique_id",
        "relation_name",
    ];
    const ARGUMENTS: [&str; 5] = [
        "which",
        "select",
        "empty",
        "fail_fast",
        "invocation_command",
    ];
    let mut artifact = paths.artifact("run_results.json")?;
    let results = artifact["results"].as_array_mut();
    for (minute, result) in results.into_iter().flatten().enumerate() {
        if let Some(result) = result.as_object_mut() {
            result.retain(|key, _| KEPT.contains(&key.as_str()));
        }
        let steps = result["timing"].as_array_mut();
        for step in steps.into_iter().flatten() {
            step["started_at"] = json!(time(number, minute, 0));
            step["completed_at"] = json!(time(number, minute, 1));
        }
    }
    if let Some(arguments) = artifact["args"].as_object_mut() {
        arguments.retain(|key, _| ARGUMENTS.contains(&key.as_str()));
    }
    artifact["elapsed_time"] = json!(1.0);
    fixed(&mut artifact, number);
    write(kept, &artifact)
}

/// Each command begins an hour after the one before.
fn time(number: usize, minute: usize, second: usize) -> String {
    format!("2026-05-01T{:02}:{minute:02}:{second:02}Z", number + 5)
}

fn fixed(artifact: &mut Value, number: usize) {
    const FIRST: f64 = 1_777_611_600.5;
    let fixed = Fixed {
        time: &time(number, 30, 0),
        seconds: FIRST,
        invocation: &format!("fe000000-0000-4000-8000-{number:012}"),
    };
    pin(artifact, &fixed);
}

fn write(path: &Path, value: &Value) -> Result<()> {
    fs::write(path, format!("{value}\n")).trying(path.display())
}
