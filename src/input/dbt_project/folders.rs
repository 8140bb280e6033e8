//! The folders in which dbt finds the files of a project, and what a package says of access to it.

use serde::Deserialize;
use serde_json::Value;

use super::{JINJA, parse};
use crate::model::Failure;

const HELP: &str = "write the folders without Jinja";

/// The folders of a project, from its own on, in dbt's words with those of versions before 1.0
/// (`Project` in dbt-core's `contracts/project.py`).
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct RawFolders {
    model_paths: Option<Value>,
    source_paths: Option<Value>,
    seed_paths: Option<Value>,
    data_paths: Option<Value>,
    snapshot_paths: Option<Value>,
    analysis_paths: Option<Value>,
    macro_paths: Option<Value>,
    test_paths: Option<Value>,
    packages_install_path: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct RawPackage {
    name: Option<Value>,
    restrict_access: Option<Value>,
}

/// The folders of a project, from its own on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Those in which dbt looks for models.
    pub models: Vec<String>,
    /// Those in which dbt looks for seeds, snapshots, analyses, macros and tests; it reads property
    /// files there as well.
    pub others: Vec<String>,
    /// The one that packages are installed in; `None` if only dbt can evaluate it.
    pub packages: Option<String>,
}

/// The folder of exposures beside the models, which git ignores.
pub const HIDDEN: &str = ".autoexpose";
/// Their folder below the models, where they are committed.
const COMMITTED: &str = "autoexpose";

impl Folders {
    /// The folder of exposures unless the configuration names one: the hidden one if dbt reads it.
    pub fn for_exposures(&self) -> String {
        if self.has_hidden() {
            return HIDDEN.to_owned();
        }
        self.for_committed()
    }

    /// The folder of exposures that are committed: below the first one of models.
    pub fn for_committed(&self) -> String {
        let mut models = self.models.iter().filter(|folder| *folder != HIDDEN);
        match models.next().map_or("", String::as_str) {
            "" => COMMITTED.to_owned(),
            first => format!("{first}/{COMMITTED}"),
        }
    }

    /// Whether dbt reads the hidden folder.
    pub fn has_hidden(&self) -> bool {
        self.models.iter().any(|folder| folder == HIDDEN)
    }

    /// Whether dbt reads property files in a folder: it is one of models, or below one.
    pub fn have(&self, folder: &str) -> bool {
        let is_below = |models: &String| {
            let rest = folder.strip_prefix(models.as_str());
            models.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.models.iter().any(is_below)
    }
}

/// What a package says to the projects that use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Whether only its public models may be referred to
    /// (<https://docs.getdbt.com/reference/resource-configs/access>).
    pub restricts_access: bool,
}

/// The folders that a `dbt_project.yml` names, else the usual ones.
///
/// # Errors
/// The file is not YAML, or a folder can be evaluated only by dbt.
pub fn folders(file: &str, text: &str) -> Result<Folders, Failure> {
    let raw: RawFolders = parse(file, text)?;
    let list = |key: &str, value: &Option<Value>, usual: &str| {
        let folders = list(value.as_ref()).unwrap_or_else(|| vec![usual.to_owned()]);
        if folders.iter().any(|folder| is_jinja(folder)) {
            let message = format!("`{key}` contains Jinja, which only dbt can evaluate");
            return Err(Failure::new(file, message).help(HELP));
        }
        Ok(folders)
    };
    let others = [
        list("seed-paths", &raw.seed_paths.or(raw.data_paths), "seeds")?,
        list("snapshot-paths", &raw.snapshot_paths, "snapshots")?,
        list("analysis-paths", &raw.analysis_paths, "analyses")?,
        list("macro-paths", &raw.macro_paths, "macros")?,
        list("test-paths", &raw.test_paths, "tests")?,
    ];
    let packages = match raw.packages_install_path {
        Some(Value::String(folder)) => Some(folder).filter(|folder| !is_jinja(folder)),
        _ => Some("dbt_packages".to_owned()),
    };
    Ok(Folders {
        models: list(
            "model-paths",
            &raw.model_paths.or(raw.source_paths),
            "models",
        )?,
        others: others.concat(),
        packages,
    })
}

/// What the `dbt_project.yml` of a package says.
///
/// # Errors
/// The file is not YAML, or does not name the package.
pub fn package(file: &str, text: &str) -> Result<Package, Failure> {
    let raw: RawPackage = parse(file, text)?;
    let Some(Value::String(name)) = raw.name else {
        return Err(Failure::new(file, "its `name` is missing"));
    };
    // Where only dbt can tell, its models are left out.
    let restricts_access = match raw.restrict_access {
        Some(Value::Bool(restricts)) => restricts,
        Some(Value::String(text)) => is_jinja(&text) || text.eq_ignore_ascii_case("true"),
        _ => false,
    };
    Ok(Package {
        name,
        restricts_access,
    })
}

/// The folders of a list, without `./` and `/` around them, that of the project itself as an empty
/// text; `None` if it is not a list, or is empty.
fn list(value: Option<&Value>) -> Option<Vec<String>> {
    let folders = value?.as_array()?.iter().filter_map(Value::as_str);
    let folders = folders.map(|folder| {
        let folder = folder.strip_prefix("./").unwrap_or(folder);
        let folder = folder.trim_end_matches('/');
        if folder == "." { "" } else { folder }.to_owned()
    });
    let folders = folders.collect::<Vec<_>>();
    (!folders.is_empty()).then_some(folders)
}

fn is_jinja(text: &str) -> bool {
    JINJA.iter().any(|start| text.contains(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_those_of_the_project_else_the_usual_ones() {
        let usual = folders("dbt_project.yml", "name: shop\n").expect("YAML");
        assert_eq!(usual.models, ["models"]);
        assert_eq!(usual.packages.as_deref(), Some("dbt_packages"));
        assert_eq!(usual.others.len(), 5);
        let text = "model-paths: [./models/, .autoexpose]\nsnapshot-paths: [s]\npackages-install-path: \"{{ env_var('P') }}\"\n";
        let given = folders("dbt_project.yml", text).expect("YAML");
        assert_eq!(given.models, ["models", ".autoexpose"]);
        assert!(given.others.contains(&"s".to_owned()));
        assert_eq!(given.packages, None);
        let old = folders("dbt_project.yml", "source-paths: [m]\n").expect("YAML");
        assert_eq!(old.models, ["m"]);
        let own = folders("dbt_project.yml", "model-paths: [., ./]\n").expect("YAML");
        assert_eq!(own.models, ["", ""]);
        assert_eq!(own.for_exposures(), "autoexpose");
        assert!(own.have("autoexpose") && !given.have("modelsx") && given.have("models/x"));
        assert_eq!(given.for_exposures(), ".autoexpose");
        assert_eq!(given.for_committed(), "models/autoexpose");
        let jinja = folders("dbt_project.yml", "model-paths: [\"{{ x }}\"]\n");
        assert!(jinja.expect_err("Jinja").message.contains("`model-paths`"));
    }

    #[test]
    fn packages_may_restrict_access() {
        for (text, expected) in [
            ("name: a\nrestrict-access: true\n", Some(true)),
            ("name: a\nrestrict-access: \"{{ var('r') }}\"\n", Some(true)),
            ("name: a\n", Some(false)),
            ("version: 1\n", None),
        ] {
            let package = package("dbt_project.yml", text).ok();
            let restricts = package.map(|package| package.restricts_access);
            assert_eq!(restricts, expected, "{text}");
        }
    }
}
