//! Turns a plan into edits of the manifest, each a byte range and its new text. The plan decides
//! which exposures the manifest contains, this module how they are written.
//!
//! The manifest is never serialised as a whole. [`shapes`] renders an exposure as the manifest's
//! dbt would, [`json`] edits the members of one JSON object in the style of the file, [`manifest`]
//! determines which members change, and `graph` which lists of parents and children. `remembered` is
//! what stands beside the manifest for the next run, and `exposures` the exposures on their own.
//! [`yaml`] writes the same exposures into property files instead, and `docs_index` also into the
//! tables that the docs of dbt 2 read; `covered` says which of earlier runs go from docs.

mod covered;
#[cfg(feature = "docs-index")]
pub mod docs_index;
mod exposures;
mod graph;
pub mod json;
pub mod manifest;
mod remembered;
pub mod shapes;
pub mod yaml;

pub use self::covered::Covered;
pub use self::exposures::Exposures;
pub use self::json::splice::{Edit, splice};
pub use self::manifest::edits;
pub use self::remembered::remembered;
pub use self::shapes::{Shape, Shaper};
