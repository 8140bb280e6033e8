//! The file in which it is remembered what was refreshed.

use std::path::{Path, PathBuf};
#[cfg(feature = "fetch")]
use std::time::Duration;

use crate::cli::args::RefreshArgs;
use crate::cli::paths::Paths;
#[cfg(feature = "fetch")]
use crate::cli::print;
use crate::input::refresh_state;
#[cfg(feature = "fetch")]
use crate::io::content::Content;
use crate::io::max_size::MaxSize;
#[cfg(feature = "fetch")]
use crate::io::write::{CompleteFile, PendingFile, RunLock};
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
    #[cfg_attr(
        not(feature = "fetch"),
        allow(dead_code, reason = "a dry run reads once")
    )]
    limit: MaxSize,
    pub(super) state: RefreshState,
}

impl Remembered {
    /// Opens the file; nothing is remembered if it is not there.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn open(path: PathBuf, limit: MaxSize) -> Result<Self, Failure> {
        let state = if matches!(path.try_exists(), Ok(false)) {
            RefreshState::default()
        } else {
            refresh_state::read(&name_of_input(&path), &read(&path, limit)?)?
        };
        Ok(Self { path, limit, state })
    }

    /// Opens the file once more.
    ///
    /// # Errors
    /// It cannot be read.
    #[cfg(feature = "fetch")]
    pub(super) fn again(&self) -> Result<Self, Failure> {
        Self::open(self.path.clone(), self.limit)
    }

    /// Where the file is.
    #[cfg(feature = "fetch")]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file anew, whole.
    ///
    /// # Errors
    /// It cannot be written.
    #[cfg(feature = "fetch")]
    pub(super) fn save(&self) -> Result<(), Failure> {
        let text = refresh_state::write(&self.state)
            .map_err(|error| Failure::new(name_of_input(&self.path), error.to_string()))?;
        let pending = PendingFile::begin(&self.path, &Content::from(Vec::new()));
        let complete = pending.and_then(|pending| pending.complete(&[text]));
        let published = complete.and_then(CompleteFile::publish);
        published.map(drop).map_err(elsewhere)
    }
}

/// Waits until no other run works with the file at `path`, for so long at most.
///
/// # Errors
/// It cannot be locked, or another run still works with it.
#[cfg(feature = "fetch")]
pub(super) fn locked(path: &Path, patience: Duration, is_quiet: bool) -> Result<RunLock, Failure> {
    let waits = || {
        if !is_quiet {
            let name = name_of_input(path);
            print::to_stderr(&format!(
                "{name}: waiting for another run that works with it"
            ));
        }
    };
    RunLock::of(path, patience, waits).map_err(elsewhere)
}

/// The failure with what helps where a file cannot be written.
#[cfg(feature = "fetch")]
fn elsewhere(failure: Failure) -> Failure {
    if failure.message.starts_with("cannot be") {
        return failure.help("give a file that can be written with `--refresh-state`");
    }
    failure
}

/// Where the file is.
///
/// # Errors
/// It is not known, or not a file that can be read again.
pub(super) fn path(args: &RefreshArgs, paths: &Paths) -> Result<PathBuf, Failure> {
    if let Some(path) = &args.due.refresh_state {
        if is_dash(path) {
            let text = "`--refresh-state` needs a file, since the next run reads it again";
            return Err(Failure::new("", text));
        }
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
