//! A plan into text: edits of the manifest, each a byte range and its new text. What stands in the
//! manifest is decided by the plan; how it is written is decided here.
//!
//! The document is never written anew. [`shapes`] renders an exposure as the manifest's dbt would,
//! [`json`] writes JSON as the file does and edits the members of one object, [`manifest`] finds out
//! which members change, and `graph` which lists of parents and children.

mod graph;
pub mod json;
pub mod manifest;
pub mod shapes;

pub use self::json::splice::{Edit, splice};
pub use self::manifest::edits;
pub use self::shapes::{Shape, Shaper};
