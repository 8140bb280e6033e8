//! How a run ended.

use crate::model::Failure;
use crate::model::refresh::Posted;

/// How a run ended.
#[derive(Debug)]
pub enum RefreshEnding {
    /// Nothing was asked for.
    Failed(Failure),
    /// What came of each that was wanted, in their order, and the job of it.
    Asked(RefreshResult),
}

/// What a run brought.
#[derive(Debug, Default)]
pub struct RefreshResult {
    /// What came of each that was wanted, in their order, and its job.
    pub posted: Vec<(Posted, Option<String>)>,
    /// What is good to know.
    pub notes: Vec<String>,
}
