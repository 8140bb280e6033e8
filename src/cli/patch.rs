//! `autoexpose patch`: the exposures into the manifest.

use std::fs;
use std::path::Path;

use super::args::{Format, PatchArgs};
use super::exit::Exit;
use super::run;
use crate::model::Failure;
use crate::output::printable;

pub(super) fn run(args: &PatchArgs) -> Result<Exit, Vec<Failure>> {
    let manifest = args.common.manifest_path().path;
    let target = args.output.as_ref().unwrap_or(&manifest);
    let writable = (!args.dry_run).then_some(target.as_path());
    run::with_outcome(&args.common, writable, |done| {
        // In place, a manifest that is as wanted keeps its time as well.
        let is_done = done.is_as_wanted && is_same_file(target, &manifest);
        let is_stopped = done.is_mass_removal && !args.allow_mass_removal;
        let pending = done.pending.filter(|_| !is_done && !is_stopped);
        let progress = run::progress(&args.common, "writing");
        let (complete, report) = rayon::join(
            || pending.map(|file| file?.complete(done.pieces)).transpose(),
            || run::rendered(done.report, &args.common),
        );
        let complete = complete.map_err(one)?;
        drop(progress);
        // Who cannot be told what changes has nothing changed.
        run::put(&report?)?;
        if let Some(complete) = complete {
            complete.publish().map_err(one)?;
            if args.common.format == Format::Text && !args.common.quiet {
                run::say(&written(target, done.is_v2));
            }
        }
        if is_stopped {
            run::say(
                "stopped before a mass removal: nothing was written; if it is meant, give `--allow-mass-removal`",
            );
            return Ok(Exit::No);
        }
        Ok(Exit::Done)
    })
}

fn one(failure: Failure) -> Vec<Failure> {
    vec![failure]
}

/// What a patched manifest is good for, and for how long.
fn written(target: &Path, is_v2: bool) -> String {
    let target = printable(&target.display().to_string());
    let docs = if is_v2 {
        "every tool that reads artifacts shows the exposures (the docs of dbt 2 read no manifest)"
    } else {
        "dbt docs and every tool that reads artifacts show the exposures"
    };
    format!(
        "wrote {target}: {docs}; the next dbt command writes a fresh manifest without them, so patch last"
    )
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}
