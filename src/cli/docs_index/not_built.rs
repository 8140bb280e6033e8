//! What stands in the place of the index where the program is built without it.

use std::path::{Path, PathBuf};

use super::super::paths::Paths;
use crate::io::max_size::MaxSize;
use crate::model::Failure;
use crate::pipeline::Planned;

/// An index that was read; there is none.
pub(crate) enum DocsIndex {}

/// The new files of an index; there are none.
pub(crate) enum NewIndex {}

impl DocsIndex {
    pub(crate) fn open(folder: &Path, _: &Paths, _: MaxSize) -> Result<Self, Vec<Failure>> {
        let message = "this autoexpose is built without what `--docs-index` needs";
        let failure = Failure::new(folder.display().to_string(), message);
        Err(vec![failure.help(
            "install it with `pip install autoexpose`, or build it with `--features docs-index`",
        )])
    }

    pub(crate) fn paths(&self) -> Vec<(String, PathBuf)> {
        match *self {}
    }

    pub(crate) fn complete(&self, _: &mut Planned, _: bool) -> Result<NewIndex, Vec<Failure>> {
        match *self {}
    }
}

impl NewIndex {
    pub(crate) fn publish(self) -> Result<Option<String>, Vec<Failure>> {
        match self {}
    }
}
