//! What dbt Core says is modified, with and without exposures of ours in state and project.

use std::path::Path;

use serde_json::json;

use super::dbt::Dbt;
use super::forms;
use super::script::Script;
use super::verdict::Statement;
use crate::failure::Result;
use crate::repository::run_quietly;

/// Lets dbt compare the project of that dbt with states of itself.
pub(super) fn modified(dbt: &Dbt, program: &Path, work: &Path) -> Result<Vec<Statement>> {
    run_quietly(&mut dbt.command(&["parse"]))?;
    let text = forms::read(&dbt.project.join("target/manifest.json"))?;
    forms::prepare(program, work, "modified", &text)?;
    let script = Script {
        environment: &dbt.environment,
        folder: &dbt.project,
        name: "modified.py",
        text: include_str!("modified.py"),
    };
    script.run(&json!({
        "program": program,
        "target": dbt.fixture.target,
        "folder": work.join("modified"),
    }))
}
