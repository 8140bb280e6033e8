//! `autoexpose doctor`: says what keeps a project from its links, as far as it can be seen.

mod files;
#[cfg(feature = "fetch")]
mod tableau;

use self::files::Files;
use super::args::{DoctorArgs, ExplainFormat};
use super::exit::Exit;
use super::{print, reports, settings, threads};
use crate::doctor::{Diagnosis, Finding};
use crate::model::Failure;
use crate::output::Options;
use crate::output::doctor::{json, text};

pub(super) fn run(args: &DoctorArgs) -> Result<Exit, Vec<Failure>> {
    threads::start(args.inputs.run.threads)?;
    let files = Files::find(args)?;
    if args.inputs.run.show_config {
        print::to_stdout(&settings::asked_for(&args.inputs, &files.paths)?.unwrap_or_default())?;
        return Ok(Exit::Done);
    }
    let mut findings = in_tableau(args, &files);
    findings.extend(files.findings(args));
    let diagnosis = Diagnosis::new(findings);
    print::to_stdout(&render(&diagnosis, args)?)?;
    Ok(if diagnosis.has_fault() {
        Exit::No
    } else if diagnosis.is_any() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// What Tableau tells.
#[cfg(feature = "fetch")]
fn in_tableau(args: &DoctorArgs, files: &Files) -> Vec<Finding> {
    tableau::findings(args, &files.settings.site)
}

/// This program cannot ask Tableau itself.
#[cfg(not(feature = "fetch"))]
fn in_tableau(_: &DoctorArgs, _: &Files) -> Vec<Finding> {
    Vec::new()
}

fn render(diagnosis: &Diagnosis, args: &DoctorArgs) -> Result<String, Vec<Failure>> {
    let options = Options {
        colored: args.color.on_stdout(),
        verbose: args.verbose,
        quiet: args.quiet,
    };
    match args.format {
        ExplainFormat::Text => Ok(text::render(diagnosis, options)),
        ExplainFormat::Json => reports::json(json::render(diagnosis)),
    }
}
