//! What a run writes must not be what it reads, and a pipe cannot be read twice.

use std::path::{Path, PathBuf};

use super::left_behind;
use super::paths::Paths;
use super::request::Request;
use crate::io::export::ExportFile;
use crate::io::{is_dash, is_same_file, is_same_pipe, is_standard_output, name_of_input};
use crate::model::Failure;

/// What an input is, in words, and its path.
type Input = (&'static str, PathBuf);

/// Checks, before any is read, that no two of the manifest, the state and the configuration are one
/// pipe.
///
/// # Errors
/// Two of them are.
pub(super) fn check_project(paths: &Paths) -> Result<(), Failure> {
    check_pipes(&manifest(paths), &others(paths), &[])
}

/// Checks the paths of a run before anything is written.
///
/// # Errors
/// Two inputs are one pipe; the target is an input other than the manifest, which can be changed in
/// place; or a report is an input or the target.
pub(super) fn check(request: &Request, files: &[ExportFile]) -> Result<(), Failure> {
    let paths = request.paths;
    let target = request.target.map(|target| target.path);
    let (manifest, others) = (manifest(paths), others(paths));
    check_pipes(&manifest, &others, files)?;
    let mut written = Vec::new();
    if let Some(target) = target.filter(|target| !is_standard_output(target)) {
        if !is_same_file(target, &manifest.1) {
            check_target(target, "--output", &others, files)?;
            check_left_behind(target, "--output", paths)?;
        }
        written.push(target);
    }
    for path in request.reports.iter().copied() {
        check_target(path, "--report", std::slice::from_ref(&manifest), files)?;
        check_target(path, "--report", &others, files)?;
        check_left_behind(path, "--report", paths)?;
        if written.iter().any(|other| is_same_file(path, other)) {
            let message = "cannot be written: this run writes something else there";
            return Err(Failure::new(path.display().to_string(), message)
                .help("give another file with `--report`"));
        }
        written.push(path);
    }
    Ok(())
}

fn manifest(paths: &Paths) -> Input {
    ("the manifest", paths.manifest.path.clone())
}

/// The inputs beside the manifest and the exports.
fn others(paths: &Paths) -> Vec<Input> {
    let state = paths.state.clone().map(|state| ("the state", state.path));
    let config = paths.config.clone();
    let config = config.map(|config| ("the configuration", config));
    state.into_iter().chain(config).collect()
}

/// Checks that a file to be written is none of the inputs.
fn check_target(
    target: &Path,
    flag: &str,
    inputs: &[Input],
    files: &[ExportFile],
) -> Result<(), Failure> {
    if !target.exists() {
        return Ok(());
    }
    let is = |path: &Path| is_same_file(target, path);
    let input = if files.iter().filter_map(ExportFile::path).any(is) {
        "a file of the Tableau export"
    } else if let Some((what, _)) = inputs.iter().find(|(_, path)| is(path)) {
        what
    } else {
        return Ok(());
    };
    Err(Failure::new(
        target.display().to_string(),
        format!("cannot be written: it is {input}, which this run reads"),
    )
    .help(format!(
        "give another file with `{flag}`; only the manifest can be changed in place"
    )))
}

/// Checks that a file to be written is not the one in which a patch leaves, beside the manifest or the
/// state, what the next run compares with.
fn check_left_behind(target: &Path, flag: &str, paths: &Paths) -> Result<(), Failure> {
    let manifests = std::iter::once(&paths.manifest).chain(&paths.state);
    let mut left = manifests.filter_map(|found| left_behind::beside(&found.path));
    if left.any(|left| is_same_file(target, &left)) {
        let message = "cannot be written: a patch leaves there what the next run compares with";
        return Err(Failure::new(target.display().to_string(), message)
            .help(format!("give another file with `{flag}`")));
    }
    Ok(())
}

/// Checks that no two inputs are standard input, or one pipe.
fn check_pipes(manifest: &Input, others: &[Input], files: &[ExportFile]) -> Result<(), Failure> {
    let mut inputs = std::iter::once(manifest)
        .chain(others)
        .map(|(what, path)| (*what, path.as_path()))
        .filter(|(_, path)| !path.is_file() && (is_dash(path) || path.exists()))
        .collect::<Vec<_>>();
    if inputs.is_empty() {
        return Ok(());
    }
    let files = files
        .iter()
        .map(|file| file.path().unwrap_or(Path::new("-")));
    inputs.extend(files.map(|path| ("the Tableau export", path)));
    for (number, (what, path)) in inputs.iter().enumerate() {
        let twice = inputs[..number]
            .iter()
            .find(|(other, before)| other != what && is_same_pipe(before, path));
        if let Some((before, _)) = twice {
            let message =
                format!("{before} and {what} are both read from here, and only one can be");
            return Err(
                Failure::new(name_of_input(path), message).help("give a file for one of them")
            );
        }
    }
    Ok(())
}
