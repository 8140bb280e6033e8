//! What can be said on the command line, and what the environment says where it is silent.

use std::env;
use std::io::{IsTerminal, stderr, stdout};
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Draws dbt exposures for Tableau workbooks, from a dbt manifest and a Tableau metadata export
#[derive(Debug, Parser)]
#[command(name = "autoexpose", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) verb: Verb,
}

impl Cli {
    pub(super) fn common(&self) -> &Common {
        match &self.verb {
            Verb::Patch(args) => &args.common,
            Verb::Diff(args) => &args.common,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Write the exposures into the manifest and print what changes
    ///
    /// A patched manifest is good for dbt docs 1.x and for every tool that reads artifacts. The next
    /// dbt command writes a fresh one without them, so patch last.
    Patch(PatchArgs),
    /// Print what `patch` would change, and write nothing
    Diff(DiffArgs),
}

#[derive(Debug, Args)]
pub(super) struct PatchArgs {
    #[command(flatten)]
    pub(super) common: Common,
    /// Write the patched manifest here and leave the given one alone
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Remove exposures even if more than half of a site's (and more than three) would go
    #[arg(long)]
    pub(super) allow_mass_removal: bool,
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    #[command(flatten)]
    pub(super) common: Common,
    /// Exit with 1 if anything is added, changed, renamed or removed, or kept and yet not as it was
    #[arg(long)]
    pub(super) exit_code: bool,
}

#[derive(Debug, Args)]
pub(super) struct Common {
    /// dbt's manifest.json [default: target/manifest.json of the dbt project]
    #[arg(long, value_name = "FILE")]
    pub(super) manifest: Option<PathBuf>,
    /// The dbt project [env: DBT_PROJECT_DIR] [default: .]
    #[arg(long, value_name = "DIR")]
    pub(super) project_dir: Option<PathBuf>,
    /// The folder in which dbt leaves its artifacts [env: DBT_TARGET_PATH] [default: target]
    #[arg(long, value_name = "DIR")]
    pub(super) target_path: Option<PathBuf>,
    /// The state to compare with: a folder with the manifest that an earlier run patched, or that
    /// file itself [env: DBT_STATE] [default: the exposures in the manifest]
    #[arg(long, value_name = "PATH")]
    pub(super) state: Option<PathBuf>,
    /// Tableau's metadata: files, folders, patterns, or `-` for standard input; may be repeated
    ///
    /// Answers of the Metadata API in any shape: saved from GraphiQL or by curl, pages of
    /// `…Connection`, arrays of answers, NDJSON, each also gzipped.
    #[arg(long, value_name = "PATH", required_unless_present_any = ["show_config", "config_schema"], num_args = 1..)]
    pub(super) tableau: Vec<String>,
    /// The Tableau server of exports that do not name it, as https://10ax.online.tableau.com
    /// [env: TABLEAU_SERVER_URL]
    #[arg(long, value_name = "URL")]
    pub(super) server: Option<String>,
    /// The content URL of the site of exports that do not name it; empty for the default site
    /// [env: TABLEAU_SITE_ID]
    #[arg(long, value_name = "CONTENT_URL")]
    pub(super) site: Option<String>,
    /// Take exports that do not say it themselves for complete, so that exposures of workbooks that
    /// they do not list are removed
    #[arg(long)]
    pub(super) export_complete: bool,
    /// Look at these workbooks only, as `project:Finance/**`, `name:*KPI*`, `tag:daily`, `owner:ada*`
    /// or `luid:…`; may be repeated. Exposures of others are kept
    #[arg(long, value_name = "FIELD:PATTERN")]
    pub(super) include: Vec<String>,
    /// Leave these workbooks alone, in the same form; may be repeated
    #[arg(long, value_name = "FIELD:PATTERN")]
    pub(super) exclude: Vec<String>,
    /// Remove the exposures of workbooks that `--include` and `--exclude` leave out
    #[arg(long)]
    pub(super) prune: bool,
    /// Expose workbooks in personal spaces as well
    #[arg(long)]
    pub(super) personal_spaces: bool,
    /// Let a table's name alone draw a link over connections of this type, if it fits one relation
    /// of that database; may be repeated
    #[arg(long, value_name = "CONNECTION_TYPE")]
    pub(super) name_only: Vec<String>,
    /// The configuration [default: autoexpose.yml in the dbt project, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Print the settings and where each comes from, and do nothing else
    #[arg(long)]
    pub(super) show_config: bool,
    /// Print the JSON schema of autoexpose.yml, for editors, and do nothing else
    #[arg(long)]
    pub(super) config_schema: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// When to use colours
    #[arg(long, value_enum, default_value_t)]
    pub(super) color: Color,
    /// How many threads to use [default: one for each core]
    #[arg(long, value_name = "NUMBER")]
    pub(super) threads: Option<usize>,
    /// Print only what changes
    #[arg(long, short, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// List files and tables of other warehouses as well
    #[arg(long, short)]
    pub(super) verbose: bool,
}

/// A path and who named it.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) by: String,
}

impl Common {
    /// The manifest's path: `--manifest`, else where dbt leaves it.
    pub(super) fn manifest_path(&self) -> Found {
        if let Some(path) = self.manifest.clone() {
            return Found {
                path,
                by: "--manifest".to_owned(),
            };
        }
        let target = given(
            self.target_path.as_ref(),
            "--target-path",
            "DBT_TARGET_PATH",
        );
        let project = self.project();
        let by = project
            .iter()
            .chain(&target)
            .map(|found| found.by.as_str())
            .collect::<Vec<_>>();
        let by = if by.is_empty() {
            "default".to_owned()
        } else {
            by.join(", ")
        };
        let target = target.map_or_else(|| PathBuf::from("target"), |found| found.path);
        // As dbt does, a relative target path is one in the project.
        let path = self.project_path().join(target.join("manifest.json"));
        Found { path, by }
    }

    /// The dbt project's folder; empty for the current one.
    pub(super) fn project_path(&self) -> PathBuf {
        self.project().map(|found| found.path).unwrap_or_default()
    }

    fn project(&self) -> Option<Found> {
        let project = given(
            self.project_dir.as_ref(),
            "--project-dir",
            "DBT_PROJECT_DIR",
        );
        project.filter(|project| project.path != Path::new("."))
    }

    /// The manifest of an earlier run, if there is one to compare with.
    pub(super) fn state_path(&self) -> Option<Found> {
        let Found { path, by } = given(self.state.as_ref(), "--state", "DBT_STATE")?;
        let path = if path.is_dir() {
            path.join("manifest.json")
        } else {
            path
        };
        Some(Found { path, by })
    }
}

/// A path by a flag, else by a variable.
fn given(of_flag: Option<&PathBuf>, flag: &str, variable: &str) -> Option<Found> {
    if let Some(path) = of_flag.cloned() {
        return Some(Found {
            path,
            by: flag.to_owned(),
        });
    }
    let path = env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)?;
    Some(Found {
        path,
        by: format!("variable {variable}"),
    })
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// A comment for a pull request
    Markdown,
    /// A unified diff of the exposures
    Unified,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    pub(super) fn on_stdout(self) -> bool {
        self.on(stdout().is_terminal())
    }

    pub(super) fn on_stderr(self) -> bool {
        self.on(stderr().is_terminal())
    }

    fn on(self, is_terminal: bool) -> bool {
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                is_terminal
                    && !is_set("NO_COLOR")
                    && env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}
