//! Arguments about the dbt project, its manifest, and the state.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ProjectArgs {
    /// dbt's manifest.json, or `-` for standard input [default: manifest.json in the target path]
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// The dbt project [env: DBT_PROJECT_DIR] [default: the nearest folder with dbt_project.yml, from
    /// this one upwards]
    #[arg(long, value_name = "DIR")]
    pub(crate) project_dir: Option<PathBuf>,
    /// The folder in which dbt leaves its artifacts, from the dbt project [env: DBT_TARGET_PATH]
    /// [default: target-path of dbt_project.yml, else target]
    #[arg(long, value_name = "DIR")]
    pub(crate) target_path: Option<PathBuf>,
    /// The state to compare with: a folder with the manifest that an earlier run patched, or that
    /// file itself; from the dbt project, as for dbt [env: DBT_STATE] [default: the exposures in the manifest, else what the last patch left beside it]
    #[arg(long, value_name = "PATH")]
    pub(crate) state: Option<PathBuf>,
}
