//! Where the files of a dbt project lie, as dbt finds them: flags over environment variables over
//! `dbt_project.yml`.

use std::env::current_dir;
use std::path::{Path, PathBuf};

use super::args::{InputArgs, ProjectArgs};
use super::env::{self, Found};
use super::exports::kept_in;
use super::settings_table::DEFAULT;
use crate::input::dbt_project;
use crate::input::json::{utf8, without_mark};
use crate::io::max_size::MaxSize;
use crate::io::{is_dash, is_same_file, name_of_input, read};
use crate::model::Failure;

/// The configuration's file name; the file lies beside `dbt_project.yml`.
pub(super) const CONFIG_FILE: &str = "autoexpose.yml";

/// The name that dbt gives the manifest.
const MANIFEST: &str = "manifest.json";

/// The files of the dbt projects of a run.
pub(super) struct Paths {
    /// The folder of the dbt project; empty for the current one. Of several projects, the current one.
    pub(super) project: PathBuf,
    /// The folders of the dbt projects, one or several.
    pub(super) projects: Vec<PathBuf>,
    /// The manifests: those of `--manifest`, else the one where dbt writes it.
    pub(super) manifests: Vec<Found>,
    /// Where dbt writes the manifest, as far as that is known.
    by_dbt: Option<PathBuf>,
    /// The manifests of the states, if `--state` or its variable is given.
    pub(super) states: Vec<StatePath>,
    /// The configuration: `--config`, else the one beside `dbt_project.yml` if it exists.
    pub(super) config: Option<PathBuf>,
}

/// The manifest of a state.
pub(super) struct StatePath {
    pub(super) manifest: Found,
    /// The name of its folder, if a folder of several projects is given.
    pub(super) folder: Option<String>,
}

impl StatePath {
    /// The export that `patch --state-out` kept beside it, or beside the folders of several projects.
    pub(super) fn exports(&self) -> Option<PathBuf> {
        let folder = self.manifest.path.parent()?;
        match self.folder {
            None => kept_in(folder),
            Some(_) => kept_in(folder.parent()?),
        }
    }
}

impl Paths {
    /// Finds the files that the arguments mean. Only the project's folder must exist, and
    /// `dbt_project.yml` be readable where it decides.
    pub(super) fn find(args: &InputArgs) -> Result<Self, Vec<Failure>> {
        match Self::find_or_tell(args)? {
            (paths, None) => Ok(paths),
            (_, Some(failure)) => Err(vec![failure]),
        }
    }

    /// The same without a manifest where `dbt_project.yml` should say where it is and cannot be read,
    /// which is told.
    pub(super) fn find_or_tell(args: &InputArgs) -> Result<(Self, Option<Failure>), Vec<Failure>> {
        let given = match args.project.project_dirs.as_slice() {
            [] => None,
            [given] => Some(given),
            [_, second, ..] => return Err(vec![one_is_enough(second)]),
        };
        let project = Project::find(given).map_err(|failure| vec![failure])?;
        let by_dbt = project.manifest(args);
        let known = by_dbt.as_ref().ok().map(|found| found.path.clone());
        let mut manifests = given_manifests(args);
        let mut failure = None;
        if manifests.is_empty() {
            match by_dbt {
                Ok(found) => manifests.push(found),
                Err(unknown) => failure = Some(unknown),
            }
        }
        let paths = Self {
            manifests,
            by_dbt: known,
            states: project.states(&args.project),
            config: config_of(args.run.config.as_ref(), &project.folder),
            projects: vec![project.folder.clone()],
            project: project.folder,
        };
        Ok((paths, failure))
    }

    /// The same for a verb that takes several dbt projects. Of several, configuration and states are
    /// looked for from the current folder on.
    pub(super) fn find_several(args: &InputArgs) -> Result<Self, Vec<Failure>> {
        let dirs = &args.project.project_dirs;
        if dirs.len() < 2 {
            return Self::find(args);
        }
        let found = dirs.iter().map(|dir| Project::find(Some(dir)));
        let projects = Failure::all(found.map(|one| one.map_err(|failure| vec![failure])))?;
        let mut manifests = given_manifests(args);
        if manifests.is_empty() {
            let by_dbt = projects.iter().map(|project| project.manifest(args));
            manifests = Failure::all(by_dbt.map(|one| one.map_err(|failure| vec![failure])))?;
        }
        let current = Project {
            folder: PathBuf::new(),
            by: None,
        };
        Ok(Self {
            manifests,
            by_dbt: None,
            states: current.states(&args.project),
            config: config_of(args.run.config.as_ref(), &current.folder),
            projects: projects.into_iter().map(|project| project.folder).collect(),
            project: current.folder,
        })
    }
}

