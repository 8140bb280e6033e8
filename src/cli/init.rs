//! `autoexpose init`: sets a dbt project up for exposures in YAML.

use std::path::{Path, PathBuf};

use super::args::InitArgs;
use super::exit::Exit;
use super::new_files::{NewFile, NewFiles};
use super::paths::{CONFIG_FILE, project_folder};
use super::print;
use super::property_files::{WHICH_PROJECT, is_property_file};
use crate::input::config;
use crate::input::dbt_project::{self, HIDDEN};
use crate::input::json::{utf8, without_mark};
use crate::io::content::Content;
use crate::io::folder::files_below;
use crate::io::max_size::MaxSize;
use crate::io::{git, name_of_input, read};
use crate::model::Failure;
use crate::output::printable;
use crate::output::setup::{Asked, render};
use crate::setup::{FileChange, GITIGNORE, Git, Project, Setup, Way, set_up};

/// The file of exposures that git is asked about.
const FILE: &str = "tableau.yml";
/// What a file that holds exposures of ours contains.
const MARK: &[u8] = b"autoexpose:";

pub(super) fn run(args: &InitArgs) -> Result<Exit, Vec<Failure>> {
    let folder = project_folder(args.project_dir.as_ref()).map_err(one)?;
    let files = Files::read(&folder).map_err(one)?;
    let project = files.project().map_err(one)?;
    let (way, _) = project.way(args.way());
    let git = git(&folder, &project.folder(way));
    let others = others(&folder, &project, way).map_err(one)?;
    let setup = set_up(&project, args.way(), &git, &others);
    let setup = setup.map_err(|failures| with_paths(failures, &folder))?;
    let new = setup.changes.iter();
    let new = new.map(|change| files.new_file(change));
    let new = args.write.then(|| NewFiles::complete(new)).transpose()?;
    let asked = Asked {
        is_made: args.write,
        project: &project_flag(args),
    };
    print::to_stdout(&render(&setup, asked))?;
    if let Some(new) = new {
        new.publish()?;
        tell_written(&setup, &folder);
    }
    Ok(Exit::Done)
}

fn one(failure: Failure) -> Vec<Failure> {
    vec![failure]
}

/// The files that may change, as they were read.
struct Files<'f> {
    folder: &'f Path,
    dbt_project: Content,
    gitignore: Option<Content>,
    config: Option<Content>,
}

impl<'f> Files<'f> {
    fn read(folder: &'f Path) -> Result<Self, Failure> {
        let path = |name: &str| folder.join(name);
        if !path(dbt_project::FILE).is_file() {
            let name = name_of_input(&path(dbt_project::FILE));
            return Err(
                Failure::new(name, "is missing, so this is not a dbt project").help(WHICH_PROJECT),
            );
        }
        let optional = |name: &str| {
            let path = path(name);
            let is_there = path.symlink_metadata().is_ok();
            is_there
                .then(|| read(&path, MaxSize::OF_SETTINGS))
                .transpose()
        };
        Ok(Self {
            folder,
            dbt_project: read(&path(dbt_project::FILE), MaxSize::OF_SETTINGS)?,
            gitignore: optional(GITIGNORE)?,
            config: optional(CONFIG_FILE)?,
        })
    }

    fn name(&self, file: &str) -> String {
        name_of_input(&self.folder.join(file))
    }

    /// What the files say.
    fn project(&self) -> Result<Project<'_>, Failure> {
        let text = |file: &str, content| utf8(&self.name(file), content);
        let dbt_project = text(dbt_project::FILE, &self.dbt_project)?;
        let folders =
            dbt_project::folders(&self.name(dbt_project::FILE), without_mark(dbt_project))?;
        let gitignore = self.gitignore.as_ref();
        let config = self.config.as_ref().map(|content| {
            let text = without_mark(text(CONFIG_FILE, content)?);
            config::read(&self.name(CONFIG_FILE), text)
        });
        Ok(Project {
            dbt_project,
            folders,
            gitignore: gitignore
                .map(|content| text(GITIGNORE, content))
                .transpose()?,
            config: config.transpose()?,
            config_file: CONFIG_FILE,
        })
    }

    fn new_file<'s>(&'s self, change: &'s FileChange) -> NewFile<'s> {
        let old = match change.path {
            dbt_project::FILE => Some(&self.dbt_project),
            GITIGNORE => self.gitignore.as_ref(),
            _ => self.config.as_ref(),
        };
        NewFile {
            path: self.folder.join(change.path),
            old,
            new: Some(change.after.as_bytes()),
        }
    }
}

/// What git says of the files of exposures.
fn git(project: &Path, folder: &str) -> Git {
    if !git::is_in_repository(project) {
        return Git::NotARepository;
    }
    match git::ask(project, folder, FILE) {
        Ok(git::Answer {
            ignored_by,
            tracked,
        }) => Git::Says {
            ignored_by,
            tracked,
        },
        Err(why) => Git::Silent(why),
    }
}

/// The files that hold exposures of ours in the folder of the other way.
fn others(folder: &Path, project: &Project, way: Way) -> Result<Vec<String>, Failure> {
    let other = match way {
        Way::Committed => HIDDEN.to_owned(),
        Way::Hidden => project.folders.for_committed(),
    };
    let mut others = Vec::new();
    for path in files_below(&folder.join(other), is_property_file)? {
        let content = read(&path, MaxSize::OF_SETTINGS)?;
        if content.windows(MARK.len()).any(|part| part == MARK) {
            let relative = path.strip_prefix(folder).unwrap_or(&path);
            others.push(relative.display().to_string());
        }
    }
    Ok(others)
}

/// Failures that name files of the project, with the paths that lead there from here.
fn with_paths(failures: Vec<Failure>, folder: &Path) -> Vec<Failure> {
    let failures = failures.into_iter().map(|failure| Failure {
        place: name_of_input(&folder.join(&failure.place)),
        ..failure
    });
    failures.collect()
}

/// What the commands that are shown need to find the project.
fn project_flag(args: &InitArgs) -> String {
    args.project_dir
        .as_ref()
        .map_or_else(String::new, |folder: &PathBuf| {
            let folder = folder.display().to_string();
            let is_word = |letter: char| letter.is_alphanumeric() || "/._-".contains(letter);
            if folder.chars().all(is_word) {
                format!(" --project-dir {folder}")
            } else {
                format!(" --project-dir '{}'", folder.replace('\'', r"'\''"))
            }
        })
}

fn tell_written(setup: &Setup, folder: &Path) {
    for change in &setup.changes {
        let path = folder.join(change.path).display().to_string();
        print::to_stderr(&format!("wrote {}", printable(&path)));
    }
}
