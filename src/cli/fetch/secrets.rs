//! Where the secrets come from: variables, a file, standard input or a terminal, never a flag.

use std::io::{IsTerminal, stderr, stdin};
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use crate::cli::args::ConnectArgs;
use crate::cli::env::{self, Given};
use crate::io::max_size::MaxSize;
use crate::io::{read, reason};
use crate::model::Failure;
use crate::remote::Credentials;

/// Variables for a personal access token that Tableau tools use, each family for itself.
struct Family {
    name: &'static str,
    secrets: [&'static str; 2],
}

const FAMILIES: [Family; 3] = [
    Family {
        name: "TABLEAU_PAT_NAME",
        secrets: ["TABLEAU_PAT_SECRET", "TABLEAU_PAT_VALUE"],
    },
    Family {
        name: "TABLEAU_TOKEN_NAME",
        secrets: ["TABLEAU_TOKEN_VALUE", "TABLEAU_TOKEN_SECRET"],
    },
    Family {
        name: "TABLEAU_PERSONAL_ACCESS_TOKEN_NAME",
        secrets: [
            "TABLEAU_PERSONAL_ACCESS_TOKEN_VALUE",
            "TABLEAU_PERSONAL_ACCESS_TOKEN_SECRET",
        ],
    },
];
/// Variables for a connected app: its id, the id of its secret, its secret, and the user.
const CLIENT_ID: &str = "TABLEAU_CONNECTED_APP_CLIENT_ID";
const SECRET_ID: &str = "TABLEAU_CONNECTED_APP_SECRET_ID";
const SECRET_VALUE: &str = "TABLEAU_CONNECTED_APP_SECRET_VALUE";
const USER: [&str; 2] = ["TABLEAU_USERNAME", "TABLEAU_JWT_SUB"];
/// What follows the name of a variable that names a file.
const FILE: &str = "_FILE";
/// A secret is not longer than this.
const MOST_BYTES: usize = 16 << 10;

/// With what a run signs in, and where it comes from.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) value: Credentials,
    pub(crate) origin: String,
}

/// A secret, and the flag or variable that it comes from.
struct Secret {
    value: SecretString,
    origin: String,
}

/// Finds with what a run signs in.
///
/// # Errors
/// Nothing, only a part, or two different ways are given, or a file cannot be read.
pub(super) fn find(args: &ConnectArgs) -> Result<Found, Failure> {
    find_any(args)?.ok_or_else(nothing)
}

/// The same; `None` if nothing is given.
///
/// # Errors
/// Only a part, or two different ways are given, or a file cannot be read.
pub(crate) fn find_any(args: &ConnectArgs) -> Result<Option<Found>, Failure> {
    let token = token(args)?;
    let app = connected_app()?;
    match (token, app) {
        (Some(token), Some(app)) => Err(Failure::new(
            "",
            format!(
                "there are two ways to sign in: {} and {}",
                token.origin, app.origin
            ),
        )
        .help("unset the variables of one of them")),
        (token, app) => Ok(token.or(app)),
    }
}

/// The failure of a run that nothing is given to sign in with.
pub(crate) fn nothing() -> Failure {
    Failure::new("", "there is nothing to sign in with").help(
        "set the variables TABLEAU_PAT_NAME and TABLEAU_PAT_SECRET to a personal access token, which you make in Tableau under My Account Settings",
    )
}

/// The personal access token.
fn token(args: &ConnectArgs) -> Result<Option<Found>, Failure> {
    let name = name(args)?;
    let secret = match secret(args, name.as_ref())? {
        None if name.is_some() => typed()?,
        given => given,
    };
    match (name, secret) {
        (None, None) => Ok(None),
        (Some(name), Some(secret)) => Ok(Some(Found {
            origin: format!("{} and {}", name.origin, secret.origin),
            value: Credentials::Token {
                name: name.value,
                secret: secret.value,
            },
        })),
        (Some(name), None) => Err(Failure::new(
            name.origin,
            "this names a personal access token, but its secret is missing",
        )
        .help("set the variable TABLEAU_PAT_SECRET, or give `--secret-file` or `--secret-stdin`")),
        (None, Some(secret)) => Err(Failure::new(
            secret.origin,
            "this is the secret of a personal access token, but its name is missing",
        )
        .help("set the variable TABLEAU_PAT_NAME, or give `--token-name`")),
    }
}

fn name(args: &ConnectArgs) -> Result<Option<Given>, Failure> {
    let by_flag = Given::by_flag("--token-name", args.token_name.as_ref());
    match by_flag.filter(Given::is_filled) {
        Some(given) => Ok(Some(given)),
        None => env::find_filled(&FAMILIES.map(|family| family.name)),
    }
}

