//! The arguments of the command line, some with an environment variable as fallback.
//!
//! They come in groups, one file each; a verb flattens the groups that it needs. The doc comments of
//! verbs, arguments and values are the text of `--help`.

mod access;
mod audience;
mod check;
#[cfg(feature = "fetch")]
mod connect;
mod doctor;
mod explain;
mod export;
mod exposures;
#[cfg(feature = "fetch")]
mod fetch;
mod impact;
mod init;
mod inputs;
mod project;
mod refresh;
mod report;
mod run;
mod selection;
mod stale;
mod yaml;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(super) use self::access::YesOrNo;
pub(super) use self::audience::AudienceArgs;
pub(super) use self::check::{CheckArgs, CheckFormat, GateArgs};
#[cfg(feature = "fetch")]
pub(super) use self::connect::ConnectArgs;
pub(super) use self::doctor::DoctorArgs;
pub(super) use self::explain::{ExplainArgs, ExplainFormat};
pub(super) use self::exposures::ExposuresArgs;
#[cfg(feature = "fetch")]
pub(super) use self::fetch::{FetchArgs, Permissions};
pub(super) use self::impact::{FailOn, ImpactArgs, ImpactFormat};
pub(super) use self::init::InitArgs;
pub(super) use self::inputs::InputArgs;
pub(super) use self::project::ProjectArgs;
pub(super) use self::refresh::{DueArgs, RefreshArgs, RefreshFormat};
pub(super) use self::report::{Color, Format, Formats, ReportArgs};
pub(super) use self::run::MOST_THREADS;
pub(super) use self::selection::{MatchingArgs, SelectionArgs};
pub(super) use self::yaml::YamlArgs;
use super::version;

/// Writes dbt exposures for Tableau workbooks, from a dbt manifest and a Tableau metadata export
#[derive(Debug, Parser)]
#[command(name = "autoexpose", version, long_version = version::long(), max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) verb: Verb,
}

const PATCH_EXAMPLES: &str = "\
Examples:
  autoexpose patch --tableau exports/2026-05-01
          into target/manifest.json of the dbt project around this folder
  autoexpose patch --tableau exports/2026-05-01 --static-docs target/static_index.html
          into the manifest and into the page of `dbt docs generate --static`
  autoexpose patch --tableau exports/2026-05-01 --state last-run --output patched.json
          into another file, compared with the manifest of an earlier run
  autoexpose patch --tableau exports/2026-05-01 --dry-run --format markdown
          into nothing: only the report
  autoexpose patch --tableau exports/2026-05-01 --manifest a/target/manifest.json
      --manifest b/target/manifest.json --output-dir patched
          into patched/a/manifest.json and patched/b/manifest.json: two projects of one mesh
  autoexpose patch --tableau exports/2026-05-01 --docs-index target/index
          into target/manifest.json and into what the docs of dbt 2 are shown from";
const DIFF_EXAMPLES: &str = "\
Examples:
  autoexpose diff --tableau exports/2026-05-01
          what patch would change in target/manifest.json
  autoexpose diff --tableau exports/2026-05-01 --include 'project:Finance/**' --verbose
          for some workbooks, with all their tables
  autoexpose diff --tableau exports/2026-05-01 --state main/target --exit-code
          ends with 1 if anything changes against the manifest in main/target";
