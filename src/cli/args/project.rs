//! Arguments about the dbt project, its manifest, and the state.

use std::env;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::io::is_dash;
use crate::model::Failure;

#[derive(Debug, Args)]
pub(crate) struct ProjectArgs {
    /// dbt's manifest.json, or `-` for standard input [default: target/manifest.json of the dbt
    /// project]
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// The dbt project [env: DBT_PROJECT_DIR] [default: .]
    #[arg(long, value_name = "DIR")]
    project_dir: Option<PathBuf>,
    /// The folder in which dbt leaves its artifacts [env: DBT_TARGET_PATH] [default: target]
    #[arg(long, value_name = "DIR")]
    target_path: Option<PathBuf>,
    /// The state to compare with: a folder with the manifest that an earlier run patched, or that
    /// file itself; from the dbt project, as for dbt [env: DBT_STATE] [default: the exposures in the manifest]
    #[arg(long, value_name = "PATH")]
    state: Option<PathBuf>,
}

/// A path and the flag or variable that it comes from.
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) by: String,
}

impl Found {
    /// Adds to a failure about this path which variable it comes from, if one gave it.
    pub(crate) fn name_variable(&self, failure: Failure) -> Failure {
        if !self.by.contains("variable ") {
            return failure;
        }
        let origin = format!("the path comes from {}", self.by);
        let help = match &failure.help {
            Some(help) => format!("{help}; {origin}"),
            None => origin,
        };
        failure.help(help)
    }
}

impl ProjectArgs {
    /// The manifest's path: `--manifest`, else where dbt writes it.
    pub(crate) fn manifest_path(&self) -> Found {
        if let Some(path) = self.manifest.clone() {
            let by = "--manifest".to_owned();
            return Found { path, by };
        }
        let target = find(
            self.target_path.as_ref(),
            "--target-path",
            "DBT_TARGET_PATH",
        );
        let project = self.project();
        let by = project.iter().chain(&target).map(|found| found.by.as_str());
        let by = match by.collect::<Vec<_>>() {
            by if by.is_empty() => "default".to_owned(),
            by => by.join(", "),
        };
        let target = target.map_or_else(|| PathBuf::from("target"), |found| found.path);
        // As in dbt, a relative target path starts at the project.
        let path = self.project_path().join(target.join("manifest.json"));
        Found { path, by }
    }

    /// The folder of the dbt project; empty for the current folder.
    pub(crate) fn project_path(&self) -> PathBuf {
        self.project().map(|found| found.path).unwrap_or_default()
    }

    fn project(&self) -> Option<Found> {
        find(
            self.project_dir.as_ref(),
            "--project-dir",
            "DBT_PROJECT_DIR",
        )
        .filter(|project| project.path != Path::new("."))
    }

    /// The path of the state's manifest, if `--state` or its variable is given. As in dbt, a relative
    /// one starts at the project (`PreviousState` of dbt-core's `contracts/state.py`).
    pub(crate) fn state_path(&self) -> Option<Found> {
        let Found { path, by } = find(self.state.as_ref(), "--state", "DBT_STATE")?;
        if is_dash(&path) {
            return Some(Found { path, by });
        }
        let path = self.project_path().join(path);
        let path = if path.is_dir() {
            manifest_in(&path)
        } else {
            path
        };
        Some(Found { path, by })
    }

    /// Checks that the folder of the project is there, if a flag or a variable names it.
    pub(crate) fn check_project(&self) -> Result<(), Failure> {
        match self.project() {
            Some(Found { path, by }) if !path.is_dir() => {
                let message = format!("this folder does not exist; it comes from {by}");
                Err(Failure::new(path.display().to_string(), message))
            }
            _ => Ok(()),
        }
    }
}

/// The manifest in a folder of the state, gzipped if there is no other.
fn manifest_in(folder: &Path) -> PathBuf {
    let plain = folder.join("manifest.json");
    let gzipped = folder.join("manifest.json.gz");
    if gzipped.exists() && !plain.exists() {
        gzipped
    } else {
        plain
    }
}

/// A path from a flag, else from a variable that is not empty.
fn find(by_flag: Option<&PathBuf>, flag: &str, variable: &str) -> Option<Found> {
    if let Some(path) = by_flag.cloned() {
        let by = flag.to_owned();
        return Some(Found { path, by });
    }
    let path = env::var_os(variable).filter(|value| !value.is_empty())?;
    Some(Found {
        path: path.into(),
        by: format!("variable {variable}"),
    })
}
