//! Tells `--version` which commit the program is built from: the variable `AUTOEXPOSE_COMMIT`, else
//! what cargo noted in a packaged crate, else the commit of the checkout.

#![allow(
    clippy::print_stdout,
    reason = "this is how build scripts speak to cargo"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

const VARIABLE: &str = "AUTOEXPOSE_COMMIT";
/// The file in which `cargo package` notes the commit.
const PACKAGED: &str = ".cargo_vcs_info.json";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    // A variable that is set reaches the program by itself.
    if std::env::var_os(VARIABLE).is_none()
        && let Some(commit) = packaged().or_else(checked_out)
    {
        println!("cargo::rustc-env={VARIABLE}={commit}");
    }
}

/// The commit of a packaged crate.
fn packaged() -> Option<String> {
    let noted = fs::read_to_string(PACKAGED).ok()?;
    let (_, rest) = noted.split_once("\"sha1\": \"")?;
    let (commit, _) = rest.split_once('"')?;
    Some(commit.to_owned())
}

/// The commit of the checkout. A folder without `.git` may lie within another project's.
fn checked_out() -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    // It changes whenever the checkout moves to another commit.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    if Path::new(&log).exists() {
        println!("cargo::rerun-if-changed={log}");
    }
    git(&["rev-parse", "HEAD"])
}

/// What git says, if it is there and answers.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
