//! Writing a manifest so that at any moment the old or the new file is there, whole.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use super::reason;
use crate::model::Failure;

/// Writes pieces of text to a file: to a temporary one in the same folder, which then takes the
/// target's name, mode and owner. A symlink stays and its target is replaced.
///
/// # Errors
/// A target without write bit (for root as well), a folder that does not exist, a full disk, …;
/// then the target is what it was, and no other file is left behind.
pub fn replace(path: &Path, pieces: &[&str]) -> Result<(), Failure> {
    let place = path.display().to_string();
    let failure = |error: io::Error| {
        Failure::new(&place, format!("cannot be written: {}", reason(&error)))
            .help("nothing was changed")
    };
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = match fs::metadata(&target) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failure(error)),
    };
    match &old {
        Some(old) if old.is_dir() => {
            Err(Failure::new(&place, "cannot be written: this is a folder"))
        }
        Some(old) if old.permissions().readonly() => {
            Err(Failure::new(&place, "cannot be written: the file is write-protected")
                .help("give it a write bit, or use `--output`"))
        }
        // A pipe or a device cannot be replaced, only written to.
        Some(old) if !old.is_file() => File::create(&target)
            .and_then(|mut file| write_pieces(&mut file, pieces))
            .map_err(failure),
        _ => replace_file(&target, old.as_ref(), pieces).map_err(failure),
    }
}

fn replace_file(target: &Path, old: Option<&Metadata>, pieces: &[&str]) -> io::Result<()> {
    let folder = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or_else(|| PathBuf::from("."), Path::to_owned);
    let prefix =
        target.file_name().map(|name| format!(".{}.", name.to_string_lossy())).unwrap_or_default();
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(".tmp");
    if old.is_none() {
        // As any new file: the umask takes its share of this.
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder)?;
    write_pieces(temporary.as_file_mut(), pieces)?;
    if let Some(old) = old {
        let file = temporary.as_file();
        // Only root may give a file away; anybody else owns the old one or may replace it as is.
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
        file.set_permissions(old.permissions())?;
        file.sync_all()?;
    }
    temporary.persist(target).map_err(|error| error.error)?;
    Ok(())
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
    use std::os::unix::fs::{PermissionsExt, symlink};

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

    #[test]
    fn a_full_disk_is_an_error() {
        let error = write_pieces(&mut Full(5), &["abc", "def"]).expect_err("too long");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        write_pieces(&mut Full(6), &["abc", "def"]).expect("fits");
    }

    #[test]
    fn mode_and_symlink_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let (target, link) = (folder.path().join("real.json"), folder.path().join("link.json"));
        fs::write(&target, "old").expect("written");
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).expect("set");
        symlink("real.json", &link).expect("linked");
        replace(&link, &["n", "ew"]).expect("replaced");
        assert_eq!(fs::read_to_string(&target).expect("read"), "new");
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&target).expect("there").mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 2);
    }

    #[test]
    fn a_protected_file_is_refused_for_everybody() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("manifest.json");
        fs::write(&target, "old").expect("written");
        fs::set_permissions(&target, fs::Permissions::from_mode(0o444)).expect("set");
        let failure = replace(&target, &["new"]).expect_err("refused");
        assert!(failure.message.contains("write-protected"), "{failure}");
        assert_eq!(fs::read_to_string(&target).expect("read"), "old");
    }
}
