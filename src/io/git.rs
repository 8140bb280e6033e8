//! What git says of files. Only git knows its index and all places of its patterns.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::failure::reason;

/// What a repository says of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// The line by which everybody's git ignores it, as `.gitignore:3`; `None` if it does not.
    pub ignored_by: Option<String>,
    /// The files of its folder that git tracks.
    pub tracked: Vec<String>,
}

/// Whether a folder is in a repository.
pub fn is_in_repository(folder: &Path) -> bool {
    let Ok(folder) = std::path::absolute(folder.join(".")) else {
        return false;
    };
    // A worktree has a file of this name.
    folder
        .ancestors()
        .any(|folder| folder.join(".git").exists())
}

/// Asks git about a file in a folder below `project`, which need not exist.
///
/// # Errors
/// Git is not there or gives no answer, with the reason.
pub fn ask(project: &Path, folder: &str, file: &str) -> Result<Answer, String> {
    // What only this user ignores, others commit.
    let ignored = [
        "-c",
        "core.excludesFile=",
        "check-ignore",
        "--verbose",
        "--no-index",
        "--",
    ];
    let ignored = run(project, &ignored, &format!("{folder}/{file}"), &[0, 1])?;
    let tracked = run(project, &["ls-files", "-z", "--"], folder, &[0])?;
    let tracked = tracked.split('\0').filter(|file| !file.is_empty());
    Ok(Answer {
        ignored_by: ignoring_line(&ignored),
        tracked: tracked.map(str::to_owned).collect(),
    })
}

fn run(project: &Path, arguments: &[&str], path: &str, expected: &[i32]) -> Result<String, String> {
    let mut git = Command::new("git");
    if !project.as_os_str().is_empty() {
        git.current_dir(project);
    }
    let output = git.args(arguments).arg(path).stdin(Stdio::null()).output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.map_err(|error| reason(&error))?;
    if status.code().is_some_and(|code| expected.contains(&code)) {
        return Ok(String::from_utf8_lossy(&stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&stderr);
    Err(said
        .lines()
        .next()
        .unwrap_or("it gives no reason")
        .to_owned())
}

/// The line in a verbose answer of `check-ignore`, such as `.gitignore:3:*.log<tab>a.log`. A pattern that
/// takes others back does not ignore, and `info/exclude` is not shared.
fn ignoring_line(answer: &str) -> Option<String> {
    let (found, _) = answer.split_once('\t')?;
    let mut parts = found.splitn(3, ':');
    let (file, line, pattern) = (parts.next()?, parts.next()?, parts.next()?);
    let is_shared = !file.ends_with("info/exclude") && !pattern.starts_with('!');
    is_shared.then(|| format!("{file}:{line}"))
}

#[cfg(test)]
mod tests {
    use super::ignoring_line;

    #[test]
    fn only_patterns_of_the_repository_ignore() {
        for (answer, expected) in [
            ("", None),
            (
                ".gitignore:3:.a*/\t.autoexpose/x.yml\n",
                Some(".gitignore:3"),
            ),
            ("../.gitignore:1:a:b\tx\n", Some("../.gitignore:1")),
            (".gitignore:3:!.autoexpose/\tx\n", None),
            (".git/info/exclude:7:x\tx\n", None),
        ] {
            assert_eq!(ignoring_line(answer).as_deref(), expected);
        }
    }
}
