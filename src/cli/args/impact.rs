//! Arguments of `impact`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::inputs::InputArgs;
use super::report::ReportArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  autoexpose impact --base prod/target --manifest target/manifest.json --tableau exports/2026-05-01
          which workbooks the change in target/ breaks or touches, against production
  autoexpose impact --base prod/manifest.json --tableau exports/2026-05-01 --format json
          the same for scripts, with the manifest of the dbt project around this folder
  autoexpose impact --base prod/target --tableau exports/2026-05-01 --fail-on touches
          ends with 1 if any workbook may show other numbers";

#[derive(Debug, Args)]
pub(crate) struct ImpactArgs {
    #[command(flatten, next_help_heading = "What is compared")]
    pub(crate) compared: ComparedArgs,
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    /// Exit with 1 if a workbook is reached as badly as this, or worse
    #[arg(long, value_enum, default_value_t, help_heading = "The result")]
    pub(crate) fail_on: FailOn,
    #[command(flatten, next_help_heading = "The report")]
    pub(crate) report: ReportArgs<ImpactFormat>,
}

#[derive(Debug, Args)]
pub(crate) struct ComparedArgs {
    /// The manifest of production, or a folder with it, in which catalog.json and run_results.json may
    /// lie too; workbooks are linked to its relations
    #[arg(long, value_name = "PATH")]
    pub(crate) base: PathBuf,
    /// The catalog of base [default: catalog.json beside its manifest]
    #[arg(long, value_name = "FILE")]
    pub(crate) base_catalog: Option<PathBuf>,
    /// The catalog of head, the manifest of the change [default: catalog.json beside that manifest,
    /// if both are of one invocation]
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// The results of the run that wrote base, for its target [default: run_results.json beside its
    /// manifest, if both are of one invocation]
    #[arg(long, value_name = "FILE")]
    pub(crate) base_run_results: Option<PathBuf>,
    /// The same of head
    #[arg(long, value_name = "FILE")]
    pub(crate) run_results: Option<PathBuf>,
    /// Both manifests are of one target of dbt, so every relation that differs has moved
    #[arg(long)]
    pub(crate) same_target: bool,
}

/// From which severity on the program ends with 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A workbook loses a table or a column that it shows
    #[default]
    Breaks,
    /// A workbook may show other numbers, or loses something
    Touches,
    /// Anything of the above, or something that a workbook reads could not be compared
    Uncompared,
    /// Never
    None,
}

/// The formats of the answer of `impact`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImpactFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// A comment for a pull request; nothing where no workbook is reached
    Markdown,
    /// Annotations of GitHub Actions, on the files of the models
    Github,
    /// A code quality report of GitLab
    Gitlab,
}
