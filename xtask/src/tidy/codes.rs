//! The index of the pages of codes, which comes from the pages themselves.

use std::fs;
use std::path::Path;

use autoexpose::codes;

use crate::failure::{Result, Trying};
use crate::repository;

/// The file with the index, from the root of the repository.
const FILE: &str = "docs/codes/README.md";

/// Compares the index with the pages; with `fix`, writes it anew.
pub(super) fn check(root: &Path, fix: bool) -> Result<Vec<String>> {
    let path = root.join(FILE);
    let fresh = codes::index();
    let is_there = path.exists();
    if is_there && repository::text(&path)? == fresh {
        return Ok(Vec::new());
    }
    if fix {
        fs::write(&path, fresh).trying(path.display())?;
        return Ok(Vec::new());
    }
    let what = "it is not the index of the pages beside it; run `cargo xtask tidy --fix`";
    Ok(vec![format!("{FILE}: {what}")])
}
