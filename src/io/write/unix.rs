//! What a file inherits from the one that it replaces on Unix: permission bits, owner and group; how
//! that one is locked; and what happens before a signal ends the program.

use std::fs::{File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::mem;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;
use std::ptr;
use std::sync::mpsc::channel;
use std::thread;

use libc::{SIGHUP, SIGINT, SIGTERM, c_int};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use tempfile::Builder;

use super::guard::wait_for;
use crate::io::reason;
use crate::model::Failure;

/// The lock of a file, until it is dropped: the file itself, opened once more. No file that could be
/// left behind is needed, since runs that compete have read the same file.
pub(super) type Lock = File;

/// Waits for the lock of the file at `path`; `None` if another program keeps it.
///
/// # Errors
/// The file cannot be opened. A file system without locks is not an error: the stamp of the file is
/// checked anyway.
pub(super) fn lock(path: &Path) -> io::Result<Option<Lock>> {
    // Over NFS, only a file that is open for writing can be locked.
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .or_else(|_| File::open(path))?;
    let is_locked = wait_for(|| match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(None),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(())),
    })?;
    Ok(is_locked.map(|()| file))
}

/// The signals by which people and schedulers end a program.
const ENDING: [c_int; 3] = [SIGHUP, SIGINT, SIGTERM];

/// Calls a function before a signal ends this program, which then ends as if nobody had waited for
/// the signal. Signals that the program was started to ignore stay ignored.
///
/// # Errors
/// The error of the system; signals then end the program at once.
pub(super) fn before_termination(clean_up: fn()) -> io::Result<()> {
    // The thread comes first: a signal that is awaited and has no thread would be lost.
    let (sender, receiver) = channel::<Signals>();
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for mut signals in receiver {
                for signal in &mut signals {
                    clean_up();
                    let _ = emulate_default_handler(signal);
                }
            }
        })?;
    let signals = Signals::new(ENDING.into_iter().filter(|signal| !is_ignored(*signal)))?;
    // The thread waits for it until the program ends.
    let _ = sender.send(signals);
    Ok(())
}

/// Whether this program was started to ignore a signal, as nohup does with SIGHUP.
#[allow(unsafe_code, reason = "the standard library cannot ask this")]
fn is_ignored(signal: c_int) -> bool {
    // SAFETY: `sigaction` is plain data, for which zeros are valid; without a new action, the call
    // only writes the present one to it.
    unsafe {
        let mut present: libc::sigaction = mem::zeroed();
        libc::sigaction(signal, ptr::null(), &raw mut present) == 0
            && present.sa_sigaction == libc::SIG_IGN
    }
}

/// How a user makes a write-protected file writable.
pub(super) const MAKE_WRITABLE: &str = "give it a write bit";

/// Gives a temporary file the permissions of any new file, which the umask narrows. By default only
/// the owner can read temporary files.
pub(super) fn like_any_new_file(builder: &mut Builder<'_, '_>) {
    builder.permissions(PermissionsExt::from_mode(0o666));
}

/// Gives a temporary file mode, owner and group of the file that it will replace. `place` is the
/// path of that file, for messages.
///
/// # Errors
/// This process is not allowed to set that owner or group.
pub(super) fn keep_mode_and_owner(file: &File, old: &Metadata, place: &str) -> Result<(), Failure> {
    try_keep(file, old).map_err(|error| {
        let message = format!(
            "cannot be replaced: it would get another owner or group: {}",
            reason(&error)
        );
        Failure::new(place, message).help("run as the owner of the file, or use `--output`")
    })
}

fn try_keep(file: &File, old: &Metadata) -> io::Result<()> {
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    // Last, since a change of owner clears the set-user-ID bits.
    file.set_permissions(old.permissions())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::io::write::pending::tests::replace;

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
}
