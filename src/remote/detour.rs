//! Where a server sends its users, and how often it is gone there.

use super::address::{self, Moved};
use super::call::{Call, Method, Reply};
use crate::model::Failure;

/// How often in a row a server may send its users elsewhere.
const MOST: u32 = 5;

/// Where a server sent its users with the last answer, and how often in a row.
#[derive(Debug, Default)]
pub(super) struct Detour {
    url: Option<String>,
    times: u32,
}

/// What was asked when a server sent its users elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn<'a> {
    /// The server's address.
    pub(super) server: &'a str,
    /// What the call was for.
    pub(super) purpose: &'a str,
    /// Its method.
    pub(super) method: Method,
    /// Whether nothing secret was sent before.
    pub(super) is_first: bool,
}

impl Detour {
    /// Whether an answer sends its users elsewhere.
    pub(super) fn is_one(reply: &Reply) -> bool {
        (300..400).contains(&reply.status)
    }

    /// Goes where the server sends its users. To another scheme only before anything secret was sent,
    /// and with a body only where it stays one. Reports the new address of the server, if it has one.
    ///
    /// Statuses: <https://www.rfc-editor.org/rfc/rfc9110.html#name-redirection-3xx>.
    ///
    /// # Errors
    /// Another server, a way that is not as safe, a body that would be lost, or a circle.
    pub(super) fn follow(&mut self, reply: &Reply, turn: Turn) -> Result<Option<String>, Failure> {
        let keeps_body = matches!(reply.status, 307 | 308);
        self.times += 1;
        let help = "give the right address with `--server`";
        match address::moved(turn.server, reply)? {
            _ if self.times > MOST => {
                let message = "the server sends its users from one address to the next";
                Err(Failure::new("", message).help(help))
            }
            Moved::ToHttps(server) if turn.is_first => Ok(Some(server)),
            Moved::Within(url) if turn.method == Method::Get || keeps_body => {
                self.url = Some(url);
                Ok(None)
            }
            Moved::ToHttps(to) | Moved::Within(to) => {
                let purpose = turn.purpose;
                let message = format!("cannot {purpose}: the server sends its users to {to}");
                Err(Failure::new("", message).help(help))
            }
        }
    }

    /// The server answered itself.
    pub(super) fn arrive(&mut self) {
        self.times = 0;
    }

    /// A call to where the server sent its users.
    pub(super) fn take(&mut self, call: Call) -> Call {
        let url = self.url.take().unwrap_or_else(|| call.url.clone());
        Call { url, ..call }
    }
}
