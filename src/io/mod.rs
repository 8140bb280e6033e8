//! The outside world: files, standard input, progress on a terminal, and writes that never leave
//! half a file behind.

pub mod content;
pub mod export;
mod failure;
pub mod progress;
pub mod write;

pub use self::content::read;
pub use self::failure::reason;
