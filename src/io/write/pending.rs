//! A file that is being written, until it replaces the old one.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::background_copy::BackgroundCopy;
use super::folders::MadeFolders;
use super::guard::Guard;
use super::system;
use super::temporary::{Temporary, parent};
use crate::io::content::Content;
use crate::io::reason;
use crate::model::Failure;

/// A file that is begun, but whose content is not yet written.
pub struct PendingFile {
    /// The path as the user gave it, for messages.
    place: String,
    target: Target,
    guard: Guard,
}

/// A file that is completely written, but not yet under its name.
pub struct CompleteFile(PendingFile);

enum Target {
    /// A temporary file in the folder of the file that it will replace or become.
    Temporary(Box<Replacement>),
    /// A pipe or a device, which cannot be replaced, only written to.
    Direct(File),
}

struct Replacement {
    path: PathBuf,
    /// Whether there is a file at `path`.
    replaces: bool,
    temporary: Temporary,
    copy: Option<BackgroundCopy>,
    /// Behind the temporary file, so that they are empty when they are removed again.
    folders: MadeFolders,
}

impl PendingFile {
    /// Begins a file at `path` whose content will start like `source`. A symlink is kept, and its
    /// target is replaced. Missing folders are made.
    ///
    /// # Errors
    /// The target cannot be written: it is write-protected (also for root), its folder cannot be
    /// made, …
    pub fn begin(path: &Path, source: &Content) -> Result<Self, Failure> {
        let place = path.display().to_string();
        let given = path;
        let path = resolved(given);
        let guard =
            Guard::new(source, given, &path).map_err(|error| cannot_be_written(&place, &error))?;
        let target = match existing(&path) {
            Err(error) => return Err(cannot_be_written(&place, &error)),
            Ok(Some(old)) if old.is_dir() => {
                return Err(Failure::new(&place, "cannot be written: this is a folder"));
            }
            Ok(Some(old)) if old.permissions().readonly() => return Err(write_protected(&place)),
            Ok(Some(old)) if !old.is_file() => {
                let file =
                    File::create(&path).map_err(|error| cannot_be_written(&place, &error))?;
                Target::Direct(file)
            }
            Ok(old) => Target::Temporary(Box::new(Replacement::begin(path, old, source, &place)?)),
        };
        Ok(Self {
            place,
            target,
            guard,
        })
    }

    /// Gives the new file up because the old one is already right.
    ///
    /// # Errors
    /// The old file is no longer the one that was read.
    pub fn give_up(self) -> Result<(), Failure> {
        self.guard.check(&self.place)
    }

    /// Writes the whole text, given in chunks. The source must start with the first chunk.
    ///
    /// # Errors
    /// The disk is full, …; the target is then unchanged, and no temporary file is left behind.
    pub fn complete(mut self, chunks: &[&str]) -> Result<CompleteFile, Failure> {
        let written = match &mut self.target {
            Target::Direct(file) => write_chunks(file, chunks),
            Target::Temporary(replacement) => replacement.fill(chunks),
        };
        match written {
            Ok(()) => Ok(CompleteFile(self)),
            Err(error) => Err(cannot_be_written(&self.place, &error)),
        }
    }
}

impl CompleteFile {
    /// Replaces the old file by the new one.
    ///
    /// # Errors
    /// The file that was read has changed meanwhile, or another run holds its lock, or the error of
    /// the system; the target then stays as it is.
    pub fn publish(self) -> Result<(), Failure> {
        let PendingFile {
            place,
            target,
            guard,
        } = self.0;
        let Target::Temporary(replacement) = target else {
            return guard.check(&place);
        };
        guard.check(&place)?;
        // Of two runs that read the same file, the second one waits here until the first one has
        // replaced it, and then sees that it did.
        let _lock = if guard.is_in_place() {
            Some(locked(&replacement.path, &place)?)
        } else {
            None
        };
        guard.check(&place)?;
        replacement
            .temporary
            .persist(&replacement.path)
            .map_err(|error| cannot_be_written(&place, &error))?;
        replacement.folders.keep();
        Ok(())
    }
}

impl Replacement {
    fn begin(
        path: PathBuf,
        old: Option<Metadata>,
        source: &Content,
        place: &str,
    ) -> Result<Self, Failure> {
        let failure = |error| cannot_be_written(place, &error);
        let folders = MadeFolders::make(parent(&path)).map_err(failure)?;
        let temporary = Temporary::beside(&path, old.is_none()).map_err(failure)?;
        if let Some(old) = &old {
            system::keep_mode_and_owner(temporary.file(), old, place)?;
        }
        let copy = source
            .mapped_file()
            .map(|source| BackgroundCopy::begin(source, temporary.file()))
            .transpose()
            .map_err(failure)?;
        Ok(Self {
            path,
            replaces: old.is_some(),
            temporary,
            copy,
            folders,
        })
    }

    /// Writes the chunks, except for the part of the first one that was already copied.
    fn fill(&mut self, chunks: &[&str]) -> io::Result<()> {
        let copy = self.copy.take();
        let file = self.temporary.file_mut();
        if let Some((copy, (first, rest))) = copy.zip(chunks.split_first()) {
            let length = first.len() as u64;
            copy.end_at(length)?;
            file.set_len(length)?;
            file.seek(SeekFrom::Start(length))?;
            write_chunks(file, rest)?;
        } else {
            write_chunks(file, chunks)?;
        }
        // Without this, a crash of the machine could leave an empty file under the old name. A file
        // that replaces nothing cannot lose anything.
        if self.replaces {
            file.sync_all()
        } else {
            Ok(())
        }
    }
}

/// Locks the file at `path` against other runs. `place` is its path, for messages.
fn locked(path: &Path, place: &str) -> Result<system::Lock, Failure> {
    match system::lock(path) {
        Ok(Some(lock)) => Ok(lock),
        Ok(None) => Err(
            Failure::new(place, "cannot be written: another program has locked it")
                .help("run it again when that program has ended"),
        ),
        Err(error) => Err(cannot_be_written(place, &error)),
    }
}

fn cannot_be_written(place: &str, error: &io::Error) -> Failure {
    Failure::new(place, format!("cannot be written: {}", reason(error))).help("nothing was changed")
}

fn write_protected(place: &str) -> Failure {
    Failure::new(place, "cannot be written: the file is write-protected")
        .help(format!("{}, or use `--output`", system::MAKE_WRITABLE))
}

/// The metadata of the file at a path, if there is one.
fn existing(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The path that symlinks lead to, even if no file exists there yet.
fn resolved(path: &Path) -> PathBuf {
    /// The number of links in a row that Linux follows.
    const MOST_LINKS: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = fs::read_link(&target) else {
            break;
        };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    target
}

/// Writes all chunks, small ones in one call of the system.
fn write_chunks(writer: &mut impl Write, chunks: &[&str]) -> io::Result<()> {
    let mut writer = BufWriter::with_capacity(1 << 20, writer);
    for chunk in chunks {
        writer.write_all(chunk.as_bytes())?;
    }
    writer.flush()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Accepts this many bytes and is then full.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    pub(crate) fn replace(source: &Path, target: &Path, chunks: &[&str]) -> Result<(), Failure> {
        let source = Content::open(source).expect("there");
        PendingFile::begin(target, &source)?
            .complete(chunks)?
            .publish()
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let error = write_chunks(&mut Full(5), &["abc", "def"]).expect_err("too long");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        write_chunks(&mut Full(6), &["abc", "def"]).expect("fits");
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
                let source = Content::open(&target).expect("opened");
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
        let source = Content::open(&target).expect("opened");
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
        let source = Content::open(&target).expect("opened");
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
