//! Removes a file of which nothing is left.

use std::fs;
use std::path::Path;

use super::failure::cannot_be_written;
use super::guard::Guard;
use super::path::resolved;
use crate::io::content::Content;
use crate::model::Failure;

/// Removes the file at `path`, which was read as `source`. Of a symlink, the link alone is removed.
///
/// # Errors
/// It has changed since, or the error of the system.
pub fn remove(path: &Path, source: &Content) -> Result<(), Failure> {
    let place = path.display().to_string();
    let failure = |error| cannot_be_written(&place, &error);
    let guard = Guard::new(source, path, &resolved(path)).map_err(failure)?;
    guard.check(&place)?;
    fs::remove_file(path).map_err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::max_size::MaxSize;

    #[test]
    fn only_the_file_that_was_read_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yml");
        fs::write(&path, "old").expect("written");
        let content = Content::open(&path, MaxSize::ENOUGH).expect("opened");
        fs::write(&path, "newer").expect("written");
        assert!(remove(&path, &content).is_err() && path.exists());
        let content = Content::open(&path, MaxSize::ENOUGH).expect("opened");
        remove(&path, &content).expect("removed");
        assert!(!path.exists());
    }
}
