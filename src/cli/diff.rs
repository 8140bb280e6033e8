//! `autoexpose diff`: prints what `patch` would change.

use super::args::DiffArgs;
use super::exit::Exit;
use super::paths::Paths;
use super::reports::{Printed, Reports};
use super::request::Request;
use super::{print, run};
use crate::model::Failure;

pub(super) fn run(args: &DiffArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let planned = run::plan(&Request::new(&args.inputs, paths, &args.report))?;
    let report = planned.report();
    Reports::render(&args.report, Printed::OnStdout, |format, options| {
        print::render(&report, format, options)
    })?
    .publish()?;
    let is_no = args.exit_code && !report.is_quiet();
    Ok(if is_no { Exit::No } else { Exit::Done })
}
