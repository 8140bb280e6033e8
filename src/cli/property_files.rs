//! Finds the property files of a dbt project, and the folder for those of autoexpose.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::args::YamlArgs;
use super::leak::leak;
use super::paths::Paths;
use super::settings;
use crate::edit::yaml::Layout;
use crate::input::dbt_project::{self, Folders};
use crate::input::json::utf8;
use crate::input::property_file::{self, PropertyFile};
use crate::io::content::Content;
use crate::io::folder::{files_below, if_there};
use crate::io::max_size::MaxSize;
use crate::io::{name_of_input, read};
use crate::model::{Code, Diagnostic, Failure};
use crate::pipeline::yaml::PropertiesInput;
use crate::settings::GroupBy;

/// What to do where a project is missing.
pub(super) const WHICH_PROJECT: &str = "give the dbt project with `--project-dir`";
/// What a file without exposures does not contain.
const KEY: &str = "exposures";
/// What a file without exposures of ours does not contain.
const MARK: &str = "autoexpose";

/// What was found in a project.
pub(super) struct Found {
    /// The folder of the project; empty for the current one.
    pub(super) project: PathBuf,
    /// Where exposures are written.
    pub(super) layout: Layout,
    /// The files, and what is known of packages.
    pub(super) input: PropertiesInput<'static>,
    /// The files as they were read, by their paths from the project on.
    contents: BTreeMap<String, &'static Content>,
    /// The paths of all files that were looked at.
    seen: BTreeSet<String>,
}

impl Found {
    /// The path of a file of the project.
    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.project.join(file)
    }

    /// The paths of all files of the project that were looked at.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let seen = self.seen.iter().map(String::as_str);
        let seen = seen.chain([dbt_project::FILE]);
        seen.map(|file| self.path(file)).collect()
    }

    /// Failures that name files of the project, with the paths that lead there from here.
    pub(super) fn with_paths(&self, failures: Vec<Failure>) -> Vec<Failure> {
        let failures = failures.into_iter().map(|failure| Failure {
            place: self.path(&failure.place).display().to_string(),
            ..failure
        });
        failures.collect()
    }

    /// A file as it was read; `None` if there was none.
    pub(super) fn content(&self, file: &str) -> Option<&'static Content> {
        self.contents.get(file).copied()
    }
}

/// Finds the files of each project.
///
/// # Errors
/// What cannot be read, and files that may hold exposures of ours and are not YAML.
pub(super) fn find(args: &YamlArgs, paths: &Paths) -> Result<Vec<Found>, Vec<Failure>> {
    let yaml = settings::for_yaml(args, paths)?.settings.yaml;
    let given = args.output_dir.clone();
    let given = given.or_else(|| yaml.folder.as_ref().map(PathBuf::from));
    let limit = args.inputs.run.max_size;
    let projects = paths.projects.iter();
    Failure::all(projects.map(|project| find_one(project, given.as_deref(), yaml.group_by, limit)))
}

/// Finds those of one project. `given` is the folder for exposures, if one is given.
fn find_one(
    project: &Path,
    given: Option<&Path>,
    group_by: GroupBy,
    limit: MaxSize,
) -> Result<Found, Vec<Failure>> {
    let (name, folders) = dbt_project(project, limit).map_err(|failure| vec![failure])?;
    let folder = match given {
        Some(given) => within(project, given).map_err(|failure| vec![failure])?,
        None => folders.for_exposures(),
    };
    let file = name_of_input(&project.join(dbt_project::FILE));
    let mut found = Found {
        project: project.to_owned(),
        layout: Layout { folder, group_by },
        input: PropertiesInput {
            file,
            project: name,
            ..PropertiesInput::default()
        },
        contents: BTreeMap::new(),
        seen: BTreeSet::new(),
    };
    found.read_files(&folders, limit)?;
    found.read_packages(&folders, limit);
    Ok(found)
}

/// Name and folders of a project.
fn dbt_project(project: &Path, limit: MaxSize) -> Result<(String, Folders), Failure> {
    let file = project.join(dbt_project::FILE);
    let name = name_of_input(&file);
    if !file.is_file() {
        let message = "is missing, so it is not known where dbt reads property files";
        return Err(Failure::new(name, message).help(WHICH_PROJECT));
    }
    let bytes = read(&file, limit)?;
    let text = utf8(&name, &bytes)?;
    let package = dbt_project::package(&name, text)?;
    Ok((package.name, dbt_project::folders(&name, text)?))
}

/// A folder that was given, from the project on.
fn within(project: &Path, given: &Path) -> Result<String, Failure> {
    let failure = || {
        let message = "this folder is not below the dbt project, and dbt would not read it";
        Failure::new(given.display().to_string(), message)
            .help("give a folder below one of the project's `model-paths`")
    };
    let relative = if given.is_absolute() {
        let project = std::path::absolute(project.join(".")).map_err(|_| failure())?;
        given.strip_prefix(project).map_err(|_| failure())?
    } else {
        given
    };
    let mut parts = Vec::new();
    for part in relative.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part.to_str().ok_or_else(failure)?),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(failure());
            }
        }
    }
    if parts.is_empty() {
        return Err(failure());
    }
    Ok(parts.join("/"))
}

