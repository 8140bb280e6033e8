//! `autoexpose patch`: writes the exposures into the manifest.

use std::path::Path;

use super::args::{Format, PatchArgs};
use super::exit::Exit;
use super::leak::leak;
use super::run::Target;
use super::{print, run, settings};
use crate::io::is_same_file;
use crate::io::write::{CompleteFile, PendingFile};
use crate::model::Failure;
use crate::output::printable;
use crate::pipeline;

pub(super) fn run(args: &PatchArgs) -> Result<Exit, Vec<Failure>> {
    if let Some(text) = settings::asked_for(&args.plan)? {
        print::to_stdout(&text)?;
        return Ok(Exit::Done);
    }
    let manifest = args.plan.project.manifest_path().path;
    let target = args.output.as_ref().unwrap_or(&manifest);
    let mut planned = run::plan(
        &args.plan,
        Some(Target {
            path: target,
            is_dry_run: args.dry_run,
        }),
    )?;
    let pending = planned.pending.take();
    let (project, plan) = (planned.linked.project, planned.plan);
    let is_stopped = !plan.mass_removals.is_empty() && !args.allow_mass_removal;
    let progress = run::progress(&args.plan, "writing");
    let (complete, report) = rayon::join(
        || {
            let edits = leak(pipeline::edit(project, plan));
            let pending = pending.filter(|_| !is_stopped);
            // A manifest that does not change is not replaced, so that it keeps its time stamp.
            if edits.is_empty() && is_same_file(target, &manifest) {
                return give_up(pending);
            }
            complete(pending, &pipeline::new_text(project, edits))
        },
        || print::render(&planned.report(), args.plan.report),
    );
    let complete = complete.map_err(|failure| vec![failure])?;
    drop(progress);
    // Print first, publish second: if standard output fails, the manifest must stay as it is.
    print::to_stdout(&report?)?;
    if let Some(complete) = complete {
        complete.publish().map_err(|failure| vec![failure])?;
        if args.plan.report.format == Format::Text && !args.plan.report.quiet {
            print::to_stderr(&written(target, project.is_v2()));
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
