//! The steps from arguments to a plan, which all verbs that plan share.

use std::path::Path;

use super::inputs::{self, ProjectFile};
use super::leak::leak;
use super::request::Request;
use super::settings::{self, Effective};
use super::{left_behind, targets, threads};
use crate::io::progress::Progress;
use crate::io::write::PendingFile;
use crate::model::{Diagnostic, Failure};
use crate::output::Report;
use crate::pipeline::{self, Linked};
use crate::plan::Plan;

/// The results of a run up to its plan.
pub(super) struct Planned {
    pub(super) linked: Linked<'static, 'static>,
    pub(super) plan: &'static Plan<'static>,
    diagnostics: Vec<Diagnostic>,
    /// The new file, which was begun before its content was known.
    pub(super) pending: Option<Result<PendingFile, Failure>>,
}

impl Planned {
    /// Begins the file that a patch leaves beside the manifest. If it cannot be written, the report
    /// says so.
    pub(super) fn begin_left(&mut self, manifest: &Path) -> Option<left_behind::Pending> {
        left_behind::Pending::begin(manifest).unwrap_or_else(|diagnostic| {
            self.diagnostics.push(diagnostic);
            None
        })
    }

    /// The diagnostics of all stages.
    pub(super) fn diagnostics(&self) -> Vec<Diagnostic> {
        pipeline::diagnostics(&self.linked, self.diagnostics.clone())
    }

    /// The report on the plan.
    pub(super) fn report(&self) -> Report {
        pipeline::report(&self.linked, self.plan, self.diagnostics.clone())
    }
}

/// Reads the inputs, links and plans. A target to be written is begun as soon as the manifest is
/// read, so that it is copied in the background.
pub(super) fn plan(request: &Request) -> Result<Planned, Vec<Failure>> {
    let Request {
        inputs: args,
        paths,
        target,
        ..
    } = *request;
    threads::start(args.run.threads)?;
    targets::check_project(paths).map_err(|failure| vec![failure])?;
    let Effective {
        settings, exports, ..
    } = settings::effective(args, paths)?;
    let settings = leak(settings);
    let files = exports.find_all();
    let found = files.as_ref().map_or(&[][..], |found| &found.files);
    targets::check(request, found).map_err(|failure| vec![failure])?;
    let progress = progress(request.is_quiet, "reading and matching");
    let manifest = ProjectFile::manifest(args, paths);
    let pending = target
        .filter(|target| !target.is_dry_run)
        .zip(manifest.as_ref().ok())
        .map(|(target, manifest)| PendingFile::begin(target.path, manifest.content));
    let site = settings.site.clone();
    let (projects, site) = inputs::open(manifest, files, args, paths, site)?;
    let read = pipeline::read(leak(projects), site)
        .map_err(|failures| inputs::name_origins(failures, paths))?;
    let read = leak(pipeline::read_sql(read, settings));
    // The command line names one project.
    let project = &read.projects[0];
    let links = leak(pipeline::link(read, project, settings));
    let linked = Linked {
        read,
        project,
        selection: leak(pipeline::select(read, settings)),
        links,
        lost: leak(pipeline::lost(read, project, settings, links)),
        settings,
    };
    let (plan, diagnostics) = pipeline::plan(leak(linked));
    drop(progress);
    Ok(Planned {
        linked,
        plan: leak(plan),
        diagnostics,
        pending,
    })
}

/// Shows progress on a terminal, unless `--quiet` is given.
pub(super) fn progress(is_quiet: bool, what: &str) -> Option<Progress> {
    (!is_quiet).then(|| Progress::begin(what.to_owned()))
}
