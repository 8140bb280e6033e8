//! The file in which it is remembered what was refreshed.

use std::path::{Path, PathBuf};

use crate::cli::args::RefreshArgs;
use crate::cli::paths::Paths;
use crate::input::refresh_state;
#[cfg(feature = "fetch")]
use crate::io::content::Content;
use crate::io::max_size::MaxSize;
#[cfg(feature = "fetch")]
use crate::io::write::PendingFile;
use crate::io::{is_dash, name_of_input, read};
use crate::model::Failure;
use crate::model::refresh::RefreshState;

/// The name of the file beside a manifest.
const NAME: &str = "autoexpose-refresh.json";

/// What is remembered, and where.
#[derive(Clone)]
pub(super) struct Remembered {
    #[cfg_attr(
        not(feature = "fetch"),
        allow(dead_code, reason = "a dry run writes nothing")
    )]
    path: PathBuf,
    pub(super) state: RefreshState,
}

impl Remembered {
    /// Opens the file; nothing is remembered if it is not there.
    ///
    /// # Errors
    /// It is not known where it is, or it cannot be read.
    pub(super) fn open(args: &RefreshArgs, paths: &Paths) -> Result<Self, Failure> {
        let path = path(args, paths)?;
        let state = if path.exists() {
            let limit: MaxSize = args.inputs.run.max_size;
            refresh_state::read(&name_of_input(&path), &read(&path, limit)?)?
        } else {
            RefreshState::default()
        };
        Ok(Self { path, state })
    }

    /// Writes the file anew, whole.
    ///
    /// # Errors
    /// It cannot be written.
    #[cfg(feature = "fetch")]
    pub(super) fn save(&self) -> Result<(), Failure> {
        let text = refresh_state::write(&self.state)
            .map_err(|error| Failure::new(name_of_input(&self.path), error.to_string()))?;
        let pending = PendingFile::begin(&self.path, &Content::from(Vec::new()))?;
        pending.complete(&[text])?.publish()?;
        Ok(())
    }
}

/// Where the file is.
fn path(args: &RefreshArgs, paths: &Paths) -> Result<PathBuf, Failure> {
    if let Some(path) = &args.due.refresh_state {
        return Ok(path.clone());
    }
    let first = paths.manifests.first().map(|found| found.path.as_path());
    let first = first.filter(|path| !is_dash(path));
    let beside = |path: &Path| path.with_file_name(NAME);
    first.map(beside).ok_or_else(|| {
        let text = "it is not known where to remember what is refreshed, since the manifest comes from standard input";
        Failure::new("", text).help("give a file with `--refresh-state`")
    })
}
