//! Arguments about the dbt project, its manifest, and the state.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ProjectArgs {
    /// dbt's manifest.json, or `-` for standard input; repeated, the manifests of several projects,
    /// each of which gets the exposures of what it builds [default: manifest.json in the target path]
    #[arg(long = "manifest", value_name = "FILE")]
    pub(crate) manifests: Vec<PathBuf>,
    /// The dbt project; repeated, for `yaml`, the projects of several manifests [env: DBT_PROJECT_DIR]
    /// [default: the nearest folder with dbt_project.yml, from this one upwards]
    #[arg(long = "project-dir", value_name = "DIR")]
    pub(crate) project_dirs: Vec<PathBuf>,
    /// The folder in which dbt leaves its artifacts, from the dbt project [env: DBT_TARGET_PATH]
    /// [default: target-path of dbt_project.yml, else target]
    #[arg(long, value_name = "DIR")]
    pub(crate) target_path: Option<PathBuf>,
    /// The state to compare with: a folder with the manifest that an earlier run patched, or that
    /// file itself; from the dbt project, as for dbt. Of several projects one each, or a folder that
    /// `patch --output-dir` wrote [env: DBT_STATE] [default: the exposures in the manifest, else what the last patch left beside it]
    #[arg(long = "state", value_name = "PATH")]
    pub(crate) states: Vec<PathBuf>,
}
