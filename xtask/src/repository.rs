//! Where the repository is, and how chores run programs in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Result, Trying};

/// The root of the repository; xtask is a folder in it.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Runs a command whose output is of interest only when it fails.
///
/// # Errors
/// A program that cannot be started, or that fails: then with its output.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .trying(command.get_program().to_string_lossy())?;
    if output.status.success() {
        return Ok(());
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{command:?} failed ({}):\n{printed}{complained}",
        output.status
    ))
}

/// Every file below a folder, in order.
///
/// # Errors
/// The system's.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).trying(folder.display())?;
        for entry in entries {
            let path = entry.trying(folder.display())?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file; bytes that are not text are replaced.
///
/// # Errors
/// The system's.
pub(crate) fn text(path: &Path) -> Result<String> {
    let bytes = fs::read(path).trying(path.display())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The path of a file from the root of the repository.
pub(crate) fn name(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.display().to_string()
}