/// The manifests of `--manifest`.
fn given_manifests(args: &InputArgs) -> Vec<Found> {
    let given = args.project.manifests.iter().map(|path| Found {
        path: path.clone(),
        by: "--manifest".to_owned(),
    });
    given.collect()
}

/// The failure of a verb that looks at one project.
fn one_is_enough(second: &Path) -> Failure {
    let message = "a second dbt project is given, and only `autoexpose yaml` takes several";
    Failure::new(second.display().to_string(), message).help(
        "give `--project-dir` once; manifests of several projects are given with `--manifest`",
    )
}

/// The folder of the dbt project; empty for the current one. `given` is that of `--project-dir`.
pub(super) fn project_folder(given: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    Ok(Project::find(given)?.folder)
}

/// The configuration: the given one, else the one beside `dbt_project.yml` if it exists.
pub(super) fn config_of(given: Option<&PathBuf>, project: &Path) -> Option<PathBuf> {
    let beside = project.join(CONFIG_FILE);
    let given = given.cloned();
    given.or_else(|| Some(beside).filter(|path| path.exists()))
}

/// The name of the export that `autoexpose fetch` writes.
const EXPORT: &str = "tableau.json.gz";

/// Where the export of the project in a folder lies unless a flag says otherwise: in the folder in
/// which dbt leaves its artifacts. `given` is that of `--target-path`.
pub(super) fn fetched_export(project: &Path, given: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    in_target_of(project, given, EXPORT)
}

/// Where dbt leaves the manifest of the project in a folder. `given` is that of `--target-path`.
#[cfg(feature = "fetch")]
pub(super) fn manifest_of(project: &Path, given: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    in_target_of(project, given, MANIFEST)
}

/// A file in the folder in which dbt leaves the artifacts of the project in a folder.
fn in_target_of(folder: &Path, given: Option<&PathBuf>, name: &str) -> Result<PathBuf, Failure> {
    let project = Project {
        folder: folder.to_owned(),
        by: None,
    };
    let target = project.target(given, MaxSize::OF_SETTINGS)?;
    Ok(project.in_target(target, name))
}

/// Where it lies where nothing says in which folder dbt leaves its artifacts.
pub(super) fn usual_export(project: &Path) -> PathBuf {
    project.join("target").join(EXPORT)
}

impl Paths {
    /// The same with another manifest, and without states.
    pub(super) fn of_base(&self, path: PathBuf) -> Self {
        let by = "--base".to_owned();
        Self {
            project: self.project.clone(),
            projects: self.projects.clone(),
            manifests: vec![Found { path, by }],
            by_dbt: None,
            states: Vec::new(),
            config: self.config.clone(),
        }
    }

    /// Whether the next dbt command writes its manifest over this file: it is where dbt does that, or
    /// it is a manifest of the run and has the name that dbt gives.
    pub(super) fn is_written_by_dbt(&self, target: &Path) -> bool {
        let has_name = target.file_name().is_some_and(|name| name == MANIFEST);
        let is = |path: &PathBuf| is_same_file(target, path);
        let mut manifests = self.manifests.iter();
        self.by_dbt.as_ref().is_some_and(is)
            || (has_name && manifests.any(|manifest| is(&manifest.path)))
    }
}

impl Found {
    /// Adds to a failure about this path where it comes from, unless flags alone say it.
    pub(super) fn name_origin(&self, failure: Failure) -> Failure {
        if (self.by.split(", ")).all(|origin| origin.starts_with("--") || origin == DEFAULT) {
            return failure;
        }
        failure.more_help(format!("the path comes from {}", self.by))
    }
}

/// The folder of a dbt project; empty for the current one.
struct Project {
    folder: PathBuf,
    /// The flag, the variable or the file that says so; `None` for the current folder.
    by: Option<String>,
}

impl Project {
    fn find(given: Option<&PathBuf>) -> Result<Self, Failure> {
        let given = env::find_path(given, "--project-dir", &env::PROJECT_DIR);
        match given {
            Some(Found { path, .. }) if path == Path::new(".") => Ok(Self {
                folder: PathBuf::new(),
                by: None,
            }),
            Some(Found { path, by }) if !path.is_dir() => {
                let message = format!("this folder does not exist; it comes from {by}");
                Err(Failure::new(path.display().to_string(), message))
            }
            Some(Found { path, by }) => Ok(Self {
                folder: path,
                by: Some(by),
            }),
            None => Ok(Self::nearest()),
        }
    }

