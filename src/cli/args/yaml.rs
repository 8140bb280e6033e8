//! The arguments of `autoexpose yaml`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Format, InputArgs, ReportArgs};
use crate::settings::GroupBy;

pub(crate) const EXAMPLES: &str = "\
Examples:
  autoexpose yaml --tableau exports/2026-05-01
          into models/autoexpose/tableau.yml of the dbt project around this folder
  autoexpose yaml --tableau exports/2026-05-01 --output-dir models/bi --group-by project
          a file for each Tableau project, in models/bi
  autoexpose yaml --tableau exports/2026-05-01 --project-dir finance --project-dir kitchen
          the files of two projects, each with what that project builds
  autoexpose yaml --tableau exports/2026-05-01 --check
          writes nothing, and ends with 1 if the files are not up to date";

#[derive(Debug, Args)]
pub(crate) struct YamlArgs {
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    #[command(flatten, next_help_heading = "The report")]
    pub(crate) report: ReportArgs<Format>,
    /// The folder of the files, from the dbt project [default: yaml.folder of the configuration, else
    /// .autoexpose if it is one of the model-paths, else autoexpose below the first of them]
    #[arg(long, value_name = "DIR", help_heading = "The result")]
    pub(crate) output_dir: Option<PathBuf>,
    /// Which exposures share a file [default: yaml.group_by of the configuration, else all]
    #[arg(long, value_enum, help_heading = "The result")]
    pub(crate) group_by: Option<GroupByArg>,
    /// Write nothing, and exit with 1 if a file would be written or removed
    #[arg(long, help_heading = "The result", conflicts_with = "dry_run")]
    pub(crate) check: bool,
    /// Write nothing, but stop as without it
    #[arg(long, help_heading = "The result")]
    pub(crate) dry_run: bool,
    /// Remove exposures even if more than half of a site's (and more than three) would go
    #[arg(long, help_heading = "The result")]
    pub(crate) allow_mass_removal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupByArg {
    /// All of them
    All,
    /// Those of one Tableau project
    Project,
    /// None: each workbook has its own
    Workbook,
}

impl GroupByArg {
    /// Its name on the command line.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

impl From<GroupByArg> for GroupBy {
    fn from(arg: GroupByArg) -> Self {
        match arg {
            GroupByArg::All => Self::All,
            GroupByArg::Project => Self::Project,
            GroupByArg::Workbook => Self::Workbook,
        }
    }
}
