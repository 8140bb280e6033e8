//! Arguments of `exposures`.

use clap::Args;

use super::inputs::InputArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  autoexpose exposures --tableau exports/2026-05-01
          the exposures for target/manifest.json of the dbt project around this folder
  autoexpose exposures --tableau exports/2026-05-01 | jq -r '.exposures[].unique_id'
          the ids of these exposures";

#[derive(Debug, Args)]
pub(crate) struct ExposuresArgs {
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    /// Leave out exposures even if more than half of a site's (and more than three) would go
    #[arg(long, help_heading = "The result")]
    pub(crate) allow_mass_removal: bool,
    /// Do not tell how many warnings there are
    #[arg(long, short, help_heading = "The result")]
    pub(crate) quiet: bool,
}
