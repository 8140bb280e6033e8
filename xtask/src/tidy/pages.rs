//! The pages of the documentation.

use std::path::Path;

use crate::failure::Result;
use crate::repository::{self, files};

/// A page.
pub(super) struct Page {
    /// Its path from the root of the repository.
    pub(super) name: String,
    /// Its text, Markdown.
    pub(super) text: String,
}

/// All documents in Markdown that people read: the README, those of `.github` and `fixtures`, and
/// everything in `docs`.
pub(super) fn all(root: &Path) -> Result<Vec<Page>> {
    let mut paths = vec![root.join("README.md"), root.join("CHANGELOG.md")];
    paths.push(root.join("fixtures/README.md"));
    paths.extend(files(&root.join(".github"))?);
    paths.extend(files(&root.join("docs"))?);
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    let read = |path: std::path::PathBuf| {
        Ok(Page {
            name: repository::name(root, &path),
            text: repository::text(&path)?,
        })
    };
    paths.into_iter().map(read).collect()
}
