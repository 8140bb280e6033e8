//! `autoexpose diff`: what `patch` would change.

use super::args::DiffArgs;
use super::exit::Exit;
use super::run;
use crate::model::Failure;

pub(super) fn run(args: &DiffArgs) -> Result<Exit, Vec<Failure>> {
    run::with_outcome(&args.common, None, |done| {
        run::put(&run::rendered(done.report, &args.common)?)?;
        let is_no = args.exit_code && done.report.has_changes();
        Ok(if is_no { Exit::No } else { Exit::Done })
    })
}
