//! Opens the inputs that the arguments name.

use std::path::Path;

use super::args::{ExportArgs, ProjectArgs};
use super::leak::leak;
use crate::input::manifest;
use crate::input::tableau::{self, Arena, SiteDefaults};
use crate::io::content::Content;
use crate::io::export::{self, ExportFile};
use crate::io::read;
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
    pub(super) fn manifest(args: &ProjectArgs) -> Result<Self, Vec<Failure>> {
        Self::read(&args.manifest_path().path, MANIFEST_HELP)
    }

    /// The manifest of `--state`, if it is given.
    fn state(args: &ProjectArgs) -> Result<Option<Self>, Vec<Failure>> {
        args.state_path()
            .map(|state| Self::read(&state.path, STATE_HELP))
            .transpose()
    }

    fn read(path: &Path, help: &str) -> Result<Self, Vec<Failure>> {
        let content = read(path).map_err(|failure| vec![failure.help(help)])?;
        Ok(Self {
            name: leak(path.display().to_string()),
            content: leak(content),
        })
    }

    fn source(self) -> manifest::Source<'static> {
        manifest::Source::new(self.name, self.content)
    }
}

/// Opens all inputs. `manifest` was opened before; its failure is reported with those of the
/// others.
pub(super) fn open(
    manifest: Result<ProjectFile, Vec<Failure>>,
    project: &ProjectArgs,
    export: &ExportArgs,
    site: SiteId,
) -> Result<(Vec<ProjectInput<'static>>, SiteInput<'static>), Vec<Failure>> {
    let manifest = both(manifest, ProjectFile::state(project));
    let ((manifest, state), files) = both(manifest, export::find_all(&export.tableau))?;
    let files: &'static [ExportFile] = leak(files);
    let project = ProjectInput {
        manifest: manifest.source(),
        state: state.map(ProjectFile::source),
    };
    let site = SiteInput {
        exports: files.iter().map(source).collect(),
        defaults: SiteDefaults {
            site,
            is_complete: export.export_complete,
        },
        arena: leak(Arena::default()),
    };
    Ok((vec![project], site))
}

/// A file of the export, to be read chunk by chunk.
fn source(file: &ExportFile) -> tableau::Source<'_> {
    tableau::Source {
        file: &file.name,
        chunks: Box::new(tableau::chunks(file.chunks())),
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
