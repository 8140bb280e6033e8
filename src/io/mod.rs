//! Reads files and standard input, shows progress on a terminal, and writes files so that a target
//! is never half written.

pub mod content;
pub mod export;
mod failure;
#[cfg(feature = "fetch")]
pub mod farewell;
pub mod folder;
pub mod git;
#[cfg(feature = "fetch")]
pub mod http;
pub mod max_size;
mod plain;
pub mod progress;
mod stamp;
mod standard;
pub mod write;

pub use self::content::read;
pub use self::failure::reason;
pub use self::stamp::{age, is_same_file};
pub use self::standard::{is_dash, is_same_pipe, is_standard_output, name_of_input};
