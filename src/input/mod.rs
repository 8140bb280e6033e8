//! Text into the nouns of [`crate::model`].
//!
//! What is read here borrows from the text. Nothing here touches files or matches names.

pub mod config;
pub mod json;
pub mod manifest;
pub mod tableau;
