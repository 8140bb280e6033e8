//! `autoexpose patch`: writes the exposures into the manifest.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::args::PatchArgs;
use super::docs_index::{DocsIndex, NewIndex};
use super::exit::Exit;
use super::leak::leak;
use super::paths::Paths;
use super::reports::{Printed, Reports};
use super::request::{Request, Target, To};
use super::run::{NewManifest, Planned};
use super::state_out::StateOut;
use super::static_docs::{NewPage, Pages};
use super::written::{Readers, Written};
use super::{left_behind, print, run, state_out};
use crate::io::write::{CompleteFile, PendingFile};
use crate::io::{is_dash, is_standard_output};
use crate::model::Failure;
use crate::output::printable;
use crate::pipeline::{self, Linked};
use crate::plan::Plan;

pub(super) fn run(args: &PatchArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let to = destination(args, paths).map_err(|failure| vec![failure])?;
    let pages = Pages::open(&args.static_docs, args.inputs.run.max_size)?;
    let index = args.docs_index.as_deref();
    let index = index.map(|folder| DocsIndex::open(folder, paths, args.inputs.run.max_size));
    let index = index.transpose()?;
    let in_index = index.as_ref().map_or_else(Vec::new, DocsIndex::paths);
    let mut planned = run::plan(&Request {
        also_changed: pages.paths().into_iter().chain(in_index).collect(),
        target: Some(Target {
            to,
            is_dry_run: args.dry_run,
        }),
        ..Request::new(&args.inputs, paths, &args.report)
    })?;
    let printed = match to {
        To::File(path) if is_standard_output(path) => Printed::OnStderr,
        To::File(_) | To::Itself | To::Folder(_) => Printed::OnStdout,
    };
    let mut projects = planned.projects.iter();
    let is_mass_removal = projects.any(|project| !project.plan.mass_removals.is_empty());
    let is_stopped = is_mass_removal && !args.allow_mass_removal;
    let is_written = !args.dry_run && !is_stopped;
    let pages = pages.complete(&mut planned.projects, is_written)?;
    let index = match (&index, planned.projects.as_mut_slice()) {
        (Some(index), [project]) => Some(index.complete(project, is_written)?),
        _ => None,
    };
    let state = args.state_out.as_deref().filter(|_| is_written);
    let limit = args.inputs.run.max_size;
    let state = state.map(|folder| {
        let whole = whole(&planned, args, paths)?;
        StateOut::complete(folder, whole.as_ref().unwrap_or(&planned), paths, limit)
    });
    let state = state.transpose()?;
    let files = NewFiles::complete(&mut planned, args, is_written, printed)?;
    // Print first, publish second: if the report cannot be printed, the manifests must stay as they are.
    files.reports.publish()?;
    let index = index.map_or(Ok(None), NewIndex::publish)?;
    let (told, failures) = publish(files.projects, &planned, paths, state, pages);
    if printed == Printed::OnStdout {
        told.tell(args, index);
    }
    if !failures.is_empty() {
        return Err(failures);
    }
    if is_stopped {
        print::to_stderr(
            "nothing was written: this would remove too many exposures of a site; pass `--allow-mass-removal` if that is intended",
        );
        return Ok(Exit::No);
    }
    Ok(Exit::Done)
}

/// The plan for everybody, where this one is for an audience: a state has everything, for the next run.
fn whole(
    planned: &Planned,
    args: &PatchArgs,
    paths: &Paths,
) -> Result<Option<Planned>, Vec<Failure>> {
    if !planned.has_audience() {
        return Ok(None);
    }
    state_out::check_exports(planned)?;
    let request = Request {
        first: Some(&planned.opened),
        ..Request::new(&args.inputs, paths, &args.report)
    };
    run::plan(&request).map(Some)
}

/// Puts all files under their names, whatever becomes of the others.
fn publish(
    files: Vec<NewProjectFiles>,
    planned: &Planned,
    paths: &Paths,
    state: Option<StateOut>,
    pages: Vec<NewPage>,
) -> (Written, Vec<Failure>) {
    let mut told = Written::default();
    let mut failures = Vec::new();
    for (files, planned) in files.into_iter().zip(&planned.projects) {
        if let Err(failure) = files.publish(planned, paths, &mut told) {
            failures.push(failure);
        }
    }
    match state.map(StateOut::publish).transpose() {
        Ok(folder) => told.state = folder,
        Err(failure) => failures.push(failure),
    }
    for page in pages.into_iter().map(NewPage::publish) {
        match page {
            Ok(page) => told.add_page(page),
            Err(failure) => failures.push(failure),
        }
    }
    (told, failures)
}

/// Where the patched manifests go.
fn destination<'a>(args: &'a PatchArgs, paths: &Paths) -> Result<To<'a>, Failure> {
    if let Some(folder) = &args.output_dir {
        return Ok(To::Folder(folder));
    }
    match (&args.output, paths.manifests.as_slice()) {
        (Some(file), [_]) => Ok(To::File(file)),
        (Some(file), several) => Err(several_into_one(file, several.len())),
        (None, manifests) if manifests.iter().any(|found| is_dash(&found.path)) => {
            Err(no_target(manifests.len()))
        }
        (None, _) => Ok(To::Itself),
    }
}

/// Everything that a run writes: complete, but not yet under its name.
struct NewFiles {
    projects: Vec<NewProjectFiles>,
    reports: Reports,
}

