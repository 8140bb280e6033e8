//! Reads what dbt reports of its invocations: `run_results.json` and `sources.json`.
//!
//! Versions 1 to 6 of run results (dbt 0.19 and later, dbt 2.0 and Fusion) and 1 to 3 of sources have
//! the fields that are needed in the same places. What one result lacks makes that result unreadable,
//! not the file, and is told.
//!
//! `read` has the steps from bytes to results, `run_results` and `sources` the fields of each,
//! `lenient` reads values of any type, `compare` holds a file against the manifests of the run, and
//! [`Remark`] is what users should know of a file.

mod catalog;
mod compare;
mod lenient;
mod read;
mod remark;
mod run_results;
mod sources;

pub use self::catalog::catalog;
pub use self::compare::{KnownManifest, compare};
pub use self::read::Artifact;
pub use self::remark::Remark;
pub use self::run_results::run_results;
pub use self::sources::sources;
