//! The arguments of `autoexpose fetch`.

use std::path::PathBuf;

use clap::{Args, value_parser};

use super::report::Color;

pub(crate) const EXAMPLES: &str = "\
Examples:
  TABLEAU_PAT_NAME=dbt TABLEAU_PAT_SECRET=... autoexpose fetch
      --server https://10ax.online.tableau.com --site sales
          into target/tableau.json.gz of the dbt project around this folder
  autoexpose fetch --token-name dbt --secret-file /run/secrets/tableau --output tableau.json
          server and site from autoexpose.yml, the secret from a file";

/// How long a run may take: a site of 20 000 workbooks comes in less than one.
const MINUTES: u16 = 30;

#[derive(Debug, Args)]
pub(crate) struct FetchArgs {
    /// The Tableau server, such as https://10ax.online.tableau.com [env: TABLEAU_SERVER_URL]
    /// [default: tableau.server of autoexpose.yml]
    #[allow(
        rustdoc::bare_urls,
        reason = "the comment is shown as help, where brackets would be seen"
    )]
    #[arg(long, value_name = "URL", help_heading = "Tableau")]
    pub(crate) server: Option<String>,
    /// The site's content URL, which stands in its address behind `/site/`; empty for the default site
    /// [env: TABLEAU_SITE_ID] [default: tableau.site of autoexpose.yml, else the default site]
    #[arg(long, value_name = "CONTENT_URL", help_heading = "Tableau")]
    pub(crate) site: Option<String>,
    /// The name of the personal access token [env: TABLEAU_PAT_NAME]
    #[arg(long, value_name = "NAME", help_heading = "Tableau")]
    pub(crate) token_name: Option<String>,
    /// A file with the secret of the token [env: TABLEAU_PAT_SECRET_FILE]
    ///
    /// The secret itself comes from this file, from standard input or from the variable
    /// TABLEAU_PAT_SECRET, never from a flag, which others can read.
    #[arg(long, value_name = "FILE", help_heading = "Tableau")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Read the secret of the token from standard input
    #[arg(long, conflicts_with = "secret_file", help_heading = "Tableau")]
    pub(crate) secret_stdin: bool,
    /// A PEM file with certificates to trust, beside those of the system
    /// [env: SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE]
    #[arg(long, value_name = "FILE", help_heading = "Tableau")]
    pub(crate) ca_bundle: Option<PathBuf>,
    /// Send the secret also where the connection is not encrypted
    #[arg(long, help_heading = "Tableau")]
    pub(crate) allow_http: bool,
    /// How many minutes the run may take
    #[arg(long, value_name = "MINUTES", default_value_t = MINUTES, value_parser = value_parser!(u16).range(1..), help_heading = "Tableau")]
    pub(crate) timeout: u16,
    /// The dbt project [env: DBT_PROJECT_DIR] [default: the nearest folder with dbt_project.yml, from
    /// this one upwards]
    #[arg(long, value_name = "DIR")]
    pub(crate) project_dir: Option<PathBuf>,
    /// The folder in which dbt leaves its artifacts, from the dbt project [env: DBT_TARGET_PATH]
    /// [default: target-path of dbt_project.yml, else target]
    #[arg(long, value_name = "DIR")]
    pub(crate) target_path: Option<PathBuf>,
    /// The configuration [default: autoexpose.yml in the dbt project, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Write the export here, gzipped if the name ends in .gz; `-` for standard output
    /// [default: tableau.json.gz in the target path]
    #[arg(long, short, value_name = "FILE", help_heading = "The result")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 0 also if something is missing in the export
    #[arg(long, help_heading = "The result")]
    pub(crate) allow_incomplete: bool,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, help_heading = "The result")]
    pub(crate) color: Color,
    /// Print only what is missing
    #[arg(long, short, conflicts_with = "verbose", help_heading = "The result")]
    pub(crate) quiet: bool,
    /// Print each call, without anything secret
    #[arg(long, short, help_heading = "The result")]
    pub(crate) verbose: bool,
}

impl Default for FetchArgs {
    /// Nothing but the variables.
    fn default() -> Self {
        Self {
            server: None,
            site: None,
            token_name: None,
            secret_file: None,
            secret_stdin: false,
            ca_bundle: None,
            allow_http: false,
            timeout: MINUTES,
            project_dir: None,
            target_path: None,
            config: None,
            output: None,
            allow_incomplete: false,
            color: Color::default(),
            quiet: false,
            verbose: false,
        }
    }
}
