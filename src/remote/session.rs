//! A session with Tableau, and what it means that its token is not accepted.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::call::Call;
use super::credentials::Credentials;
use super::moment::Moment;
use super::rest::text;
use super::retry::Refused;
use crate::model::Failure;

/// Within this time after the sign-in, the Metadata API refuses tokens that are good.
const YOUNG: Duration = Duration::from_secs(600);
/// How often a call is repeated with the same token.
const REPEATS: u32 = 2;
/// What is shorter is not a secret of Tableau, and occurs in words.
const SHORTEST_SECRET: usize = 8;

/// A session.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// Proves it with each call.
    pub(super) token: SecretString,
    pub(super) site_luid: String,
    pub(super) user_luid: String,
    /// When it began, since the start of the run.
    pub(super) began: Duration,
}

impl Session {
    /// The session that a sign-in was answered with; `None` if it was not.
    pub(super) fn of(body: &[u8], began: Duration) -> Option<Self> {
        let body = serde_json::from_slice::<Value>(body).ok()?;
        let given = body.get("credentials")?;
        Some(Self {
            token: SecretString::from(text(given, "token")?),
            site_luid: text(given.get("site")?, "id")?,
            user_luid: text(given.get("user")?, "id")?,
            began,
        })
    }

    /// The call that ends it, at the address for that.
    pub(super) fn sign_out(&self, url: String) -> Call {
        let call = Call::post("sign out", url, None);
        call.with_token(&self.token).at_the_end()
    }

    /// How old it is.
    pub(super) fn age(&self, moment: &Moment) -> Duration {
        moment.since_start.saturating_sub(self.began)
    }
}

/// A text in which a server has not repeated what it was sent in secret.
pub(super) fn without_secrets(
    mut text: String,
    session: Option<&Session>,
    credentials: Option<&Credentials>,
) -> String {
    let token = session.map(|session| &session.token);
    let secret = credentials.map(Credentials::secret);
    for secret in token.into_iter().chain(secret) {
        let secret = secret.expose_secret();
        if secret.len() >= SHORTEST_SECRET && text.contains(secret) {
            text = text.replace(secret, "[hidden]");
        }
    }
    text
}

/// What to do about a token that is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cure {
    /// The same call after a while.
    Wait(Duration),
    /// A new session, then the same call.
    SignIn,
    /// Nothing helps.
    Stop,
}

/// What to do when a call is refused for the `times`-th time in a row. Calls of the Metadata API are
/// refused for no reason within the first minutes of a session.
pub(super) fn cure(times: u32, is_metadata: bool, age: Duration) -> Cure {
    let is_perhaps_early = is_metadata && age < YOUNG;
    let repeats = if is_perhaps_early { REPEATS } else { 0 };
    if times <= repeats {
        return Cure::Wait(Duration::from_secs(u64::from(times + 1).pow(2)));
    }
    if times == repeats + 1 {
        Cure::SignIn
    } else {
        Cure::Stop
    }
}

/// Whether Tableau refuses a sign-in in other words than that the token is not accepted, such as that
/// there is not such a site.
pub(super) fn is_refusal(refused: &Refused) -> bool {
    let is_of_client = (400..500).contains(&refused.status);
    let is_on_the_way = matches!(refused.status, 405 | 407 | 408 | 429);
    is_of_client && !is_on_the_way && !refused.error.code.is_empty()
}

/// The failure of a sign-in that was refused.
pub(super) fn refused(refused: &Refused, kind: &str) -> Failure {
    let Refused { status, error } = refused;
    let words = if error.words.is_empty() {
        "without a reason".to_owned()
    } else {
        error.words.clone()
    };
    let code = match error.code.as_str() {
        "" => format!("HTTP status {status}"),
        code => format!("error {code}"),
    };
    let message = format!("Tableau refuses the sign-in with this {kind}: {code}: {words}");
    Failure::new("", message).help(help_on(&error.words, kind))
}

/// What to do about a refused sign-in. Tableau puts the number of what is wrong with the token of a
/// connected app into its words.
fn help_on(words: &str, kind: &str) -> &'static str {
    let has = |number: &str| words.contains(&format!("({number})"));
    if has("5") {
        "the user of the connected app is not known on this site; names are compared with case"
    } else if has("16") {
        "is the user of the connected app right, and the clock of this machine?"
    } else if has("126") {
        "the client id of the connected app is not known here"
    } else if has("127") {
        "the secret id of the connected app is not known here"
    } else if has("10083") || has("10084") || has("10085") {
        "are the client id, the secret id and the secret of one connected app, and is the clock right?"
    } else if kind.starts_with("connected") {
        "is the connected app switched on, is it of this site, and are all three parts of it right?"
    } else {
        "is the site right, are name and secret of one token, and has it not expired? Tokens end after 15 days without use"
    }
}

/// The failure of a run whose sessions end again and again.
pub(super) fn lost() -> Failure {
    Failure::new("", "Tableau ended the session twice in a row").help(
        "does another job use the same token? Each job that may run at the same time needs its own",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(3);
    const LATER: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_young_session_is_waited_for_and_an_old_one_renewed() {
        let cures = |is_metadata, age| [1, 2, 3, 4].map(|times| cure(times, is_metadata, age));
        let seconds = |seconds| Cure::Wait(Duration::from_secs(seconds));
        assert_eq!(
            cures(true, NOW),
            [seconds(4), seconds(9), Cure::SignIn, Cure::Stop]
        );
        assert_eq!(
            cures(true, LATER),
            [Cure::SignIn, Cure::Stop, Cure::Stop, Cure::Stop]
        );
        assert_eq!(
            cures(false, NOW),
            [Cure::SignIn, Cure::Stop, Cure::Stop, Cure::Stop]
        );
    }

    #[test]
    fn a_session_hides_its_token() {
        let body = br#"{"credentials":{"site":{"id":"s"},"user":{"id":"u"},"token":"t0ken"}}"#;
        let session = Session::of(body, NOW).expect("a session");
        assert!(!format!("{session:?}").contains("t0ken"));
        assert_eq!((&*session.site_luid, &*session.user_luid), ("s", "u"));
        assert!(Session::of(b"<html>", NOW).is_none());
        assert!(Session::of(br#"{"credentials":{}}"#, NOW).is_none());
    }
}
