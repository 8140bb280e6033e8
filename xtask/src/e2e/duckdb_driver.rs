//! DuckDB as the library that dbt 2.0 loads. What PyPI has can be loaded by Python alone, so it comes
//! from npm.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Result, Trying};
use crate::repository::run_quietly;

const VERSION: &str = "1.5.6-r.1";

/// The folder for `ADBC_DRIVER_PATH`: in it is the file that tells dbt where the library is
/// (<https://arrow.apache.org/adbc/current/format/driver_manifests.html>).
pub(crate) fn folder(cache: &Path) -> Result<PathBuf> {
    let (system, package) = match (OS, ARCH) {
        ("linux", "x86_64") => ("linux_amd64", "linux-x64"),
        ("linux", "aarch64") => ("linux_arm64", "linux-arm64"),
        _ => return Err(format!("it is not known where DuckDB is for {OS} {ARCH}")),
    };
    let folder = cache.join(format!("duckdb-{VERSION}"));
    let manifest = folder.join("duckdb.toml");
    if manifest.exists() {
        return Ok(folder);
    }
    fs::create_dir_all(&folder).trying(folder.display())?;
    let package = format!("@duckdb/node-bindings-{package}");
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--no-audit", "--no-fund"])
        .args(["--ignore-scripts", "--prefix"])
        .arg(&folder)
        .arg(format!("{package}@{VERSION}"));
    run_quietly(&mut npm)?;
    let library = folder
        .join("node_modules")
        .join(package)
        .join("libduckdb.so");
    let text = format!(
        "[ADBC]\nversion = \"1.1.0\"\n[Driver]\nentrypoint = \"duckdb_adbc_init\"\n[Driver.shared]\n{system} = {:?}\n",
        library.display().to_string()
    );
    fs::write(&manifest, text).trying(manifest.display())?;
    Ok(folder)
}
