//! Addresses of the server.

use url::form_urlencoded::byte_serialize;
use url::{Host, Url};

use super::call::Reply;
use crate::model::Failure;

/// The oldest API that tells the version of the server.
const OLDEST: &str = "2.4";

/// Where the server tells its version, without a sign-in.
pub(super) fn greeting(server: &str) -> String {
    format!("{server}/api/{OLDEST}/serverinfo")
}

/// A path of the REST API.
pub(super) fn rest(server: &str, version: &str, path: &str) -> String {
    format!("{server}/api/{version}/{path}")
}

/// The Metadata API.
pub(super) fn metadata(server: &str) -> String {
    format!("{server}/api/metadata/graphql")
}

/// Whether the Metadata API has built its store.
/// <https://help.tableau.com/current/api/metadata_api/en-us/docs/meta_api_start.html>
pub(super) fn backfill(server: &str) -> String {
    format!("{server}/api/metadata/v1/control/backfill/status")
}

/// A text in an address; a blank as `%20`, which every server reads alike.
pub(super) fn escaped(text: &str) -> String {
    let text = byte_serialize(text.as_bytes()).collect::<String>();
    text.replace('+', "%20")
}

/// Whether nobody else can read what is sent: it is encrypted, or does not leave this machine.
pub(super) fn is_private(server: &str) -> bool {
    let Ok(url) = Url::parse(server) else {
        return false;
    };
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || is_here
}

/// Where a server sends its users.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// The same host by a safer way: the new address of the server.
    ToHttps(String),
    /// Another address of the same server.
    Within(String),
}

/// Where a server sends its users.
///
/// # Errors
/// Another server, also one at another port, which nothing secret may be sent to unasked, or a way that
/// is not encrypted.
pub(super) fn moved(server: &str, reply: &Reply) -> Result<Moved, Failure> {
    let target = reply.location.as_deref().unwrap_or_default();
    let found = Url::parse(server).and_then(|server| Ok((server.join(target)?, server)));
    let Some((to, from)) = found.ok().filter(|_| !target.is_empty()) else {
        let message = "the server sends its users elsewhere, but does not say where";
        return Err(Failure::new(server, message).help("give the right address with `--server`"));
    };
    if to.origin() == from.origin() {
        return Ok(Moved::Within(to.into()));
    }
    let new = to.origin().ascii_serialization();
    if to.host_str() != from.host_str() {
        let message = format!("the server sends its users to another host: {new}");
        let help = format!("if that is right, give it: `--server {new}`");
        return Err(Failure::new(server, message).help(help));
    }
    if from.scheme() == "http" && to.scheme() == "https" {
        return Ok(Moved::ToHttps(new));
    }
    let message = format!("the server sends its users to another server: {new}");
    let help = format!("if that is right, give it: `--server {new}`");
    Err(Failure::new(server, message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved_to(server: &str, location: &str) -> Result<Moved, String> {
        let reply = Reply {
            location: Some(location.to_owned()),
            ..Reply::default()
        };
        moved(server, &reply).map_err(|failure| failure.to_string())
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted() {
        for private in [
            "https://t.example",
            "http://localhost:8000",
            "http://127.0.0.1:1",
            "http://[::1]:1",
        ] {
            assert!(is_private(private), "{private}");
        }
        for open in [
            "http://t.example",
            "http://10.0.0.1",
            "http://localhost.example",
        ] {
            assert!(!is_private(open), "{open}");
        }
    }

    #[test]
    fn only_the_same_server_is_followed_and_the_same_host_to_https() {
        let safe = moved_to("http://t.example", "https://t.example/api/2.4/serverinfo");
        assert_eq!(safe, Ok(Moved::ToHttps("https://t.example".to_owned())));
        for location in [
            "/login",
            "https://t.example/login",
            "https://T.example:443/login",
        ] {
            let within = moved_to("https://t.example", location);
            assert_eq!(
                within,
                Ok(Moved::Within("https://t.example/login".to_owned()))
            );
        }
        let other = moved_to("https://t.example", "https://evil.example/").expect_err("refused");
        assert!(other.contains("--server https://evil.example"), "{other}");
        for thief in [
            "http://t.example/",
            "http://t.example:443/",
            "https://t.example:8443/",
            "https://t.example.evil/",
            "https://t.example@evil.example/",
            "//evil.example/",
            "ftp://t.example/",
            "javascript:alert(1)",
        ] {
            moved_to("https://t.example", thief).expect_err(thief);
        }
        moved_to("https://t.example", "").expect_err("does not say where");
    }
}
