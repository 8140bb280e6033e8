//! Arguments about how Tableau is reached, and with what a run signs in.

use std::path::PathBuf;

use clap::{Args, value_parser};

/// How long a run may take: a site of 20 000 workbooks comes in less than one.
const MINUTES: u16 = 30;

#[derive(Debug, Args)]
pub(crate) struct ConnectArgs {
    /// The name of the personal access token [env: TABLEAU_PAT_NAME]
    #[arg(long, value_name = "NAME")]
    pub(crate) token_name: Option<String>,
    /// A file with the secret of the token [env: TABLEAU_PAT_SECRET_FILE]
    ///
    /// The secret itself comes from this file, from standard input or from the variable
    /// TABLEAU_PAT_SECRET, never from a flag, which others can read. On a terminal it is asked for where
    /// only the name is given.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Read the secret of the token from standard input
    #[arg(long, conflicts_with = "secret_file")]
    pub(crate) secret_stdin: bool,
    /// A PEM file with certificates to trust, beside those of the system
    /// [env: SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE]
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_bundle: Option<PathBuf>,
    /// Send the secret also where the connection is not encrypted
    #[arg(long)]
    pub(crate) allow_http: bool,
    /// How many minutes the run may take
    #[arg(long, value_name = "MINUTES", default_value_t = MINUTES, value_parser = value_parser!(u16).range(1..))]
    pub(crate) timeout: u16,
}

impl Default for ConnectArgs {
    /// Nothing but the variables.
    fn default() -> Self {
        Self {
            token_name: None,
            secret_file: None,
            secret_stdin: false,
            ca_bundle: None,
            allow_http: false,
            timeout: MINUTES,
        }
    }
}
