//! For whom a run shows lineage.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct AudienceArgs {
    /// Show and write only what these people may see of Tableau: `user:NAME`, `group:NAME`, `everyone` or
    /// `nobody`, by what the export says of permissions; of other workbooks only that they are there
    /// [default: audience.who of autoexpose.yml]
    #[arg(long, value_name = "SUBJECT")]
    pub(crate) audience: Option<String>,
}
