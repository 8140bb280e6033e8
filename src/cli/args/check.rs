//! Arguments of `check`: its gates and the formats of its answer.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::stale::StaleArgs;
use super::{InputArgs, ReportArgs};
use crate::settings::Gate;

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    #[command(flatten, next_help_heading = "The gates")]
    pub(crate) gates: GateArgs,
    #[command(flatten, next_help_heading = "What no workbook reads")]
    pub(crate) usage: UsageArgs,
    #[command(flatten, next_help_heading = "The report")]
    pub(crate) report: ReportArgs<CheckFormat>,
}

#[derive(Debug, Args)]
pub(crate) struct GateArgs {
    /// Fail on these, separated by commas; may be repeated [default: check.fail_on of autoexpose.yml]
    #[arg(long, value_name = "GATE", value_delimiter = ',', value_parser = gates())]
    pub(crate) fail_on: Vec<String>,
    /// Fail if a smaller share of the tables that selected workbooks read from the project's warehouse
    /// is linked, each counted once for each workbook: 95% or 0.95 [default: check.min_match_rate of
    /// autoexpose.yml]
    ///
    /// What is ambiguous, unknown, hidden, unresolved or unreadable counts as not linked. Files, other
    /// warehouses and what another project of the run builds do not count. With `--new-only`, what the
    /// state had counts as well.
    #[arg(long, value_name = "SHARE")]
    pub(crate) min_match_rate: Option<String>,
    /// Fail if more of these tables are not linked [default: check.max_unlinked of autoexpose.yml]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max_unlinked: Option<usize>,
    /// Take both limits for each Tableau project of its own, and not for all together
    #[arg(long)]
    pub(crate) per_project: bool,
    /// Fail only on what the state did not have. What it does not tell counts as new, and is counted
    #[arg(long, requires = "states")]
    pub(crate) new_only: bool,
    /// Results of dbt, `run_results.json`, for the gate `failed`; of several the last one of each node
    /// counts
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) run_results: Vec<PathBuf>,
    /// Results of `dbt source freshness`, `sources.json`, for the gate `stale`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) sources: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct UsageArgs {
    /// Show below the gates what no workbook reads, as `explain --unused` does. It is not a gate:
    /// `--fail-on unused` is
    #[arg(long)]
    pub(crate) unused: bool,
    #[command(flatten)]
    pub(crate) stale: StaleArgs,
}

/// The gates that are asked for by name, each with what it fails on.
fn gates() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(Gate::named().map(|gate| {
        let fails_if = gate.fails_if();
        PossibleValue::new(gate.as_str()).help(fails_if)
    }))
}

/// The formats of the answer of `check`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// A comment for a pull request
    Markdown,
    /// Annotations of GitHub Actions, on the files of the models
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// A SARIF log, for code scanning
    Sarif,
    /// JUnit XML, for viewers of test results
    Junit,
}
