//! The arguments of all verbs that match an export to a project.

use clap::Args;

use super::audience::AudienceArgs;
use super::export::ExportArgs;
use super::project::ProjectArgs;
use super::run::RunArgs;
use super::selection::{MatchingArgs, SelectionArgs};

/// The arguments of all verbs that match an export to a project.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    #[command(flatten, next_help_heading = "The dbt project")]
    pub(crate) project: ProjectArgs,
    #[command(flatten, next_help_heading = "The Tableau export")]
    pub(crate) export: ExportArgs,
    #[command(flatten, next_help_heading = "Workbooks and tables")]
    pub(crate) selection: SelectionArgs,
    #[command(flatten, next_help_heading = "Workbooks and tables")]
    pub(crate) matching: MatchingArgs,
    #[command(flatten, next_help_heading = "The audience")]
    pub(crate) audience: AudienceArgs,
    #[command(flatten, next_help_heading = "The run")]
    pub(crate) run: RunArgs,
}
