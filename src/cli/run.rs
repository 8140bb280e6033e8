//! What all verbs that plan have in common: from the arguments to a plan.

use std::path::Path;

use super::args::PlanArgs;
use super::inputs::{self, ProjectFile};
use super::leak::leak;
use super::settings;
use crate::io::progress::Progress;
use crate::io::write::PendingFile;
use crate::model::{Diagnostic, Failure};
use crate::output::Report;
use crate::pipeline::{self, Linked};
use crate::plan::Plan;

/// A run up to its plan.
pub(super) struct Planned {
    pub(super) linked: Linked<'static, 'static>,
    pub(super) plan: &'static Plan<'static>,
    diagnostics: Vec<Diagnostic>,
    /// The new file, begun while it was still to be found out what belongs into it.
    pub(super) pending: Option<Result<PendingFile, Failure>>,
}

impl Planned {
    /// The report on it.
    pub(super) fn report(&self) -> Report {
        pipeline::report(&self.linked, self.plan, self.diagnostics.clone())
    }
}

/// Reads what the arguments name, links and plans. Where a `target` is to be written, it is begun
/// at once.
pub(super) fn plan(args: &PlanArgs, target: Option<&Path>) -> Result<Planned, Vec<Failure>> {
    set_threads(args.run.threads)?;
    let settings = leak(settings::effective(args)?.settings);
    let progress = progress(args, "reading and matching");
    let manifest = ProjectFile::manifest(&args.project);
    let pending = target
        .zip(manifest.as_ref().ok())
        .map(|(target, manifest)| PendingFile::begin(target, manifest.content));
    let site = settings.site.clone();
    let (projects, site) = inputs::open(manifest, &args.project, &args.export, site)?;
    let read = leak(pipeline::read(leak(projects), site)?);
    // The command line names one project.
    let project = &read.projects[0];
    let linked = Linked {
        read,
        project,
        selection: leak(pipeline::select(read, settings)),
        links: leak(pipeline::link(read, project, settings)),
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

/// Shows that something is being done, unless nothing is to be said.
pub(super) fn progress(args: &PlanArgs, what: &str) -> Option<Progress> {
    (!args.report.quiet).then(|| Progress::begin(what.to_owned()))
}

fn set_threads(threads: Option<usize>) -> Result<(), Vec<Failure>> {
    let Some(threads) = threads else {
        return Ok(());
    };
    let built = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global();
    built.map_err(|error| {
        let message = format!("{threads} threads cannot be started: {error}");
        vec![Failure::new("", message)]
    })
}
