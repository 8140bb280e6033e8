//! What a run writes must not be what it reads, and a pipe cannot be read twice.

use std::path::{Path, PathBuf};

use super::env::Found;
use super::left_behind;
use super::paths::Paths;
use super::request::{Request, To};
use crate::io::export::ExportFile;
use crate::io::{is_dash, is_same_file, is_same_pipe, is_standard_output, name_of_input};
use crate::model::Failure;

/// What an input is, in words, and its path.
type Input = (String, PathBuf);

/// Checks, before any is read, that no two of the manifests, the states and the configuration are one
/// pipe.
///
/// # Errors
/// Two of them are.
pub(super) fn check_project(paths: &Paths) -> Result<(), Failure> {
    check_pipes(&manifests(paths), &others(paths), &[])
}

/// Checks the paths of a run before anything is written, as far as they are known before it reads.
///
/// # Errors
/// Two inputs are one pipe; the target is an input other than the manifest, which can be changed in
/// place; or a report is an input or the target.
pub(super) fn check(request: &Request, files: &[ExportFile]) -> Result<(), Failure> {
    let paths = request.paths;
    let (manifests, others) = (manifests(paths), all_others(request));
    check_pipes(&manifests, &others, files)?;
    let mut written = Vec::new();
    match request.target.map(|target| target.to) {
        Some(To::File(target)) if !is_standard_output(target) => {
            if !is_same_file(target, &paths.manifests[0].path) {
                check_target(target, "--output", &others, files)?;
                check_left_behind(target, "--output", paths)?;
            }
            written.push(target);
        }
        Some(To::Itself) => {
            written.extend(paths.manifests.iter().map(|found| found.path.as_path()));
        }
        Some(To::Folder(folder)) if folder.exists() && !folder.is_dir() => {
            let message = "cannot be written: this is not a folder";
            return Err(Failure::new(folder.display().to_string(), message)
                .help("give a folder with `--output-dir`; it need not exist"));
        }
        Some(To::File(_) | To::Folder(_)) | None => {}
    }
    for path in request.reports.iter().copied() {
        check_target(path, "--report", &manifests, files)?;
        check_target(path, "--report", &others, files)?;
        check_left_behind(path, "--report", paths)?;
        check_written_once(path, &written)?;
        written.push(path);
    }
    Ok(())
}

/// Checks the file of a folder that gets the patched form of a manifest.
///
/// # Errors
/// It is an input other than this manifest, or a report.
pub(super) fn check_in_folder(
    request: &Request,
    files: &[ExportFile],
    target: &Path,
    manifest: &Path,
) -> Result<(), Failure> {
    if !is_same_file(target, manifest) {
        let (flag, paths) = ("--output-dir", request.paths);
        check_target(target, flag, &manifests(paths), files)?;
        check_target(target, flag, &all_others(request), files)?;
        check_left_behind(target, flag, paths)?;
    }
    for report in &request.reports {
        check_written_once(report, &[target])?;
    }
    Ok(())
}

/// Checks that no report is one of these files of the dbt project.
///
/// # Errors
/// One is.
pub(super) fn check_properties(reports: &[&Path], files: &[PathBuf]) -> Result<(), Failure> {
    let is_read = |report: &&&Path| files.iter().any(|file| is_same_file(report, file));
    let Some(report) = reports.iter().find(is_read) else {
        return Ok(());
    };
    let message = "cannot be written: it is a file of the dbt project, which this run reads";
    Err(Failure::new(report.display().to_string(), message)
        .help("give another file with `--report`"))
}

/// Checks that a report is not written to a file that something else is written to.
pub(super) fn check_written_once(report: &Path, written: &[&Path]) -> Result<(), Failure> {
    if !written.iter().any(|other| is_same_file(report, other)) {
        return Ok(());
    }
    let message = "cannot be written: this run writes something else there";
    Err(Failure::new(report.display().to_string(), message)
        .help("give another file with `--report`"))
}

fn manifests(paths: &Paths) -> Vec<Input> {
    numbered("manifest", paths.manifests.iter())
}

/// The inputs beside the manifests and the exports.
fn others(paths: &Paths) -> Vec<Input> {
    let states = paths.states.iter().map(|state| &state.manifest);
    let mut others = numbered("state", states);
    let config = paths.config.clone();
    others.extend(config.map(|config| ("the configuration".to_owned(), config)));
    others
}

/// The same with what this run changes as well.
fn all_others(request: &Request) -> Vec<Input> {
    let mut others = others(request.paths);
    others.extend_from_slice(&request.also_changed);
    others
}

/// Inputs of one kind; several with their numbers.
fn numbered<'f>(what: &str, found: impl ExactSizeIterator<Item = &'f Found>) -> Vec<Input> {
    let is_one = found.len() == 1;
    let named = found.enumerate().map(|(at, found)| {
        let name = match is_one {
            true => format!("the {what}"),
            false => format!("{what} {}", at + 1),
        };
        (name, found.path.clone())
    });
    named.collect()
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
        what.as_str()
    } else {
        return Ok(());
    };
    Err(Failure::new(
        target.display().to_string(),
        format!("cannot be written: it is {input}, which this run reads"),
    )
    .help(format!(
        "give another {} with `{flag}`; only the manifest can be changed in place",
        wanted(flag)
    )))
}

/// Checks that a file to be written is not the one in which a patch leaves, beside the manifest or the
/// state, what the next run compares with.
fn check_left_behind(target: &Path, flag: &str, paths: &Paths) -> Result<(), Failure> {
    let states = paths.states.iter().map(|state| &state.manifest);
    let manifests = paths.manifests.iter().chain(states);
    let mut left = manifests.filter_map(|found| left_behind::beside(&found.path));
    if left.any(|left| is_same_file(target, &left)) {
        let message = "cannot be written: a patch leaves there what the next run compares with";
        return Err(Failure::new(target.display().to_string(), message)
            .help(format!("give another {} with `{flag}`", wanted(flag))));
    }
    Ok(())
}

/// What a flag takes.
fn wanted(flag: &str) -> &'static str {
    if flag == "--output-dir" {
        "folder"
    } else {
        "file"
    }
}

/// Checks that no two inputs are standard input, or one pipe.
fn check_pipes(manifests: &[Input], others: &[Input], files: &[ExportFile]) -> Result<(), Failure> {
    let mut inputs = manifests
        .iter()
        .chain(others)
        .map(|(what, path)| (what.as_str(), path.as_path()))
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
