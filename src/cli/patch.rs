//! `autoexpose patch`: the exposures into the manifest.

use std::fs;
use std::path::Path;

use super::args::{Format, PatchArgs};
use super::exit::Exit;
use super::run;
use crate::io::write;
use crate::model::Failure;
use crate::output::printable;

pub(super) fn run(args: &PatchArgs) -> Result<Exit, Vec<Failure>> {
    let manifest = args.common.manifest_path().path;
    let target = args.output.as_ref().unwrap_or(&manifest);
    run::with_outcome(&args.common, |done| {
        // In place, a manifest that is as wanted keeps its time as well.
        let is_done = done.is_as_wanted && is_same_file(target, &manifest);
        let is_stopped = done.is_mass_removal && !args.allow_mass_removal;
        let writes = !args.dry_run && !is_done && !is_stopped;
        if writes {
            write::replace(target, done.pieces).map_err(|failure| vec![failure])?;
        }
        run::print(done.report, &args.common)?;
        if writes && args.common.format == Format::Text && !args.common.quiet {
            run::say(&format!(
                "wrote {}; the next dbt command writes a fresh manifest without the exposures, so patch last",
                printable(&target.display().to_string())
            ));
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

fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}
