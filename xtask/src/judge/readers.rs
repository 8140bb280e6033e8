//! Tools that read manifests, as judges that are asked now and then.
//!
//! They are lenient: reading a patched manifest proves little, so that each must also see our
//! exposures behind the nodes that they depend on. A tool that cannot be installed is only named.

use std::path::Path;

use serde_json::json;

use super::dbt::Dbt;
use super::forms::Subject;
use super::script::Script;
use super::verdict::Statement;
use crate::failure::Result;
use crate::python::{Environment, PYTHONS, Recipe};
use crate::repository;

/// A tool from PyPI and the script that lets it read.
struct Reader {
    packages: &'static [&'static str],
    /// Not a package's name: Python would import the script in its place.
    script: &'static str,
    text: &'static str,
}

const READERS: [Reader; 5] = [
    Reader {
        packages: &[
            "dagster-dbt==0.29.27",
            "dbt-core==1.11.16",
            "dbt-duckdb==1.11.1",
        ],
        script: "by_dagster.py",
        text: include_str!("readers/by_dagster.py"),
    },
    Reader {
        packages: &["astronomer-cosmos==1.15.1", "apache-airflow==2.11.2"],
        script: "by_cosmos.py",
        text: include_str!("readers/by_cosmos.py"),
    },
    Reader {
        packages: &["recce==1.69.1", "dbt-core==1.11.16", "dbt-duckdb==1.11.1"],
        script: "by_recce.py",
        text: include_str!("readers/by_recce.py"),
    },
    Reader {
        packages: &["dbt-bouncer==4.3.0"],
        script: "by_bouncer.py",
        text: include_str!("readers/by_bouncer.py"),
    },
    Reader {
        packages: &["acryl-datahub[dbt]==1.7.0.17"],
        script: "by_datahub.py",
        text: include_str!("readers/by_datahub.py"),
    },
];

/// Lets every reader read every manifest. Only what cannot be installed may stay away.
pub(super) fn readers(work: &Path, subjects: &[Subject]) -> Result<Vec<Statement>> {
    let dbt = Dbt::for_fixture("duckdb-1.11", work)?;
    let cache = repository::root().join("target/xtask");
    let mut statements = Vec::new();
    for reader in &READERS {
        let recipe = Recipe {
            python: PYTHONS,
            pip: reader.packages,
        };
        match Environment::make(&cache, &recipe) {
            Ok(environment) => {
                statements.extend(read(reader, &environment, &dbt.project, subjects)?)
            }
            Err(reason) => println!("not asked: {}: {reason}", reader.packages[0]),
        }
    }
    if statements.is_empty() {
        Err("no reader can be installed".to_owned())
    } else {
        Ok(statements)
    }
}

fn read(
    reader: &Reader,
    environment: &Environment,
    project: &Path,
    subjects: &[Subject],
) -> Result<Vec<Statement>> {
    let script = Script {
        environment,
        folder: project,
        name: reader.script,
        text: reader.text,
    };
    script.run(&json!({
        "project": project,
        "manifests": subjects.iter().map(Subject::task).collect::<Vec<_>>(),
    }))
}
