//! Strict readers as judges: they refuse keys and types that they do not know.

use std::path::Path;

use serde_json::json;

use super::dbt::PYTHONS;
use super::forms::Subject;
use super::script::Script;
use super::verdict::Told;
use crate::failure::Result;
use crate::fixtures::python::{Environment, Recipe};
use crate::fixtures::repository;

/// dbt's JSON schemas, from the root of the repository. They are not part of it.
const SCHEMAS: &str = "../shared/real/dbt/schemas";
const PACKAGES: &[&str] = &["dbt-artifacts-parser==0.15.0", "jsonschema==4.26.0"];
/// How the judge is called that is not everywhere.
pub(super) const OPTIONAL: &str = "JSON schema: exposures";

/// Lets dbt-artifacts-parser, and the schemas where they are, look at every form.
pub(super) fn strict(work: &Path, subjects: &[Subject]) -> Result<Vec<Told>> {
    let root = repository();
    let recipe = Recipe {
        python: PYTHONS,
        pip: PACKAGES,
    };
    let environment = Environment::make(&root.join("target/xtask"), &recipe)?;
    let schemas = root.join(SCHEMAS);
    let script = Script {
        environment: &environment,
        folder: work,
        name: "strict.py",
        text: include_str!("strict.py"),
    };
    script.run(&json!({
        "schemas": schemas.exists().then_some(schemas),
        "manifests": subjects.iter().map(Subject::task).collect::<Vec<_>>(),
    }))
}
