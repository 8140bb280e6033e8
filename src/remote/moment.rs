//! What the world adds to a step: time and chance.

use std::time::Duration;

use jiff::Timestamp;

/// When a step is taken, and numbers that nobody can foresee.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moment {
    /// How long the run has lasted.
    pub since_start: Duration,
    /// Seconds since 1970.
    pub unix_seconds: u64,
    /// Numbers by chance, new ones for each step.
    pub random: [u64; 2],
}

impl Moment {
    /// The time as ISO 8601.
    pub(super) fn timestamp(&self) -> String {
        let seconds = i64::try_from(self.unix_seconds).unwrap_or_default();
        let time = Timestamp::from_second(seconds).unwrap_or_default();
        time.to_string()
    }

    /// Between three quarters and five quarters of a time, so that many runs do not come back at once.
    pub(super) fn about(&self, time: Duration) -> Duration {
        // The lowest 10 bits are enough for a thousand different times.
        let part = (self.random[0] & 0x3ff) as f64 / 1023.0;
        time.mul_f64(0.75 + part / 2.0)
    }
}
