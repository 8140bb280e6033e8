//! `autoexpose diff`: prints what `patch` would change.

use super::args::DiffArgs;
use super::exit::Exit;
use super::paths::Paths;
use super::reports::{Printed, Reports};
use super::run;
use crate::model::Failure;

pub(super) fn run(args: &DiffArgs, paths: &Paths) -> Result<Exit, Vec<Failure>> {
    let report = run::plan(&args.plan, paths, None)?.report();
    Reports::render(&report, &args.plan.report, Printed::OnStdout)?.publish()?;
    let is_no = args.exit_code && !report.is_quiet();
    Ok(if is_no { Exit::No } else { Exit::Done })
}
