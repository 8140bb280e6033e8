//! The arguments of `autoexpose refresh`.

use std::path::PathBuf;

#[cfg(feature = "fetch")]
use clap::value_parser;
use clap::{Args, ValueEnum};

#[cfg(feature = "fetch")]
use super::connect::ConnectArgs;
use super::inputs::InputArgs;
use super::report::ReportArgs;
use crate::settings::OnlyIf;

pub(crate) const EXAMPLES: &str = "\
Examples:
  autoexpose refresh --dry-run --tableau exports/2026-05-01
          which extracts are due after the dbt run in target/run_results.json, and why others are not
  autoexpose refresh --dry-run --tableau exports/2026-05-01 --format json
          the same for another program that asks Tableau
  autoexpose refresh --dry-run --tableau exports/2026-05-01 --run-results build.json test.json
          after two runs of dbt, of which the second only tested
  TABLEAU_PAT_NAME=dbt TABLEAU_PAT_SECRET=... autoexpose refresh --tableau exports/2026-05-01 --wait
          ask for the refreshes that are due, and watch them until they end";

#[derive(Debug, Args)]
pub(crate) struct RefreshArgs {
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    #[command(flatten, next_help_heading = "What is due")]
    pub(crate) due: DueArgs,
    #[cfg(feature = "fetch")]
    #[command(flatten, next_help_heading = "Tableau")]
    pub(crate) ask: AskArgs,
    #[command(flatten, next_help_heading = "The report")]
    pub(crate) report: ReportArgs<RefreshFormat>,
}

#[derive(Debug, Args)]
pub(crate) struct DueArgs {
    /// Results of dbt, `run_results.json`; of several the last one of each node counts
    /// [default: run_results.json beside the manifest]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) run_results: Vec<PathBuf>,
    /// Refresh each extract at most once in so many minutes
    /// [env: DBT_ACTIVE_EXPOSURES_BUILD_AFTER] [default: refresh.build_after of autoexpose.yml, else 1440]
    #[arg(long, value_name = "MINUTES")]
    pub(crate) build_after: Option<u32>,
    /// Whether one node that an extract reads must be built, or all but sources
    /// [default: refresh.only_if of autoexpose.yml, else any]
    #[arg(long, value_enum)]
    pub(crate) only_if: Option<OnlyIfArg>,
    /// Refresh also where a test of severity error failed
    #[arg(long)]
    pub(crate) ignore_tests: bool,
    /// Refresh so many at most, those first that were refreshed longest ago
    /// [default: refresh.max of autoexpose.yml, else all]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max: Option<usize>,
    /// Where it is remembered what was refreshed, and what was built since
    /// [default: autoexpose-refresh.json beside the manifest]
    #[arg(long, value_name = "FILE")]
    pub(crate) refresh_state: Option<PathBuf>,
    /// Only say what is due: ask Tableau nothing, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How Tableau is asked.
#[cfg(feature = "fetch")]
#[derive(Debug, Args)]
pub(crate) struct AskArgs {
    /// Refresh incrementally, where an extract is set up for that; Tableau refreshes the others in full
    #[arg(long)]
    pub(crate) incremental: bool,
    /// Watch the jobs until they end, for so many minutes at most
    #[arg(long, value_name = "MINUTES", num_args = 0..=1, default_missing_value = "120", value_parser = value_parser!(u16).range(1..))]
    pub(crate) wait: Option<u16>,
    #[command(flatten)]
    pub(crate) connect: ConnectArgs,
}

/// How much of what an extract reads must be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnlyIfArg {
    /// One node
    Any,
    /// Every node but sources, which dbt does not build
    All,
}

impl From<OnlyIfArg> for OnlyIf {
    fn from(given: OnlyIfArg) -> Self {
        match given {
            OnlyIfArg::Any => Self::Any,
            OnlyIfArg::All => Self::All,
        }
    }
}

/// The formats of the report of `refresh`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RefreshFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// A comment for a pull request, or a summary of a job
    Markdown,
}
