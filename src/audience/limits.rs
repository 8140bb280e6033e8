//! What counts as known.

/// What counts as known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// How old an answer may be, in days; `None` for any age.
    pub max_age_days: Option<u32>,
    /// The time of the run, in milliseconds since 1970, if ages matter.
    pub now: Option<i64>,
}

impl Limits {
    /// Why an answer of this time is too old to count; `None` if it counts. One without a time may be of
    /// any age.
    pub(super) fn why_stale(&self, captured_at: Option<i64>) -> Option<String> {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        let days = self.max_age_days?;
        let is_fresh = captured_at
            .zip(self.now)
            .is_some_and(|(at, now)| now.saturating_sub(at) <= i64::from(days) * DAY);
        (!is_fresh).then(|| match captured_at {
            Some(_) => format!("older than {days} days"),
            None => format!("without a time, so it may be older than {days} days"),
        })
    }
}
