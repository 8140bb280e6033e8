//! Says what keeps a project from its links: one page of checks, each with what was seen and its cure.
//!
//! [`check`] is the table of checks, [`finding`] what one of them comes to. [`project`], [`export`] and
//! [`matching`] judge what is read from files, `tableau` what Tableau itself answers; all of them are
//! functions of facts that others collect. A check that cannot be made is in the answer as well, with the
//! reason.

pub mod check;
pub mod export;
pub mod finding;
pub mod matching;
pub mod project;
#[cfg(feature = "fetch")]
pub mod tableau;

pub use self::check::{Check, Part};
pub use self::finding::{Diagnosis, Finding, Outcome};
