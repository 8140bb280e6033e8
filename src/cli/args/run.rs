//! Arguments about the configuration, and what a run may use of the machine.

use std::path::PathBuf;

use clap::{Args, value_parser};

use crate::io::max_size::MaxSize;

/// More threads than this are slower and not faster: with thousands, starting and waking them takes
/// minutes.
pub(crate) const MOST_THREADS: u16 = 256;

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The configuration [default: autoexpose.yml in the dbt project, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print the settings and where each comes from, then exit
    #[arg(long)]
    pub(crate) show_config: bool,
    /// How many threads to use, 1 to 256 [default: one for each core]
    #[arg(long, value_name = "NUMBER", value_parser = value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub(crate) threads: Option<u16>,
    /// The most that a compressed input may become, be it export, manifest, state or configuration,
    /// such as 500MB or 8GiB
    #[arg(long, value_name = "SIZE", default_value = "2GiB")]
    pub(crate) max_size: MaxSize,
}
