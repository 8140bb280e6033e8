//! Writing a manifest so that at any moment the old or the new file is there, whole.
//!
//! Most of a patched manifest is what it was. So the system copies the old file into the new one
//! while we still find out what has to change ([`Draft::begin`]); what comes behind the first
//! change is then written anew ([`Draft::complete`]), and the new file takes the old one's name
//! ([`Complete::publish`]).

mod copy;

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use self::copy::Copy;
use super::content::Content;
use super::reason;
use crate::model::Failure;

/// A file that is to be written.
pub struct Draft {
    place: String,
    file: New,
}

enum New {
    /// A temporary file in the folder of the target.
    Beside(Box<Beside>),
    /// A pipe or a device, which cannot be replaced, only written to.
    Direct(File),
}

/// A file that is to take the place and the name of another one.
struct Beside {
    target: PathBuf,
    replaces: bool,
    temporary: NamedTempFile,
    copy: Option<Copy>,
}

/// A file that is written and has not got its name yet.
pub struct Complete(Draft);

impl Draft {
    /// Begins a file at `path` that is to be like `source`, as far as nobody says otherwise. A
    /// symlink stays, and what it leads to is replaced.
    ///
    /// # Errors
    /// A target without write bit (for root as well), a folder that does not exist, …
    pub fn begin(path: &Path, source: &Content) -> Result<Self, Failure> {
        let place = path.display().to_string();
        let failure = |error| cannot_be_written(&place, &error);
        let target = resolved(path);
        let old = match fs::metadata(&target) {
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failure(error)),
        };
        let file = match &old {
            Some(old) if old.is_dir() => {
                return Err(Failure::new(&place, "cannot be written: this is a folder"));
            }
            Some(old) if old.permissions().readonly() => {
                let message = "cannot be written: the file is write-protected";
                return Err(
                    Failure::new(&place, message).help("give it a write bit, or use `--output`")
                );
            }
            Some(old) if !old.is_file() => New::Direct(File::create(&target).map_err(failure)?),
            _ => {
                let temporary = temporary(&target, old.as_ref()).map_err(failure)?;
                if let Some(old) = &old {
                    keep_mode_and_owner(temporary.as_file(), old)
                        .map_err(|error| cannot_keep_owner(&place, &error))?;
                }
                let copy = source
                    .large_file()
                    .map(|source| Copy::begin(source, temporary.as_file()));
                let copy = copy.transpose().map_err(failure)?;
                New::Beside(Box::new(Beside {
                    target,
                    replaces: old.is_some(),
                    temporary,
                    copy,
                }))
            }
        };
        Ok(Self { place, file })
    }

    /// Writes the whole text, in pieces. The first of them is what the source begins with.
    ///
    /// # Errors
    /// A full disk, …; then the target is what it was, and no other file is left behind.
    pub fn complete(mut self, pieces: &[&str]) -> Result<Complete, Failure> {
        let written = match &mut self.file {
            New::Direct(file) => write_pieces(file, pieces),
            New::Beside(new) => fill(new.temporary.as_file_mut(), new.copy.take(), pieces)
                .and_then(|()| {
                    if new.replaces {
                        new.temporary.as_file().sync_all()
                    } else {
                        Ok(())
                    }
                }),
        };
        match written {
            Ok(()) => Ok(Complete(self)),
            Err(error) => Err(cannot_be_written(&self.place, &error)),
        }
    }
}

impl Complete {
    /// Puts the file in the place of the old one.
    ///
    /// # Errors
    /// The system's; then the target is what it was.
    pub fn publish(self) -> Result<(), Failure> {
        let Draft { place, file } = self.0;
        match file {
            New::Direct(_) => Ok(()),
            New::Beside(new) => new
                .temporary
                .persist(new.target)
                .map(drop)
                .map_err(|error| cannot_be_written(&place, &error.error)),
        }
    }
}

fn cannot_be_written(place: &str, error: &io::Error) -> Failure {
    Failure::new(place, format!("cannot be written: {}", reason(error))).help("nothing was changed")
}

fn cannot_keep_owner(place: &str, error: &io::Error) -> Failure {
    let message = format!(
        "cannot be replaced, since it would get another owner or group: {}",
        reason(error)
    );
    Failure::new(place, message).help("run as the owner of the file, or use `--output`")
}

/// Where a path leads to, over symlinks. Also a link to a file that is still to be made leads there.
fn resolved(path: &Path) -> PathBuf {
    /// As many links in a row as Linux follows.
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

fn temporary(target: &Path, old: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let folder = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.");
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(".tmp");
    if old.is_none() {
        // As any new file: the umask takes its share of this.
        builder.permissions(PermissionsExt::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

fn keep_mode_and_owner(file: &File, old: &Metadata) -> io::Result<()> {
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    file.set_permissions(old.permissions())
}

/// Writes the pieces, but for what of the first one was copied already.
fn fill(file: &mut File, copy: Option<Copy>, pieces: &[&str]) -> io::Result<()> {
    let Some((copy, (first, rest))) = copy.zip(pieces.split_first()) else {
        return write_pieces(file, pieces);
    };
    let length = first.len() as u64;
    copy.end_at(length)?;
    file.set_len(length)?;
    file.seek(SeekFrom::Start(length))?;
    write_pieces(file, rest)
}

/// Writes all pieces, in large steps.
fn write_pieces(writer: &mut impl Write, pieces: &[&str]) -> io::Result<()> {
    let mut writer = BufWriter::with_capacity(1 << 20, writer);
    for piece in pieces {
        writer.write_all(piece.as_bytes())?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Takes so many bytes and then is full.
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

    fn replace(source: &Path, target: &Path, pieces: &[&str]) -> Result<(), Failure> {
        let source = Content::open(source).expect("there");
        Draft::begin(target, &source)?.complete(pieces)?.publish()
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let error = write_pieces(&mut Full(5), &["abc", "def"]).expect_err("too long");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        write_pieces(&mut Full(6), &["abc", "def"]).expect("fits");
    }

    #[test]
    fn mode_and_symlink_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let (target, link) = (
            folder.path().join("real.json"),
            folder.path().join("link.json"),
        );
        fs::write(&target, "old").expect("written");
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).expect("set");
        symlink("real.json", &link).expect("linked");
        replace(&link, &link, &["n", "ew"]).expect("replaced");
        assert_eq!(fs::read_to_string(&target).expect("read"), "new");
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&target).expect("there").mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 2);
    }

    #[test]
    fn a_symlink_to_nothing_yet_leads_to_the_new_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let (target, link) = (
            folder.path().join("new.json"),
            folder.path().join("link.json"),
        );
        symlink("new.json", &link).expect("linked");
        let source = folder.path().join("source.json");
        fs::write(&source, "old").expect("written");
        replace(&source, &link, &["new"]).expect("written");
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&target).expect("read"), "new");
    }

    #[test]
    fn a_protected_file_is_refused_for_everybody() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("manifest.json");
        fs::write(&target, "old").expect("written");
        fs::set_permissions(&target, fs::Permissions::from_mode(0o444)).expect("set");
        let failure = replace(&target, &target, &["new"]).expect_err("refused");
        assert!(failure.message.contains("write-protected"), "{failure}");
        assert_eq!(fs::read_to_string(&target).expect("read"), "old");
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
