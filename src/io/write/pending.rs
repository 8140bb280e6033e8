//! A file that is being written, until it replaces the old one.

use std::fs::File;
use std::io;
#[cfg(feature = "fetch")]
use std::io::Write;
use std::path::Path;

use super::chunks::{ends_like_gzip, write_chunks};
use super::failure::{cannot_be_written, locked_by_another, write_protected};
use super::guard::Guard;
use super::path::{existing, resolved};
use super::replacement::Replacement;
use super::temporary::LeftOvers;
use super::{Published, system};
use crate::io::content::Content;
use crate::io::is_standard_output;
use crate::model::Failure;

/// A file that is begun, but whose content is not yet written.
pub struct PendingFile {
    /// The path as the user gave it, for messages.
    place: String,
    target: Target,
    guard: Guard,
    is_gzipped: bool,
}

/// A file that is completely written, but not yet under its name.
pub struct CompleteFile(PendingFile);

enum Target {
    /// A temporary file in the folder of the file that it will replace or become.
    Temporary(Box<Replacement>),
    /// A pipe or a device, which cannot be replaced, only written to.
    Direct(File),
    StandardOutput,
}

impl PendingFile {
    /// Begins a file at `path` whose content will start like `source`. A symlink is kept, and its
    /// target is replaced. Missing folders are made. It is gzipped if its name ends in `.gz`, or if
    /// it is the source itself and that is gzipped.
    ///
    /// # Errors
    /// The target cannot be written: it is write-protected (also for root), its folder cannot be
    /// made, …
    pub fn begin(path: &Path, source: &Content) -> Result<Self, Failure> {
        Self::begin_one_of_many(path, source, &mut LeftOvers::default())
    }

    /// The same for one of many files, for all of which there is one `left`.
    ///
    /// # Errors
    /// As for a single one.
    pub fn begin_one_of_many(
        path: &Path,
        source: &Content,
        left: &mut LeftOvers,
    ) -> Result<Self, Failure> {
        let place = path.display().to_string();
        let failure = |error| cannot_be_written(&place, &error);
        if is_standard_output(path) {
            return Ok(Self {
                place: "standard output".to_owned(),
                target: Target::StandardOutput,
                guard: Guard::default(),
                is_gzipped: false,
            });
        }
        let old = existing(path).map_err(failure)?;
        let real = resolved(path);
        let guard = Guard::new(source, path, &real).map_err(failure)?;
        let is_gzipped = if guard.is_in_place() {
            source.is_gzipped()
        } else {
            ends_like_gzip(path)
        };
        let target = match old {
            Some(old) if old.is_dir() => {
                return Err(Failure::new(&place, "cannot be written: this is a folder"));
            }
            Some(old) if old.permissions().readonly() => return Err(write_protected(&place)),
            Some(old) if !old.is_file() => Target::Direct(File::create(path).map_err(failure)?),
            old => {
                let copied = source.copied_file().filter(|_| !is_gzipped);
                let replacement = Replacement::begin(real, old, copied, &place, left)?;
                Target::Temporary(Box::new(replacement))
            }
        };
        Ok(Self {
            place,
            target,
            guard,
            is_gzipped,
        })
    }

    /// The same file, which is whole on the disk before it gets its name even if it is a new one: for
    /// files of which several belong together.
    pub fn synced(mut self) -> Self {
        if let Target::Temporary(replacement) = &mut self.target {
            replacement.sync();
        }
        self
    }

    /// The same file, which only its owner can read: for what names people.
    ///
    /// # Errors
    /// The error of the system.
    pub fn private(self) -> Result<Self, Failure> {
        if let Target::Temporary(replacement) = &self.target {
            let made = replacement.make_private();
            made.map_err(|error| cannot_be_written(&self.place, &error))?;
        }
        Ok(self)
    }

    /// Gives the new file up because the old one is already right.
    ///
    /// # Errors
    /// The old file is no longer the one that was read.
    pub fn give_up(self) -> Result<(), Failure> {
        self.guard.check(&self.place)
    }

    /// Writes the whole content, given in chunks. The source must start with the first chunk.
    ///
    /// # Errors
    /// The disk is full, …; the target is then unchanged, and no temporary file is left behind.
    pub fn complete(mut self, chunks: &[impl AsRef<[u8]>]) -> Result<CompleteFile, Failure> {
        let is_gzipped = self.is_gzipped;
        let written = match &mut self.target {
            Target::Direct(file) => write_chunks(file, chunks, is_gzipped),
            Target::StandardOutput => {
                until_closed(write_chunks(io::stdout().lock(), chunks, false))
            }
            Target::Temporary(replacement) => replacement.fill(chunks, is_gzipped),
        };
        match written {
            Ok(()) => Ok(CompleteFile(self)),
            Err(error) => Err(cannot_be_written(&self.place, &error)),
        }
    }

    /// Writes the whole content as a function makes it, piece by piece. What cannot be taken back, as
    /// standard output, gets it at the end.
    ///
    /// # Errors
    /// Why the function stopped; the disk is full, …; the target is then unchanged, and no temporary
    /// file is left behind.
    #[cfg(feature = "fetch")]
    pub fn complete_by<T>(
        mut self,
        write: impl FnOnce(&mut dyn Write) -> Result<T, Stopped>,
    ) -> Result<(CompleteFile, T), Failure> {
        let written = if let Target::Temporary(replacement) = &mut self.target {
            replacement.fill_by(self.is_gzipped, write)
        } else {
            let mut content = Vec::new();
            let written = write(&mut content);
            let made = written.map_err(|stopped| self.failure(stopped))?;
            return Ok((self.complete(&[content])?, made));
        };
        match written {
            Ok(made) => Ok((CompleteFile(self), made)),
            Err(stopped) => Err(self.failure(stopped)),
        }
    }

