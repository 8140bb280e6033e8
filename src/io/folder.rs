//! The files below a folder.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::failure::cannot_be_listed;
use crate::model::Failure;

/// All files below a folder that are wanted, in the order of their paths; none if there is no such
/// folder. Links are followed, each folder once.
///
/// # Errors
/// A folder cannot be read.
pub fn files_below(
    folder: &Path,
    is_wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let failure = |error| cannot_be_listed(&folder, &error);
        let Some(real) = if_there(fs::canonicalize(&folder)).map_err(failure)? else {
            continue;
        };
        if !seen.insert(real) {
            continue;
        }
        for entry in fs::read_dir(&folder).map_err(failure)? {
            let path = entry.map_err(failure)?.path();
            let failure = |error| cannot_be_listed(&path, &error);
            // A link may lead nowhere.
            let Some(found) = if_there(fs::metadata(&path)).map_err(failure)? else {
                continue;
            };
            if found.is_dir() {
                folders.push(path);
            } else if is_wanted(&path) && found.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// What was asked of a path; `None` if there is nothing.
///
/// # Errors
/// All other errors of the system.
pub fn if_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        result => result.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_all_depths_are_found_in_order() {
        let root = tempfile::tempdir().expect("a folder");
        let path = |name: &str| root.path().join(name);
        fs::create_dir_all(path("b/.c")).expect("made");
        for name in ["b/.c/x.yml", "a.yml", "b/y.yml", "b/z.sql"] {
            fs::write(path(name), "").expect("written");
        }
        let is_wanted = |path: &Path| path.extension().is_some_and(|ending| ending == "yml");
        let found = files_below(root.path(), is_wanted).expect("read");
        assert_eq!(found, ["a.yml", "b/.c/x.yml", "b/y.yml"].map(path));
        assert_eq!(files_below(&path("none"), is_wanted), Ok(Vec::new()));
    }
}
