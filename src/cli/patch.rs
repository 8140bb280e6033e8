//! `autoexpose patch`: writes the exposures into the manifest.

use std::path::Path;

use super::args::{Format, PatchArgs};
use super::exit::Exit;
use super::leak::leak;
use super::paths::Paths;
use super::reports::{Printed, Reports};
use super::request::{Request, Target};
use super::run::Planned;
use super::{left_behind, print, run};
use crate::io::write::{CompleteFile, PendingFile, Published};
use crate::io::{is_dash, is_same_file, is_standard_output};
use crate::model::Failure;
use crate::output::printable;
use crate::pipeline::{self, Linked};
use crate::plan::Plan;

pub(super) fn run(args: &PatchArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let manifest = &paths.manifest.path;
    let target = args.output.as_ref().unwrap_or(manifest);
    if args.output.is_none() && is_dash(manifest) {
        return Err(vec![no_target()]);
    }
    let mut planned = run::plan(&Request {
        inputs: &args.inputs,
        paths,
        reports: &args.report.paths(),
        is_quiet: args.report.quiet,
        target: Some(Target {
            path: target,
            is_dry_run: args.dry_run,
        }),
    })?;
    let printed = if is_standard_output(target) {
        Printed::OnStderr
    } else {
        Printed::OnStdout
    };
    let is_stopped = !planned.plan.mass_removals.is_empty() && !args.allow_mass_removal;
    let in_place = Some(manifest.as_path())
        .filter(|manifest| printed == Printed::OnStdout && is_same_file(target, manifest));
    let files = NewFiles::complete(&mut planned, args, in_place, is_stopped, printed)?;
    // Print first, publish second: if the report cannot be printed, the manifest must stay as it is.
    files.reports.publish()?;
    if let Some(complete) = files.manifest {
        let published = complete.publish().map_err(|failure| vec![failure])?;
        if printed == Printed::OnStdout {
            let readers = Readers {
                is_v2: planned.linked.project.is_v2(),
                is_written_by_dbt: paths.is_written_by_dbt(target),
            };
            tell_written(args, target, published, &readers);
        }
    }
    if let Some(failure) = files.left.and_then(|left| left.publish().err()) {
        // The manifest is what was asked for, and a failure would say that nothing has changed.
        print::to_stderr(&printable(&format!(
            "warning: {}: {}, so the next run cannot compare with this one",
            failure.place, failure.message
        )));
    }
    if is_stopped {
        print::to_stderr(
            "nothing was written: this would remove too many exposures of a site; pass `--allow-mass-removal` if that is intended",
        );
        return Ok(Exit::No);
    }
    Ok(Exit::Done)
}

/// Everything that a run writes: complete, but not yet under its name.
struct NewFiles {
    manifest: Option<CompleteFile>,
    /// What is left for the next run.
    left: Option<CompleteFile>,
    reports: Reports,
}

impl NewFiles {
    /// Writes all files at the same time. `in_place` is the manifest if it is changed itself.
    fn complete(
        planned: &mut Planned,
        args: &PatchArgs,
        in_place: Option<&Path>,
        is_stopped: bool,
        printed: Printed,
    ) -> Result<Self, Vec<Failure>> {
        let pending = planned.pending.take().filter(|_| !is_stopped);
        let left = in_place.filter(|_| !args.dry_run && !is_stopped);
        let left = left.and_then(|manifest| planned.begin_left(manifest));
        let planned = &*planned;
        let (linked, plan) = (&planned.linked, planned.plan);
        let progress = run::progress(args.report.quiet, "writing");
        let (manifest, (left, reports)) = rayon::join(
            || {
                let edits = leak(pipeline::edit(linked.project, plan));
                // A manifest that does not change is not replaced, so that it keeps its time stamp.
                if edits.is_empty() && in_place.is_some() {
                    return give_up(pending);
                }
                complete(pending, &pipeline::new_text(linked.project, edits))
            },
            || {
                rayon::join(
                    || complete_left(left, linked, plan),
                    || render(planned, args, printed),
                )
            },
        );
        drop(progress);
        let (manifest, left) = both(manifest, left)?;
        Ok(Self {
            manifest,
            left,
            reports: reports?,
        })
    }
}

fn render(planned: &Planned, args: &PatchArgs, printed: Printed) -> Result<Reports, Vec<Failure>> {
    let report = planned.report();
    Reports::render(&args.report, printed, |format, options| {
        print::render(&report, format, options)
    })
}

/// Both results, or the first failure.
fn both<A, B>(
    first: Result<A, Failure>,
    second: Result<B, Failure>,
) -> Result<(A, B), Vec<Failure>> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(failure), _) | (_, Err(failure)) => Err(vec![failure]),
    }
}

/// The failure for a manifest from standard input that nobody said where to write.
fn no_target() -> Failure {
    Failure::new(
        "standard input",
        "a manifest from here cannot be changed in place",
    )
    .help("give a file with `--output`, or `--output -` for standard output")
}

/// Tells what was written, and how if that is not as it should be.
fn tell_written(args: &PatchArgs, target: &Path, published: Published, readers: &Readers) {
    let report = &args.report;
    if report.format == Format::Text && !report.quiet {
        print::to_stderr(&written(target, readers));
    }
    if published == Published::Overwritten {
        let target = printable(&target.display().to_string());
        print::to_stderr(&format!(
            "{target} is a mount of its own and cannot be replaced, so its content was overwritten: whoever read it meanwhile may have seen a mixture"
        ));
    }
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

/// What decides who shows the exposures of a written manifest.
struct Readers {
    /// Whether dbt 2 or Fusion reads it.
    is_v2: bool,
    /// Whether dbt writes its manifest there, which `dbt docs` shows.
    is_written_by_dbt: bool,
}

/// The line about a written manifest: who shows the exposures, and how long they last.
fn written(target: &Path, readers: &Readers) -> String {
    let target = printable(&target.display().to_string());
    if !readers.is_written_by_dbt {
        return format!(
            "wrote {target}: every tool that is given this manifest shows the exposures"
        );
    }
    let docs = if readers.is_v2 {
        "every tool that reads artifacts shows the exposures (the docs of dbt 2 do not read the manifest)"
    } else {
        "dbt docs and every tool that reads artifacts show the exposures"
    };
    format!(
        "wrote {target}: {docs}; the next dbt command other than `dbt docs serve` writes a fresh manifest without them, so patch last"
    )
}