/// Whether dbt reads a file as a property file, by its name.
pub(super) fn is_property_file(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        ending.eq_ignore_ascii_case("yml") || ending.eq_ignore_ascii_case("yaml")
    })
}

impl Found {
    fn read_files(&mut self, folders: &Folders, limit: MaxSize) -> Result<(), Vec<Failure>> {
        let own = self.layout.folder.clone();
        if !folders.have(&own) {
            let message = "dbt does not read this folder: it is not below one of the `model-paths`";
            let help = format!(
                "add it to `model-paths` of dbt_project.yml, or give a folder below {}",
                folders.models.join(" or ")
            );
            let code = Code::FolderNotInModelPaths;
            self.input
                .diagnostics
                .push(Diagnostic::new(code, &own, message).help(help));
        }
        let all = folders.models.iter().chain(&folders.others).chain([&own]);
        let mut failures = Vec::new();
        for folder in all.collect::<BTreeSet<_>>() {
            let found = files_below(&self.project.join(folder), is_property_file);
            for path in found.map_err(|failure| vec![failure])? {
                failures.extend(self.read_file(&path, limit).err());
            }
        }
        if failures.is_empty() {
            Ok(())
        } else {
            Err(failures)
        }
    }

    /// Reads a file, unless it cannot define exposures.
    fn read_file(&mut self, path: &Path, limit: MaxSize) -> Result<(), Failure> {
        let relative = path.strip_prefix(&self.project).unwrap_or(path);
        let parts = relative.iter().map(|part| part.to_string_lossy());
        let relative = parts.collect::<Vec<_>>().join("/");
        if !self.seen.insert(relative.clone()) {
            return Ok(());
        }
        let content = read(path, limit)?;
        let text = std::str::from_utf8(&content).ok();
        let has = |word: &str| text.is_none_or(|text| text.contains(word));
        let is_own = relative.starts_with(&format!("{}/", self.layout.folder));
        if !is_own && !has(KEY) {
            return Ok(());
        }
        let is_needed = is_own || has(MARK);
        let content = leak(content);
        let name = name_of_input(path);
        match parse(relative.clone(), &name, content) {
            Ok(file) => {
                self.input.files.push(file);
                self.contents.insert(relative, content);
                Ok(())
            }
            Err(failure) if is_needed => Err(failure.more_help(
                "it may define exposures of autoexpose, so nothing was written".to_owned(),
            )),
            Err(failure) => {
                let message = format!("its exposures are not known: {}", failure.message);
                let code = Code::PropertyFileUnread;
                let told = Diagnostic::new(code, failure.place.as_str(), message);
                self.input.diagnostics.push(told);
                Ok(())
            }
        }
    }

    /// Reads which packages restrict access.
    fn read_packages(&mut self, folders: &Folders, limit: MaxSize) {
        match restricted(&self.project, folders, limit) {
            Ok(restricted) => self.input.restricted = restricted,
            Err((place, why)) => {
                let message = format!(
                    "{why}, so it is not known which packages restrict access; their models are linked as if none did"
                );
                let told = Diagnostic::new(Code::PackagesUnread, place, message);
                self.input.packages_unread = Some(told.help("run `dbt deps` first"));
            }
        }
    }
}

fn parse(
    relative: String,
    name: &str,
    content: &'static Content,
) -> Result<PropertyFile<'static>, Failure> {
    property_file::read(relative, name, utf8(name, content)?)
}

/// The installed packages that restrict access; else a place and why they are not known.
fn restricted(
    project: &Path,
    folders: &Folders,
    limit: MaxSize,
) -> Result<BTreeSet<String>, (String, String)> {
    let Some(folder) = &folders.packages else {
        let why = "`packages-install-path` contains Jinja";
        return Err((dbt_project::FILE.to_owned(), why.to_owned()));
    };
    let folder = project.join(folder);
    let place = folder.display().to_string();
    let failure = |error: std::io::Error| (place.clone(), crate::io::reason(&error));
    let mut restricted = BTreeSet::new();
    for entry in std::fs::read_dir(&folder).map_err(failure)? {
        let file = entry.map_err(failure)?.path().join(dbt_project::FILE);
        let found = if_there(std::fs::metadata(&file)).map_err(failure)?;
        if !found.is_some_and(|found| found.is_file()) {
            continue;
        }
        let name = name_of_input(&file);
        let package = read(&file, limit)
            .and_then(|bytes| dbt_project::package(&name, utf8(&name, &bytes)?))
            .map_err(|failure| (failure.place, failure.message))?;
        if package.restricts_access {
            restricted.insert(package.name);
        }
    }
    Ok(restricted)
}
