//! The arguments of `autoexpose init`.

use std::path::PathBuf;

use clap::Args;

use crate::setup::Way;

pub(crate) const EXAMPLES: &str = "\
Examples:
  autoexpose init
          what would change so that exposures are in files that are committed
  autoexpose init --hidden --write
          makes a folder beside the models that git ignores and dbt reads the place of exposures";

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The dbt project [env: DBT_PROJECT_DIR] [default: the nearest folder with dbt_project.yml, from
    /// this one upwards]
    #[arg(long, value_name = "DIR")]
    pub(crate) project_dir: Option<PathBuf>,
    /// Exposures in files below the models that are committed, so that every checkout has them and
    /// each change can be reviewed [default, unless the project has the hidden folder]
    #[arg(long)]
    pub(crate) committed: bool,
    /// Exposures in the folder .autoexpose beside the models, which git ignores and dbt reads:
    /// nothing is committed, and each job that selects by exposures runs `autoexpose yaml` first
    #[arg(long, conflicts_with = "committed")]
    pub(crate) hidden: bool,
    /// Make the change
    #[arg(long)]
    pub(crate) write: bool,
}

impl InitArgs {
    /// The way that is asked for.
    pub(crate) fn way(&self) -> Option<Way> {
        match (self.committed, self.hidden) {
            (true, _) => Some(Way::Committed),
            (_, true) => Some(Way::Hidden),
            _ => None,
        }
    }
}
