//! Arguments of `explain`.

use clap::{Args, ValueEnum};

use super::access::AccessArgs;
use super::inputs::InputArgs;
use super::report::ReportArgs;
use super::stale::StaleArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  autoexpose explain 'Sales overview' --tableau exports/2026-05-01
          what a workbook reads, why some of it is not linked, and the lines that would link it
  autoexpose explain https://10ax.online.tableau.com/#/site/shop/workbooks/42 --tableau exports/2026-05-01
          the same for what a browser shows
  autoexpose explain orders --tableau exports/2026-05-01
          which workbooks read a model, and which tables nearly do
  autoexpose explain table:PROD.CORE.ORDERS --tableau exports/2026-05-01
          why a table is not linked
  autoexpose explain --unlinked --tableau exports/2026-05-01
          everything that is not linked, by cause
  autoexpose explain --unused --tableau exports/2026-05-01
          the models that no workbook reads, and who else reads them
  autoexpose explain 'Sales overview' --for user:ada --tableau exports/2026-05-01
          whether somebody may see a workbook, and by which of Tableau's rules
  autoexpose explain --hidden --tableau exports/2026-05-01
          the tables without a name, and what would show them to the token
  autoexpose explain --code export-incomplete
          what a code means, with an example and what to do";

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A workbook (title, luid or url), a model (name, unique_id or relation) or a table (as Tableau
    /// names it)
    ///
    /// `*` and `?` make a pattern of a name. In front, `workbook:`, `model:` or `table:` says what is
    /// meant. It stands before `--tableau`, which takes everything behind it.
    #[arg(value_name = "SUBJECT")]
    pub(crate) subject: Option<String>,
    /// Explain everything that selected workbooks read and that is not linked, by cause
    #[arg(long, conflicts_with = "subject")]
    pub(crate) unlinked: bool,
    /// Explain a code that a report shows, such as `export-incomplete` or `outcome:unknown`, with an
    /// example and what to do; needs no input
    #[arg(long, value_name = "CODE", conflicts_with_all = ["subject", "unlinked"])]
    pub(crate) code: Option<String>,
    /// List all codes
    #[arg(long, conflicts_with_all = ["subject", "unlinked", "code"])]
    pub(crate) codes: bool,
    /// Explain what no workbook reads: models, seeds and snapshots that nothing is known to read, that a
    /// workbook may read all the same, and that others read; then sources and staging models that
    /// workbooks read directly, and workbooks in which nothing has changed for long
    #[arg(long, conflicts_with_all = ["subject", "unlinked", "code", "codes"])]
    pub(crate) unused: bool,
    #[command(flatten)]
    pub(crate) access: AccessArgs,
    #[command(flatten)]
    pub(crate) stale: StaleArgs,
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    #[command(flatten, next_help_heading = "The answer")]
    pub(crate) report: ReportArgs<ExplainFormat>,
}

/// The formats of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}
