//! Writes a manifest so that at any moment either the whole old or the whole new file exists.
//!
//! Most of a patched manifest is unchanged. So the system copies the old file to the new one while
//! the changes are still being computed ([`PendingFile::begin`]); everything after the first change
//! is then overwritten ([`PendingFile::complete`]), and the new file is renamed to the old one
//! ([`CompleteFile::publish`]) if that is still the file that was read (`guard.rs`).
//!
//! Code for one system is in `unix.rs` and `windows.rs`, which have the same functions; `system` is
//! the module of the system that the program is built for.

mod background_copy;
mod chunks;
mod failure;
mod folders;
mod guard;
mod overwrite;
mod path;
mod pending;
mod remove;
mod replacement;
#[cfg(feature = "fetch")]
mod run_lock;
mod temporary;
#[cfg(unix)]
mod unix;
// On Unix it is built for tests only, so that a change of one module is noticed in the other.
#[cfg(any(windows, test))]
mod windows;

#[cfg(unix)]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;

#[cfg(feature = "fetch")]
pub use self::pending::Stopped;
pub use self::pending::{CompleteFile, PendingFile};
pub use self::remove::remove;
#[cfg(feature = "fetch")]
pub use self::run_lock::RunLock;
pub use self::temporary::LeftOvers;

/// Lets signals that end the program wait for what is still to be done, also before the first file is
/// begun.
pub fn watch_signals() {
    temporary::watch_signals();
}

/// Asks the system to let this program have so many more files open at once. Where it does not, opening
/// one of them fails.
pub fn allow_open_files(more: usize) {
    system::allow_open_files(more);
}

/// How a file got its new content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// All at once.
    Whole,
    /// Byte by byte, since the file is a mount of its own.
    Overwritten,
}
