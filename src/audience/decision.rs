//! What is decided, and why.

use crate::model::display::display_enum;

display_enum! {
    /// Whether somebody may do something.
    pub enum Decision {
        /// It is certain that they may.
        Allowed => "allowed";
        /// It is certain that they may not.
        Denied => "denied";
        /// The export does not tell. What is unknown must not be shown.
        Unknown => "unknown";
    }
}

/// A decision with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The decision.
    pub decision: Decision,
    /// Why, in one sentence without a full stop. It names people at most, never an asset.
    pub why: String,
}

impl Answer {
    /// A decision for a reason.
    pub fn new(decision: Decision, why: impl Into<String>) -> Self {
        Self {
            decision,
            why: why.into(),
        }
    }

    /// Whether it may be shown.
    pub fn is_visible(&self) -> bool {
        self.decision == Decision::Allowed
    }
}
