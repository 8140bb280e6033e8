//! `autoexpose patch`: the exposures into the manifest.

use std::fs;

use super::args::{Format, PatchArgs};
use super::exit::Exit;
use super::run;
use crate::edit::splice;
use crate::io::write;
use crate::model::Failure;
use crate::output::printable;

pub(super) fn run(args: &PatchArgs) -> Result<Exit, Vec<Failure>> {
    let manifest_path = args.common.manifest_path();
    run::with_outcome(&args.common, |manifest, outcome| {
        let target = args.output.as_ref().unwrap_or(&manifest_path);
        let is_in_place = fs::canonicalize(target).ok() == fs::canonicalize(&manifest_path).ok();
        // In place, a manifest that is as wanted keeps its time as well.
        let is_as_wanted = is_in_place && outcome.edits.is_empty();
        let is_needed = !args.dry_run && !is_as_wanted;
        if is_needed {
            write::replace(target, &splice(manifest, &outcome.edits))
                .map_err(|failure| vec![failure])?;
        }
        run::print(&outcome.report, &args.common)?;
        if is_needed && args.common.format == Format::Text && !args.common.quiet {
            run::say(&format!(
                "wrote {}: patch again after the next dbt command, which writes a fresh manifest",
                printable(&target.display().to_string())
            ));
        }
        Ok(Exit::Done)
    })
}
