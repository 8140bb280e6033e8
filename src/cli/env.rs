//! Every environment variable that the program reads, and values with their origin.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::model::Failure;

/// Variables for the folder of the dbt project, in order of precedence. dbt-core has those with
/// `ENGINE` since 1.10, and prefers them (`EngineEnvVar` in its `cli/params.py`).
pub(super) const PROJECT_DIR: [&str; 2] = ["DBT_ENGINE_PROJECT_DIR", "DBT_PROJECT_DIR"];
/// Variables for the folder in which dbt leaves its artifacts.
pub(super) const TARGET_PATH: [&str; 2] = ["DBT_ENGINE_TARGET_PATH", "DBT_TARGET_PATH"];
/// Variables for the state.
pub(super) const STATE: [&str; 2] = ["DBT_ENGINE_STATE", "DBT_STATE"];
/// The variable for the minutes between two refreshes of an extract, as the dbt platform has it
/// (<https://docs.getdbt.com/docs/cloud-integrations/orchestrate-exposures>).
pub(super) const BUILD_AFTER: [&str; 1] = ["DBT_ACTIVE_EXPOSURES_BUILD_AFTER"];
/// The variable that switches refreshes on in the dbt platform, and here off.
pub(super) const ACTIVE_EXPOSURES: [&str; 1] = ["DBT_ACTIVE_EXPOSURES"];
/// Variables for the server's address, as other Tableau tools name them, in order of precedence.
pub(super) const SERVER: [&str; 5] = [
    "TABLEAU_SERVER_URL",
    "TABLEAU_SERVER",
    "TABLEAU_BASE_URL",
    "TABLEAU_URL",
    "TABLEAU_SERVER_ADDRESS",
];
/// Variables for the site's content URL, in order of precedence.
pub(super) const SITE: [&str; 4] = [
    "TABLEAU_SITE_ID",
    "TABLEAU_SITE",
    "TABLEAU_SITE_NAME",
    "TABLEAU_SITENAME",
];
/// Variables for the folder into which a pipeline checks out the repository: of GitHub Actions and of
/// GitLab.
pub(super) const REPOSITORY: [&str; 2] = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];
/// The variable with which `rayon` lets users set the number of threads of any program.
pub(super) const THREADS: &str = "RAYON_NUM_THREADS";
/// The variable that asks for colours, and that `anstream` does not know.
const FORCE_COLOR: &str = "FORCE_COLOR";
const NO_COLOR: &str = "NO_COLOR";

/// A value, and the flag or variable that it comes from.
pub(super) struct Given {
    pub(super) value: String,
    pub(super) origin: String,
}

impl Given {
    /// The value of a flag; `None` if the flag is not given.
    pub(super) fn by_flag(flag: &str, value: Option<&String>) -> Option<Self> {
        value.map(|value| Self {
            value: value.clone(),
            origin: flag.to_owned(),
        })
    }

    /// Whether the value is more than white space.
    pub(super) fn is_filled(&self) -> bool {
        !self.value.trim().is_empty()
    }
}

/// A path, and the flags, variables and files that it comes from.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) by: String,
}

/// The first of these variables that is set.
///
/// # Errors
/// One of them is not Unicode.
pub(super) fn find(names: &[&str]) -> Result<Option<Given>, Failure> {
    Ok(variables(names)?.into_iter().next())
}

/// The first of these variables that is set and not blank.
///
/// # Errors
/// One of them is not Unicode.
pub(super) fn find_filled(names: &[&str]) -> Result<Option<Given>, Failure> {
    Ok(variables(names)?.into_iter().find(Given::is_filled))
}

/// A path from a flag, else from the first of these variables that is not empty.
pub(super) fn find_path(
    by_flag: Option<&PathBuf>,
    flag: &str,
    variables: &[&str],
) -> Option<Found> {
    if let Some(path) = by_flag.cloned() {
        let by = flag.to_owned();
        return Some(Found { path, by });
    }
    variables.iter().find_map(|variable| {
        Some(Found {
            path: filled(variable)?.into(),
            by: origin(variable),
        })
    })
}

/// The value of a variable that is not empty.
pub(super) fn filled(variable: &str) -> Option<OsString> {
    env::var_os(variable).filter(|value| !value.is_empty())
}

/// Whether a variable asks for colours whatever the output is.
pub(super) fn is_color_forced() -> bool {
    filled(NO_COLOR).is_none() && filled(FORCE_COLOR).is_some_and(|value| value != "0")
}

/// How messages name a variable as the origin of a value.
pub(super) fn origin(variable: &str) -> String {
    format!("variable {variable}")
}

fn variables(names: &[&str]) -> Result<Vec<Given>, Failure> {
    let set = names
        .iter()
        .filter_map(|name| Some((origin(name), env::var_os(name)?)));
    set.map(|(origin, value)| match value.into_string() {
        Ok(value) => Ok(Given { value, origin }),
        Err(_) => Err(Failure::new(origin, "its value is not Unicode")),
    })
    .collect()
}
