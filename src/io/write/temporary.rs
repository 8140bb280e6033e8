//! Temporary files, which do not stay however a run ends.
//!
//! They are removed when a run fails and when a signal ends it. What a run that was killed has left
//! behind is removed by the next run of the same target: such a file has a name that only this
//! program gives, and nobody holds its lock.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tempfile::{Builder, NamedTempFile, PersistError};

use super::system;

const SUFFIX: &str = ".tmp";
/// The number of random letters and digits in a name.
const RANDOM: usize = 6;
/// How often a new file is tried. A second time is needed if another run has taken the first one
/// for a left-over, before it was locked.
const ATTEMPTS: usize = 20;

/// The temporary files of this process.
static OWN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn own() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    OWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A temporary file, locked, in the folder of the file that it will replace or become. It is removed
/// when this is dropped.
pub(super) struct Temporary {
    file: NamedTempFile,
    /// Behind the file, so that it is removed first.
    own: Own,
}

/// A path in the list of this process's temporary files.
struct Own(PathBuf);

impl Drop for Own {
    fn drop(&mut self) {
        own().remove(&self.0);
    }
}

impl Temporary {
    /// Makes a temporary file beside `path`, and removes those that killed runs have left for it there.
    /// Only the owner can read it, or everybody whom the umask allows if it is to be a `new` file.
    ///
    /// # Errors
    /// The error of the system.
    pub(super) fn beside(path: &Path, is_new: bool, left: &mut LeftOvers) -> io::Result<Self> {
        // Without it, the next run removes what a signal leaves.
        watch_signals();
        let prefix = prefix(path);
        left.remove(parent(path), &prefix);
        let mut builder = Builder::new();
        builder.prefix(&prefix).suffix(SUFFIX).rand_bytes(RANDOM);
        if is_new {
            system::like_any_new_file(&mut builder);
        }
        for _ in 0..ATTEMPTS {
            let new = Self::new(&builder, parent(path))?;
            if new.is_locked() {
                return Ok(new);
            }
        }
        Err(io::Error::other("its temporary files disappear"))
    }

    fn new(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<Self> {
        // A signal waits until the list has the file.
        let mut own = own();
        let file = builder.tempfile_in(folder)?;
        let path = file.path().to_owned();
        own.insert(path.clone());
        Ok(Self {
            file,
            own: Own(path),
        })
    }

    /// Locks the file, and reports whether it is still there. A file system without locks does not
    /// matter: there nobody removes what is left over.
    fn is_locked(&self) -> bool {
        !matches!(self.file().try_lock(), Err(TryLockError::WouldBlock))
            && self.file.path().exists()
    }

    pub(super) fn file(&self) -> &File {
        self.file.as_file()
    }

    pub(super) fn file_mut(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Renames the file.
    ///
    /// # Errors
    /// The error of the system, and the file, which is removed if it is dropped.
    pub(super) fn persist(self, path: &Path) -> Result<(), (io::Error, Self)> {
        let Self { file, own } = self;
        match file.persist(path) {
            Ok(_) => Ok(()),
            Err(PersistError { error, file }) => Err((error, Self { file, own })),
        }
    }

    /// Renames the file, which then stays however the run ends.
    ///
    /// # Errors
    /// The error of the system; the file is then removed.
    pub(super) fn keep(self, path: &Path) -> io::Result<File> {
        let Self { file, own } = self;
        // The list is locked, see `hold_signals`.
        mem::forget(own);
        Ok(file.persist(path)?)
    }

    /// Lets signals wait until the result is dropped.
    pub(super) fn hold_signals() -> impl Drop {
        own()
    }
}

/// From now on, signals that end the program are awaited.
pub(super) fn watch_signals() {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| drop(system::before_termination(clean_up)));
}

/// What a signal does before it ends the program.
fn clean_up() {
    remove_own();
    #[cfg(feature = "fetch")]
    crate::io::farewell::say();
}

/// Removes the temporary files of this process, which is about to end: the list stays locked, so that
/// no new ones are made.
fn remove_own() {
    let own = own();
    for path in own.iter() {
        let _ = fs::remove_file(path);
    }
    mem::forget(own);
}

/// How the names of temporary files for a path begin.
fn prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".{name}.autoexpose-")
}

/// The temporary files that lie in folders, each of which is read once however many files are written
/// there. What cannot be read or removed stays.
#[derive(Default)]
pub struct LeftOvers(BTreeMap<PathBuf, BTreeSet<String>>);

impl LeftOvers {
    /// Removes those for one target whose process has ended.
    fn remove(&mut self, folder: &Path, prefix: &str) {
        let known = self.0.entry(folder.to_owned());
        let names = known.or_insert_with(|| temporary_files(folder));
        let names = names.range(prefix.to_owned()..);
        let names = names.take_while(|name| name.starts_with(prefix));
        for name in names.filter(|name| is_temporary(name, prefix)) {
            let _ = remove_unlocked(&folder.join(name));
        }
    }
}

/// The files in a folder whose names may be those of temporary files.
fn temporary_files(folder: &Path) -> BTreeSet<String> {
    let Ok(mut entries) = fs::read_dir(folder) else {
        return BTreeSet::new();
    };
    let names = entries.by_ref().flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let may_be = name.starts_with('.') && name.ends_with(SUFFIX);
        (may_be && entry.file_type().is_ok_and(|kind| kind.is_file())).then_some(name)
    });
    let names = names.collect();
    // Not closed: the standard library panics where the system reports an error on closing a folder.
    mem::forget(entries);
    names
}

fn is_temporary(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .and_then(|rest| rest.strip_suffix(SUFFIX))
        .is_some_and(|random| {
            random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Removes a file whose lock nobody holds.
fn remove_unlocked(path: &Path) -> io::Result<()> {
    // Over NFS, only a file that is open for writing can be locked.
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    file.try_lock()?;
    fs::remove_file(path)
}

/// The folder of a file.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_left_overs_of_the_same_target_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let target = path("manifest.json");
        let left = ".manifest.json.autoexpose-a1B2c3.tmp";
        let foreign = [
            ".manifest.json.autoexpose-a1B2c3d.tmp",
            ".manifest.json.autoexpose-a1_2c3.tmp",
            ".manifest.json.backup.tmp",
            ".other.json.autoexpose-a1B2c3.tmp",
            "manifest.json",
        ];
        for name in foreign.iter().chain([&left]) {
            fs::write(path(name), "").expect("written");
        }
        let folder_of_that_name = path(".manifest.json.autoexpose-folder.tmp");
        fs::create_dir(&folder_of_that_name).expect("made");
        let mut left_overs = LeftOvers::default();
        let mut beside = || Temporary::beside(&target, true, &mut left_overs).expect("made");
        let living = beside();
        assert!(!path(left).exists());
        let second = beside();
        let third = Temporary::beside(&target, true, &mut LeftOvers::default()).expect("made");
        assert!(living.file.path().exists(), "it was locked");
        drop((living, second, third));
        assert!(foreign.iter().all(|name| path(name).exists()));
        let count = fs::read_dir(folder.path()).expect("listed").count();
        assert_eq!(count, foreign.len() + 1);
    }
}
