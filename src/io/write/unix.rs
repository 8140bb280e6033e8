//! What a file inherits from the one that it replaces on Unix: owner, mode and attributes; how
//! that one is locked; and what happens before a signal ends the program.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions, Permissions, TryLockError};
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
use xattr::FileExt;

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

/// Raises the limit of open files by so many, as far as the system lets it.
#[allow(unsafe_code, reason = "the standard library cannot ask this")]
pub(super) fn allow_open_files(more: usize) {
    // SAFETY: `rlimit` is plain data, which the first call fills and the second one reads.
    unsafe {
        let mut limit: libc::rlimit = mem::zeroed();
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 {
            let wanted = limit.rlim_cur.saturating_add(more as libc::rlim_t);
            limit.rlim_cur = wanted.min(limit.rlim_max);
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        }
    }
}

/// How a user makes a write-protected file writable.
pub(super) const MAKE_WRITABLE: &str = "give it a write bit";

/// Gives a temporary file the permissions of any new file, which the umask narrows. By default only
/// the owner can read temporary files.
pub(super) fn like_any_new_file(builder: &mut Builder<'_, '_>) {
    builder.permissions(PermissionsExt::from_mode(0o666));
}

/// Lets only the owner read and write a file.
pub(super) fn make_private(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(0o600))
}

/// Gives a temporary file what the file at `path` has, which it will replace: owner, group, mode and
/// extended attributes, among them access control lists. `place` is that path, for messages.
///
/// # Errors
/// The file has other names as well, which would stay with the old content, or this process is not
/// allowed to set one of these.
pub(super) fn inherit(
    file: &File,
    path: &Path,
    old: &Metadata,
    place: &str,
) -> Result<(), Failure> {
    let failure = |what: String| {
        Failure::new(place, format!("cannot be replaced: {what}"))
            .help("nothing was changed; use `--output`, or copy the file and patch the copy")
    };
    if old.nlink() > 1 {
        let others = old.nlink() - 1;
        return Err(failure(format!(
            "it has hard links ({others} more), which would keep the old content"
        )));
    }
    keep_owner_and_mode(file, old).map_err(|error| {
        let reason = reason(&error);
        failure(format!(
            "it would get another owner, group or mode: {reason}"
        ))
    })?;
    keep_attributes(file, path).map_err(|(what, error)| {
        let reason = reason(&error);
        failure(format!("it would lose {what}: {reason}"))
    })
}

fn keep_owner_and_mode(file: &File, old: &Metadata) -> io::Result<()> {
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    // Last, since a change of owner clears the set-user-ID bits.
    file.set_permissions(old.permissions())
}

/// Copies extended attributes, or tells what cannot be copied.
fn keep_attributes(file: &File, path: &Path) -> Result<(), (String, io::Error)> {
    let names = match xattr::list_deref(path) {
        // Not every file system has them.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(()),
        names => names.map_err(|error| ("its extended attributes".to_owned(), error))?,
    };
    for name in names.filter(|name| !is_set_by_system(name)) {
        let kept = xattr::get_deref(path, &name).and_then(|value| match value {
            Some(value) => file.set_xattr(&name, &value),
            None => Ok(()),
        });
        let what = || format!("its extended attribute `{}`", name.to_string_lossy());
        kept.map_err(|error| (what(), error))?;
    }
    Ok(())
}

/// Whether the system itself decides an attribute: labels of SELinux and the like, and where macOS
/// has a file from.
fn is_set_by_system(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("security.") || name.starts_with("com.apple.")
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
        fs::set_permissions(&target, Permissions::from_mode(0o640)).expect("set");
        symlink("real.json", &link).expect("linked");
        replace(&link, &link, &["n", "ew"]).expect("replaced");
        assert_eq!(fs::read_to_string(&target).expect("read"), "new");
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&target).expect("there").mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 2);
    }

    #[test]
    fn extended_attributes_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("manifest.json");
        fs::write(&target, "old").expect("written");
        // Some file systems have none.
        let has_attributes = xattr::set(&target, "user.note", b"hi").is_ok();
        replace(&target, &target, &["new"]).expect("replaced");
        let note = xattr::get(&target, "user.note").ok().flatten();
        assert_eq!(note, has_attributes.then(|| b"hi".to_vec()));
    }

    #[test]
    fn a_file_with_hard_links_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let (target, link) = (path("manifest.json"), path("link.json"));
        fs::write(&target, "old").expect("written");
        fs::hard_link(&target, &link).expect("linked");
        for target in [&target, &link] {
            let failure = replace(target, target, &["new"]).expect_err("refused");
            assert!(failure.message.contains("hard links (1 more)"), "{failure}");
        }
        assert_eq!(fs::read_to_string(&target).expect("read"), "old");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 2);
        fs::remove_file(&link).expect("removed");
        replace(&target, &target, &["new"]).expect("replaced");
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
