//! Folders that are made for a new file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folders that were made, the innermost first. Unless they are kept, they are removed again if
/// they are empty.
pub(super) struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes a folder, with all that are missing above it.
    ///
    /// # Errors
    /// The error of the system; nothing is left behind then.
    pub(super) fn make(folder: &Path) -> io::Result<Self> {
        let missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .collect();
        let mut made = Self(Vec::new());
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Ok(()) => made.0.insert(0, folder.to_owned()),
                // Another run was faster, or the path goes up again with `..`.
                Err(_) if folder.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(made)
    }

    /// Keeps the folders.
    pub(super) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stay_only_if_they_are_kept() {
        let root = tempfile::tempdir().expect("a folder");
        let (new, inner) = (root.path().join("new"), root.path().join("new/er"));
        drop(MadeFolders::make(&inner).expect("made"));
        assert!(!new.exists());
        MadeFolders::make(&new).expect("made").keep();
        drop(MadeFolders::make(&inner).expect("made"));
        assert!(new.is_dir() && !inner.exists());
        fs::write(&inner, "a file").expect("written");
        assert!(MadeFolders::make(&inner.join("most")).is_err());
    }
}
