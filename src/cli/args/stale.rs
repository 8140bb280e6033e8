//! Which workbooks are old, for verbs that have `--unused`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct StaleArgs {
    /// With `--unused`: a workbook is old if it was neither published nor refreshed for so many days
    /// before the export was made
    #[arg(long, value_name = "DAYS", default_value_t = 180, requires = "unused")]
    pub(crate) stale_after: u32,
}
