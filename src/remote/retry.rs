//! Whether a call that failed is made again, and when.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::call::{NoReply, Reply};
use super::moment::Moment;
use super::rest;
use crate::model::Failure;

/// How often a call that failed is made again.
const MORE: u32 = 4;
/// How often Tableau may say that there were too many queries.
const MORE_RATES: u32 = 10;
/// How often a call is made at all, whatever happened to it.
const MOST: u32 = 24;
/// The longest wait between two of them.
const LONGEST: Duration = Duration::from_secs(60);
/// Statuses of what may pass.
const PASSING: [u16; 6] = [408, 429, 500, 502, 503, 504];

/// What became of a call.
pub(super) type Outcome = Result<Reply, NoReply>;

/// What to do after a call.
#[derive(Debug)]
pub(super) enum Judged {
    /// There is an answer.
    Answered(Reply),
    /// The token was not accepted.
    Unauthorized(Reply),
    /// The same call after a while.
    Again(Duration),
    /// It will not get better.
    Failed(Failure),
}

/// How often a call was made, and what became of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tries {
    all: u32,
    failures: u32,
    rates: u32,
    pub(super) unauthorized: u32,
}

impl Tries {
    /// Decides what to do after a call for this purpose.
    pub(super) fn judge(&mut self, outcome: Outcome, purpose: &str, moment: &Moment) -> Judged {
        self.all += 1;
        match outcome {
            Err(lost) => {
                let message = format!("cannot {purpose}: {}", lost.text);
                let failure = Failure::new("", message).help(lost.kind.help());
                if !lost.kind.may_pass() {
                    return Judged::Failed(failure);
                }
                self.again(None, failure, moment)
            }
            Ok(reply) if reply.status == 401 => Judged::Unauthorized(reply),
            Ok(reply) if PASSING.contains(&reply.status) => {
                let failure = rest::failure(&reply, purpose);
                self.again(reply.retry_after.as_deref(), failure, moment)
            }
            Ok(reply) if (200..300).contains(&reply.status) => Judged::Answered(reply),
            Ok(reply) => Judged::Failed(rest::failure(&reply, purpose)),
        }
    }

    fn again(&mut self, asked: Option<&str>, failure: Failure, moment: &Moment) -> Judged {
        self.failures += 1;
        if self.failures > MORE || self.all >= MOST {
            let times = self.all;
            return Judged::Failed(failure.more_help(format!("this was tried {times} times")));
        }
        let usual = moment.about(Duration::from_secs(1 << (self.failures - 1)));
        let wait = asked.and_then(|asked| wait_asked(asked, moment));
        Judged::Again(wait.unwrap_or(usual).min(LONGEST))
    }

    /// How long to wait after Tableau said that there were too many queries; `None` if that was said
    /// too often.
    pub(super) fn after_rate(&mut self, moment: &Moment) -> Option<Duration> {
        self.rates += 1;
        let wait = Duration::from_secs(1 << (self.rates - 1).min(6)).min(LONGEST);
        (self.rates <= MORE_RATES && self.all < MOST).then(|| moment.about(wait).min(LONGEST))
    }
}

/// The wait that `Retry-After` asks for, as seconds or as a date.
fn wait_asked(asked: &str, moment: &Moment) -> Option<Duration> {
    let asked = asked.trim();
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::parse(asked).ok()?;
    let now = Timestamp::from_second(i64::try_from(moment.unix_seconds).ok()?).ok()?;
    let wait = date.timestamp().duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::call::NoReplyKind;

    fn lost(kind: NoReplyKind) -> Outcome {
        Err(NoReply {
            kind,
            text: "the connection was closed".to_owned(),
        })
    }

    fn status(status: u16, retry_after: Option<&str>) -> Outcome {
        Ok(Reply {
            status,
            retry_after: retry_after.map(str::to_owned),
            ..Reply::default()
        })
    }

    fn waits(outcome: impl Fn() -> Outcome) -> Vec<u64> {
        let moment = Moment {
            random: [511, 0],
            ..Moment::default()
        };
        let mut tries = Tries::default();
        let mut waits = Vec::new();
        while let Judged::Again(wait) = tries.judge(outcome(), "ask", &moment) {
            waits.push(wait.as_secs_f64().round() as u64);
        }
        waits
    }

    #[test]
    fn what_may_pass_is_tried_four_times_more_each_time_later() {
        assert_eq!(waits(|| lost(NoReplyKind::CutOff)), [1, 2, 4, 8]);
        assert_eq!(waits(|| status(503, None)), [1, 2, 4, 8]);
        assert!(waits(|| lost(NoReplyKind::Tls)).is_empty());
        assert!(waits(|| status(404, None)).is_empty());
    }

    #[test]
    fn a_server_that_says_when_is_asked_then_but_within_a_minute() {
        assert_eq!(waits(|| status(429, Some("7"))), [7, 7, 7, 7]);
        assert_eq!(waits(|| status(429, Some("900"))), [60; 4]);
        let date = "Thu, 01 Jan 1970 00:00:20 GMT";
        assert_eq!(waits(|| status(503, Some(date))), [20; 4]);
        assert_eq!(waits(|| status(503, Some("soon"))), [1, 2, 4, 8]);
    }

    #[test]
    fn too_many_queries_are_waited_for_ten_times() {
        let mut tries = Tries::default();
        let moment = Moment::default();
        let mut waits = 0;
        while tries.after_rate(&moment).is_some() {
            waits += 1;
        }
        assert_eq!(waits, MORE_RATES);
    }
}