/// The secret of a token: by flags from anywhere, else from the variables of the family that names it.
fn secret(args: &ConnectArgs, name: Option<&Given>) -> Result<Option<Secret>, Failure> {
    if let Some(path) = &args.secret_file {
        let origin = "--secret-file".to_owned();
        return from_file(path, origin).map(Some);
    }
    if args.secret_stdin {
        let origin = "--secret-stdin".to_owned();
        return from_file(Path::new("-"), origin).map(Some);
    }
    let of_name =
        |family: &&Family| name.is_some_and(|name| name.origin == env::origin(family.name));
    if let Some(family) = FAMILIES.iter().find(of_name) {
        return match first(&family.secrets)? {
            Some(secret) => Ok(Some(secret)),
            None => mixed(family, name),
        };
    }
    for family in &FAMILIES {
        if let Some(secret) = first(&family.secrets)? {
            return Ok(Some(secret));
        }
    }
    Ok(None)
}

/// The secret as somebody types it, if somebody is there: on a terminal, which does not show it.
fn typed() -> Result<Option<Secret>, Failure> {
    if !(stdin().is_terminal() && stderr().is_terminal()) {
        return Ok(None);
    }
    let origin = "terminal".to_owned();
    let question = "Secret of the personal access token (not shown): ";
    let answer = rpassword::prompt_password(question).map(SecretString::from);
    let value = answer.map_err(|error| Failure::new(&origin, reason(&error)))?;
    if value.expose_secret().trim().is_empty() {
        return Err(Failure::new(origin, "the secret is empty"));
    }
    Ok(Some(Secret { value, origin }))
}

/// Name and secret of different families are perhaps of different tokens.
fn mixed(family: &Family, name: Option<&Given>) -> Result<Option<Secret>, Failure> {
    for other in &FAMILIES {
        if let Some(secret) = first(&other.secrets)? {
            let name = name.map_or(family.name, |name| &name.origin);
            let message = format!("{name} and {} may be of two tokens", secret.origin);
            let help = format!(
                "set {} as well, or use the names of one family",
                family.secrets[0]
            );
            return Err(Failure::new("", message).help(help));
        }
    }
    Ok(None)
}

/// The first of these secrets that is set, each also by a file.
fn first(variables: &[&str]) -> Result<Option<Secret>, Failure> {
    for variable in variables {
        if let Some(given) = env::find_filled(&[variable])? {
            let value = without_line_end(given.value);
            let origin = given.origin;
            return Ok(Some(Secret { value, origin }));
        }
        let by_file = format!("{variable}{FILE}");
        if let Some(path) = env::filled(&by_file) {
            return from_file(Path::new(&path), env::origin(&by_file)).map(Some);
        }
    }
    Ok(None)
}

/// The connected app.
fn connected_app() -> Result<Option<Found>, Failure> {
    let client_id = env::find_filled(&[CLIENT_ID])?;
    let secret_id = env::find_filled(&[SECRET_ID])?;
    let secret = first(&[SECRET_VALUE])?;
    let (client_id, secret_id, secret) = match (client_id, secret_id, secret) {
        (Some(client_id), Some(secret_id), Some(secret)) => (client_id, secret_id, secret),
        (None, None, None) => return Ok(None),
        (client_id, secret_id, secret) => {
            let parts = [
                (CLIENT_ID, client_id.is_some()),
                (SECRET_ID, secret_id.is_some()),
                (SECRET_VALUE, secret.is_some()),
            ];
            let missing = parts.iter().filter(|(_, is_set)| !is_set);
            let missing = missing.map(|(name, _)| *name).collect::<Vec<_>>();
            let message = format!(
                "a part of the connected app is missing: {}",
                missing.join(", ")
            );
            return Err(Failure::new("", message).help("set all three variables, or unset them"));
        }
    };
    let Some(user) = env::find_filled(&USER)? else {
        let message = "the user is missing for whom the connected app vouches";
        return Err(Failure::new("", message).help("set the variable TABLEAU_USERNAME"));
    };
    Ok(Some(Found {
        origin: format!("{} for the user of {}", client_id.origin, user.origin),
        value: Credentials::ConnectedApp {
            client_id: client_id.value,
            secret_id: secret_id.value,
            secret: secret.value,
            user: user.value,
        },
    }))
}

/// The secret in a file or in standard input.
fn from_file(path: &Path, origin: String) -> Result<Secret, Failure> {
    let content = read(path, MaxSize::OF_SETTINGS)
        .map_err(|failure| failure.more_help(format!("the path comes from {origin}")))?;
    let place = || origin.clone();
    if content.len() > MOST_BYTES {
        return Err(Failure::new(place(), "this is too long to be a secret"));
    }
    let text = std::str::from_utf8(&content)
        .map_err(|_| Failure::new(place(), "the secret is not UTF-8"))?;
    let value = without_line_end(text.to_owned());
    if text.trim().is_empty() {
        return Err(Failure::new(place(), "the secret is empty"));
    }
    Ok(Secret { value, origin })
}

/// A secret without the line end that editors and `echo` leave behind it.
fn without_line_end(mut text: String) -> SecretString {
    if text.ends_with('\n') {
        text.pop();
    }
    if text.ends_with('\r') {
        text.pop();
    }
    SecretString::from(text)
}
