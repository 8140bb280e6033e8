//! What a run asks.

use crate::settings::CheckSettings;

/// What a run asks.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The gates.
    pub gates: &'a CheckSettings,
    /// Whether only what the state did not have makes a gate fail.
    pub new_only: bool,
}
