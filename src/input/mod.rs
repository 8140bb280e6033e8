//! Parses text into the types of [`crate::model`] and [`crate::settings`].
//!
//! The results borrow from the text. Nothing here does I/O or matches names.

pub mod artifacts;
pub mod config;
pub mod dbt_project;
pub mod json;
pub mod manifest;
mod mask;
mod mistaken;
mod plain_words;
pub mod property_file;
pub mod refresh_state;
pub mod remembered;
pub mod static_docs;
pub mod tableau;
mod yaml;
