//! Opens the inputs that the arguments name.

use super::args::InputArgs;
use super::env::Found;
use super::leak::leak;
use super::left_behind;
use super::paths::Paths;
use crate::input::manifest;
use crate::input::tableau::{self, Arena, SiteDefaults};
use crate::io::content::Content;
use crate::io::export::{ExportFile, ExportFiles};
use crate::io::max_size::MaxSize;
use crate::io::{name_of_input, read};
use crate::model::{Failure, SiteId};
use crate::pipeline::{LeftBehind, ProjectInput, SiteInput, StateInput};

pub(super) const MANIFEST_HELP: &str =
    "give dbt's manifest with `--manifest`; `dbt parse` writes it to target/";
const STATE_HELP: &str = "`--state` takes a manifest that an earlier run patched, or its folder";

/// A manifest's file. Name and content are leaked, see [`leak`].
#[derive(Clone, Copy)]
pub(super) struct ProjectFile {
    pub(super) name: &'static str,
    pub(super) content: &'static Content,
}

impl ProjectFile {
    /// The manifests that get the exposures, in the order in which they are given.
    pub(super) fn manifests(args: &InputArgs, paths: &Paths) -> Result<Vec<Self>, Vec<Failure>> {
        let files = paths.manifests.iter();
        Failure::all(files.map(|found| Self::read(found, MANIFEST_HELP, args.run.max_size)))
    }

    /// The manifests of the states.
    pub(super) fn states(args: &InputArgs, paths: &Paths) -> Result<Vec<Self>, Vec<Failure>> {
        let states = paths.states.iter().map(|state| &state.manifest);
        Failure::all(states.map(|found| Self::read(found, STATE_HELP, args.run.max_size)))
    }

    pub(super) fn read(found: &Found, help: &str, limit: MaxSize) -> Result<Self, Vec<Failure>> {
        let path = &found.path;
        let content = read(path, limit).map_err(|failure| {
            let failure = match failure.help {
                None => failure.help(help),
                Some(_) => failure,
            };
            vec![found.name_origin(failure)]
        })?;
        Ok(Self {
            name: leak(name_of_input(path)),
            content: leak(content),
        })
    }

    pub(super) fn source(self) -> manifest::Source<'static> {
        manifest::Source::new(self.name, self.content)
    }
}

/// The manifests and states of a run: what comes from a pipe can be read only once.
#[derive(Clone, Default)]
pub(super) struct Opened {
    pub(super) manifests: Vec<ProjectFile>,
    pub(super) states: Vec<ProjectFile>,
}

/// All inputs, opened.
pub(super) struct Inputs {
    pub(super) projects: Vec<ProjectInput<'static>>,
    /// The states of which it is not yet known whose they are.
    pub(super) states: Vec<StateInput<'static>>,
    pub(super) site: SiteInput<'static>,
    /// The files of the export.
    pub(super) exports: &'static [ExportFile],
}

/// Opens all inputs. The manifests, the states and the `files` of the export were opened before; their
/// failures are reported with those of the others.
///
/// # Errors
/// All inputs that cannot be opened.
pub(super) fn open(
    manifests: Result<Vec<ProjectFile>, Vec<Failure>>,
    states: Result<Vec<ProjectFile>, Vec<Failure>>,
    files: Result<ExportFiles, Vec<Failure>>,
    args: &InputArgs,
    paths: &Paths,
    site: SiteId,
) -> Result<Inputs, Vec<Failure>> {
    let manifests = both(manifests, states);
    let ((manifests, states), files) = both(manifests, files)?;
    let (site, files) = self::site(files, args, site);
    let limit = args.run.max_size;
    let projects = manifests.iter().zip(&paths.manifests);
    let projects = projects.map(|(manifest, found)| ProjectInput {
        manifest: manifest.source(),
        state: None,
        left: LeftBehind {
            beside_manifest: left_behind::open(&found.path, limit),
            beside_state: None,
        },
    });
    let states = states.iter().zip(&paths.states);
    let states = states.map(|(manifest, path)| StateInput {
        manifest: manifest.source(),
        left: left_behind::open(&path.manifest.path, limit),
        folder: path.folder.clone().map(|folder| leak(folder).as_str()),
    });
    let (mut projects, mut states) = (projects.collect::<Vec<_>>(), states.collect::<Vec<_>>());
    // One state is that of one manifest, whatever its project is called.
    if let ([project], [StateInput { folder: None, .. }]) = (&mut *projects, &*states)
        && let Some(state) = states.pop()
    {
        project.state = Some(state.manifest);
        project.left.beside_state = state.left;
    }
    Ok(Inputs {
        projects,
        states,
        site,
        exports: files,
    })
}

/// The export, not yet read, and its files.
pub(super) fn site(
    files: ExportFiles,
    args: &InputArgs,
    site: SiteId,
) -> (SiteInput<'static>, &'static [ExportFile]) {
    let ExportFiles { files, passed_over } = files;
    let files: &'static [ExportFile] = leak(files);
    let limit = args.run.max_size;
    let site = SiteInput {
        exports: files.iter().map(|file| source(file, limit)).collect(),
        passed_over,
        defaults: SiteDefaults {
            site,
            is_complete: args.export.export_complete,
        },
        asks_columns: false,
        asks_extracts: false,
        asks_access: false,
        arena: leak(Arena::default()),
    };
    (site, files)
}

/// Adds to failures of reading where the path of a manifest or a state comes from.
pub(super) fn name_origins(failures: Vec<Failure>, paths: &Paths) -> Vec<Failure> {
    let named = |failure: Failure| {
        let is_about = |found: &&Found| failure.place.starts_with(&name_of_input(&found.path));
        let states = paths.states.iter().map(|state| &state.manifest);
        match paths.manifests.iter().chain(states).find(is_about) {
            Some(found) => found.name_origin(failure),
            None => failure,
        }
    };
    failures.into_iter().map(named).collect()
}

/// A file of the export, to be read chunk by chunk.
fn source(file: &ExportFile, max_size: MaxSize) -> tableau::Source<'_> {
    tableau::Source {
        file: &file.name,
        chunks: Box::new(tableau::chunks(file.chunks(max_size))),
        is_found: file.is_found,
    }
}

/// Both results, or the failures of both.
fn both<A, B>(
    first: Result<A, Vec<Failure>>,
    second: Result<B, Vec<Failure>>,
) -> Result<(A, B), Vec<Failure>> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (first, second) => {
            let failures = first.err().into_iter().chain(second.err());
            Err(failures.flatten().collect())
        }
    }
}
