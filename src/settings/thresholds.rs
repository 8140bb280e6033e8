//! How many removals are too many for one run.

/// When a run stops instead of removing exposures: a mistake in an export would look the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// The share of a site's exposures, from 0 to 1, above which a removal is a mass removal …
    pub mass_removal_share: f64,
    /// … and also more than this many of them.
    pub mass_removal_count: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            mass_removal_share: 0.5,
            mass_removal_count: 3,
        }
    }
}
