//! What a run of the chore is asked for.

use crate::failure::{Result, Trying};

/// It ends early once it has found so many inputs that break a law.
pub(super) const MOST_FAILURES: usize = 20;

/// How long to go on, and with which inputs.
pub(super) struct Options {
    pub(super) minutes: f64,
    pub(super) most_runs: u64,
    pub(super) seed: u64,
    pub(super) first: u64,
}

impl Options {
    pub(super) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            minutes: 1.0,
            most_runs: u64::MAX,
            seed: 1,
            first: 0,
        };
        for pair in arguments.chunks(2) {
            let [flag, value] = pair else {
                return Err(format!("{} needs a number", pair[0]));
            };
            match flag.as_str() {
                "--minutes" => options.minutes = value.parse().trying(flag)?,
                "--runs" => options.most_runs = value.parse().trying(flag)?,
                "--seed" => options.seed = value.parse().trying(flag)?,
                "--first" => options.first = value.parse().trying(flag)?,
                _ => return Err(format!("unknown option {flag}")),
            }
        }
        Ok(options)
    }
}
