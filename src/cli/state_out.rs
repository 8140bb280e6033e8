//! `patch --state-out DIR`: all that a later run compares with, in one folder that a pipeline keeps.
//!
//! ```text
//! DIR/manifest.json     the patched manifest          DIR/tableau/export-1.json.gz   the export, in
//! DIR/autoexpose.json   what a patch leaves behind    DIR/tableau/export-2.json.gz   each of its files
//! DIR/catalog.json, run_results.json, sources.json    as they lie beside the manifest
//! ```
//!
//! Of several projects, each has a folder `DIR/<project>` of its own; the export is that of all.

use std::fs;
use std::path::{Path, PathBuf};

use super::exports::{KEPT, KEPT_IN};
use super::leak::leak;
use super::left_behind;
use super::paths::Paths;
use super::run::Planned;
use crate::io::content::Content;
use crate::io::export::ExportFile;
use crate::io::max_size::MaxSize;
use crate::io::write::{CompleteFile, LeftOvers, PendingFile, remove};
use crate::io::{is_same_file, read};
use crate::model::Failure;
use crate::model::folder::folder_names;
use crate::pipeline;

const MANIFEST: &str = "manifest.json";
/// What dbt leaves beside the manifest, as far as a later run reads it.
const BESIDE: [&str; 3] = ["catalog.json", "run_results.json", "sources.json"];

/// The files of a state: whole, but not yet under their names.
pub(super) struct StateOut {
    folder: PathBuf,
    complete: Vec<CompleteFile>,
    /// What an earlier run left there, and this one does not have.
    outdated: Vec<PathBuf>,
    limit: MaxSize,
    left: LeftOvers,
}

impl StateOut {
    /// Writes all files beside those that they will replace. Only the owner can read them, since they
    /// name people.
    ///
    /// # Errors
    /// A file cannot be read or written; nothing is changed then.
    pub(super) fn complete(
        folder: &Path,
        planned: &Planned,
        paths: &Paths,
        limit: MaxSize,
    ) -> Result<Self, Vec<Failure>> {
        let mut state = Self {
            folder: folder.to_owned(),
            complete: Vec::new(),
            outdated: Vec::new(),
            limit,
            left: LeftOvers::default(),
        };
        let filled = state
            .add_projects(planned, paths)
            .and_then(|()| state.add_exports(planned));
        filled.map_err(unchanged)?;
        Ok(state)
    }

    fn add_projects(&mut self, planned: &Planned, paths: &Paths) -> Result<(), Failure> {
        let projects = &planned.projects;
        let names = projects.iter().map(|planned| {
            let project = &planned.linked.project.manifest.project;
            project.root_package.as_str()
        });
        let names = folder_names(names);
        for (planned, name) in projects.iter().zip(names) {
            let folder = match projects.as_slice() {
                [_] => self.folder.clone(),
                _ => self.folder.join(name),
            };
            let project = planned.linked.project;
            let edits = leak(pipeline::edit(project, planned.plan));
            let text = pipeline::new_text(project, edits);
            let left = pipeline::left_behind(&planned.linked, planned.plan)?;
            let manifest = folder.join(MANIFEST);
            let mut read = paths.manifests.iter();
            if read.any(|found| is_same_file(&found.path, &manifest)) {
                return Err(is_read(&manifest));
            }
            if let Some(beside) = left_behind::beside(&manifest) {
                self.add(&beside, &[left])?;
            }
            self.add(&manifest, &text)?;
            let found = paths.manifests.iter();
            let found = found.map(|found| found.path.as_path());
            self.add_artifacts(of_project(found, project.file), &folder)?;
        }
        Ok(())
    }

    /// What dbt left beside the manifest; what it did not leave goes.
    fn add_artifacts(&mut self, manifest: Option<&Path>, folder: &Path) -> Result<(), Failure> {
        for name in BESIDE {
            let to = folder.join(name);
            match manifest.map(|manifest| manifest.with_file_name(name)) {
                Some(from) if from.is_file() => {
                    let content = read(&from, self.limit)?;
                    self.add(&to, &[&*content])?;
                }
                _ => self.outdated.extend(to.is_file().then_some(to)),
            }
        }
        Ok(())
    }

    fn add_exports(&mut self, planned: &Planned) -> Result<(), Failure> {
        let folder = self.folder.join(KEPT_IN);
        let (begin, end) = KEPT;
        let mut names = Vec::new();
        for (at, export) in planned.exports.iter().enumerate() {
            let content = read(file_of(export)?, self.limit)?;
            let name = format!("{begin}{}{end}", at + 1);
            self.add(&folder.join(&name), &[&*content])?;
            names.push(name);
        }
        let is_ours = |name: &str| {
            let number = name
                .strip_prefix(begin)
                .and_then(|rest| rest.strip_suffix(end));
            number.is_some_and(|number| number.parse::<usize>().is_ok())
        };
        let known = fs::read_dir(&folder).into_iter().flatten().flatten();
        let known = known.filter_map(|entry| entry.file_name().into_string().ok());
        let outdated = known.filter(|name| is_ours(name) && !names.contains(name));
        self.outdated.extend(outdated.map(|name| folder.join(name)));
        Ok(())
    }

    fn add(&mut self, path: &Path, chunks: &[impl AsRef<[u8]>]) -> Result<(), Failure> {
        let none = Content::from(Vec::new());
        let pending = PendingFile::begin_one_of_many(path, &none, &mut self.left)?;
        let pending = pending.private()?.synced();
        // The old file is no beginning of the new one.
        let mut all: Vec<&[u8]> = vec![&[]];
        all.extend(chunks.iter().map(AsRef::as_ref));
        self.complete.push(pending.complete(&all)?);
        Ok(())
    }

    /// Puts all files in their places. Whatever stops it, each file is the old or the new one, whole.
    ///
    /// # Errors
    /// A file cannot be put in its place.
    pub(super) fn publish(self) -> Result<PathBuf, Failure> {
        let again = |failure: Failure| {
            failure.more_help(
                "each file there is whole, the old or the new one; run it again".to_owned(),
            )
        };
        for file in self.complete {
            file.publish().map_err(again)?;
        }
        for path in self.outdated {
            let old = read(&path, self.limit)?;
            remove(&path, &old).map_err(again)?;
        }
        Ok(self.folder)
    }
}

/// The path of the manifest that messages call so.
fn of_project<'p>(mut manifests: impl Iterator<Item = &'p Path>, name: &str) -> Option<&'p Path> {
    manifests.find(|path| crate::io::name_of_input(path) == name)
}

fn is_read(manifest: &Path) -> Failure {
    let message = "this is the manifest that the run reads";
    Failure::new(manifest.display().to_string(), message)
        .help("give `--state-out` a folder of its own, which need not exist")
}

/// Whether the exports of a run can be read once more, to keep them.
///
/// # Errors
/// One of them cannot.
pub(super) fn check_exports(planned: &Planned) -> Result<(), Vec<Failure>> {
    let mut exports = planned.exports.iter();
    let checked = exports.try_for_each(|export| file_of(export).map(drop));
    checked.map_err(unchanged)
}

/// The file of an export.
fn file_of(export: &ExportFile) -> Result<&Path, Failure> {
    let path = export.path().filter(|path| path.is_file());
    path.ok_or_else(|| {
        let message = "this export can be read only once, so that it cannot be kept";
        let failure = Failure::new(export.name.as_str(), message);
        failure.help("save it to a file first, or leave `--state-out` out")
    })
}

fn unchanged(failure: Failure) -> Vec<Failure> {
    vec![failure.more_help("no file was changed".to_owned())]
}
