//! The steps from arguments to a plan, which all verbs that plan share.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::exports::Exports;
use super::inputs::{self, Inputs, Opened, ProjectFile};
use super::leak::leak;
use super::paths::StatePath;
use super::request::{Request, Target, To};
use super::settings::{self, Effective};
use super::{targets, threads};
use crate::io::export::ExportFile;
use crate::io::progress::Progress;
use crate::io::write::PendingFile;
use crate::io::{is_same_file, is_standard_output};
use crate::model::folder::folder_names;
use crate::model::{Diagnostic, Failure};
use crate::pipeline::{self, AllLinks, Read, ReadProject, SiteInput};
use crate::report::RunReport;
use crate::settings::{SelectedWorkbooks, Settings};

/// The name of a manifest in the folder of its project.
const MANIFEST: &str = "manifest.json";

/// The results of a run up to its plans.
pub(super) struct Planned {
    links: &'static AllLinks<'static>,
    /// The plan of each project; several in the order of their names.
    pub(super) projects: Vec<pipeline::Planned<'static, 'static>>,
    /// The patched manifest of each project, if they are made.
    pub(super) targets: Vec<NewManifest>,
    /// The files of the export.
    pub(super) exports: &'static [ExportFile],
    /// The manifests and states, as they were read.
    pub(super) opened: Opened,
}

/// A manifest that gets exposures, and where its new form goes.
pub(super) struct NewManifest {
    /// The given manifest.
    pub(super) manifest: PathBuf,
    /// Where it goes.
    pub(super) path: PathBuf,
    /// The new file, which was begun before its content was known; `None` if nothing is written.
    pub(super) pending: Option<Result<PendingFile, Failure>>,
}

impl Planned {
    /// The diagnostics of all stages.
    pub(super) fn diagnostics(&self) -> Vec<Diagnostic> {
        pipeline::diagnostics(self.links, &self.projects)
    }

    /// Whether something may be withheld from the audience of the run.
    pub(super) fn has_audience(&self) -> bool {
        let mut projects = self.projects.iter();
        projects.any(|project| project.linked.read.withheld.is_some())
    }

    /// The report on the plans.
    pub(super) fn report(&self) -> RunReport {
        pipeline::report(self.links, &self.projects)
    }
}

/// Reads the inputs, links and plans. Targets to be written are begun as soon as the manifests are
/// read, so that these are copied in the background.
pub(super) fn plan(request: &Request) -> Result<Planned, Vec<Failure>> {
    let Request {
        inputs: args,
        paths,
        ..
    } = *request;
    // The second plan of a run has those of the first.
    if request.first.is_none() {
        threads::start(args.run.threads)?;
    }
    targets::check_project(paths).map_err(|failure| vec![failure])?;
    let (settings, exports) = effective(request)?;
    let in_states = || paths.states.iter().find_map(StatePath::exports);
    let files = exports.or_in(in_states).find_all();
    let found = files.as_ref().map_or(&[][..], |found| &found.files);
    targets::check(request, found).map_err(|failure| vec![failure])?;
    let progress = progress(request.is_quiet, "reading and matching");
    let manifests = match request.first {
        Some(first) => Ok(first.manifests.clone()),
        None => ProjectFile::manifests(args, paths),
    };
    let begun = begin(request, manifests.as_deref().unwrap_or_default());
    let states = match request.first {
        Some(first) => Ok(first.states.clone()),
        None => ProjectFile::states(args, paths),
    };
    let opened = Opened {
        manifests: manifests.clone().unwrap_or_default(),
        states: states.clone().unwrap_or_default(),
    };
    let site = settings.site.clone();
    let inputs = inputs::open(manifests, states, files, args, paths, site)?;
    let Inputs {
        projects,
        states,
        site,
        exports,
    } = inputs;
    let site = SiteInput {
        asks_columns: request.asks_columns || settings.exposure.referenced_columns,
        asks_extracts: request.asks_extracts,
        asks_access: request.asks_access || settings.audience.asks_access(),
        ..site
    };
    let read = pipeline::read(leak(projects), leak(states), site)
        .map_err(|failures| inputs::name_origins(failures, paths))?;
    let targets = targets_of(request, &opened.manifests, begun, &read.projects, exports)?;
    let properties = request.properties.iter().copied().cloned();
    let read = pipeline::yaml::with_properties(read, properties.collect())?;
    let (read, selection) = pipeline::select(pipeline::read_sql(read, settings), settings)?;
    let (links, projects) = link(leak(read), leak(selection), settings);
    drop(progress);
    Ok(Planned {
        links,
        projects,
        targets,
        exports,
        opened,
    })
}

