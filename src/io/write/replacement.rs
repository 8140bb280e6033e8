//! A temporary file that will replace a file, or become a new one.

use std::fs::{File, Metadata};
#[cfg(feature = "fetch")]
use std::io::Write;
use std::io::{self, ErrorKind, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::background_copy::BackgroundCopy;
#[cfg(feature = "fetch")]
use super::chunks::write_by;
use super::chunks::write_chunks;
use super::failure::cannot_be_written;
use super::folders::MadeFolders;
use super::overwrite::overwrite;
use super::temporary::{LeftOvers, Temporary, parent};
use super::{Published, system};
use crate::model::Failure;

pub(super) struct Replacement {
    path: PathBuf,
    /// Whether there is a file at `path`.
    replaces: bool,
    /// Whether the new file is whole on the disk before it gets its name.
    is_synced: bool,
    temporary: Temporary,
    copy: Option<BackgroundCopy>,
    /// Behind the temporary file, so that they are empty when they are removed again.
    folders: MadeFolders,
}

impl Replacement {
    /// Begins a file at `path`, where `old` is now. It starts like `copied`, if that is given, and
    /// gets what is told by the system about the old file. `place` is its path, for messages; `left`
    /// what is known of temporary files in its folder.
    ///
    /// # Errors
    /// The error of the system, or the new file would not be like the old one.
    pub(super) fn begin(
        path: PathBuf,
        old: Option<Metadata>,
        copied: Option<&File>,
        place: &str,
        left: &mut LeftOvers,
    ) -> Result<Self, Failure> {
        let failure = |error| cannot_be_written(place, &error);
        let folders = MadeFolders::make(parent(&path)).map_err(failure)?;
        let temporary = Temporary::beside(&path, old.is_none(), left).map_err(failure)?;
        if let Some(old) = &old {
            system::inherit(temporary.file(), &path, old, place)?;
        }
        let copy = copied
            .map(|source| BackgroundCopy::begin(source, temporary.file()))
            .transpose()
            .map_err(failure)?;
        Ok(Self {
            path,
            replaces: old.is_some(),
            is_synced: old.is_some(),
            temporary,
            copy,
            folders,
        })
    }

    /// Makes also a new file wait for the disk.
    pub(super) fn sync(&mut self) {
        self.is_synced = true;
    }

    /// Lets only the owner read the new file, whoever could read the old one.
    ///
    /// # Errors
    /// The error of the system.
    pub(super) fn make_private(&self) -> io::Result<()> {
        system::make_private(self.temporary.file())
    }

    /// The path of the file that is replaced or made.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the chunks, except for the part of the first one that was already copied.
    ///
    /// # Errors
    /// The error of the system.
    pub(super) fn fill(&mut self, chunks: &[impl AsRef<[u8]>], is_gzipped: bool) -> io::Result<()> {
        let copy = self.copy.take();
        let file = self.temporary.file_mut();
        if let Some((copy, (first, rest))) = copy.zip(chunks.split_first()) {
            let length = first.as_ref().len() as u64;
            copy.end_at(length)?;
            file.set_len(length)?;
            file.seek(SeekFrom::Start(length))?;
            write_chunks(file, rest, is_gzipped)?;
        } else {
            write_chunks(file, chunks, is_gzipped)?;
        }
        self.settle()
    }

    /// Writes what a function writes, for a file that starts like no other.
    ///
    /// # Errors
    /// Those of the function and of the system.
    #[cfg(feature = "fetch")]
    pub(super) fn fill_by<T, E: From<io::Error>>(
        &mut self,
        is_gzipped: bool,
        write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
    ) -> Result<T, E> {
        let written = write_by(self.temporary.file_mut(), is_gzipped, write)?;
        self.settle()?;
        Ok(written)
    }

    fn settle(&self) -> io::Result<()> {
        // Without this, a crash of the machine could leave an empty file under the old name. A file
        // that replaces nothing cannot lose anything.
        if self.is_synced {
            self.temporary.file().sync_all()
        } else {
            Ok(())
        }
    }

    /// Renames the temporary file to the path. A file that is a mount of its own, as of a container,
    /// cannot be replaced; its content is overwritten. `place` is the path, for messages.
    ///
    /// # Errors
    /// The error of the system. The old file is whole, unless the message says where the new one is.
    pub(super) fn publish(self, place: &str) -> Result<Published, Failure> {
        let published = match self.temporary.persist(&self.path) {
            Ok(()) => Published::Whole,
            Err((error, whole)) if self.replaces && error.kind() == ErrorKind::ResourceBusy => {
                overwrite(&self.path, whole, place)?;
                Published::Overwritten
            }
            Err((error, _)) => return Err(cannot_be_written(place, &error)),
        };
        self.folders.keep();
        Ok(published)
    }
}
