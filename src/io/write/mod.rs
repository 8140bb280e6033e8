//! Writing a manifest so that at any moment either the whole old or the whole new file is there.
//!
//! Most of a patched manifest is unchanged. So the system copies the old file into the new one
//! while the changes are still being computed ([`PendingFile::begin`]); everything from the first
//! change on is then written anew ([`PendingFile::complete`]), and the new file takes the old
//! one's name ([`CompleteFile::publish`]).
//!
//! What only one system knows stands in `unix.rs` and `windows.rs`: both have the same functions,
//! and `system` is the one of the system that this is built for.

mod background_copy;
mod pending;
#[cfg(unix)]
mod unix;
// On Unix only its tests are built, so that a change on one side is noticed on the other.
#[cfg(any(windows, test))]
mod windows;

#[cfg(unix)]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;

pub use self::pending::{CompleteFile, PendingFile};
