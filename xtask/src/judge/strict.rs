//! Strict readers as judges: they refuse keys and types that they do not know.

use std::env;
use std::path::{Path, PathBuf, absolute};

use serde_json::json;

use super::forms::Subject;
use super::script::Script;
use super::verdict::Statement;
use crate::failure::{Result, Trying};
use crate::python::{Environment, PYTHONS, Recipe};
use crate::repository;

/// The variable that names a folder of real data, which is not part of the repository. dbt's JSON
/// schemas are in its `dbt/schemas`.
const REAL: &str = "AUTOEXPOSE_REAL";
const PACKAGES: &[&str] = &["dbt-artifacts-parser==0.15.0", "jsonschema==4.26.0"];
/// The judge that is skipped where there are no schemas.
pub(super) const OPTIONAL: &str = "JSON schema: exposures";

/// Lets dbt-artifacts-parser, and the schemas if they are at hand, judge every form.
pub(super) fn strict(work: &Path, subjects: &[Subject]) -> Result<Vec<Statement>> {
    let root = repository::root();
    let recipe = Recipe {
        python: PYTHONS,
        pip: PACKAGES,
    };
    let environment = Environment::make(&root.join("target/xtask"), &recipe)?;
    let script = Script {
        environment: &environment,
        folder: work,
        name: "strict.py",
        text: include_str!("strict.py"),
    };
    script.run(&json!({
        "schemas": schemas()?,
        "manifests": subjects.iter().map(Subject::task).collect::<Vec<_>>(),
    }))
}

/// The folder of dbt's JSON schemas, if there is one; else says that it is skipped.
fn schemas() -> Result<Option<PathBuf>> {
    let Some(real) = env::var_os(REAL) else {
        println!("skipped {OPTIONAL}: {REAL} is not set");
        return Ok(None);
    };
    let folder = absolute(Path::new(&real).join("dbt/schemas")).trying(REAL)?;
    if folder.is_dir() {
        return Ok(Some(folder));
    }
    Err(format!("{REAL}: {} is not a folder", folder.display()))
}
