//! Several files that are written together.

use std::path::PathBuf;

use crate::io::content::Content;
use crate::io::write::{CompleteFile, LeftOvers, PendingFile, allow_open_files, remove};
use crate::model::Failure;

/// A file that is written or removed.
pub(super) struct NewFile<'c> {
    pub(super) path: PathBuf,
    /// The file as it was read; `None` if there was none.
    pub(super) old: Option<&'c Content>,
    /// Its new content; `None` if it is removed.
    pub(super) new: Option<&'c [u8]>,
}

/// Everything that a run writes: complete, but not yet under its name; and what it removes.
pub(super) struct NewFiles<'c> {
    complete: Vec<CompleteFile>,
    removed: Vec<(PathBuf, &'c Content)>,
}

impl<'c> NewFiles<'c> {
    /// Writes all files, whole and synced, beside those that they will replace.
    pub(super) fn complete(
        files: impl IntoIterator<Item = NewFile<'c>>,
    ) -> Result<Self, Vec<Failure>> {
        let unchanged = |failure: Failure| vec![failure.help("no file was changed")];
        let mut new = Self {
            complete: Vec::new(),
            removed: Vec::new(),
        };
        let none = Content::from(Vec::new());
        let mut left = LeftOvers::default();
        // Each stays open, and with it locked, until it gets its name.
        let files = files.into_iter().collect::<Vec<_>>();
        allow_open_files(files.len());
        for file in files {
            let NewFile {
                path,
                old,
                new: content,
            } = file;
            let Some(content) = content else {
                new.removed.extend(old.map(|old| (path, old)));
                continue;
            };
            let pending = PendingFile::begin_one_of_many(&path, old.unwrap_or(&none), &mut left);
            let complete = pending
                .map_err(unchanged)?
                .synced()
                .complete(&[&[], content]);
            new.complete.push(complete.map_err(unchanged)?);
        }
        Ok(new)
    }

    /// Puts all files in their places, then removes those of which nothing is left. Whatever stops it,
    /// each file is the old or the new one, and the next run goes on.
    pub(super) fn publish(self) -> Result<(), Vec<Failure>> {
        let mut done = 0;
        for file in self.complete {
            file.publish().map_err(|failure| half_done(failure, done))?;
            done += 1;
        }
        for (path, old) in self.removed {
            remove(&path, old).map_err(|failure| half_done(failure, done))?;
            done += 1;
        }
        Ok(())
    }
}

/// The failure for a file that cannot be put in its place when `done` others are.
fn half_done(failure: Failure, done: usize) -> Vec<Failure> {
    let help = match done {
        0 => "no file was changed; run it again",
        _ => "some of the files are written, each of them whole; run it again to write the others",
    };
    vec![failure.help(help)]
}
