//! What is sent to Tableau, and what comes back.

use std::time::Duration;

use secrecy::SecretString;

/// How long a request may take: the server gives up after 30 seconds, what stands before it later.
const USUAL: Duration = Duration::from_secs(120);
/// How long a run may wait at its end.
const FAREWELL: Duration = Duration::from_secs(5);

/// The methods of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Asks only.
    Get,
    /// Sends a body.
    Post,
}

/// A request to Tableau. Its `Debug` shows nothing secret.
#[derive(Debug, Clone)]
pub struct Call {
    /// What it is for, such as `sign in`.
    pub purpose: String,
    /// Its method.
    pub method: Method,
    /// Its whole address, in which nothing is secret.
    pub url: String,
    /// The token of the session, for the header `X-Tableau-Auth`.
    pub token: Option<SecretString>,
    /// What it sends.
    pub body: Option<Body>,
    /// How long all of it may take.
    pub timeout: Duration,
}

/// The body of a request, which is JSON.
#[derive(Debug, Clone)]
pub enum Body {
    /// One that may be shown.
    Plain(String),
    /// One with a secret in it.
    Secret(SecretString),
}

impl Call {
    pub(super) fn get(purpose: impl Into<String>, url: String) -> Self {
        Self {
            purpose: purpose.into(),
            method: Method::Get,
            url,
            token: None,
            body: None,
            timeout: USUAL,
        }
    }

    pub(super) fn post(purpose: impl Into<String>, url: String, body: Option<Body>) -> Self {
        Self {
            method: Method::Post,
            body,
            ..Self::get(purpose, url)
        }
    }

    pub(super) fn with_token(self, token: &SecretString) -> Self {
        let token = Some(token.clone());
        Self { token, ..self }
    }

    /// A request at the end of a run, which nobody wants to wait for.
    pub(super) fn at_the_end(self) -> Self {
        let timeout = FAREWELL;
        Self { timeout, ..self }
    }
}

/// What a server answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The header `Location`.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What became of a call.
pub(super) type Outcome = Result<Reply, NoReply>;

/// Why there is not an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoReply {
    /// What failed.
    pub kind: NoReplyKind,
    /// The words of the system or of the library, without anything secret.
    pub text: String,
}

/// What failed before an answer was whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoReplyKind {
    /// The name of the host is not known.
    UnknownHost,
    /// Nobody could be connected to.
    NotConnected,
    /// The certificate is not trusted, or a common way of encryption is missing.
    Tls,
    /// The proxy refused.
    Proxy,
    /// Time ran out.
    TimedOut,
    /// The connection ended before the answer did.
    CutOff,
    /// The answer is larger than what is read of one.
    TooLarge,
    /// Anything else.
    Other,
}

impl NoReply {
    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        let text = self.text.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        match self.kind {
            NoReplyKind::Tls if says(&["expired", "not valid yet"]) => {
                "ask the server's administrator for a new certificate; is the clock of this machine right?"
            }
            NoReplyKind::Tls if says(&["valid for name", "validforname"]) => {
                "give the address for which the certificate is made"
            }
            NoReplyKind::Tls if says(&["alert", "version"]) => {
                "the server, or what stands before it, offers ways of encryption that are too old: TLS 1.2 is needed"
            }
            kind => kind.help(),
        }
    }
}

impl NoReplyKind {
    /// Whether the same call may do better a moment later.
    pub(super) fn may_pass(self) -> bool {
        matches!(self, Self::NotConnected | Self::TimedOut | Self::CutOff)
    }

    fn help(self) -> &'static str {
        match self {
            Self::UnknownHost => "is the address spelled right, and is a proxy or a VPN needed?",
            Self::NotConnected => "is the address right, and may this machine reach it?",
            Self::Tls => {
                "give the certificates of your company with `--ca-bundle`, or with the variable SSL_CERT_FILE"
            }
            Self::Proxy => "check the variables HTTPS_PROXY and NO_PROXY",
            Self::TimedOut => "the server is busy or far away; repeat the run later",
            Self::CutOff => {
                "repeat the run; if it persists, look for a proxy that cuts connections"
            }
            Self::TooLarge | Self::Other => "repeat the run; if it persists, try another network",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_is_not_trusted_is_told_from_one_that_is_wrong() {
        let help = |text: &str| {
            let lost = NoReply {
                kind: NoReplyKind::Tls,
                text: format!("the connection is not trusted: {text}"),
            };
            lost.help()
        };
        assert!(help("invalid peer certificate: UnknownIssuer").contains("--ca-bundle"));
        assert!(help("invalid peer certificate: Expired").contains("clock"));
        let expired = "invalid peer certificate: certificate expired: verification time 1800000000";
        assert!(help(expired).contains("clock"));
        let early = "invalid peer certificate: certificate not valid yet: verification time 1";
        assert!(help(early).contains("clock"));
        let other = r#"invalid peer certificate: certificate not valid for name "127.0.0.1""#;
        assert!(help(other).contains("for which the certificate is made"));
        assert!(help("received fatal alert: HandshakeFailure").contains("TLS 1.2"));
        assert!(help("peer is incompatible: NoCipherSuitesInCommon").contains("--ca-bundle"));
    }
}
