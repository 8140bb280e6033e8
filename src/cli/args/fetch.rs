//! The arguments of `autoexpose fetch`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::connect::ConnectArgs;
use super::report::Color;

pub(crate) const EXAMPLES: &str = "\
Examples:
  TABLEAU_PAT_NAME=dbt TABLEAU_PAT_SECRET=... autoexpose fetch
      --server https://10ax.online.tableau.com --site sales
          into target/tableau.json.gz of the dbt project around this folder
  autoexpose fetch --token-name dbt --secret-file /run/secrets/tableau --output tableau.json
          server and site from autoexpose.yml, the secret from a file
  autoexpose fetch --audience user:ada --audience 'group:Finance readers'
          with the workbooks that they may see, so that other verbs can withhold the rest";

/// Whose permission rules are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Permissions {
    /// Those of workbooks that link to a node of the manifest
    Linked,
    /// Those of all content, databases and tables
    All,
}

#[derive(Debug, Default, Args)]
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
    /// Only the workbooks of these projects, such as `Finance`, `House/Finance` or `House/**`; may be
    /// repeated [default: tableau.projects of autoexpose.yml, else all]
    #[arg(long, value_name = "PATTERN", help_heading = "Tableau")]
    pub(crate) project: Vec<String>,
    /// Also ask which columns workbooks use, for `explain` and `impact`: about ten times as much
    #[arg(long, help_heading = "Tableau")]
    pub(crate) columns: bool,
    /// Also ask which workbooks these people may see, for `--audience` of other verbs: `user:NAME`,
    /// `group:NAME` or `everyone`; may be repeated [default: audience.who of autoexpose.yml]
    #[arg(long, value_name = "SUBJECT", help_heading = "Permissions")]
    pub(crate) audience: Vec<String>,
    /// Also ask for permission rules, for `--audience`, `explain --for` and `explain --hidden`: a site
    /// administrator may
    #[arg(long, value_name = "WHICH", value_enum, help_heading = "Permissions")]
    pub(crate) permissions: Option<Permissions>,
    /// The manifest to whose nodes workbooks link, for `--permissions linked`; may be repeated
    /// [default: manifest.json in the target path]
    #[arg(long, value_name = "FILE", help_heading = "Permissions")]
    pub(crate) manifest: Vec<PathBuf>,
    #[command(flatten, next_help_heading = "Tableau")]
    pub(crate) connect: ConnectArgs,
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
