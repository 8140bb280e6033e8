//! Where the checks work, and the environments that they install things into.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Result, Trying};
use crate::fixtures::in_project;
use crate::python::{self, Environment, PYTHONS, Recipe};
use crate::repository::{self, run_quietly};

/// What builds and installs. uv makes an environment with dbt in seconds, where pip takes a minute.
const TOOLS: Recipe<'_> = Recipe {
    python: PYTHONS,
    pip: &["uv==0.13.9", "maturin==1.16.0", "ziglang==0.17.1"],
};

/// Where the checks work.
pub(super) struct Lab {
    pub(super) root: PathBuf,
    /// A folder that is empty at first.
    pub(super) work: PathBuf,
    pub(super) is_quick: bool,
    /// Where what is downloaded stays for later runs.
    pub(super) cache: PathBuf,
    tools: Environment,
}

impl Lab {
    pub(super) fn new(is_quick: bool) -> Result<Self> {
        let root = repository::root();
        let cache = root.join("target/xtask");
        let work = cache.join(if is_quick { "e2e-quick" } else { "e2e" });
        if work.exists() {
            fs::remove_dir_all(&work).trying(work.display())?;
        }
        fs::create_dir_all(&work).trying(work.display())?;
        Ok(Self {
            tools: Environment::make(&cache, &TOOLS)?,
            root,
            work,
            is_quick,
            cache,
        })
    }

    /// A tool, which finds the other ones in its path.
    pub(super) fn tool(&self, name: &str) -> Result<Command> {
        let mut command = Command::new(self.tools.program(name));
        let folder = self.tools.folder().join("bin");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).trying("PATH")?;
        command
            .current_dir(&self.root)
            .env("PATH", path)
            .env("UV_CACHE_DIR", self.cache.join("uv"))
            .env_remove("VIRTUAL_ENV");
        Ok(command)
    }

    /// Makes an environment in the work folder, with packages or wheels; anew if another part made it.
    pub(super) fn environment(&self, name: &str, packages: &[&str]) -> Result<PathBuf> {
        let folder = self.work.join(name);
        let mut venv = self.tool("uv")?;
        venv.args(["venv", "--quiet", "--clear", "--python"])
            .arg(self.tools.program("python"))
            .arg(&folder);
        run_quietly(&mut venv)?;
        let mut install = self.tool("uv")?;
        install
            .args(["pip", "install", "--quiet", "--python"])
            .arg(folder.join("bin/python"))
            .args(packages);
        if packages.iter().any(|one| python::needs_parser(one)) {
            install.arg(python::stub_parser(&self.cache)?);
        }
        run_quietly(&mut install)?;
        Ok(folder)
    }

    /// A program that knows nothing of the user's, with a folder as its home.
    pub(super) fn program(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        in_project(&mut command, folder);
        command.env("UV_CACHE_DIR", self.cache.join("uv"));
        command
    }
}

/// Runs a command; what it printed on standard output and on standard error.
pub(super) fn output(command: &mut Command) -> Result<[String; 2]> {
    let output = command.output().trying(format!("{command:?}"))?;
    let [printed, said] =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    if output.status.success() {
        return Ok([printed, said]);
    }
    Err(format!("{command:?}: {}\n{printed}{said}", output.status))
}
