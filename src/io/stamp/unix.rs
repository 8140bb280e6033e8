//! The number of a file on Unix.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// The device and the inode of a file.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the same function finds nothing on other systems"
)]
pub(super) fn file_id(metadata: &Metadata) -> Option<(u64, u64)> {
    Some((metadata.dev(), metadata.ino()))
}
