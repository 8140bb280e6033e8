//! Arguments about which workbooks are exposed, and how their tables are matched.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct SelectionArgs {
    /// Look only at these workbooks, such as `project:Finance/**`, `name:*KPI*`, `tag:daily`, `owner:ada*`
    /// or `luid:…`; may be repeated. Exposures of others are kept
    #[arg(long, value_name = "FIELD:PATTERN")]
    pub(crate) include: Vec<String>,
    /// Leave out these workbooks, in the same form; may be repeated
    #[arg(long, value_name = "FIELD:PATTERN")]
    pub(crate) exclude: Vec<String>,
    /// Remove the exposures of workbooks that `--include` and `--exclude` leave out
    #[arg(long)]
    pub(crate) prune: bool,
    /// Also expose workbooks in personal spaces
    #[arg(long)]
    pub(crate) personal_spaces: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MatchingArgs {
    /// Allow linking by table name alone for this connection type, if the name fits one relation of
    /// that database; may be repeated
    #[arg(long, value_name = "CONNECTION_TYPE")]
    pub(crate) name_only: Vec<String>,
    /// Do not link a table that only custom SQL names, if the query could not be read without a doubt
    #[arg(long)]
    pub(crate) strict: bool,
}