const CHECK_EXAMPLES: &str = "\
Examples:
  autoexpose check --tableau exports/2026-05-01 --state main/target --fail-on lost
          ends with 1 if a workbook loses a table against the manifest in main/target
  autoexpose check --tableau exports/2026-05-01 --fail-on incomplete,hidden --min-match-rate 95%
          ends with 1 unless the export is whole and 95% of the tables are linked
  autoexpose check --tableau exports/2026-05-01 --fail-on failed --run-results target/run_results.json
          ends with 1 if a workbook reads what the last run of dbt did not build
  autoexpose check --tableau exports/2026-05-01 --unused --format markdown
          a comment on what no workbook reads; ends with 0, since that is not a gate";

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Write the exposures into the manifest and print what changes
    ///
    /// dbt docs 1.x and every tool that reads artifacts show them. The next dbt command other than
    /// `dbt docs serve` writes a fresh manifest without them, so patch last.
    #[command(after_help = PATCH_EXAMPLES)]
    Patch(PatchArgs),
    /// Print what `patch` would change, and write nothing
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffArgs),
    /// Set a dbt project up for exposures in YAML: print what would change in its files, and change
    /// them with `--write`
    ///
    /// In dbt_project.yml, .gitignore and autoexpose.yml nothing but the lines shown changes. It asks
    /// nothing, and where everything is set up it changes nothing. What it cannot change with certainty
    /// it leaves alone: it tells what to write and where, and ends with 2.
    #[command(after_help = init::EXAMPLES)]
    Init(InitArgs),
    /// Write the exposures into YAML files of the dbt project, where `dbt ls` and `dbt build` select them
    ///
    /// Files and exposures that it wrote are updated and removed; everything else in them stays, to the
    /// byte. Commit the files, or let git ignore their folder.
    #[command(after_help = yaml::EXAMPLES)]
    Yaml(YamlArgs),
    /// Explain why a workbook, a model or a table is linked, or is not, and what would link it; or
    /// what a code of a report means
    #[command(after_help = explain::EXAMPLES)]
    Explain(ExplainArgs),
    /// Decide gates for scripts: exit with 1 if one of them fails
    ///
    /// Without any gate, and without `--unused`, it ends with 2. A gate whose facts are missing ends with 2 as well.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Say which workbooks a change of the dbt project breaks or touches
    ///
    /// It compares two manifests of one project, with or without exposures: base, of production, and
    /// the one of the change. It ends with 1 if a workbook loses a table or a column that it shows.
    #[command(after_help = impact::EXAMPLES)]
    Impact(ImpactArgs),
    /// Ask Tableau for its metadata, and write the export that `--tableau` reads
    ///
    /// It signs in with a personal access token or a connected app, reads what workbooks read, and signs
    /// out. What Tableau does not show is named, and the export then counts as incomplete.
    #[cfg(feature = "fetch")]
    #[command(after_help = fetch::EXAMPLES)]
    Fetch(FetchArgs),
    /// Say what keeps the project from its links: one page of checks, each with its cure
    ///
    /// It asks Tableau, where the server is known, what the token sees; it judges an export, where there is
    /// one, and the manifest. It needs none of them, and writes nothing. It ends with 1 if something is wrong,
    /// and with 2 if there is nothing to look at.
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(DoctorArgs),
    /// Refresh the extracts whose models were built, after dbt has run
    ///
    /// It says which extracts of workbooks and published data sources are due, since a node that they
    /// read was built and none failed, and why the others are not.
    #[command(after_help = refresh::EXAMPLES)]
    Refresh(RefreshArgs),
    /// Print the exposures that `patch` would write, as JSON, and write nothing
    ///
    /// One document `{"exposures": [...]}`, each exposure in the form that the dbt which wrote the
    /// manifest gives it. The dbt plugin of the Python package asks for them.
    #[command(after_help = exposures::EXAMPLES)]
    Exposures(ExposuresArgs),
    /// Print a JSON schema
    Schema(SchemaArgs),
    /// Print a script that completes commands in a shell
    ///
    /// Load it when the shell starts, for example in bash by `source <(autoexpose completions bash)`.
    Completions(CompletionsArgs),
    /// Print a manual page
    ///
    /// For example `autoexpose man patch > autoexpose-patch.1`.
    Man(ManArgs),
}

