//! `autoexpose exposures`: prints the exposures that `patch` would write, and writes nothing.

use super::args::ExposuresArgs;
use super::exit::Exit;
use super::paths::Paths;
use super::request::Request;
use super::{print, run};
use crate::model::{Failure, Severity};
use crate::pipeline;

pub(super) fn run(args: &ExposuresArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let planned = run::plan(&Request {
        inputs: &args.inputs,
        paths,
        reports: Vec::new(),
        also_changed: Vec::new(),
        asks_columns: false,
        asks_extracts: false,
        asks_access: false,
        first: None,
        is_quiet: args.quiet,
        target: None,
        properties: Vec::new(),
    })?;
    let mut projects = planned.projects.iter();
    let is_mass_removal = projects.any(|project| !project.plan.mass_removals.is_empty());
    if is_mass_removal && !args.allow_mass_removal {
        print::to_stderr(
            "nothing is printed: too many exposures of a site would be missing, as `autoexpose diff` shows; pass `--allow-mass-removal` if that is intended",
        );
        return Ok(Exit::No);
    }
    let text = pipeline::exposures(&planned.projects).map_err(|failure| vec![failure])?;
    print::to_stdout(&text)?;
    let diagnostics = planned.diagnostics();
    let warnings = diagnostics
        .iter()
        .filter(|one| one.code.severity() == Severity::Warning);
    if let Some(line) = told(warnings.count()).filter(|_| !args.quiet) {
        print::to_stderr(&line);
    }
    Ok(Exit::Done)
}

/// The line about warnings, which have no place in the result.
fn told(warnings: usize) -> Option<String> {
    let warnings = match warnings {
        0 => return None,
        1 => "1 warning".to_owned(),
        several => format!("{several} warnings"),
    };
    Some(format!(
        "`autoexpose diff` with the same arguments shows {warnings}"
    ))
}
