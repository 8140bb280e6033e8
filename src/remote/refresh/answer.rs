//! What the answer to a refresh means.
//!
//! Codes: <https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_concepts_errors.htm>. They
//! alone count: the words are localised.

use crate::model::Failure;
use crate::model::refresh::Posted;
use crate::remote::call::{NoReply, NoReplyKind, Outcome, Reply};
use crate::remote::rest::{self, RestError};
use crate::remote::session;

/// What the answer to a refresh means.
#[derive(Debug, PartialEq)]
pub(super) enum Meaning {
    /// This came of it.
    Ended(Posted),
    /// This came of it, and will of all others.
    Stops(Posted),
    /// It is not known whether Tableau took it, for this reason.
    Lost(String),
    /// Tableau did not look at it: it may be asked again.
    Again,
}

/// Decides what an answer means. A call that may have reached Tableau is never made again.
pub(super) fn meaning(outcome: &Outcome) -> Meaning {
    match outcome {
        Err(lost) if never_left(lost) => Meaning::Again,
        Err(lost) => Meaning::Lost(lost.text.clone()),
        Ok(reply) if reply.status == 429 => Meaning::Again,
        Ok(reply) if (200..300).contains(&reply.status) => Meaning::Ended(Posted::Queued),
        Ok(reply) => refused(reply),
    }
}

/// Whether a call was surely not sent.
fn never_left(lost: &NoReply) -> bool {
    matches!(
        lost.kind,
        NoReplyKind::NotConnected
            | NoReplyKind::UnknownHost
            | NoReplyKind::Tls
            | NoReplyKind::Proxy
    )
}

fn refused(reply: &Reply) -> Meaning {
    let error = RestError::of(&reply.body);
    match error.code.as_str() {
        "409093" => Meaning::Ended(Posted::AlreadyQueued),
        "409082" => Meaning::Stops(Posted::SwitchedOff),
        "403104" => Meaning::Ended(Posted::Live),
        "404004" | "404006" => Meaning::Ended(Posted::Gone),
        code if code.starts_with("403") => Meaning::Ended(Posted::Forbidden(code.to_owned())),
        // What stands before Tableau, or Tableau itself in trouble, may have passed it on.
        "" if reply.status == 408 || reply.status >= 500 => {
            Meaning::Lost(format!("HTTP status {}", reply.status))
        }
        code if code.starts_with('5') || reply.status == 408 || reply.status >= 500 => {
            Meaning::Lost(format!("HTTP status {}, error {code}", reply.status))
        }
        _ => Meaning::Ended(Posted::Failed(
            rest::failure(reply, "ask for the refresh").message,
        )),
    }
}

/// The failure of a run whose token is refused also after a new sign-in.
pub(super) fn lost_session() -> Failure {
    session::lost().more_help(
        "a connected app needs the scopes tableau:tasks:run and tableau:jobs:read".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, code: &str) -> Meaning {
        let body = format!(r#"{{"error": {{"code": "{code}", "summary": "Ressourcenkonflikt"}}}}"#);
        meaning(&Ok(Reply {
            status,
            body: body.into_bytes(),
            ..Reply::default()
        }))
    }

    #[test]
    fn the_code_alone_counts() {
        assert_eq!(answered(202, ""), Meaning::Ended(Posted::Queued));
        assert_eq!(
            answered(409, "409093"),
            Meaning::Ended(Posted::AlreadyQueued)
        );
        assert_eq!(answered(409, "409082"), Meaning::Stops(Posted::SwitchedOff));
        assert_eq!(answered(403, "403104"), Meaning::Ended(Posted::Live));
        let forbidden = Posted::Forbidden("403077".to_owned());
        assert_eq!(answered(403, "403077"), Meaning::Ended(forbidden));
        assert_eq!(answered(404, "404006"), Meaning::Ended(Posted::Gone));
        assert!(matches!(
            answered(409, "409999"),
            Meaning::Ended(Posted::Failed(_))
        ));
        assert!(matches!(
            answered(400, "400000"),
            Meaning::Ended(Posted::Failed(_))
        ));
        assert_eq!(answered(429, "429000"), Meaning::Again);
    }

    #[test]
    fn what_may_have_reached_tableau_is_not_asked_again() {
        for status in [408, 500, 502, 503, 504] {
            assert!(matches!(answered(status, ""), Meaning::Lost(_)), "{status}");
        }
        let lost = |kind| {
            meaning(&Err(NoReply {
                kind,
                text: "x".to_owned(),
            }))
        };
        for kind in [
            NoReplyKind::TimedOut,
            NoReplyKind::CutOff,
            NoReplyKind::Other,
        ] {
            assert_eq!(lost(kind), Meaning::Lost("x".to_owned()), "{kind:?}");
        }
        assert_eq!(lost(NoReplyKind::NotConnected), Meaning::Again);
    }
}
