//! What every run holds of its server: where it is, which API it speaks, the session, and how the last
//! call went.

use secrecy::SecretString;

use super::address;
use super::call::{Body, Call, Method, Reply};
use super::credentials::Credentials;
use super::detour::{Detour, Turn};
use super::moment::Moment;
use super::rest;
use super::retry::Tries;
use super::server::ServerInfo;
use super::session::{self, Cure, Session};
use crate::model::Failure;

/// What a run holds of its server.
#[derive(Debug)]
pub(super) struct Connection {
    /// The server's address, which a redirect may have made a safer one.
    pub(super) server: String,
    /// What it says of itself; nothing until it is asked.
    pub(super) info: ServerInfo,
    pub(super) session: Option<Session>,
    /// How often the last call was made.
    pub(super) tries: Tries,
    detour: Detour,
}

impl Connection {
    /// One that has not begun.
    pub(super) fn new(server: String) -> Self {
        Self {
            server,
            info: ServerInfo::default(),
            session: None,
            tries: Tries::default(),
            detour: Detour::default(),
        }
    }

    /// Takes what the server says of itself.
    ///
    /// # Errors
    /// It is not one of Tableau, or others could read the secrets that are sent next.
    pub(super) fn greeted(&mut self, reply: &Reply, allows_http: bool) -> Result<(), Failure> {
        let info = ServerInfo::of(&reply.body)?;
        if self.is_open(allows_http) {
            return Err(open_to_others());
        }
        self.info = info;
        Ok(())
    }

    /// Whether others could read secrets, which nobody has allowed.
    pub(super) fn is_open(&self, allows_http: bool) -> bool {
        !allows_http && !address::is_private(&self.server)
    }

    /// Takes the answer to a sign-in.
    ///
    /// # Errors
    /// It is not a session.
    pub(super) fn signed_in(&mut self, reply: &Reply, moment: &Moment) -> Result<(), Failure> {
        let session = Session::of(&reply.body, moment.since_start);
        let not_one = || rest::secretly_not_understood("sign in", &reply.body);
        self.session = Some(session.ok_or_else(not_one)?);
        Ok(())
    }

    /// Asks for the version of the server.
    pub(super) fn greeting(&self, purpose: String) -> Call {
        Call::get(purpose, address::greeting(&self.server))
    }

    /// An address of the REST API.
    pub(super) fn rest(&self, path: &str) -> String {
        address::rest(&self.server, &self.info.api_version, path)
    }

    /// An address of the REST API about the site; that of the site itself for an empty path.
    pub(super) fn below_site(&self, path: &str) -> String {
        let session = self.session.as_ref();
        let site = session.map_or("", |session| &session.site_luid);
        self.rest(format!("sites/{site}/{path}").trim_end_matches('/'))
    }

    /// A question about the site.
    pub(super) fn get(&self, purpose: String, path: &str) -> Call {
        self.with_token(Call::get(purpose, self.below_site(path)))
    }

    /// Asks for a session with a body that nobody may see.
    pub(super) fn sign_in(&self, purpose: String, body: SecretString) -> Call {
        Call::post(purpose, self.rest("auth/signin"), Some(Body::Secret(body)))
    }

    /// The path of the user below the site.
    pub(super) fn user_path(&self) -> String {
        let session = self.session.as_ref();
        let user = session.map_or("", |session| &session.user_luid);
        format!("users/{user}")
    }

    /// A query of the Metadata API.
    pub(super) fn query(&self, purpose: String, body: String) -> Call {
        let url = address::metadata(&self.server);
        self.with_token(Call::post(purpose, url, Some(Body::Plain(body))))
    }

    /// The same call with the token of the session, if there is one.
    pub(super) fn with_token(&self, call: Call) -> Call {
        match &self.session {
            Some(session) => call.with_token(&session.token),
            None => call,
        }
    }

    /// The call that ends the session, if there is one.
    pub(super) fn sign_out(&self) -> Option<Call> {
        let session = self.session.as_ref()?;
        Some(session.sign_out(self.rest("auth/signout")))
    }

    /// A call to where the server sent its users, if it did.
    pub(super) fn send(&mut self, call: Call) -> Call {
        self.detour.take(call)
    }

    /// The server answered itself.
    pub(super) fn arrive(&mut self) {
        self.detour.arrive();
    }

    /// Goes where the server sends its users with the answer to a call.
    ///
    /// # Errors
    /// It must not go there.
    pub(super) fn follow(
        &mut self,
        reply: &Reply,
        purpose: &str,
        method: Method,
        is_first: bool,
    ) -> Result<(), Failure> {
        let turn = Turn {
            server: &self.server,
            purpose,
            method,
            is_first,
        };
        if let Some(server) = self.detour.follow(reply, turn)? {
            self.server = server;
        }
        Ok(())
    }

    /// What to do about a token that was not accepted. The session is over if another one is needed.
    pub(super) fn cure(&mut self, is_metadata: bool, moment: &Moment) -> Cure {
        let age = self.session.as_ref().map(|session| session.age(moment));
        let age = age.unwrap_or(moment.since_start);
        self.tries.unauthorized += 1;
        let cure = session::cure(self.tries.unauthorized, is_metadata, age);
        if cure == Cure::SignIn {
            self.session = None;
        }
        cure
    }

    /// A text in which a server has not repeated what it was sent in secret.
    pub(super) fn without_secrets(
        &self,
        text: String,
        credentials: Option<&Credentials>,
    ) -> String {
        session::without_secrets(text, self.session.as_ref(), credentials)
    }
}

/// The failure of a run whose secrets others could read.
pub(super) fn open_to_others() -> Failure {
    let message = "the connection is not encrypted: whoever is on the way could read the secret";
    Failure::new("", message).help("give the address with https, or pass `--allow-http`")
}