    #[cfg(feature = "fetch")]
    fn failure(&self, stopped: Stopped) -> Failure {
        match stopped {
            Stopped::NotWritten(error) => cannot_be_written(&self.place, &error),
            Stopped::Failed(failure) => failure,
        }
    }
}

/// Why a content did not come to its end.
#[cfg(feature = "fetch")]
pub enum Stopped {
    /// It could not be written.
    NotWritten(io::Error),
    /// It could not be made.
    Failed(Failure),
}

#[cfg(feature = "fetch")]
impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::NotWritten(error)
    }
}

/// A closed standard output is not a failure: its reader has seen enough.
fn until_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

impl CompleteFile {
    /// Replaces the old file by the new one.
    ///
    /// # Errors
    /// The file that was read has changed meanwhile, or another run holds its lock, or the error of
    /// the system; the target then stays as it is.
    pub fn publish(self) -> Result<Published, Failure> {
        let PendingFile {
            place,
            target,
            guard,
            ..
        } = self.0;
        guard.check(&place)?;
        let Target::Temporary(replacement) = target else {
            return Ok(Published::Whole);
        };
        // Of two runs that read the same file, the second one waits here until the first one has
        // replaced it, and then sees that it did.
        let _lock = if guard.is_in_place() {
            Some(locked(replacement.path(), &place)?)
        } else {
            None
        };
        guard.check(&place)?;
        replacement.publish(&place)
    }
}

/// Locks the file at `path` against other runs. `place` is its path, for messages.
fn locked(path: &Path, place: &str) -> Result<system::Lock, Failure> {
    system::lock(path)
        .map_err(|error| cannot_be_written(place, &error))?
        .ok_or_else(|| locked_by_another(place))
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;
    use crate::io::max_size::MaxSize;

    pub(crate) fn replace(
        source: &Path,
        target: &Path,
        chunks: &[&str],
    ) -> Result<Published, Failure> {
        let source = Content::open(source, MaxSize::ENOUGH).expect("there");
        PendingFile::begin(target, &source)?
            .complete(chunks)?
            .publish()
    }

    #[test]
    fn a_protected_file_is_refused_for_everybody() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("manifest.json");
        fs::write(&target, "old").expect("written");
        let mut permissions = fs::metadata(&target).expect("there").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&target, permissions).expect("set");
        let failure = replace(&target, &target, &["new"]).expect_err("refused");
        assert!(failure.message.contains("write-protected"), "{failure}");
        assert_eq!(fs::read_to_string(&target).expect("read"), "old");
    }

    /// Somebody changes the manifest after it was read and before it is replaced.
    #[test]
    fn a_file_that_changed_meanwhile_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let (target, link, newer) = (path("manifest.json"), path("link.json"), path("newer"));
        let changes: [(&str, &dyn Fn()); 4] = [
            ("replaced", &|| {
                fs::rename(&newer, &target).expect("renamed")
            }),
            ("written", &|| fs::write(&target, "newer").expect("written")),
            ("grown", &|| {
                let mut file = File::options().append(true).open(&target).expect("opened");
                file.write_all(b"er").expect("written");
            }),
            ("gone", &|| fs::remove_file(&target).expect("removed")),
        ];
        for (what, change) in changes {
            for length in [3, 9 << 20] {
                fs::write(&target, "o".repeat(length)).expect("written");
                fs::write(&newer, "newer").expect("written");
                let source = Content::open(&target, MaxSize::ENOUGH).expect("opened");
                let pending = PendingFile::begin(&target, &source).expect("begun");
                let complete = pending.complete(&["", "new"]).expect("complete");
                change();
                let changed = fs::read(&target).ok();
                let failure = complete.publish().expect_err(what);
                assert!(failure.message.contains("changed while"), "{failure}");
                assert!(fs::read(&target).ok() == changed, "{what}");
            }
        }
        let _ = fs::remove_file(&newer);
        fs::write(&target, "old").expect("written");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
        let source = Content::open(&target, MaxSize::ENOUGH).expect("opened");
        let pending = PendingFile::begin(&link, &source).expect("begun");
        fs::write(&target, "newer").expect("written");
        let complete = pending.complete(&["new"]).expect("complete");
        complete
            .publish()
            .expect("another file than the one that was read");
    }

    #[test]
    fn a_file_that_is_given_up_must_be_the_one_that_was_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("manifest.json");
        fs::write(&target, "old").expect("written");
        let source = Content::open(&target, MaxSize::ENOUGH).expect("opened");
        let begin = || PendingFile::begin(&target, &source).expect("begun");
        begin().give_up().expect("still the same");
        let pending = begin();
        fs::write(&target, "newer").expect("written");
        pending.give_up().expect_err("changed");
    }

    #[test]
    fn a_large_file_is_copied_up_to_the_first_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("manifest.json");
        let old = "0123456789".repeat(1 << 20);
        fs::write(&target, &old).expect("written");
        for (unchanged, tail) in [(old.len(), ""), (7_000_003, "new"), (0, "all new")] {
            let output = folder.path().join("output.json");
            replace(&target, &output, &[&old[..unchanged], tail]).expect("written");
            let written = fs::read_to_string(&output).expect("read");
            assert!(
                written == format!("{}{tail}", &old[..unchanged]),
                "{unchanged}"
            );
        }
        replace(&target, &target, &[&old[..9], "!"]).expect("replaced");
        assert_eq!(fs::read_to_string(&target).expect("read"), "012345678!");
    }
}
