//! With what a run signs in.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::jwt::{self, Claims};
use super::moment::Moment;

/// With what a run signs in. `Debug` shows nothing secret.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// A personal access token.
    Token {
        /// Its name.
        name: String,
        /// Its secret.
        secret: SecretString,
    },
    /// A connected app with direct trust, which vouches for a user.
    ConnectedApp {
        /// The id of the app.
        client_id: String,
        /// The id of its secret.
        secret_id: String,
        /// The secret.
        secret: SecretString,
        /// The user, on Tableau Cloud by e-mail.
        user: String,
    },
}

/// What a connected app may do: read content and lineage, and tell who the user is.
const SCOPES: [&str; 2] = ["tableau:content:read", "tableau:users:read"];
/// What it may do to ask who may see what as well.
const WITH_ACCESS: [&str; 4] = [
    "tableau:content:read",
    "tableau:users:read",
    "tableau:groups:read",
    "tableau:permissions:read",
];
/// What it may do to refresh extracts: ask when they were refreshed, refresh them, and watch the jobs.
const TO_REFRESH: [&str; 3] = [
    "tableau:content:read",
    "tableau:tasks:run",
    "tableau:jobs:read",
];

impl Credentials {
    /// The body of a sign-in. A connected app makes a new token for each.
    pub(super) fn sign_in(&self, content_url: &str, moment: &Moment) -> SecretString {
        self.sign_in_with(&SCOPES, content_url, moment)
    }

    /// The same for a run that also asks who may see what.
    pub(super) fn sign_in_to_ask_access(&self, content_url: &str, moment: &Moment) -> SecretString {
        self.sign_in_with(&WITH_ACCESS, content_url, moment)
    }

    /// The same for a run that refreshes extracts.
    pub(super) fn sign_in_to_refresh(&self, content_url: &str, moment: &Moment) -> SecretString {
        self.sign_in_with(&TO_REFRESH, content_url, moment)
    }

    fn sign_in_with(&self, scopes: &[&str], content_url: &str, moment: &Moment) -> SecretString {
        let mut body = match self {
            Self::Token { name, secret } => json!({
                "personalAccessTokenName": name,
                "personalAccessTokenSecret": secret.expose_secret(),
            }),
            Self::ConnectedApp {
                client_id,
                secret_id,
                secret,
                user,
            } => {
                let claims = Claims {
                    client_id,
                    secret_id,
                    user,
                    scopes,
                };
                json!({ "jwt": jwt::signed(&claims, secret, moment).expose_secret() })
            }
        };
        body["site"] = json!({ "contentUrl": content_url });
        SecretString::from(json!({ "credentials": Value::take(&mut body) }).to_string())
    }

    /// What nobody may see.
    pub(super) fn secret(&self) -> &SecretString {
        match self {
            Self::Token { secret, .. } | Self::ConnectedApp { secret, .. } => secret,
        }
    }

    /// What messages call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Token { .. } => "personal access token",
            Self::ConnectedApp { .. } => "connected app",
        }
    }
}
