//! Opens the inputs that the arguments name.

use std::path::Path;

use super::args::{PlanArgs, ProjectArgs};
use super::leak::leak;
use super::settings;
use crate::input::manifest;
use crate::input::tableau::{self, Arena, SiteDefaults};
use crate::io::content::Content;
use crate::io::export::{self, ExportFile};
use crate::io::{is_same_file, read};
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
///
/// # Errors
/// All inputs that cannot be opened; or the `target` is an input other than the manifest.
pub(super) fn open(
    manifest: Result<ProjectFile, Vec<Failure>>,
    args: &PlanArgs,
    site: SiteId,
    target: Option<&Path>,
) -> Result<(Vec<ProjectInput<'static>>, SiteInput<'static>), Vec<Failure>> {
    let (project, export) = (&args.project, &args.export);
    let manifest = both(manifest, ProjectFile::state(project));
    let ((manifest, state), files) = both(manifest, export::find_all(&export.tableau))?;
    let files: &'static [ExportFile] = leak(files);
    if let Some(target) = target {
        check_target(target, args, files).map_err(|failure| vec![failure])?;
    }
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

/// Checks that the file to be written is the manifest, which is then changed in place, or not an
/// input at all.
fn check_target(target: &Path, args: &PlanArgs, files: &[ExportFile]) -> Result<(), Failure> {
    let is = |path: &Path| is_same_file(target, path);
    if !target.exists() || is(&args.project.manifest_path().path) {
        return Ok(());
    }
    let input = if files.iter().filter_map(ExportFile::path).any(is) {
        "a file of the Tableau export"
    } else if args
        .project
        .state_path()
        .is_some_and(|state| is(&state.path))
    {
        "the state"
    } else if settings::config_path(args).is_some_and(|config| is(&config)) {
        "the configuration"
    } else {
        return Ok(());
    };
    Err(Failure::new(
        target.display().to_string(),
        format!("cannot be written: it is {input}, which this run reads"),
    )
    .help("give another file with `--output`; only the manifest can be changed in place"))
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
