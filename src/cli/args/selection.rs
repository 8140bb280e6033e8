//! Which workbooks are exposed, and how their tables are matched.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct SelectionArgs {
    /// Look at these workbooks only, as `project:Finance/**`, `name:*KPI*`, `tag:daily`, `owner:ada*`
    /// or `luid:…`; may be repeated. Exposures of others are kept
    #[arg(long, value_name = "FIELD:PATTERN")]
    pub(crate) include: Vec<String>,
    /// Leave these workbooks alone, in the same form; may be repeated
    #[arg(long, value_name = "FIELD:PATTERN")]
    pub(crate) exclude: Vec<String>,
    /// Remove the exposures of workbooks that `--include` and `--exclude` leave out
    #[arg(long)]
    pub(crate) prune: bool,
    /// Expose workbooks in personal spaces as well
    #[arg(long)]
    pub(crate) personal_spaces: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MatchingArgs {
    /// Let a table's name alone draw a link over connections of this type, if it fits one relation
    /// of that database; may be repeated
    #[arg(long, value_name = "CONNECTION_TYPE")]
    pub(crate) name_only: Vec<String>,
}
