//! The arguments of the command line, some with an environment variable as fallback.
//!
//! They come in groups, one file each; a verb flattens the groups that it needs. The doc comments of
//! verbs, arguments and values are the text of `--help`.

mod export;
mod project;
mod report;
mod run;
mod selection;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use self::export::ExportArgs;
pub(super) use self::project::{Found, ProjectArgs};
pub(super) use self::report::{Color, Format, ReportArgs};
pub(super) use self::run::{MOST_THREADS, RunArgs};
pub(super) use self::selection::{MatchingArgs, SelectionArgs};

/// Writes dbt exposures for Tableau workbooks, from a dbt manifest and a Tableau metadata export
#[derive(Debug, Parser)]
#[command(name = "autoexpose", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Write the exposures into the manifest and print what changes
    ///
    /// dbt docs 1.x and every tool that reads artifacts show them. The next dbt command writes a fresh
    /// manifest without them, so patch last.
    Patch(PatchArgs),
    /// Print what `patch` would change, and write nothing
    Diff(DiffArgs),
    /// Print a JSON schema
    Schema(SchemaArgs),
}

impl Verb {
    /// When to use colours.
    pub(super) fn color(&self) -> Color {
        match self {
            Self::Patch(args) => args.plan.report.color,
            Self::Diff(args) => args.plan.report.color,
            Self::Schema(_) => Color::Auto,
        }
    }
}

/// The arguments of all verbs that plan exposures.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    pub(super) project: ProjectArgs,
    #[command(flatten)]
    pub(super) export: ExportArgs,
    #[command(flatten)]
    pub(super) selection: SelectionArgs,
    #[command(flatten)]
    pub(super) matching: MatchingArgs,
    #[command(flatten)]
    pub(super) run: RunArgs,
    #[command(flatten)]
    pub(super) report: ReportArgs,
}

#[derive(Debug, Args)]
pub(super) struct PatchArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    /// Write the patched manifest here and leave the given one alone; `-` for standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write nothing, but stop as `patch` would
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Remove exposures even if more than half of a site's (and more than three) would go
    #[arg(long)]
    pub(super) allow_mass_removal: bool,
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    /// Exit with 1 if anything is added, changed, renamed or removed, or kept with changes
    #[arg(long)]
    pub(super) exit_code: bool,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The schema to print
    #[arg(value_enum, value_name = "WHICH")]
    pub(super) of: Described,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Described {
    /// The JSON that `--format json` prints
    Report,
    /// autoexpose.yml, for editors
    Config,
}
