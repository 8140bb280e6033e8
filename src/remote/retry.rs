//! Whether a call that failed is made again, and when.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::call::{NoReplyKind, Outcome, Reply};
use super::moment::Moment;
use super::rest::{self, RestError};
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

/// Whether a call may have failed since it asked for too much: the server, or what stands before it,
/// gave up.
pub(super) fn may_be_too_much(outcome: &Outcome) -> bool {
    match outcome {
        Ok(reply) => matches!(reply.status, 408 | 500 | 502 | 504),
        Err(lost) => lost.kind == NoReplyKind::TimedOut,
    }
}

/// A refusal of a server.
#[derive(Debug)]
pub(super) struct Refused {
    /// The HTTP status.
    pub(super) status: u16,
    /// What the body tells.
    pub(super) error: RestError,
}

impl Refused {
    /// The refusal that an outcome is.
    pub(super) fn of(outcome: &Outcome) -> Option<Self> {
        let reply = outcome.as_ref().ok()?;
        (reply.status >= 400).then(|| Self::by(reply))
    }

    /// The refusal of an answer.
    pub(super) fn by(reply: &Reply) -> Self {
        Self {
            status: reply.status,
            error: RestError::of(&reply.body),
        }
    }
}

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
    /// How long the last answer asks to wait.
    asked: Option<Duration>,
}

impl Tries {
    /// Decides what to do after a call for this purpose.
    pub(super) fn judge(&mut self, outcome: Outcome, purpose: &str, moment: &Moment) -> Judged {
        self.all += 1;
        match outcome {
            Err(lost) => {
                let message = format!("cannot {purpose}: {}", lost.text);
                let failure = Failure::new("", message).help(lost.help());
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
            Ok(reply) if (200..300).contains(&reply.status) => {
                let asked = reply.retry_after.as_deref();
                self.asked = asked.and_then(|asked| wait_asked(asked, moment));
                Judged::Answered(reply)
            }
            Ok(reply) => Judged::Failed(rest::failure(&reply, purpose)),
        }
    }

    fn again(&mut self, asked: Option<&str>, failure: Failure, moment: &Moment) -> Judged {
        self.failures += 1;
        if self.failures > MORE || self.all >= MOST {
            let times = self.all;
            return Judged::Failed(failure.more_help(format!("this was tried {times} times")));
        }
        let wait = asked.and_then(|asked| wait_asked(asked, moment));
        let wait = wait.unwrap_or_else(|| usual_wait(self.failures, moment));
        Judged::Again(wait.min(LONGEST))
    }

    /// How long to wait after Tableau said that there were too many queries; `None` if that was said
    /// too often.
    pub(super) fn after_rate(&mut self, moment: &Moment) -> Option<Duration> {
        self.rates += 1;
        let usual = Duration::from_secs(1 << (self.rates - 1).min(6)).min(LONGEST);
        let wait = self.asked.unwrap_or_else(|| moment.about(usual));
        (self.rates <= MORE_RATES && self.all < MOST).then(|| wait.min(LONGEST))
    }

    /// How long to wait after an answer that is none; `None` if there were too many.
    pub(super) fn after_trouble(&mut self, moment: &Moment) -> Option<Duration> {
        self.failures += 1;
        (self.failures <= MORE && self.all < MOST).then(|| usual_wait(self.failures, moment))
    }

    /// Whether the last call was not the first one that failed.
    pub(super) fn is_repeated(&self) -> bool {
        self.failures > 1
    }
}

/// How long to wait after so many failures.
fn usual_wait(failures: u32, moment: &Moment) -> Duration {
    moment.about(Duration::from_secs(1 << (failures - 1)))
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
    use crate::remote::call::NoReply;

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
