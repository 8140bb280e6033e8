//! Lays the project out as one run finds it.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::recipe::{Fill, Run};
use crate::failure::{Result, Trying};
use crate::fixtures::project::copy;
use crate::repository::run_quietly;

/// The warehouse of production, and of all runs in the same database.
const WAREHOUSE: &str = "piste.duckdb";

/// A project that is laid out.
pub(super) struct Laid {
    pub(super) folder: PathBuf,
    /// What the sources read, as SQL: none where the warehouse was copied.
    pub(super) raw: Option<PathBuf>,
}

impl Laid {
    /// Copies the project, changes it as the runs say one after the other, and copies the warehouse
    /// that is worked in.
    pub(super) fn new(
        pairs: &Path,
        folder: &Path,
        runs: &[&Run],
        warehouse: Option<&Self>,
    ) -> Result<Self> {
        copy(&pairs.join("project"), folder)?;
        // dbt writes resolved paths.
        let folder = folder.canonicalize().trying(folder.display())?;
        for run in runs {
            if let Some(patch) = run.patch() {
                apply(&pairs.join(patch), &folder)?;
            }
        }
        // A run without lines of its own has those of production.
        if let Some(run) = runs.iter().rev().find(|run| !run.fill.is_empty()) {
            for fill in &run.fill {
                append(&folder, fill)?;
            }
        }
        // As `dbt deps` does, which takes seconds.
        copy(&folder.join("packages"), &folder.join("dbt_packages"))?;
        if let Some(other) = warehouse {
            // What was not yet written to the database lies beside it.
            for name in [WAREHOUSE.to_owned(), format!("{WAREHOUSE}.wal")] {
                let from = other.folder.join(&name);
                if from.exists() {
                    fs::copy(&from, folder.join(name)).trying(from.display())?;
                }
            }
        }
        let raw = warehouse.is_none().then(|| pairs.join("raw.sql"));
        Ok(Self { folder, raw })
    }

    /// A folder for `--state`, with what dbt wrote.
    pub(super) fn state(&self, folder: &Path) -> Result<PathBuf> {
        fs::create_dir_all(folder).trying(folder.display())?;
        let manifest = self.artifact("manifest.json");
        fs::copy(&manifest, folder.join("manifest.json")).trying(manifest.display())?;
        Ok(folder.to_owned())
    }

    pub(super) fn artifact(&self, name: &str) -> PathBuf {
        self.folder.join("target").join(name)
    }
}

/// Applies a patch as git makes it.
fn apply(patch: &Path, folder: &Path) -> Result<()> {
    let mut git = Command::new("git");
    git.args(["apply", "--whitespace=nowarn"])
        .arg(patch)
        .current_dir(folder)
        // Inside of a repository, git would look for the files from the root of that.
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder));
    run_quietly(&mut git)
}

fn append(folder: &Path, fill: &Fill) -> Result<()> {
    let path = folder.join(&fill.file);
    let mut lines = String::new();
    for number in 0..fill.times {
        let line = fill.line.replace("{}", &number.to_string());
        writeln!(lines, "{line}").trying("a line")?;
    }
    let mut file = OpenOptions::new()
        .append(true)
        .open(&path)
        .trying(path.display())?;
    file.write_all(lines.as_bytes()).trying(path.display())
}
