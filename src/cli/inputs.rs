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
use crate::pipeline::{ProjectInput, SiteInput};

const MANIFEST_HELP: &str =
    "give dbt's manifest with `--manifest`; `dbt parse` writes it to target/";
const STATE_HELP: &str = "`--state` takes a manifest that an earlier run patched, or its folder";

/// A manifest's file. Name and content are leaked, see [`leak`].
#[derive(Clone, Copy)]
pub(super) struct ProjectFile {
    name: &'static str,
    pub(super) content: &'static Content,
}

impl ProjectFile {
    /// The manifest that gets the exposures.
    pub(super) fn manifest(args: &InputArgs, paths: &Paths) -> Result<Self, Vec<Failure>> {
        Self::read(&paths.manifest, MANIFEST_HELP, args.run.max_size)
    }

    /// The manifest of `--state`, if it is given.
    fn state(args: &InputArgs, paths: &Paths) -> Result<Option<Self>, Vec<Failure>> {
        let state = paths.state.as_ref();
        state
            .map(|state| Self::read(state, STATE_HELP, args.run.max_size))
            .transpose()
    }

    fn read(found: &Found, help: &str, limit: MaxSize) -> Result<Self, Vec<Failure>> {
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

    fn source(self) -> manifest::Source<'static> {
        manifest::Source::new(self.name, self.content)
    }
}

/// Opens all inputs. `manifest` and `files` of the export were opened before; their failures are
/// reported with those of the others.
///
/// # Errors
/// All inputs that cannot be opened.
pub(super) fn open(
    manifest: Result<ProjectFile, Vec<Failure>>,
    files: Result<ExportFiles, Vec<Failure>>,
    args: &InputArgs,
    paths: &Paths,
    site: SiteId,
) -> Result<(Vec<ProjectInput<'static>>, SiteInput<'static>), Vec<Failure>> {
    let manifest = both(manifest, ProjectFile::state(args, paths));
    let ((manifest, state), files) = both(manifest, files)?;
    let ExportFiles { files, passed_over } = files;
    let files: &'static [ExportFile] = leak(files);
    let project = ProjectInput {
        manifest: manifest.source(),
        state: state.map(ProjectFile::source),
        left: left_behind::open(paths, args.run.max_size),
    };
    let site = SiteInput {
        exports: files
            .iter()
            .map(|file| source(file, args.run.max_size))
            .collect(),
        passed_over,
        defaults: SiteDefaults {
            site,
            is_complete: args.export.export_complete,
        },
        arena: leak(Arena::default()),
    };
    Ok((vec![project], site))
}

/// Adds to failures of reading where the path of the manifest or the state comes from.
pub(super) fn name_origins(failures: Vec<Failure>, paths: &Paths) -> Vec<Failure> {
    let named = |failure: Failure| {
        let is_about = |found: &&Found| failure.place.starts_with(&name_of_input(&found.path));
        let mut found = std::iter::once(&paths.manifest).chain(&paths.state);
        match found.find(is_about) {
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