impl Verb {
    /// When to use colours.
    pub(super) fn color(&self) -> Color {
        match self {
            Self::Patch(args) => args.report.color,
            Self::Diff(args) => args.report.color,
            Self::Yaml(args) => args.report.color,
            Self::Explain(args) => args.report.color,
            Self::Check(args) => args.report.color,
            Self::Impact(args) => args.report.color,
            Self::Refresh(args) => args.report.color,
            #[cfg(feature = "fetch")]
            Self::Fetch(args) => args.color,
            Self::Doctor(args) => args.color,
            Self::Init(_)
            | Self::Exposures(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Man(_) => Color::Auto,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct PatchArgs {
    #[command(flatten)]
    pub(super) inputs: InputArgs,
    #[command(flatten, next_help_heading = "The report")]
    pub(super) report: ReportArgs<Format>,
    /// Write the patched manifest here and leave the given one alone; `-` for standard output
    #[arg(long, short, value_name = "FILE", help_heading = "The result")]
    pub(super) output: Option<PathBuf>,
    /// Write each patched manifest to `DIR/<project>/manifest.json` and leave the given ones alone;
    /// `--state` takes DIR
    #[arg(
        long,
        value_name = "DIR",
        help_heading = "The result",
        conflicts_with = "output"
    )]
    pub(super) output_dir: Option<PathBuf>,
    /// Write the exposures into this page as well, which `dbt docs generate --static` leaves in
    /// `target/static_index.html`; may be repeated, for several projects
    ///
    /// The page is changed itself, also with `--output`. It must be of the same state of the project as
    /// the manifest.
    #[arg(long, value_name = "FILE", help_heading = "The result")]
    pub(super) static_docs: Vec<PathBuf>,
    /// Write the exposures also into this index of dbt 2, which its docs show, and which dbt writes to
    /// target/index with `--write-index`
    #[arg(long, value_name = "DIR", help_heading = "The result")]
    pub(super) docs_index: Option<PathBuf>,
    /// Keep in this folder all that a later run compares with: the patched manifest, what dbt left
    /// beside it (catalog.json, run_results.json, sources.json), the export and the state; `--base` of
    /// `impact` and `--state` take DIR
    ///
    /// Only the owner can read the files, since they name people.
    #[arg(long, value_name = "DIR", help_heading = "The result")]
    pub(super) state_out: Option<PathBuf>,
    /// Write nothing, but stop as `patch` would
    #[arg(long, help_heading = "The result")]
    pub(super) dry_run: bool,
    /// Remove exposures even if more than half of a site's (and more than three) would go
    #[arg(long, help_heading = "The result")]
    pub(super) allow_mass_removal: bool,
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    #[command(flatten)]
    pub(super) inputs: InputArgs,
    #[command(flatten, next_help_heading = "The report")]
    pub(super) report: ReportArgs<Format>,
    /// Exit with 1 if anything is added, changed, renamed or removed, or kept with changes, or if
    /// a link is lost
    #[arg(long, help_heading = "The result")]
    pub(super) exit_code: bool,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The schema to print
    #[arg(value_enum, value_name = "WHICH")]
    pub(super) of: Described,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command to print the page of [default: autoexpose itself]
    #[arg(value_name = "COMMAND")]
    pub(super) verb: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Described {
    /// The JSON that `--format json` of `patch` and `diff` prints
    Report,
    /// The JSON that `--format json` of `explain` prints
    Explain,
    /// The JSON that `--format json` of `explain --code` prints
    Codes,
    /// The JSON that `--format json` of `explain --unused` prints
    Unused,
    /// The JSON that `--format json` of `explain --for` prints
    Access,
    /// The JSON that `--format json` of `explain --hidden` prints
    Hidden,
    /// The JSON that `check --format json` prints
    Check,
    /// The JSON that `impact --format json` prints
    Impact,
    /// The JSON that `doctor --format json` prints
    Doctor,
    /// The JSON that `refresh --format json` prints
    Refresh,
    /// autoexpose.yml, for editors
    Config,
}
