//! Which extracts are due after dbt has run, and why the others are not.
//!
//! ```text
//! data sources and their links ──find──▶ targets ─┐
//! run results ──unseen──▶ new ones ──remember──▶ state ──decide──▶ Schedule: due, held
//! ```
//!
//! Tableau refreshes all extracts inside a workbook in one go, and each published data source on its
//! own ([`Target`]). One is due if a node that it reads was built since its last refresh, none of them
//! is in a bad state, and the last refresh is long enough ago. What was built and not yet refreshed is
//! remembered, as is what failed and was not built since ([`RefreshState`](crate::model::RefreshState)):
//! run results tell of one invocation alone.
//!
//! Nothing here knows the time: it is given.

mod decide;
mod find;
mod remember;
mod target;

pub use self::decide::{Due, Held, Reason, Rules, Schedule, decide};
pub use self::find::{OfProject, find};
pub use self::remember::{Unseen, remember, unseen};
pub use self::target::{Content, Target};

#[cfg(test)]
mod tests;