/// Links what was read, and plans for each project.
fn link(
    read: &'static Read<'static>,
    selection: &'static SelectedWorkbooks,
    settings: &'static Settings,
) -> (
    &'static AllLinks<'static>,
    Vec<pipeline::Planned<'static, 'static>>,
) {
    let links = leak(pipeline::link(read, settings));
    let lost = leak(pipeline::lost_of_all(read, settings, links));
    let linked = pipeline::linked(read, selection, links, lost, settings);
    let projects = leak(linked).par_iter().map(|linked| {
        let (plan, diagnostics) = pipeline::plan(linked);
        pipeline::Planned {
            linked: *linked,
            plan: leak(plan),
            diagnostics,
        }
    });
    (links, projects.collect())
}

/// The settings of a run, and its exports.
fn effective(request: &Request) -> Result<(&'static Settings, Exports), Vec<Failure>> {
    let Effective {
        mut settings,
        exports,
        ..
    } = settings::effective(request.inputs, request.paths)?;
    settings.audience.who = settings.audience.who.filter(|_| request.first.is_none());
    Ok((leak(settings), exports))
}

/// Begins the files whose names are known before anything is read, in the order of the manifests.
fn begin(request: &Request, opened: &[ProjectFile]) -> Vec<NewManifest> {
    let Some(target) = request.target else {
        return Vec::new();
    };
    let manifests = opened.iter().zip(&request.paths.manifests);
    let begun = manifests.filter_map(|(file, found)| {
        let path = match target.to {
            To::Itself => &found.path,
            To::File(path) => path,
            To::Folder(_) => return None,
        };
        Some(NewManifest::begin(&found.path, path, *file, target))
    });
    begun.collect()
}

/// The target of each project, in their order; those in a folder are begun here, since only now the
/// names of the projects are known.
fn targets_of(
    request: &Request,
    opened: &[ProjectFile],
    begun: Vec<NewManifest>,
    projects: &[ReadProject],
    exports: &[ExportFile],
) -> Result<Vec<NewManifest>, Vec<Failure>> {
    let Some(target) = request.target else {
        return Ok(begun);
    };
    let given = projects.iter().map(|project| {
        let at = opened.iter().position(|file| file.name == project.file);
        at.unwrap_or_default()
    });
    let given = given.collect::<Vec<_>>();
    if let To::Folder(folder) = target.to {
        let names = projects.iter();
        let names = names.map(|project| project.manifest.project.root_package.as_str());
        let paths = folder_names(names).into_iter();
        let paths = paths.map(|name| folder.join(name).join(MANIFEST));
        let paths = paths.collect::<Vec<_>>();
        let manifest = |at: usize| request.paths.manifests[at].path.as_path();
        for (path, at) in paths.iter().zip(&given) {
            targets::check_in_folder(request, exports, path, manifest(*at))
                .map_err(|failure| vec![failure])?;
        }
        let new = paths.iter().zip(&given);
        let new =
            new.map(|(path, at)| NewManifest::begin(manifest(*at), path, opened[*at], target));
        return Ok(new.collect());
    }
    let mut begun = begun.into_iter().map(Some).collect::<Vec<_>>();
    Ok(given.iter().filter_map(|at| begun[*at].take()).collect())
}

impl NewManifest {
    fn begin(manifest: &Path, path: &Path, file: ProjectFile, target: Target) -> Self {
        let pending = (!target.is_dry_run).then(|| PendingFile::begin(path, file.content));
        Self {
            manifest: manifest.to_owned(),
            path: path.to_owned(),
            pending,
        }
    }

    /// Whether the given manifest is changed itself.
    pub(super) fn is_in_place(&self) -> bool {
        !is_standard_output(&self.path) && is_same_file(&self.path, &self.manifest)
    }
}

/// Shows progress on a terminal, unless `--quiet` is given.
pub(super) fn progress(is_quiet: bool, what: &str) -> Option<Progress> {
    (!is_quiet).then(|| Progress::begin(what.to_owned()))
}