    /// The nearest folder with `dbt_project.yml`, from the current one upwards, as for dbt
    /// (`default_project_dir` in dbt-core's `cli/resolvers.py`); without one, the current folder.
    fn nearest() -> Self {
        let depth = current_dir().map_or(1, |folder| folder.ancestors().count());
        let mut folder = PathBuf::new();
        for up in 0..depth {
            if folder.join(dbt_project::FILE).is_file() {
                let by = (up > 0).then(|| folder.join(dbt_project::FILE).display().to_string());
                return Self { folder, by };
            }
            folder.push("..");
        }
        Self {
            folder: PathBuf::new(),
            by: None,
        }
    }

    /// Where dbt writes the manifest.
    fn manifest(&self, args: &InputArgs) -> Result<Found, Failure> {
        let target = self.target(args.project.target_path.as_ref(), args.run.max_size)?;
        let mut by = Vec::from_iter(self.by.clone());
        by.extend(target.as_ref().map(|found| found.by.clone()));
        by.dedup();
        if by.is_empty() {
            by.push(DEFAULT.to_owned());
        }
        let path = self.in_target(target, MANIFEST);
        let by = by.join(", ");
        Ok(Found { path, by })
    }

    /// The path of a file in the folder in which dbt leaves its artifacts. As for dbt, a relative target
    /// path starts at the project.
    fn in_target(&self, target: Option<Found>, name: &str) -> PathBuf {
        let target = target.map_or_else(|| PathBuf::from("target"), |found| found.path);
        self.folder.join(target).join(name)
    }

    /// The folder in which dbt leaves its artifacts, if anything says it.
    fn target(&self, given: Option<&PathBuf>, limit: MaxSize) -> Result<Option<Found>, Failure> {
        let given = env::find_path(given, "--target-path", &env::TARGET_PATH);
        if given.is_some() {
            return Ok(given);
        }
        let file = self.folder.join(dbt_project::FILE);
        if !file.is_file() {
            return Ok(None);
        }
        let (name, bytes) = (name_of_input(&file), read(&file, limit)?);
        let path = dbt_project::target_path(&name, without_mark(utf8(&name, &bytes)?))?;
        Ok(path.map(|path| Found {
            path: path.into(),
            by: name,
        }))
    }

    /// The manifests of the states. As for dbt, a relative path starts at the project
    /// (`PreviousState` in dbt-core's `contracts/state.py`).
    fn states(&self, args: &ProjectArgs) -> Vec<StatePath> {
        if args.states.is_empty() {
            let by_variable = env::find_path(None, "--state", &env::STATE);
            return by_variable.map_or_else(Vec::new, |found| self.state(found));
        }
        let given = args.states.iter().cloned().map(|path| Found {
            path,
            by: "--state".to_owned(),
        });
        given.flat_map(|found| self.state(found)).collect()
    }

    /// The manifest of a state: the file itself, the one in its folder, or those in the folders of that.
    fn state(&self, found: Found) -> Vec<StatePath> {
        let Found { path, by } = found;
        let one = |path| {
            let by = by.clone();
            let manifest = Found { path, by };
            vec![StatePath {
                manifest,
                folder: None,
            }]
        };
        if is_dash(&path) {
            return one(path);
        }
        let path = self.folder.join(path);
        if !path.is_dir() {
            return one(path);
        }
        let of_projects = if manifest_in(&path).exists() {
            Vec::new()
        } else {
            manifests_below(&path)
        };
        if of_projects.is_empty() {
            return one(manifest_in(&path));
        }
        let of_projects = of_projects.into_iter().map(|(folder, path)| StatePath {
            manifest: Found {
                path,
                by: by.clone(),
            },
            folder: Some(folder),
        });
        of_projects.collect()
    }
}

/// The folders of a folder that have a manifest, in the order of their names, each with it.
fn manifests_below(folder: &Path) -> Vec<(String, PathBuf)> {
    let folders = folder.read_dir().into_iter().flatten().flatten();
    let manifests = folders.map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, manifest_in(&entry.path()))
    });
    let mut manifests = manifests
        .filter(|(_, manifest)| manifest.is_file())
        .collect::<Vec<_>>();
    manifests.sort();
    manifests
}

/// The manifest in a folder of the state, gzipped if there is no other.
pub(super) fn manifest_in(folder: &Path) -> PathBuf {
    let plain = folder.join(MANIFEST);
    let gzipped = folder.join("manifest.json.gz");
    if gzipped.exists() && !plain.exists() {
        gzipped
    } else {
        plain
    }
}
