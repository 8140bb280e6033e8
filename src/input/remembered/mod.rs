//! What a completed `patch` leaves beside the manifest, `autoexpose.json`, for the next run: the
//! `format` has one type that `write` fills and `read` checks.
//!
//! The file is a convenience: whatever is wrong with it is told, and the run goes on without it. It
//! holds neither a time nor a path, so that the same run writes the same bytes; how old it is says the
//! file system (`age`).

mod age;
mod format;
mod nodes;
mod read;
mod write;

pub use self::read::{Ignored, Source, Unusable, is_ours, note, read};
pub use self::write::write;