/// What a run writes for one project.
struct NewProjectFiles {
    /// Where the manifest goes.
    path: PathBuf,
    manifest: Option<CompleteFile>,
    /// What is left for the next run.
    left: Option<CompleteFile>,
}

impl NewFiles {
    /// Writes all files at the same time.
    fn complete(
        planned: &mut Planned,
        args: &PatchArgs,
        is_written: bool,
        printed: Printed,
    ) -> Result<Self, Vec<Failure>> {
        let targets = std::mem::take(&mut planned.targets).into_iter();
        let targets = targets
            .zip(&mut planned.projects)
            .map(|(mut target, project)| {
                let is_left = target.is_in_place() && is_written;
                let left = is_left
                    .then(|| begin_left(&target.manifest, project))
                    .flatten();
                target.pending = target.pending.filter(|_| is_written);
                (target, left)
            });
        let targets = targets.collect::<Vec<_>>();
        let planned = &*planned;
        let progress = run::progress(args.report.quiet, "writing");
        let (projects, reports) = rayon::join(
            || {
                let projects = targets.into_par_iter().zip(&planned.projects);
                let projects = projects.map(|((target, left), project)| {
                    NewProjectFiles::complete(target, left, project)
                });
                projects.collect::<Vec<_>>()
            },
            || render(planned, args, printed),
        );
        drop(progress);
        let mut complete = Vec::new();
        let mut failures = Vec::new();
        for project in projects {
            match project {
                Ok(project) => complete.push(project),
                Err(failure) => failures.push(failure),
            }
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        Ok(Self {
            projects: complete,
            reports: reports?,
        })
    }
}

impl NewProjectFiles {
    fn complete(
        target: NewManifest,
        left: Option<left_behind::Pending>,
        planned: &pipeline::Planned<'static, 'static>,
    ) -> Result<Self, Failure> {
        let (linked, plan) = (&planned.linked, planned.plan);
        let is_in_place = target.is_in_place();
        let (manifest, left) = rayon::join(
            || {
                let edits = leak(pipeline::edit(linked.project, plan));
                // A manifest that does not change is not replaced, so that it keeps its time stamp.
                if edits.is_empty() && is_in_place {
                    return give_up(target.pending);
                }
                complete(target.pending, &pipeline::new_text(linked.project, edits))
            },
            || complete_left(left, linked, plan),
        );
        Ok(Self {
            path: target.path,
            manifest: manifest?,
            left: left?,
        })
    }

    /// Puts the files under their names.
    fn publish(
        self,
        planned: &pipeline::Planned,
        paths: &Paths,
        told: &mut Written,
    ) -> Result<(), Failure> {
        if let Some(complete) = self.manifest {
            let published = complete.publish()?;
            let readers = Readers {
                is_v2: planned.linked.project.is_v2(),
                is_written_by_dbt: paths.is_written_by_dbt(&self.path),
            };
            told.add(self.path, published, readers);
        }
        if let Some(failure) = self.left.and_then(|left| left.publish().err()) {
            // The manifest is what was asked for, and a failure would say that nothing has changed.
            print::to_stderr(&printable(&format!(
                "warning: {}: {}, so the next run cannot compare with this one",
                failure.place, failure.message
            )));
        }
        Ok(())
    }
}

/// Begins the file that a patch leaves beside the manifest. If it cannot be written, the report says
/// so.
fn begin_left(manifest: &Path, planned: &mut pipeline::Planned) -> Option<left_behind::Pending> {
    left_behind::Pending::begin(manifest).unwrap_or_else(|diagnostic| {
        planned.diagnostics.push(diagnostic);
        None
    })
}

fn render(planned: &Planned, args: &PatchArgs, printed: Printed) -> Result<Reports, Vec<Failure>> {
    let report = planned.report();
    Reports::render(&args.report, printed, |format, options| {
        print::render(&report, format, options)
    })
}

/// The failure for several manifests that are to be one file.
fn several_into_one(file: &Path, manifests: usize) -> Failure {
    let message = format!("{manifests} patched manifests cannot be one file");
    Failure::new(file.display().to_string(), message).help(
        "give a folder with `--output-dir`, or leave `--output` out to change each manifest itself",
    )
}

/// The failure for a manifest from standard input that nobody said where to write.
fn no_target(manifests: usize) -> Failure {
    let failure = Failure::new(
        "standard input",
        "a manifest from here cannot be changed in place",
    );
    failure.help(match manifests {
        1 => "give a file with `--output`, or `--output -` for standard output",
        _ => "give a folder with `--output-dir`",
    })
}

fn complete(
    pending: Option<Result<PendingFile, Failure>>,
    text: &[&str],
) -> Result<Option<CompleteFile>, Failure> {
    pending.map(|pending| pending?.complete(text)).transpose()
}

/// Writes what the next run needs, not yet under its name.
fn complete_left(
    left: Option<left_behind::Pending>,
    linked: &Linked,
    plan: &Plan,
) -> Result<Option<CompleteFile>, Failure> {
    let complete =
        |left: left_behind::Pending| left.complete(&pipeline::left_behind(linked, plan)?);
    left.map(complete).transpose()
}

/// Writes nothing. A file that cannot be written does not matter then.
fn give_up(pending: Option<Result<PendingFile, Failure>>) -> Result<Option<CompleteFile>, Failure> {
    if let Some(Ok(pending)) = pending {
        pending.give_up()?;
    }
    Ok(None)
}
