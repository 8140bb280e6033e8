//! Arguments about the configuration, and the threads of a run.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The configuration [default: autoexpose.yml in the dbt project, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print the settings and where each comes from, then exit
    #[arg(long)]
    pub(crate) show_config: bool,
    /// How many threads to use [default: one for each core]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) threads: Option<usize>,
}
