//! Arguments of `doctor`.

use clap::Args;

#[cfg(feature = "fetch")]
use super::connect::ConnectArgs;
use super::explain::ExplainFormat;
use super::inputs::InputArgs;
use super::report::Color;

pub(super) const EXAMPLES: &str = "\
Examples:
  autoexpose doctor --tableau exports/2026-05-01
          what the export and the manifest of the dbt project around this folder lack
  TABLEAU_PAT_NAME=dbt TABLEAU_PAT_SECRET=... autoexpose doctor
      --server https://10ax.online.tableau.com --site sales
          the same, and what Tableau lets this token see
  autoexpose doctor --offline --format json
          for scripts, without a call";

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    #[cfg(feature = "fetch")]
    #[command(flatten, next_help_heading = "The Tableau server")]
    pub(crate) connect: ConnectArgs,
    /// Ask nothing of Tableau, even if its server is known
    #[cfg(feature = "fetch")]
    #[arg(long, conflicts_with = "fetch", help_heading = "The Tableau server")]
    pub(crate) offline: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t, help_heading = "The answer")]
    pub(crate) format: ExplainFormat,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, help_heading = "The answer")]
    pub(crate) color: Color,
    /// Print only warnings and faults, in text
    #[arg(long, short, conflicts_with = "verbose", help_heading = "The answer")]
    pub(crate) quiet: bool,
    /// Show long lists whole, and print each call to Tableau, without anything secret
    #[arg(long, short, help_heading = "The answer")]
    pub(crate) verbose: bool,
}
