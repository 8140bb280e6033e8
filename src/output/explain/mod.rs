//! Answers to questions, in a form that every format can render.
//!
//! `gather` and `nodes` make them of what [`crate::explain`] finds, [`facts`] has what they show, [`excerpt`]
//! quotes the query of custom SQL, and [`meaning`] says what rules and outcomes mean.

mod columns;
pub mod excerpt;
pub mod facts;
mod gather;
pub mod meaning;
mod nodes;

pub use self::facts::Explanation;
pub use self::gather::{explain, unlinked};
