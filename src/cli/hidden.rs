//! `autoexpose explain --hidden`: what would show the tables whose names Tableau hides. It needs an export
//! alone.

use super::access::{self, AskedOf};
use super::args::{ExplainArgs, YesOrNo};
use super::exit::Exit;
use super::reports;
use crate::model::Failure;
use crate::output::hidden::{gather, json, text};

/// What the failure for an audience calls the question.
const FLAG: &str = "--hidden";

/// Answers the question about hidden tables; `None` if the question is about something else.
pub(super) fn answered(args: &ExplainArgs) -> Option<Result<Exit, Vec<Failure>>> {
    args.access.hidden.then(|| run(args))
}

fn run(args: &ExplainArgs) -> Result<Exit, Vec<Failure>> {
    let paths = match access::paths_or_settings(args)? {
        Ok(paths) => paths,
        Err(exit) => return Ok(exit),
    };
    let AskedOf {
        site, diagnostics, ..
    } = access::site(args, &paths, FLAG)?;
    let has = args.access.data_management.map(YesOrNo::is_yes);
    let answer = gather(site, has, diagnostics);
    reports::explained(
        &args.report,
        |options| text::render(&answer, options),
        || json::render(&answer),
    )
}
