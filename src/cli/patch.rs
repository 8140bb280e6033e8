//! `autoexpose patch`: writes the exposures into the manifest.

use std::path::Path;

use super::args::{Format, PatchArgs};
use super::exit::Exit;
use super::leak::leak;
use super::paths::Paths;
use super::reports::{Printed, Reports};
use super::run::Target;
use super::{print, run};
use crate::io::write::{CompleteFile, PendingFile, Published};
use crate::io::{is_dash, is_same_file, is_standard_output};
use crate::model::Failure;
use crate::output::printable;
use crate::pipeline;

pub(super) fn run(args: &PatchArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let manifest = &paths.manifest.path;
    let target = args.output.as_ref().unwrap_or(manifest);
    if args.output.is_none() && is_dash(manifest) {
        return Err(vec![no_target()]);
    }
    let mut planned = run::plan(
        &args.plan,
        paths,
        Some(Target {
            path: target,
            is_dry_run: args.dry_run,
        }),
    )?;
    let printed = if is_standard_output(target) {
        Printed::OnStderr
    } else {
        Printed::OnStdout
    };
    let is_in_place = printed == Printed::OnStdout && is_same_file(target, manifest);
    let pending = planned.pending.take();
    let (project, plan) = (planned.linked.project, planned.plan);
    let is_stopped = !plan.mass_removals.is_empty() && !args.allow_mass_removal;
    let progress = run::progress(&args.plan, "writing");
    let (complete, reports) = rayon::join(
        || {
            let edits = leak(pipeline::edit(project, plan));
            let pending = pending.filter(|_| !is_stopped);
            // A manifest that does not change is not replaced, so that it keeps its time stamp.
            if edits.is_empty() && is_in_place {
                return give_up(pending);
            }
            complete(pending, &pipeline::new_text(project, edits))
        },
        || Reports::render(&planned.report(), &args.plan.report, printed),
    );
    let complete = complete.map_err(|failure| vec![failure])?;
    drop(progress);
    // Print first, publish second: if the report cannot be printed, the manifest must stay as it is.
    reports?.publish()?;
    if let Some(complete) = complete {
        let published = complete.publish().map_err(|failure| vec![failure])?;
        if printed == Printed::OnStdout {
            tell_written(args, target, published, project.is_v2());
        }
    }
    if is_stopped {
        print::to_stderr(
            "nothing was written: this would remove too many exposures of a site; pass `--allow-mass-removal` if that is intended",
        );
        return Ok(Exit::No);
    }
    Ok(Exit::Done)
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
fn tell_written(args: &PatchArgs, target: &Path, published: Published, is_v2: bool) {
    let report = &args.plan.report;
    if report.format == Format::Text && !report.quiet {
        print::to_stderr(&written(target, is_v2));
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

/// Writes nothing. A file that cannot be written does not matter then.
fn give_up(pending: Option<Result<PendingFile, Failure>>) -> Result<Option<CompleteFile>, Failure> {
    if let Some(Ok(pending)) = pending {
        pending.give_up()?;
    }
    Ok(None)
}

/// The line about a written manifest: who shows the exposures, and how long they last.
fn written(target: &Path, is_v2: bool) -> String {
    let target = printable(&target.display().to_string());
    let docs = if is_v2 {
        "every tool that reads artifacts shows the exposures (the docs of dbt 2 do not read the manifest)"
    } else {
        "dbt docs and every tool that reads artifacts show the exposures"
    };
    format!(
        "wrote {target}: {docs}; the next dbt command writes a fresh manifest without them, so patch last"
    )
}
